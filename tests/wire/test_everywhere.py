"""A fault at an await of the sender, from a list made out of its code. `make bench ONLY=crash` has all four kinds of
fault at each; here every second place meets one, on one of the engines."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.errors import Unavailable
from db.engine import Database
from tests.wire import awaits
from tests.wire.awaits import Act, Moment
from tests.wire.everywhere import SECOND_FAULT, faulty_process, strike, struck_places
from tests.wire.wires import wire_up
from tests.wire.zygote import Zygote

KINDS = [(moment, act) for moment in Moment for act in Act]
SHARES = 3
"""The places are dealt out to so many tests on each engine, which run side by side."""


@pytest.fixture(scope="session")
async def faulty() -> AsyncIterator[Zygote]:
    """What every life with a fault is a copy of."""
    async with faulty_process() as made:
        yield made


@pytest.mark.parametrize("share", range(SHARES))
async def test_no_fault_loses_or_doubles(database: Database, faulty: Zygote, share: int) -> None:
    mine = share * 2 + (database.dialect == "postgresql")
    async with wire_up(database.url.render_as_string(hide_password=False), faulty, latency=0.01) as wire:
        for number, place in list(enumerate(struck_places()[::2]))[mine :: SHARES * 2]:
            moment, act = KINDS[number % len(KINDS)]
            struck = await strike(wire, place, moment, act)
            assert struck.harm == 0, (str(place), moment, act, struck)
            assert struck.met or place.function in SECOND_FAULT, f"the sender never comes by {place}"


def waits(node: ast.AST) -> int:
    """How often this node waits, an `async with` counted once."""
    match node:
        case ast.Await() | ast.AsyncFor():
            return 1
        case ast.AsyncWith():
            return len(node.items)
        case ast.comprehension():
            return node.is_async
        case _:
            return 0


def test_the_list_has_every_wait() -> None:
    assert "bot.messenger.sender" in awaits.sender_modules()
    for module in awaits.sender_modules():
        found = [place for place in awaits.places([module]) if place.kind != "with leave"]
        assert len(found) == sum(map(waits, ast.walk(ast.parse(awaits.source(module)))))


async def test_a_place_is_met_on_either_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "small_waits.py").write_text(SMALL, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    places = awaits.places(["small_waits"])
    assert [(place.line, place.kind) for place in places] == [(10, "with enter"), (10, "with leave"), (11, "await")]
    finder = awaits.instrument(["small_waits"])
    try:
        import small_waits  # type: ignore[import-not-found]  # noqa: PLC0415
    finally:
        finder.remove()
    seen = []
    for place in places:
        for moment in Moment:
            awaits.arm(str(place), moment, Act.FAIL)
            said: list[str] = []
            with pytest.raises(Unavailable):
                await small_waits.main(said)
            assert awaits.was_met()
            seen.append(",".join(said))
    assert seen == ["", "in,out", "in,done,out", "in,done,out", "in,out", "in,done,out"]
    awaits.disarm()
    assert await asyncio.wait_for(small_waits.main([]), 1) is None


SMALL = """
from contextlib import asynccontextmanager
@asynccontextmanager
async def manager(said):
    said.append("in")
    try: yield
    finally: said.append("out")
async def work(said): said.append("done")
async def main(said):
    async with manager(said):
        await work(said)
"""

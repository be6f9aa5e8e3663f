"""Every place at which the sender waits, found in its code, and a fault at any one of them.

`places` reads the source: each `await`, both ends of each `async with`, each step of an `async for`. `instrument` makes
modules that are imported from now on ask `meet` before and after each of these; nothing happens until one is `arm`ed.
"""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import os
import pkgutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Generic, TypeVar

from bot.domain.errors import Unavailable

Got = TypeVar("Got")
NOT_MET = 3
"""The exit status of a life that never came by the place of its fault."""
HOOK = "_met_while_waiting"
"""The name under which instrumented modules know this module."""


class Moment(StrEnum):
    """On which side of the wait."""

    BEFORE = "before"
    AFTER = "after"


class Act(StrEnum):
    """What happens there."""

    KILL = "kill"
    """The process is gone."""
    FAIL = "fail"
    """The database could not be reached; afterwards means that it has done its work, and its answer was lost."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Somewhere in the code where something is waited for; `function` with the name of its class."""

    module: str
    function: str
    line: int
    column: int
    kind: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}:{self.column} {self.function} {self.kind}"


def sender_modules() -> list[str]:
    """All that is run between a delivery's being due and its being settled, but composers and the database.

    What touches up messages that were told long ago (`touching_up…`), and what opens threads once everybody was told
    (`threads`), begin after that, and can be done twice.
    """
    spec = importlib.util.find_spec("bot.messenger")
    assert spec is not None
    own = [f"bot.messenger.{found.name}" for found in pkgutil.iter_modules(spec.submodule_search_locations)]
    own = [name for name in own if not name.endswith((".composers", ".threads")) and ".touching_up" not in name]
    return [*own, "bot.services.outbox", "bot.services.work"]


def places(modules: Sequence[str]) -> list[Place]:
    """All places of these modules, in the order of their code."""
    found = []
    for module in modules:
        marking = _Marking(module)
        marking.visit(ast.parse(source(module)))
        found += marking.places
    return sorted(set(found))


def source(module: str) -> str:
    """A module's code."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")


@dataclass(slots=True)
class _Fault:
    place: str = ""
    moment: Moment = Moment.BEFORE
    act: Act = Act.KILL
    skip: int = 0
    met: bool = field(default=False)


_armed = _Fault()


def arm(place: str, moment: str, act: str, skip: int = 0) -> None:
    """Let this happen in this process, once, after `skip` others have passed there."""
    _armed.place, _armed.moment, _armed.act, _armed.skip = place, Moment(moment), Act(act), skip
    _armed.met = False


def disarm() -> None:
    """Let nothing happen."""
    _armed.place = ""


def was_met() -> bool:
    """Whether it has happened."""
    return _armed.met


def meet(place: str, moment: Moment) -> None:
    """Called by instrumented code."""
    if _armed.met or place != _armed.place or moment is not _armed.moment:
        return
    if _armed.skip:
        _armed.skip -= 1
        return
    _armed.met = True
    if _armed.act is Act.KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    raise Unavailable("database.unreachable")


async def waited(place: str, awaitable: Awaitable[Got]) -> Got:
    """`await awaitable`."""
    try:
        meet(place, Moment.BEFORE)
    except BaseException:
        if hasattr(awaitable, "close"):
            awaitable.close()
        raise
    got = await awaitable
    meet(place, Moment.AFTER)
    return got


class Entered(Generic[Got]):
    """`async with manager`."""

    def __init__(self, place: str, manager: Any) -> None:
        self.place, self.manager = place, manager

    async def __aenter__(self) -> Any:
        meet(f"{self.place} enter", Moment.BEFORE)
        got = await self.manager.__aenter__()
        try:
            meet(f"{self.place} enter", Moment.AFTER)
        except Exception as error:
            await self.manager.__aexit__(type(error), error, error.__traceback__)
            raise
        return got

    async def __aexit__(self, *error: Any) -> Any:
        try:
            meet(f"{self.place} leave", Moment.BEFORE)
        except Exception as failed:
            await self.manager.__aexit__(type(failed), failed, failed.__traceback__)
            raise
        got = await self.manager.__aexit__(*error)
        meet(f"{self.place} leave", Moment.AFTER)
        return got


async def stepped(place: str, iterable: Any) -> AsyncIterator[Any]:
    """`async for … in iterable`."""
    meet(place, Moment.BEFORE)
    async for each in iterable:
        meet(place, Moment.AFTER)
        yield each
        meet(place, Moment.BEFORE)
    meet(place, Moment.AFTER)


class _Marking(ast.NodeTransformer):
    """Lists the places of a module, and wraps each."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.places: list[Place] = []
        self.inside: list[str] = []

    def _visit_inside(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()
        return node

    visit_ClassDef = visit_FunctionDef = visit_AsyncFunctionDef = _visit_inside  # noqa: N815

    def _wrap(self, wrapper: str, node: ast.expr, kind: str, *kinds: str) -> ast.Call:
        function = ".".join(self.inside)
        for each in kinds or (kind,):
            self.places.append(Place(self.module, function, node.lineno, node.col_offset, each))
        hook = ast.Attribute(ast.Name(HOOK, ast.Load()), wrapper, ast.Load())
        place = Place(self.module, function, node.lineno, node.col_offset, kind)
        return ast.copy_location(ast.Call(hook, [ast.Constant(str(place)), node], []), node)

    def visit_Await(self, node: ast.Await) -> ast.AST:
        self.generic_visit(node)
        node.value = self._wrap("waited", node.value, "await")
        return node

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        self.generic_visit(node)
        for item in node.items:
            item.context_expr = self._wrap("Entered", item.context_expr, "with", "with enter", "with leave")
        return node

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        self.generic_visit(node)
        node.iter = self._wrap("stepped", node.iter, "for")
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        if node.is_async:
            node.iter = self._wrap("stepped", node.iter, "for")
        return node


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        # Without the cache, which has the code as it stands in the file.
        tree = ast.parse(self.get_data(self.path))
        marked = ast.fix_missing_locations(_Marking(fullname).visit(tree))
        return compile(marked, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, HOOK, sys.modules[__name__])
        super().exec_module(module)


class _Finder(MetaPathFinder):
    def __init__(self, modules: Sequence[str]) -> None:
        self.modules = frozenset(modules)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.modules:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin)
        return spec

    def remove(self) -> None:
        """Leave modules alone from now on."""
        sys.meta_path.remove(self)


def instrument(modules: Sequence[str]) -> _Finder:
    """Let these modules ask here at each of their places, once they are imported."""
    assert not set(modules) & set(sys.modules), "they are imported already"
    finder = _Finder(modules)
    sys.meta_path.insert(0, finder)
    return finder

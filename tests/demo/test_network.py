"""The demo as a visitor finds it: the real bot, the seeded network, and every step of the tour."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo.asking import read_questions
from bot.demo.network import HOMES, read_people
from bot.demo.run import run, serving
from bot.domain.errors import Refusal
from config.settings import Settings
from tests.demo.client import Browser

ANSWERS = {
    "typo": "Étienne Roussel",
    "question": "Carlos Ortega",
    "profile": "Votre profil",
    "privacy": "What I keep about you",
    "spanish": "Quién sabe de",
    "visitor": "réservé aux anciens",
    "coordinator": "Drohobych",
    "report": "questions.csv",
    "cases": "A split stormwater fee",
    "draft": "Vous suivez 1 étude de cas",
    "review": "étude de cas",
    "map": "who-learned-from-whom",
    "readiness": "2 of 3 servers would be told",
    "results": "share of those asked who answered",
    "administrator": "Cidades irmãs · Porto",
    "network": "15 alumni",
    "unmatched": "rain tax",
}
"""What is read after a step in which a command is sent, by its key."""
OTHERS = {"ask", "invite", "accept", "mark", "checkin"}
"""Steps in which something else is done."""
PRESSED = (
    {"submit", "adapt", "leave", "hand_over", "take"}
    | {"drill_draft", "drill_send", "drill_approve", "drill_lyon", "drill_porto", "drill_end"}
    | {"alert_draft", "alert_send", "alert_approve", "alert_on_call", "alert_offer"}
    | {"alert_update", "alert_update_send", "alert_update_approve", "alert_updated"}
    | {"alert_cancel", "alert_over", "alert_log"}
)
"""Steps that are followed in a real browser, in `test_tours`."""


@pytest.fixture(scope="module")
async def demo() -> AsyncIterator[Browser]:
    """The whole demo, seeded once for this file."""
    async with serving(Settings()) as (address, world, _application), Browser.opened(address, world) as browser:
        yield browser


def typed_command(step: Any, offered: Any) -> tuple[str, dict[str, str]]:
    """What the page sends for the words of a step: the command, and the first option named in it."""
    typed = step["typed"].removeprefix("/")
    [command] = [command for command in offered["slash"] if command["path"] == step["command"]]
    assert typed.startswith(command["label"])
    label, _, value = typed.removeprefix(command["label"]).strip().partition(":")
    return command["path"], {option["name"]: value for option in command["options"] if option["label"] == label}


async def test_no_step_of_the_tour_is_left_out(demo: Browser) -> None:
    assert (await steps_of(demo)).keys() == ANSWERS.keys() | OTHERS | PRESSED


@pytest.mark.parametrize("key", ANSWERS)
async def test_every_step_of_the_tour_does_what_it_says(demo: Browser, key: str) -> None:
    step = await step_of(demo, key)
    [person] = [plan.key for plan in demo.world.plan.people if demo.person(plan.key) == step["person"]]
    command, options = typed_command(step, await demo.get("commands", person, step["room"]))
    assert await demo.act(person, step["room"], "slash", command=command, options=options) == {}
    answer = (await demo.messages(person, step["room"]))[-1]
    assert answer["private"]
    assert ANSWERS[key] in json.dumps(answer, ensure_ascii=False)


async def test_the_tour_asks_the_network(demo: Browser) -> None:
    step = await step_of(demo, "ask")
    command, options = typed_command(step, await demo.get("commands", "hannah", step["room"]))
    form = (await demo.act("hannah", step["room"], "slash", command=command, options=options))["modal"]
    given = {"title": "Which trees stand the salt?", "body": "We lose every third by the kerb.", "sign": ["name"]}
    assert await demo.act("hannah", step["room"], "modal", modal=form["id"], values=given) == {}
    posts = (await demo.get("room", "hannah", "lyon/questions"))["posts"]
    assert posts[0]["name"] == "Which trees stand the salt?"


async def test_the_tour_invites_somebody(demo: Browser) -> None:
    step = await step_of(demo, "invite")
    (post,) = [message for message in await demo.messages("hannah", step["room"]) if message["components"]]
    people = control(post, "question:people:")["custom_id"]
    assert await demo.act("hannah", step["room"], "click", message=post["id"], custom_id=people) == {}
    board = (await demo.messages("hannah", step["room"]))[-1]
    assert board["private"]
    chooser = control(board, step["does"].removeprefix("select:"))
    (wanted,) = [one["value"] for one in chooser["options"] if one["label"] == "Étienne Roussel"]
    chosen = {"message": board["id"], "custom_id": chooser["custom_id"], "values": [wanted]}
    assert await demo.act("hannah", step["room"], "select", **chosen) == {}
    assert "Étienne Roussel" in json.dumps((await demo.messages("hannah", step["room"]))[-1], ensure_ascii=False)


async def test_the_tour_accepts_an_invitation_and_answers_from_elsewhere(demo: Browser) -> None:
    step = await step_of(demo, "accept")
    knock = await message_with(demo, "natalia", step["room"], "invitation:open:")
    for prefix in ("invitation:open:", step["does"].removeprefix("click:")):
        custom_id = control(knock, prefix)["custom_id"]
        assert await demo.act("natalia", step["room"], "click", message=knock["id"], custom_id=custom_id) == {}
        knock = (await demo.messages("natalia", step["room"]))[-1]
    answer = control(knock, "invitation:answer:")["custom_id"]
    form = (await demo.act("natalia", step["room"], "click", message=knock["id"], custom_id=answer))["modal"]
    given = {"text": "The school does, and the utility pays for the soil."}
    assert await demo.act("natalia", step["room"], "modal", modal=form["id"], values=given) == {}
    thread = json.dumps(await demo.messages("hannah", "lyon/questions/stormwater"), ensure_ascii=False)
    assert "Наталія Гнатюк" in thread
    assert given["text"] in thread


def control(message: Any, prefix: str) -> Any:
    """The button or select of a message whose `custom_id` begins so."""
    items = [item for row in message["components"] for item in row["components"]]
    return next(item for item in items if item.get("custom_id", "").startswith(prefix))


async def message_with(demo: Browser, person: str, room: str, prefix: str) -> Any:
    """The message with such a button, as soon as the bot has sent it: it does so by itself."""
    for _ in range(100):
        for message in await demo.messages(person, room):
            if any(prefix in json.dumps(row) for row in message["components"]):
                return message
        await asyncio.sleep(0.1)
    raise AssertionError(f"nothing with {prefix} in {room}")


async def test_the_tour_answers_a_check_in(demo: Browser) -> None:
    step = await step_of(demo, "checkin")
    for _ in range(100):
        messages = await demo.messages("hannah", step["room"])
        found = [message for message in messages if "checkin:answer" in json.dumps(message)]
        said = json.dumps(messages, ensure_ascii=False)
        if found and "Anke Vogel" in said:
            break
        await asyncio.sleep(0.2)
    assert "Anke Vogel" in said, "the digest of last month quotes who shared it"
    custom_id = re.search(r"checkin:answer:\d+:d\d+", json.dumps(found[-1]))
    assert custom_id is not None
    form = (await demo.act("hannah", step["room"], "click", message=found[-1]["id"], custom_id=custom_id[0]))["modal"]
    field = form["components"][0]["component"]["custom_id"]
    assert await demo.act("hannah", step["room"], "modal", modal=form["id"], values={field: "The gauge works."}) == {}
    said = json.dumps((await demo.messages("hannah", step["room"]))[-1])
    assert "Your answers are kept" in said


async def test_the_tour_marks_an_answer(demo: Browser) -> None:
    step = await step_of(demo, "mark")
    (answer,) = [message for message in await demo.messages("taras", step["room"]) if not message["author"]["bot"]]
    name = step["does"].removeprefix("menu:")
    assert await demo.act("taras", step["room"], "menu", name=name, message=answer["id"]) == {}
    assert (await demo.get("room", "taras", step["room"]))["room"]["name"].startswith("Ransomware")
    posts = (await demo.get("room", "taras", "lviv/questions"))["posts"]
    (post,) = [post for post in posts if post["name"].startswith("Ransomware")]
    assert "Answered" in post["tags"]


async def steps_of(demo: Browser) -> dict[str, Any]:
    """The steps of the tour by their keys."""
    chapters = (await demo.get("world", "hannah"))["tour"]["chapters"]
    steps = [step for chapter in chapters for step in chapter["steps"]]
    return {step["key"]: step for step in steps}


async def step_of(demo: Browser, key: str) -> Any:
    """A step of the tour."""
    return (await steps_of(demo))[key]


def test_questions_in_six_languages_some_answered() -> None:
    asked = read_questions()
    people = {row.person.key: row for row in read_people()}
    assert len(asked) == 25
    assert {one.language for one in asked} == {"en", "fr", "es", "de", "pt", "uk"}
    marks = [given.mark for one in asked for given in one.answers]
    assert marks.count("accepted") > 8
    assert marks.count("thanked") > 4
    for one in asked:
        for key in (one.by, *(given.by for given in one.answers)):
            assert one.server in people[key].person.servers, (one.title, key)
            assert people[key].confirmed, key


async def test_the_network_is_believable(demo: Browser) -> None:
    world = await demo.get("world", "hannah")
    people = [person for person in world["people"] if person["playable"]]
    assert len(HOMES) == 3
    assert sum(row.in_roster for row in read_people()) == 40
    assert len({person["locale"].partition("-")[0] for person in people}) == 6
    assert {person["name"] for person in world["people"]} == {row.person.name for row in read_people()} | {"Twincord"}


async def test_nobody_unconfirmed_is_suggested(demo: Browser) -> None:
    await demo.act("rui", "messages", "slash", command="expert find", options={"topic": "participatory budgeting"})
    answer = json.dumps((await demo.messages("rui", "messages"))[-1], ensure_ascii=False)
    assert "Carlos Ortega" in answer
    assert "Олена Романюк" not in answer


async def test_what_was_said_before_is_read_and_in_the_past(demo: Browser) -> None:
    world = await demo.get("world", "oliver")
    # Whoever is invited, in another test, is called in the check-in room.
    rooms = [room for server in world["servers"] for room in server["rooms"] if room["name"] != "point-mensuel"]
    assert all(room["unread"] == 0 for room in rooms)
    view = await demo.get("room", "oliver", "lyon/questions")
    assert len(view["posts"]) >= 10
    assert all(post["at"] < datetime.now(UTC).isoformat() for post in view["posts"])
    assert {tag for post in view["posts"] for tag in post["tags"]} >= {"Ouverte", "Résolue"}


async def test_a_taken_port_is_said(demo: Browser) -> None:
    port = int(demo.address.rstrip("/").rpartition(":")[2])
    with pytest.raises(Refusal, match=r"demo\.port_taken"):
        await asyncio.to_thread(lambda: asyncio.run(run(Settings(), port, asyncio.Event())))


async def ended_by(ending: signal.Signals, folder: Path) -> tuple[int, str]:
    """The demo as a process of its own, ended once it is ready: its exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo"),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(folder), "TWINCORD_LANGUAGE": "en"},
    )
    assert process.stdout is not None
    first = await asyncio.wait_for(process.stdout.readline(), 120)
    process.send_signal(ending)
    rest = await asyncio.wait_for(process.stdout.read(), 30)
    return await process.wait(), (first + rest).decode()


async def test_it_ends_cleanly_and_leaves_nothing_behind(tmp_path: Path) -> None:
    endings = (signal.SIGINT, signal.SIGTERM)
    for status, printed in await asyncio.gather(*(ended_by(ending, tmp_path) for ending in endings)):
        assert status == 0
        assert printed.count("http://127.0.0.1:") == 1
    assert await asyncio.to_thread(os.listdir, tmp_path) == []

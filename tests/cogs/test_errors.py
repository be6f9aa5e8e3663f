"""Every failure is one sentence for the person and one log line with an id; what she typed comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import discord
import pytest
import structlog
from discord import app_commands

from bot.client import Action, Form, Twincord, reply
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal, Unavailable
from bot.domain.members import zone_named
from bot.domain.text import clean
from tests.cogs.answers import answer
from tests.cogs.conftest import World, speak

REFERENCE = re.compile(r"-# Reference: ([0-9a-f]{6})")


def gone(status: int, code: int) -> discord.HTTPException:
    """What discord.py raises for such an answer of Discord."""

    class Response:
        reason = "no"

    Response.status = status  # type: ignore[attr-defined]
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind: Any = kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)
    made: discord.HTTPException = kind(Response(), {"code": code, "message": "no"})
    return made


PROBLEMS: dict[str, tuple[Callable[[], Exception], str]] = {
    "refusal": (lambda: Refusal("text.too_long", limit=10, length=12, over=2), "Please shorten it by 2"),
    "unavailable": (lambda: Unavailable("database.unavailable"), "My memory does not answer"),
    "forbidden by Discord": (lambda: gone(403, 50013), "Ask someone who manages this server to run /setup"),
    "channel gone": (lambda: gone(404, 10003), "no longer exists on Discord"),
    "Discord unwell": (lambda: gone(503, 0), "Discord is not answering well"),
    "bug": (lambda: ZeroDivisionError("secret detail"), "Something went wrong on our side"),
}


class Note(Form):
    """A form that always refuses."""

    right = Right.ANYONE

    def __init__(self, error: Callable[[], Exception]) -> None:
        super().__init__(title="Note")
        self.error = error
        self.text: discord.ui.TextInput[Any] = discord.ui.TextInput(style=discord.TextStyle.long)
        self.kind: discord.ui.Select[Any] = discord.ui.Select(
            options=[discord.SelectOption(label="One", value="1"), discord.SelectOption(label="Two", value="2")]
        )
        self.add_item(discord.ui.Label(text="Your note", component=self.text))
        self.add_item(discord.ui.Label(text="Kind", component=self.kind))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        raise self.error()


def filled(shown: Any, text: str, kind: str) -> dict[str, Any]:
    """What to submit in a shown note: its text, and one of its kinds."""
    fields = [row["component"]["custom_id"] for row in shown.modal["components"]]
    return {fields[0]: text, fields[1]: [kind]}


class TwoNotes(Form):
    """A form of two texts, the second of which it refuses: too long, or quoted in the sentence."""

    right = Right.ANYONE

    def __init__(self) -> None:
        super().__init__(title="Notes")
        self.first: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="first")
        self.second: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="second")
        self.add_item(discord.ui.Label(text="First note", component=self.first))
        self.add_item(discord.ui.Label(text="Second note", component=self.second))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        clean(self.first.value, limit=10)
        clean(self.second.value, limit=10)
        zone_named(self.second.value)


class Failing(Action, template=r"test:fail"):
    """A button that fails."""

    right = Right.MEMBER
    error: Callable[[], Exception] = ZeroDivisionError

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        raise type(self).error()


@pytest.fixture
async def failing(world: World) -> World:
    """The world with a command /fail that raises, and /note that shows a refusing form."""
    bot = world.application.bot

    @app_commands.command(name="fail", description="Fail", extras={"right": Right.ANYONE})
    async def fail(interaction: discord.Interaction[Any], how: str, late: bool = False) -> None:
        if late:
            await reply(interaction, "Wait…")
        raise PROBLEMS[how][0]()

    @app_commands.command(name="note", description="Note", extras={"right": Right.ANYONE})
    async def note(interaction: discord.Interaction[Any], how: str) -> None:
        await interaction.response.send_modal(TwoNotes() if how == "two" else Note(PROBLEMS[how][0]))

    bot.tree.add_command(fail)
    bot.tree.add_command(note)
    bot.add_dynamic_items(Failing)
    await bot.tree.sync()
    return world


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What the error handler logged."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("how", PROBLEMS)
@pytest.mark.simcord(check_errors=False)
async def test_each_problem_is_one_sentence_and_a_log_line(
    failing: World, logged: list[Any], how: str, late: bool
) -> None:
    result = await failing.alumna.slash(failing.room, "fail", how=how, late=late)

    said = result.followups[0] if late else answer(result)
    assert said.ephemeral
    assert PROBLEMS[how][1] in said.content
    assert "secret detail" not in said.content
    reference = REFERENCE.search(said.content)
    assert reference is not None
    lines = [line for line in logged if line.get("reference") == reference[1]]
    assert len(lines) == 1
    assert lines[0]["command"] == "fail"
    assert lines[0]["user"] == failing.alumna.id


@pytest.mark.simcord(check_errors=False)
async def test_a_refused_form_gives_the_text_back_and_opens_again(failing: World) -> None:
    shown = await failing.alumna.slash(failing.room, "note", how="refusal")
    result = await failing.alumna.submit_modal(shown, filled(shown, "What I ``` wrote\nat length", "2"))

    assert "Please shorten it by 2" in answer(result).content
    assert "Your note\nWhat I ''' wrote\nat length" in answer(result).content

    again = await failing.alumna.click(answer(result), label="Mend it and try again")
    assert again.modal is not None
    fields = [row["component"] for row in again.modal["components"]]
    assert fields[0]["value"] == "What I ``` wrote\nat length"
    assert [option.get("default") for option in fields[1]["options"]] == [False, True]


@pytest.mark.simcord(check_errors=False)
@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ("far too long for it", "**Second note**: That text has 19 characters"),
        (" \u200b ", "**Second note**: "),
        ("Mars/City", "**Second note**: I know no time zone"),
    ],
)
async def test_a_refused_form_names_the_field(failing: World, second: str, sentence: str) -> None:
    shown = await failing.alumna.slash(failing.room, "note", how="two")
    result = await failing.alumna.submit_modal(shown, {"first": "short", "second": second})
    assert answer(result).content.startswith(sentence)


@pytest.mark.simcord(check_errors=False)
async def test_a_long_text_comes_back_as_a_file(failing: World) -> None:
    shown = await failing.alumna.slash(failing.room, "note", how="bug")
    text = "word " * 700
    result = await failing.alumna.submit_modal(shown, filled(shown, text, "1"))

    assert "Something went wrong on our side" in answer(result).content
    attachment = answer(result).attachments[0]
    assert (await attachment.read()).decode() == f"Your note\n{text}"


@pytest.mark.simcord(check_errors=False)
async def test_after_a_restart_the_form_is_gone_and_says_so(failing: World) -> None:
    shown = await failing.alumna.slash(failing.room, "note", how="refusal")
    result = await failing.alumna.submit_modal(shown, filled(shown, "text", "1"))
    failing.application.bot.errors.kept_forms.clear()

    again = await failing.alumna.click(answer(result), label="Mend it and try again")
    assert "Your text still stands in the message above" in answer(again).content


@pytest.mark.simcord(check_errors=False)
async def test_a_button_that_fails_reaches_the_same_handler(failing: World, logged: list[Any]) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Fail", custom_id="test:fail"))
    view.stop()
    channel = failing.application.bot.get_channel(failing.room.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("x", view=view)
    speak(failing.alumna, "fr")

    result = await failing.alumna.click(message, label="Fail")

    assert "Une erreur s’est produite de notre côté" in answer(result).content
    assert any(line.get("custom_id") == "test:fail" and line["log_level"] == "error" for line in logged)


async def test_a_command_without_a_right_stops_the_start(failing: World) -> None:
    bot = failing.application.bot

    @app_commands.command(name="forgotten", description="Forgotten")
    async def forgotten(interaction: discord.Interaction[Any]) -> None: ...

    bot.tree.add_command(forgotten)
    with pytest.raises(LookupError, match="/forgotten declares no right"):
        bot.check_rights()


async def test_nobody_is_pinged_by_what_the_bot_says(world: World) -> None:
    allowed = world.application.bot.allowed_mentions
    assert isinstance(allowed, discord.AllowedMentions)
    kinds: Any = allowed.to_dict()
    assert kinds == {"parse": []}


@pytest.mark.simcord(check_errors=False)
async def test_a_database_that_is_gone_says_so(world: World, logged: list[Any]) -> None:
    file = world.application.database.file
    assert file is not None
    await world.application.database.close()
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    file.mkdir()

    result = await world.alumna.slash(world.room, "expert find", topic="social-housing")

    assert "My memory does not answer" in answer(result).content
    assert any(line["log_level"] == "warning" for line in logged)
    file.rmdir()


@pytest.mark.simcord(check_errors=False)
async def test_a_missing_sentence_still_gets_an_answer(
    failing: World, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROBLEMS, "refusal", (lambda: Refusal("nobody.wrote_this"), ""))

    result = await failing.alumna.slash(failing.room, "fail", how="refusal")

    assert "Something went wrong on our side" in answer(result).content
    assert any(line["event"] == "no sentence" for line in logged)

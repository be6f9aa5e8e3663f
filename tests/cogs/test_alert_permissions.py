"""Every button of the cards of alerts and drills, in the state in which it stands there: who may, and who may not.

Whoever may is refused nothing at all, so that each row is a deed that really goes through.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import insert, select, update

from db.tables import AlertFollowUp, AlertRow, AlertTargetRow, Server
from tests.cogs.conftest import World
from tests.cogs.permissions import (
    AUTHOR,
    HOME,
    MEMBERS,
    NETWORK,
    PERSONS,
    SERVER,
    TEXT,
    ActionRow,
    Place,
    add_alert,
    place_of,
)
from tests.cogs.test_permissions import REFUSALS, actions_of

OTHERS = HOME - AUTHOR
CARD: tuple[tuple[str, bool, ActionRow], ...] = (
    ("draft", False, ActionRow(AUTHOR, "severity", "select", "Severe")),
    ("draft", False, ActionRow(AUTHOR, "facts")),
    ("draft", False, ActionRow(AUTHOR, "where")),
    ("draft", False, ActionRow(AUTHOR, "text:en")),
    ("draft", False, ActionRow(AUTHOR, "languages")),
    ("draft", False, ActionRow(AUTHOR, "send")),
    ("draft", False, ActionRow(HOME, "keep")),
    ("draft", False, ActionRow(HOME, "preview")),
    ("pending", False, ActionRow(HOME, "preview")),
    ("draft", False, ActionRow(HOME, "cap")),
    ("pending", False, ActionRow(HOME, "cap")),
    ("rejected", False, ActionRow(HOME, "cap")),
    ("returned", False, ActionRow(AUTHOR, "send")),
    ("draft", False, ActionRow(AUTHOR, "discard")),
    ("pending", False, ActionRow(AUTHOR, "discard")),
    ("pending", False, ActionRow(OTHERS, "approve")),
    ("pending", False, ActionRow(OTHERS, "return")),
    ("pending", False, ActionRow(OTHERS, "reject")),
    ("pending", False, ActionRow(NETWORK, "override")),
    ("broadcasting", False, ActionRow(HOME, "end")),
    ("broadcasting", False, ActionRow(HOME, "end:yes")),
    ("broadcasting", False, ActionRow(HOME, "cancel")),
    ("broadcasting", False, ActionRow(HOME, "cancel:yes")),
    ("completed", False, ActionRow(HOME, "cancel:yes")),
    ("broadcasting", False, ActionRow(HOME, "log")),
    ("broadcasting", False, ActionRow(HOME, "cap")),
    ("broadcasting", False, ActionRow(HOME, "update")),
    ("broadcasting", False, ActionRow(HOME, "escalate")),
    ("broadcasting", False, ActionRow(HOME, "report")),
    ("broadcasting", False, ActionRow(HOME, "stands")),
    ("broadcasting", False, ActionRow(HOME, "stands:yes")),
    ("draft", False, ActionRow(AUTHOR, "chain:severity", "select", "Minor")),
    ("draft", False, ActionRow(AUTHOR, "chain:text:en")),
    ("draft", False, ActionRow(AUTHOR, "chain:languages")),
    ("draft", False, ActionRow(AUTHOR, "chain:send")),
    ("draft", False, ActionRow(HOME, "chain:discard")),
    ("pending", False, ActionRow(OTHERS, "chain:approve")),
    ("pending", False, ActionRow(OTHERS, "chain:return")),
    ("pending", False, ActionRow(OTHERS, "chain:reject")),
    ("pending", False, ActionRow(NETWORK, "chain:override")),
    ("broadcasting", False, ActionRow(MEMBERS, "received")),
    ("broadcasting", False, ActionRow(MEMBERS, "need")),
    ("broadcasting", False, ActionRow(MEMBERS, "offer")),
    ("draft", True, ActionRow(SERVER, "adopt")),
    ("draft", True, ActionRow(SERVER, "cap")),
)
"""The state, whether it was imported and nobody has taken it on, and the button without family and number. Of what
begins with `chain:` it is the state of the message that follows an alert which is on."""
FAMILIES = ("alert:", "(?:alert|drill):", "(?P<family>alert|drill):")
"""How the templates of what stands on a card begin."""
NOT_OF_DRILLS = {"keep", "cancel", "cancel:yes"}
"""A drill is no template, and no false alarm."""


async def prepared(world: World, place: Place, state: str, row: ActionRow, **columns: Any) -> Any:
    """A fresh alert in a state, with a button of its card on a message before the person."""
    now = world.application.clock()
    chain = row.custom_id.startswith("chain:")
    standing = "broadcasting" if chain else state
    columns |= {"state": standing, "submitted_at": now - timedelta(minutes=3), "returned_as": "another"}
    if standing in {"broadcasting", "completed"}:
        columns |= {"published_at": now, "expires_at": now + timedelta(hours=12), "frozen": {"en": TEXT}}
    number = await add_alert(world, **columns)
    async with world.application.database.begin() as session:
        await session.execute(
            insert(AlertTargetRow).values(
                alert_id=number, channel_id=place.room.id, server_id=world.server.id, language="en", cities=["Lyon"]
            )
        )
        if chain:
            followed = {name: columns[name] for name in ("author_id", "submitted_at")}
            plain: dict[str, Any] = {
                "kind": "update",
                "severity": "Severe",
                "urgency": "Immediate",
                "certainty": "Observed",
            }
            plain |= {"server_id": world.server.id, "audience": "network", "language": "en", "texts": {"en": TEXT}}
            statement = insert(AlertFollowUp).values(
                alert_id=number, state=state, frozen={}, added=[], created_at=now, **plain, **followed
            )
            number = int(await session.scalar(statement.returning(AlertFollowUp.id)) or 0)
    family = "drill" if columns.get("drill") else "alert"
    found = ActionRow(row.may, f"{family}:{row.custom_id}:{number}", row.kind, row.chosen)
    view = discord.ui.View(timeout=None)
    view.add_item(found.item())
    view.stop()
    channel = world.application.bot.get_channel(place.room.id)
    assert isinstance(channel, discord.TextChannel)
    return found, await channel.send("x", view=view)


async def furnished(world: World, place: Place) -> int:
    """Coordinators' channels, where cards are put up; who wrote the alerts."""
    async with world.application.database.begin() as session:
        for server in {world.server.id: world.server, place.server.id: place.server}.values():
            office = server.create_text_channel("office").id
            await session.execute(update(Server).where(Server.id == server.id).values(coordinators_channel_id=office))
        author: int | None = await session.scalar(select(AlertRow.author_id).limit(1))
    assert author is not None
    return author


@pytest.mark.parametrize("drill", [False, True], ids=["alert", "drill"])
@pytest.mark.parametrize("who", PERSONS)
@pytest.mark.simcord(check_errors=False)
async def test_buttons_of_the_card(world: World, who: str, drill: bool) -> None:
    place = await place_of(world, who)
    author = await furnished(world, place)
    t = world.application.catalogues.translator("en")
    rights = {t(refusal) for refusal in REFUSALS}
    wrong = []
    for state, imported, row in CARD:
        if drill and row.custom_id in NOT_OF_DRILLS:
            continue
        columns: dict[str, Any] = {"drill": drill, "author_id": author}
        if imported:
            columns |= {"imported": True, "server_id": None, "author_id": None}
        found, message = await prepared(world, place, state, row, **columns)
        world.env.errors.clear()
        result = await found.use(place, message)
        said = [each.content for each in (result.response, *result.followups) if each is not None]
        refused = any(right in content for right in rights for content in said)
        if refused is (who in row.may) or (world.env.errors and who in row.may):
            wrong.append(f"{state} {found.custom_id}: {who}: {said} {world.env.errors}")
    assert not wrong


def test_every_button_of_the_card_has_a_row(world: World) -> None:
    """What is answered under `alert:` and is not here fails."""
    tried = [f"alert:{row.custom_id}:1" for _, _, row in CARD]
    elsewhere = {"TakeOnCities"}  # under what an escalation says, and not on a card: tests/cogs/test_oncall.py
    lacking = [
        name
        for name, kind in actions_of(world.application.bot).items()
        if name not in elsewhere
        and kind.__discord_ui_compiled_template__.pattern.startswith(FAMILIES)
        and not any(re.fullmatch(kind.__discord_ui_compiled_template__, each) for each in tried)
    ]
    assert lacking == []

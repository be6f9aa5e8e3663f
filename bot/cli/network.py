"""`network`: codes for servers, the servers, and the network's coordinators."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.app import open_house
from bot.cli.desk import Answer, AsJson, Desk, perform
from bot.domain.access import Host
from bot.domain.privacy import NOBODY

app = typer.Typer(no_args_is_help=True, help="Let servers in, see them, and appoint the network's coordinators.")
coordinators = typer.Typer(no_args_is_help=True, help="The people who act for the whole network.")
app.add_typer(coordinators, name="coordinators")

UserId = Annotated[
    int,
    typer.Argument(
        min=1,
        max=2**63 - 1,
        metavar="USER_ID",
        help="The person's Discord user id: Developer Mode on, then “Copy User ID” in her menu.",
    ),
]


@app.command()
def invite(as_json: AsJson = False) -> None:
    """Make a code with which one Discord server can join the network."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings, furnished=False) as house:
            code = await house.services.network.invite(Host())
        expires = desk.t.moment(code.expires_at, "UTC")
        sentences = (desk.t("cli.invited", code=code.text), desk.t("cli.invited_how", expires=expires))
        return Answer(sentences, {"code": code.text, "expires_at": code.expires_at.isoformat()})

    perform(work, machine=as_json)


@app.command()
def servers(as_json: AsJson = False) -> None:
    """List the servers of the network."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings, furnished=False) as house:
            found = await house.services.network.servers(Host())
        sentences = [
            desk.t(
                "cli.server" if one.left_at is None else "cli.server_left",
                name=one.name,
                id=str(one.id),
                n=one.members,
                cities=desk.t.list(one.cities) or "—",
                since=desk.t.date(one.left_at or one.joined_at),
            )
            for one in found
        ]
        document = [
            {
                "id": str(one.id),
                "name": one.name,
                "language": one.language,
                "cities": list(one.cities),
                "members": one.members,
                "joined_at": one.joined_at.isoformat(),
                "left_at": one.left_at.isoformat() if one.left_at else None,
            }
            for one in found
        ]
        return Answer(sentences or (desk.t("cli.no_servers"),), {"servers": document})

    perform(work, machine=as_json)


@coordinators.command("list")
def list_coordinators(as_json: AsJson = False) -> None:
    """List the network's coordinators by their Discord user ids."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings, furnished=False) as house:
            found = await house.services.network.coordinators(Host())
        sentences = [
            desk.t(
                "cli.coordinator",
                id=str(one.user_id),
                since=desk.t.date(one.appointed_at),
                by=desk.t("privacy.somebody") if one.appointed_by == NOBODY else str(one.appointed_by),
            )
            if one.appointed_by is not None
            else desk.t("cli.coordinator_by_host", id=str(one.user_id), since=desk.t.date(one.appointed_at))
            for one in found
        ]
        document = [
            {
                "user_id": str(one.user_id),
                "appointed_by": None if one.appointed_by is None else str(one.appointed_by),
                "appointed_at": one.appointed_at.isoformat(),
            }
            for one in found
        ]
        return Answer(sentences or (desk.t("cli.no_coordinators"),), {"coordinators": document})

    perform(work, machine=as_json)


@coordinators.command("add")
def add_coordinator(user_id: UserId, as_json: AsJson = False) -> None:
    """Make somebody a coordinator of the whole network."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings, furnished=False) as house:
            await house.services.network.appoint(Host(), user_id)
        return Answer((desk.t("cli.coordinator_added", id=str(user_id)),), {"added": str(user_id)})

    perform(work, machine=as_json)


@coordinators.command("remove")
def remove_coordinator(user_id: UserId, as_json: AsJson = False) -> None:
    """Somebody is no coordinator of the whole network any longer."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings, furnished=False) as house:
            await house.services.network.dismiss(Host(), user_id)
        return Answer((desk.t("cli.coordinator_removed", id=str(user_id)),), {"removed": str(user_id)})

    perform(work, machine=as_json)

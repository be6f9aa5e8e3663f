"""`doctor`: each thing that is wrong is found, with what mends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import discord
from sqlalchemy import insert, text

from bot.i18n import Catalogues
from bot.services.doctor import Verdict, check_catalogues
from config import FOLDER
from db.engine import Database
from db.migrations import upgrade
from db.tables import NetworkCoordinator, Server
from tests.cli.conftest import CommandLine
from tests.clock import BEGINNING
from tests.wire.discord_server import TOKEN, DiscordServer
from tests.wire.process import running

MEMBERS = discord.ApplicationFlags(gateway_guild_members_limited=True).value
SENDING = discord.Permissions(view_channel=True, send_messages=True)


async def prepare(folder: Path, **servers: dict[str, Any]) -> None:
    """A database with a network coordinator and these servers."""
    (folder / "data").mkdir()
    database = Database(f"sqlite:///{folder}/data/twincord.db")
    await upgrade(database)
    async with database.begin() as session:
        await session.execute(insert(NetworkCoordinator).values(user_id=1, appointed_at=BEGINNING))
        for name, columns in servers.items():
            await session.execute(
                insert(Server).values({"name": name, "language": "en", "joined_at": BEGINNING, **columns})
            )
    await database.close()


async def examine(server: DiscordServer, folder: Path, **settings: str) -> tuple[int, list[dict[str, str]]]:
    """The doctor's exit status and findings, with a token."""
    async with running(server, folder, "doctor", "--json", token=TOKEN, **settings) as doctor:
        status = await doctor.ended()
        out, err = await doctor.said
    assert out, err.decode()
    assert TOKEN not in (out + err).decode()
    return status, json.loads(out)["findings"]


def ids(findings: list[dict[str, str]], verdict: str) -> set[str]:
    """What was found of one verdict."""
    return {finding["id"] for finding in findings if finding["verdict"] == verdict}


def test_a_fresh_installation_lacks_nothing_that_must_be_mended(cli: CommandLine) -> None:
    said = cli("doctor", "--json")
    assert said.status == 0
    assert said.document["healthy"] is True
    assert ids(said.document["findings"], "advice") == {"doctor.database_new", "doctor.no_token"}
    assert list(cli.folder.iterdir()) == []
    assert cli("doctor").out.endswith("Nothing must be mended.\n")


def test_a_new_database_lacks_coordinators_and_servers(cli: CommandLine) -> None:
    cli("db", "upgrade")
    found = ids(cli("doctor", "--json").document["findings"], "advice")
    assert found == {"doctor.no_coordinators", "doctor.no_servers", "doctor.no_token"}


def test_a_database_that_does_not_answer_must_be_mended(cli: CommandLine) -> None:
    cli.set(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    said = cli("doctor", "--json")
    assert said.status == 1
    assert ids(said.document["findings"], "mend") == {"doctor.database_silent"}


def test_a_misspelt_variable_is_named(cli: CommandLine) -> None:
    cli.set(tokne="secret")
    said = cli("doctor")
    assert "TWINCORD_TOKNE" in said.out
    assert "TWINCORD_TOKEN?" in said.out
    assert "secret" not in said.out


def test_a_catalogue_with_other_placeholders_must_be_mended(cli: CommandLine) -> None:
    (cli.folder / "words" / "en").mkdir(parents=True)
    (cli.folder / "words" / "fr").mkdir()
    cli.write("words/fr/mine.po", 'msgid "cli.coordinator_added"\nmsgstr "{identifiant} coordonne."\n')
    cli.set(locales_folder="words")
    said = cli("doctor", "--json")
    assert said.status == 1
    (finding,) = [one for one in said.document["findings"] if one["verdict"] == "mend"]
    assert "cli.coordinator_added" in finding["message"]


def test_a_language_that_lacks_messages_is_advice() -> None:
    ours = Catalogues.load(FOLDER / "locales")
    short = Catalogues({**ours.messages, "it": {}})
    (finding,) = check_catalogues(short)
    assert (finding.verdict, finding.parameters["language"]) == (Verdict.ADVICE, "it")


async def test_an_older_database_must_be_upgraded(no_settings: Path) -> None:
    await prepare(no_settings)
    database = Database(f"sqlite:///{no_settings}/data/twincord.db")
    async with database.begin() as session:
        await session.execute(text("DELETE FROM alembic_version"))
    await database.close()
    async with DiscordServer(application_flags=MEMBERS) as server:
        status, findings = await examine(server, no_settings)
    assert "doctor.database_new" in ids(findings, "advice")
    assert status == 0


async def test_each_server_is_seen_on_discord(tmp_path: Path) -> None:
    async with DiscordServer(application_flags=MEMBERS) as server:
        lyon, porto = server.add_guild("Lyon"), server.add_guild("Porto")
        lyon["roles"][0]["permissions"] = str(SENDING.value)
        channel = int(lyon["id"]) + 1
        await prepare(
            tmp_path,
            Lyon={"id": int(lyon["id"]), "crisis_channel_id": channel, "checkin_channel_id": 4711},
            Lviv={"id": 999},
        )
        server.fail("GET", "/guilds/999", 404, message="Unknown Guild", code=10004)
        status, findings = await examine(server, tmp_path)
    assert server.unknown == []
    assert status == 1
    said = {finding["id"]: finding["message"] for finding in findings}
    assert "Embed Links" in said["doctor.permissions_missing"]
    assert said["doctor.server_problem"].startswith("Lyon")
    assert said["doctor.server_without_bot"].startswith("Lviv")
    assert said["doctor.server_not_joined"].startswith(porto["name"])
    assert "doctor.logged_in" in ids(findings, "fine")
    assert "doctor.not_chosen" in ids(findings, "advice")


async def test_a_wrong_token_and_a_missing_intent_are_told(tmp_path: Path) -> None:
    await prepare(tmp_path)
    async with DiscordServer(token="another") as server:
        status, findings = await examine(server, tmp_path)
        assert (status, ids(findings, "mend")) == (1, {"run.token_refused"})
    async with DiscordServer() as server:
        status, findings = await examine(server, tmp_path)
        assert (status, ids(findings, "mend")) == (1, {"run.intent_refused"})
        status, findings = await examine(server, tmp_path, members_intent="false")
        assert (status, ids(findings, "mend")) == (0, set())
        assert "doctor.intent_missing" in ids(findings, "advice")

"""`doctor`: what is wrong with this installation, and what mends it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.app import open_database, open_house
from bot.cli.desk import Answer, AsJson, Desk, perform
from bot.cli.misspelt import misspelt
from bot.client.inspection import inspect
from bot.domain.servers import Server
from bot.services.doctor import (
    Check,
    Finding,
    Verdict,
    check_catalogues,
    check_database,
    check_network,
    joined,
    worst,
)


def doctor(as_json: AsJson = False) -> None:
    """Look for what is wrong, and say what mends it. Ends with status 1 where something must be mended."""
    perform(_doctor, machine=as_json)


async def _doctor(desk: Desk) -> Answer:
    found = [finding async for finding in _findings(desk)]
    healthy = worst(found) is not Verdict.MEND
    said = [desk.t(one.message_id, **one.parameters) for one in found]
    sentences = [f"{desk.t.of(one.verdict)}: {sentence}" for one, sentence in zip(found, said, strict=True)]
    sentences.append(desk.t("doctor.all_well") if healthy else desk.t("doctor.must_be_mended"))
    findings = [
        {"check": one.check, "verdict": one.verdict, "message": sentence, "id": one.message_id}
        for one, sentence in zip(found, said, strict=True)
    ]
    return Answer(sentences, {"healthy": healthy, "findings": findings}, status=0 if healthy else 1)


async def _findings(desk: Desk) -> AsyncIterator[Finding]:
    settings = desk.settings
    for finding in (*_settings(), *check_catalogues(desk.t.catalogues)):
        yield finding
    async with open_database(settings) as whole:
        database = await check_database(whole)
    for finding in database:
        yield finding
    servers: list[Server] = []
    if all(finding.verdict is Verdict.FINE for finding in database):
        async with open_house(settings, migrate=False, furnished=False) as house:
            for finding in await check_network(house.services.network):
                yield finding
            servers = await joined(house.services.network, house.services.servers)
    if settings.token is None:
        yield Finding(Check.DISCORD, Verdict.ADVICE, "doctor.no_token")
        return
    for finding in await inspect(settings.token.get_secret_value(), servers, members_intent=settings.members_intent):
        yield finding


def _settings() -> list[Finding]:
    found = [Finding(Check.SETTINGS, Verdict.ADVICE, *one) for one in misspelt()]
    return found or [Finding(Check.SETTINGS, Verdict.FINE, "doctor.settings_fine")]

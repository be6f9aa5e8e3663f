"""What is wrong with an installation, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.access import Host
from bot.domain.servers import Server
from bot.i18n import Catalogues
from bot.services.database import DatabaseError, DatabaseService, DatabaseUnavailable
from bot.services.network import NetworkService
from bot.services.servers import ServersService


class Check(StrEnum):
    """What is looked at."""

    SETTINGS = "settings"
    DATABASE = "database"
    MIGRATIONS = "migrations"
    CATALOGUES = "catalogues"
    NETWORK = "network"
    DISCORD = "discord"
    SERVER = "server"


class Verdict(StrEnum):
    """How it is. Only what must be mended makes the doctor's exit status 1."""

    FINE = "fine"
    ADVICE = "advice"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. The sentence behind `message_id` says what is wrong and what to do about it."""

    check: Check
    verdict: Verdict
    message_id: str
    parameters: Mapping[str, object] = field(default_factory=dict)


def check_catalogues(catalogues: Catalogues) -> list[Finding]:
    """Whether every language has every message of English, with the same placeholders."""
    found = []
    for language in catalogues.languages:
        missing, differing = catalogues.missing(language), catalogues.differing(language)
        if missing:
            about = {"language": language, "n": len(missing), "examples": ", ".join(missing[:3])}
            found.append(Finding(Check.CATALOGUES, Verdict.ADVICE, "doctor.catalogue_incomplete", about))
        if differing:
            about = {"language": language, "n": len(differing), "examples": ", ".join(differing[:3])}
            found.append(Finding(Check.CATALOGUES, Verdict.MEND, "doctor.catalogue_differs", about))
    fine = {"languages": ", ".join(catalogues.languages)}
    return found or [Finding(Check.CATALOGUES, Verdict.FINE, "doctor.catalogues_fine", fine)]


async def check_database(whole: DatabaseService) -> list[Finding]:
    """Whether the database answers and knows our tables. Nothing is made or changed."""
    try:
        state = await whole.state()
        if state.revision is not None:
            await whole.database.ping()
    except DatabaseUnavailable:  # trying again in a minute, as people are told, mends nothing here
        return [Finding(Check.DATABASE, Verdict.MEND, "doctor.database_silent", {"place": whole.database.place})]
    except DatabaseError as error:
        return [Finding(Check.DATABASE, Verdict.MEND, error.message_id, error.parameters)]
    place = {"place": state.place}
    if state.revision is None:
        return [Finding(Check.DATABASE, Verdict.ADVICE, "doctor.database_new", place)]
    revisions = {"revision": state.revision, "newest": state.head}
    return [
        Finding(Check.DATABASE, Verdict.FINE, "doctor.database_fine", place),
        Finding(Check.MIGRATIONS, Verdict.FINE, "doctor.migrations_fine", revisions)
        if state.current
        else Finding(Check.MIGRATIONS, Verdict.MEND, "doctor.migrations_missing", revisions),
    ]


async def check_network(network: NetworkService) -> list[Finding]:
    """Whether anybody coordinates the network, and any server is in it; needs a database that is up to date."""
    servers = [one for one in await network.servers(Host()) if one.left_at is None]
    found = []
    if not await network.coordinators(Host()):
        found.append(Finding(Check.NETWORK, Verdict.ADVICE, "doctor.no_coordinators"))
    if not servers:
        found.append(Finding(Check.NETWORK, Verdict.ADVICE, "doctor.no_servers"))
    return found or [Finding(Check.NETWORK, Verdict.FINE, "doctor.network_fine", {"n": len(servers)})]


async def joined(network: NetworkService, servers: ServersService) -> list[Server]:
    """The servers that are in the network now, as they are set up."""
    found = [await servers.find(one.id) for one in await network.servers(Host())]
    return [server for server in found if server is not None]


def worst(findings: Sequence[Finding]) -> Verdict:
    """The gravest of the verdicts; fine where nothing was looked at."""
    return max((finding.verdict for finding in findings), key=list(Verdict).index, default=Verdict.FINE)

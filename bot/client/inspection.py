"""What Discord says of the bot and its servers, asked over REST alone: a running bot is not disturbed."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp
import discord

from bot.client.connecting import unreachable
from bot.client.guilds import fetch
from bot.domain.servers import Server
from bot.domain.setup import Reviewed, SetupProblem, review, review_cities
from bot.services.doctor import Check, Finding, Verdict


async def inspect(token: str, servers: Sequence[Server], *, members_intent: bool) -> list[Finding]:
    """Whether the token is good, the intents are granted, and each server of the network has what the bot needs."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(token)
            return [
                Finding(Check.DISCORD, Verdict.FINE, "doctor.logged_in", {"name": str(client.user)}),
                *_intents(client, members_intent=members_intent),
                *await _servers(client, servers),
            ]
        except discord.LoginFailure:
            return [Finding(Check.DISCORD, Verdict.MEND, "run.token_refused")]
        except (aiohttp.ClientError, OSError, discord.HTTPException) as error:
            if not unreachable(error):
                raise
            return [Finding(Check.DISCORD, Verdict.MEND, "doctor.discord_unreachable")]


def _intents(client: discord.Client, *, members_intent: bool) -> list[Finding]:
    assert client.application is not None
    flags = client.application.flags
    granted = flags.gateway_guild_members or flags.gateway_guild_members_limited
    if members_intent and not granted:
        return [Finding(Check.DISCORD, Verdict.MEND, "run.intent_refused")]
    if granted and not members_intent:
        return [Finding(Check.DISCORD, Verdict.ADVICE, "doctor.intent_unused")]
    if not granted:
        return [Finding(Check.DISCORD, Verdict.ADVICE, "doctor.intent_missing")]
    return []


async def _servers(client: discord.Client, servers: Sequence[Server]) -> list[Finding]:
    found = [finding for server in servers for finding in await _server(client, server)]
    known = {server.id for server in servers}
    strangers = [
        Finding(Check.SERVER, Verdict.ADVICE, "doctor.server_not_joined", {"server": guild.name})
        async for guild in client.fetch_guilds(limit=None, with_counts=False)
        if guild.id not in known
    ]
    return found + strangers


async def _server(client: discord.Client, server: Server) -> list[Finding]:
    seen = await fetch(client, server)
    if seen is None:
        return [Finding(Check.SERVER, Verdict.MEND, "doctor.server_without_bot", {"server": server.name})]
    found = [finding for piece in review(server, seen) for finding in _piece(server, piece)]
    for each in review_cities(server, seen):
        found += _piece(server, each.reviewed)
    return found or [Finding(Check.SERVER, Verdict.FINE, "doctor.server_fine", {"server": server.name})]


def _piece(server: Server, reviewed: Reviewed) -> list[Finding]:
    about: dict[str, object] = {"server": server.name, "what": reviewed.piece}
    if reviewed.chosen is None:
        return [Finding(Check.SERVER, Verdict.ADVICE, "doctor.not_chosen", about)]
    found = []
    if reviewed.problem is not None:
        verdict = Verdict.ADVICE if reviewed.problem is SetupProblem.COMMANDS_HIDDEN else Verdict.MEND
        about |= {"problem": reviewed.problem}
        found.append(Finding(Check.SERVER, verdict, "doctor.server_problem", about))
    if reviewed.missing:
        about |= {"permissions": reviewed.missing}
        found.append(Finding(Check.SERVER, Verdict.MEND, "doctor.permissions_missing", about))
    return found

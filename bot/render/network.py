"""The network: an invitation, its servers, its coordinators."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.codes import Code
from bot.domain.network import Coordinator, JoinedServer
from bot.domain.privacy import NOBODY
from bot.i18n import Translator
from bot.render.parts import COLOUR, cut, fitting, safe


def invitation(t: Translator, code: Code, zone: str) -> str:
    """The code, to be copied, and what to do with it."""
    return t("network.invitation", code=code.text, until=t.moment(code.expires_at, zone))


def servers(t: Translator, found: Sequence[JoinedServer], zone: str) -> discord.Embed:
    """All servers, a paragraph each."""
    lines = [_server(t, each, zone) for each in found] or [t("network.no_servers")]
    text = fitting(lines, 4096, lambda left: t("network.and_more", n=left))
    return discord.Embed(title=t("network.servers"), description=text, colour=COLOUR)


def _server(t: Translator, server: JoinedServer, zone: str) -> str:
    cities = t.list(safe(city) for city in server.cities) if server.cities else t("network.no_city")
    if server.left_at is not None:
        return t("network.past_server", name=safe(server.name), cities=cities, day=t.date(server.left_at, zone))
    return t(
        "network.server",
        name=safe(server.name),
        cities=cut(cities, 500),
        language=t.language_name(server.language),
        day=t.date(server.joined_at, zone),
        n=server.members,
    )


def coordinators(t: Translator, found: Sequence[Coordinator], zone: str) -> discord.Embed:
    """All network coordinators, a line each."""
    lines = [_coordinator(t, each, zone) for each in found] or [t("network.no_coordinators")]
    text = fitting(lines, 4096, lambda left: t("network.and_more", n=left))
    return discord.Embed(title=t("network.coordinators"), description=text, colour=COLOUR)


def _coordinator(t: Translator, one: Coordinator, zone: str) -> str:
    day = t.date(one.appointed_at, zone)
    who = f"<@{one.user_id}>"
    if one.appointed_by is None:
        return t("network.coordinator_by_host", who=who, day=day)
    by = t("privacy.somebody") if one.appointed_by == NOBODY else f"<@{one.appointed_by}>"
    return t("network.coordinator", who=who, day=day, by=by)

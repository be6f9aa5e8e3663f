"""The cities that a server speaks for."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.cities import City, band_of
from bot.domain.servers import ChannelUse, Server, SpokenCity, channels_for
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe, select


def place(t: Translator, city: City | SpokenCity) -> str:
    """ "Lyon, Auvergne-Rhône-Alpes, France": enough to tell two cities of one name apart."""
    return ", ".join(part for part in (city.name, city.region, t.country(city.country)) if part)


def choices(t: Translator, found: Sequence[City]) -> list[discord.app_commands.Choice[str]]:
    """Cities of the world to choose from while typing; the value is the GeoNames id."""
    return [_choice(place(t, city), city.geonames_id) for city in found[:25]]


def spoken_choices(t: Translator, server: Server, typed: str) -> list[discord.app_commands.Choice[str]]:
    """The server's own cities to choose from while typing."""
    folded = typed.casefold().strip()
    named = [(place(t, city), city.id) for city in server.cities]
    return [_choice(name, city_id) for name, city_id in named if folded in name.casefold()][:25]


def _choice(name: str, value: int) -> discord.app_commands.Choice[str]:
    return discord.app_commands.Choice(name=cut(name, 100), value=str(value))


def added(t: Translator, city: SpokenCity) -> str:
    """The server speaks for one more city."""
    return t("servers.city_added", city=safe(place(t, city)), size=_size(t, city), zone=city.zone)


def removed(t: Translator, city: SpokenCity) -> str:
    """The server speaks for one city less."""
    return t("servers.city_removed", city=safe(city.name))


def channels(t: Translator, server: Server, city: SpokenCity, faults: Sequence[str]) -> str:
    """Where a city is alerted and asked now, and what the bot lacks there."""
    return "\n".join([t("servers.city_channels_saved", city=safe(city.name)), *_where(t, server, city), *faults])


def cities(t: Translator, server: Server) -> tuple[discord.Embed, discord.ui.View]:
    """All cities of a server, with their channels."""
    paragraphs = [_city(t, server, city) for city in server.cities] or [t("servers.no_cities")]
    text = fitting(paragraphs, 4096, lambda left: t("servers.more_cities", n=left), "\n\n")
    embed = discord.Embed(title=t("servers.cities_of", name=cut(safe(server.name), 200)), colour=COLOUR)
    embed.description = text
    return embed, buttons(button(t("servers.add_city"), "city:search"))


def _city(t: Translator, server: Server, city: SpokenCity) -> str:
    heading = f"**{safe(place(t, city))}**"
    return "\n".join([heading, t("servers.city_facts", size=_size(t, city), zone=city.zone), *_where(t, server, city)])


def _size(t: Translator, city: SpokenCity) -> str:
    band = band_of(city.population)
    return t.of(band) if band else t("servers.size_unknown")


def _where(t: Translator, server: Server, city: SpokenCity) -> list[str]:
    found = channels_for(server, city.id)
    return [
        _line(t, ChannelUse.CRISIS, found.crisis, own=city.crisis_channel_id is not None),
        _line(t, ChannelUse.CHECKIN, found.checkin, own=city.checkin_channel_id is not None),
    ]


def _line(t: Translator, use: ChannelUse, channel_id: int | None, *, own: bool) -> str:
    if channel_id is None:
        return t("servers.city_no_channel", what=t.of(use))
    where = f"<#{channel_id}>"
    if own:
        return t("servers.city_own_channel", what=t.of(use), where=where)
    return t("servers.city_server_channel", what=t.of(use), where=where)


def found(t: Translator, typed: str, matches: Sequence[City]) -> tuple[str, discord.ui.View]:
    """The cities that somebody may have meant, and a way to describe one that is not among them."""
    other = button(t("servers.other_city"), "city:other", row=1)
    if not matches:
        return t("servers.no_city_like", typed=safe(cut(typed, 100))), buttons(other)
    options = [
        discord.SelectOption(label=cut(place(t, city), 100), value=str(city.geonames_id)) for city in matches[:25]
    ]
    chooser = select("city:pick", options, placeholder=t("servers.choose_city"), row=0)
    return t("servers.which_city", typed=safe(cut(typed, 100))), buttons(chooser, other)

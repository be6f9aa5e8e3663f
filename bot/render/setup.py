"""The set-up of a server: a card that says what is chosen and what is wrong, and how to choose."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.errors import Refusal
from bot.domain.servers import ChannelUse, Kind, Piece, RoleUse, Server
from bot.domain.setup import (
    NEEDS,
    CityReviewed,
    Permission,
    Reviewed,
    Seen,
    SetupProblem,
    needs_to_make,
    review,
    review_cities,
)
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, safe, select
from bot.render.refusals import sentence

LANGUAGE = "language"
TYPES = {
    Kind.TEXT: [discord.ChannelType.text, discord.ChannelType.news],
    Kind.FORUM: [discord.ChannelType.forum],
}
Answer = tuple[discord.Embed, discord.ui.View]


def ask_for_code(t: Translator) -> tuple[str, discord.ui.View]:
    """What the manager of a server that has not joined sees: one sentence, one button."""
    enter = button(t("network.enter_code"), "setup:join", style=discord.ButtonStyle.primary)
    return t("network.how_to_join"), buttons(enter)


def panel(t: Translator, server: Server, seen: Seen, notice: str = "") -> Answer:
    """The card with every piece of the set-up, and what to do next. `notice` says what was just done."""
    pieces = review(server, seen)
    intro = t("servers.panel_intro")
    embed = discord.Embed(
        title=cut(t("servers.panel_title", name=safe(server.name)), 256),
        description=cut("\n\n".join(part for part in (notice, intro, _needed(t, pieces, seen)) if part), 4096),
        colour=COLOUR,
    )
    for piece in pieces:
        _line(embed, t.of(piece.piece), state(t, piece))
    _line(embed, t("servers.language"), t.language_name(server.language))
    _line(embed, t("servers.cities"), _cities(t, server, seen))
    return embed, buttons(_chooser(t, pieces), *_panel_buttons(t, pieces))


def _needed(t: Translator, pieces: Sequence[Reviewed], seen: Seen) -> str:
    """The permissions without which the bot cannot make what is missing, said before somebody tries."""
    needs = dict.fromkeys(need for piece in to_make(pieces) for need in needs_to_make(piece))
    lacking = [need for need in needs if need not in seen.granted]
    return t("servers.needed_to_make", permissions=_named(t, lacking)) if lacking else ""


def _named(t: Translator, permissions: Sequence[Permission]) -> str:
    """Permissions in a sentence; in bold, because several of their names hold an "and" of their own."""
    return t.list(f"**{t.of(each)}**" for each in permissions)


def _line(embed: discord.Embed, name: str, value: str) -> None:
    embed.add_field(name=cut(name, 256), value=cut(value, 1024), inline=False)


def _chooser(t: Translator, pieces: Sequence[Reviewed]) -> discord.ui.Select[discord.ui.View]:
    options = [discord.SelectOption(label=cut(t.of(each.piece), 100), value=each.piece) for each in pieces]
    options.append(discord.SelectOption(label=cut(t("servers.language"), 100), value=LANGUAGE))
    return select("setup:choose", options, placeholder=t("servers.choose_piece"), row=0)


def _panel_buttons(t: Translator, pieces: Sequence[Reviewed]) -> list[discord.ui.Button[discord.ui.View]]:
    shown = []
    if to_make(pieces):
        style = discord.ButtonStyle.primary
        shown.append(button(t("servers.make_missing"), "setup:make:all", style=style, row=1))
    shown.append(button(t("servers.add_city"), "city:search", row=1))
    shown.append(button(t("servers.check_again"), "setup:panel", row=1))
    # Discord shows /consent to those who manage threads; who manages the server alone comes to it from here.
    shown.append(button(t("consent.title"), "consent:card", row=2))
    return shown


def to_make(pieces: Sequence[Reviewed]) -> tuple[Piece, ...]:
    """What was never chosen, or is gone."""
    return tuple(each.piece for each in pieces if each.chosen is None or each.problem is SetupProblem.GONE)


def state(t: Translator, reviewed: Reviewed) -> str:
    """One piece: what is chosen, and each thing that is wrong with its remedy."""
    if reviewed.chosen is None:
        return _not_chosen(t, reviewed.piece)
    if reviewed.problem is SetupProblem.GONE:
        return t.of(SetupProblem.GONE)
    where = mention(reviewed.piece, reviewed.chosen)
    wrong = faults(t, reviewed)
    return "\n".join([where, *wrong]) if wrong else t("servers.all_well", where=where)


def _not_chosen(t: Translator, piece: Piece) -> str:
    match piece:
        case RoleUse.COORDINATOR:
            return t("servers.no_coordinator_role")
        case RoleUse.ALUMNI:
            return t("servers.no_alumni_role")
        case _:
            return t("servers.not_chosen")


def mention(piece: Piece, chosen: int) -> str:
    """The channel or role, as Discord shows it."""
    return f"<@&{chosen}>" if isinstance(piece, RoleUse) else f"<#{chosen}>"


def faults(t: Translator, reviewed: Reviewed) -> list[str]:
    """What is wrong with a chosen piece, a sentence each, with what to do."""
    found = [t.of(reviewed.problem)] if reviewed.problem else []
    if reviewed.missing:
        found.append(t("servers.missing", permissions=_named(t, reviewed.missing)))
    return found


def _city_fault(t: Translator, each: CityReviewed, fault: str) -> str:
    return t("servers.city_lacks", city=each.city.name, what=t.of(each.reviewed.piece), problem=fault)


def _cities(t: Translator, server: Server, seen: Seen) -> str:
    if not server.cities:
        return t("servers.no_cities")
    lines = [t.list(safe(city.name) for city in server.cities)]
    for each in review_cities(server, seen):
        lines += [_city_fault(t, each, fault) for fault in faults(t, each.reviewed)]
    return "\n".join(lines)


def choose(t: Translator, reviewed: Reviewed) -> Answer:
    """One piece: what it is for, how it stands, and the ways to choose it."""
    piece = reviewed.piece
    embed = discord.Embed(title=t.of(piece), description=_purpose(t, piece), colour=COLOUR)
    _line(embed, t("servers.now"), state(t, reviewed))
    if isinstance(piece, ChannelUse):
        _line(embed, t("servers.needs"), "\n".join(t.of(need) for need in NEEDS[piece]))
    actions = [button(t("servers.make_one"), f"setup:make:{piece}", row=1)]
    if reviewed.chosen is not None:
        actions.append(button(t("servers.leave_out"), f"setup:clear:{piece}", row=1))
    return embed, buttons(_picker(t, piece), *actions, _back(t, 1))


def _picker(t: Translator, piece: Piece) -> discord.ui.Item[discord.ui.View]:
    placeholder = cut(t("servers.choose_one", what=t.of(piece)), 150)
    if isinstance(piece, RoleUse):
        return discord.ui.RoleSelect(custom_id=f"setup:role:{piece}", placeholder=placeholder, row=0)
    return discord.ui.ChannelSelect(
        custom_id=f"setup:channel:{piece}", placeholder=placeholder, channel_types=TYPES[piece.kind], row=0
    )


def choose_language(t: Translator, server: Server) -> Answer:
    """The languages that have a catalogue."""
    embed = discord.Embed(title=t("servers.language"), description=t("servers.language_purpose"), colour=COLOUR)
    options = [
        discord.SelectOption(label=t.language_name(code), value=code, default=code == server.language)
        for code in t.catalogues.languages
    ]
    return embed, buttons(select("setup:language", options, placeholder=t("servers.language"), row=0), _back(t, 1))


def _back(t: Translator, row: int) -> discord.ui.Button[discord.ui.View]:
    return button(t("servers.back"), "setup:panel", row=row)


def saved(t: Translator, piece: Piece, chosen: int | None) -> str:
    """What was just chosen."""
    if chosen is None:
        return t("servers.cleared", what=t.of(piece))
    return t("servers.saved", what=t.of(piece), where=mention(piece, chosen))


def made(t: Translator, pieces: Sequence[tuple[Piece, int]], refusal: Refusal | None) -> str:
    """What was made, and why the rest was not."""
    lines = []
    if pieces:
        lines.append(t("servers.made", places=t.list(mention(*each) for each in pieces)))
    if any(piece is RoleUse.ALUMNI for piece, _ in pieces):
        lines.append(t("servers.give_alumni_role"))
    if any(piece is RoleUse.COORDINATOR for piece, _ in pieces):
        lines.append(t("servers.give_coordinator_role"))
    if refusal is not None:
        lines.append(sentence(t, refusal))
    return "\n".join(lines) or t("servers.nothing_to_make")


def _purpose(t: Translator, piece: Piece) -> str:
    match piece:
        case RoleUse.COORDINATOR:
            return t("servers.purpose_coordinator")
        case RoleUse.ALUMNI:
            return t("servers.purpose_alumni")
        case ChannelUse.QUESTIONS:
            return t("servers.purpose_questions")
        case ChannelUse.CASES:
            return t("servers.purpose_cases")
        case ChannelUse.CRISIS:
            return t("servers.purpose_crisis")
        case ChannelUse.CHECKIN:
            return t("servers.purpose_checkin")
        case ChannelUse.COORDINATORS:
            return t("servers.purpose_coordinators")


def topic_of(t: Translator, use: ChannelUse) -> str:
    """What stands above a channel that we make: what it is for."""
    return cut(_purpose(t, use), 1024)


def name_of(t: Translator, piece: Piece) -> str:
    """What a channel or role that we make is called."""
    match piece:
        case RoleUse.COORDINATOR:
            return t("servers.name_coordinator")
        case RoleUse.ALUMNI:
            return t("servers.name_alumni")
        case ChannelUse.QUESTIONS:
            return t("servers.name_questions")
        case ChannelUse.CASES:
            return t("servers.name_cases")
        case ChannelUse.CRISIS:
            return t("servers.name_crisis")
        case ChannelUse.CHECKIN:
            return t("servers.name_checkin")
        case ChannelUse.COORDINATORS:
            return t("servers.name_coordinators")


def reason(t: Translator, name: str) -> str:
    """What Discord's own audit log says of what we make."""
    return cut(t("servers.reason", name=name), 512)

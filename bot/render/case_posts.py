"""A case as a post: a card with facts, summary, failure and adaptation, then messages with the rest.

Everything fits Discord's limits by construction: short texts are cut where a field is, long ones become messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.domain.adaptations import Adaptation
from bot.domain.case_content import CaseKind, CaseSection
from bot.domain.cases import Case, CaseState
from bot.domain.split import closed, size, split
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe

FIELD = 1024
EMBEDS = 6000
"""All characters of a message's embeds together."""
GREY = discord.Colour(0x6B7780)
FIRST = {
    CaseKind.CASE: (CaseSection.FAILED, CaseSection.ADAPT),
    CaseKind.DEBRIEF: (CaseSection.HAPPENED, CaseSection.WHY),
}
"""What stands on the card, whatever else follows."""


@dataclass(frozen=True, slots=True)
class CasePostParts:
    """A post: a line for lock screens, the cards, the buttons, and the texts of the messages that follow."""

    content: str
    embeds: tuple[discord.Embed, ...]
    view: discord.ui.View
    texts: tuple[str, ...]


def post(
    t: Translator, case: Case, topics: Sequence[Topic], adaptations: Sequence[Adaptation] = (), votes: int = 0
) -> CasePostParts:
    """The post of a case in one language; what its author wrote stays in hers."""
    embeds = [_facts(t, case, topics, adaptations)]
    embeds += [
        discord.Embed(title=t.of(section), description=closed(case.content.texts[section]), colour=_colour(case))
        for section in FIRST[case.content.kind]
        if case.content.texts.get(section)
    ]
    sections = [one for one in case.content.sections if one not in FIRST[case.content.kind]]
    if sum(map(_size, embeds)) > EMBEDS:
        embeds, sections = embeds[:1], [*FIRST[case.content.kind], *sections]
    return CasePostParts(
        _line(t, case), tuple(embeds), controls(t, case, votes), split("\n\n".join(_texts(t, case, sections)))
    )


def controls(t: Translator, case: Case, votes: int) -> discord.ui.View:
    """The buttons of a post. Everybody sees them; who may use which is checked when she does."""
    useful = t("cases.useful", n=votes) if votes else t("cases.useful_first")
    return buttons(
        button(t("cases.adapted"), f"case:adapt:{case.id}", style=discord.ButtonStyle.primary),
        button(useful, f"case:useful:{case.id}"),
        button(t("cases.similar"), f"case:similar:{case.id}"),
        button(t("cases.manage"), f"case:card:{case.id}"),
    )


def place(t: Translator, case: Case) -> str:
    """Where it happened. Plain text."""
    if case.content.city and case.content.country:
        return t("cases.place", city=case.content.city, country=t.country(case.content.country))
    return t("cases.nameless_city") if case.content.nameless_city else t("cases.nowhere")


def title(t: Translator, case: Case) -> str:
    """What it is called, or that it has no title yet. Plain text."""
    return case.content.title or t("cases.untitled")


def chain(t: Translator, adaptations: Sequence[Adaptation]) -> str:
    """The cities that took it up, by year."""
    lines = [adaptation_line(t, one) for one in adaptations]
    return fitting(lines, FIELD, lambda left: t("cases.more_adaptations", n=left))


def adaptation_line(t: Translator, adaptation: Adaptation) -> str:
    """One city that took it up, and what came of it."""
    where = adaptation.city or t("cases.nameless_city")
    line = t("cases.chain", year=str(adaptation.year), city=safe(cut(where, 100)))
    return f"{line} ({t.of(adaptation.outcome)})" if adaptation.outcome else line


def _line(t: Translator, case: Case) -> str:
    where = safe(cut(place(t, case), 150))
    if case.state is CaseState.RETIRED:
        return t("cases.post_retired", where=where)
    if case.content.kind is CaseKind.DEBRIEF:
        return t("cases.post_debrief", where=where)
    return t("cases.post_case", where=where)


def _facts(t: Translator, case: Case, topics: Sequence[Topic], adaptations: Sequence[Adaptation]) -> discord.Embed:
    content = case.content
    embed = discord.Embed(
        title=cut(safe(title(t, case)), 256), description=closed(content.summary or ""), colour=_colour(case)
    )
    for name, value in facts(t, case, topics):
        embed.add_field(name=name, value=cut(safe(value), FIELD))
    embed.add_field(name=t("cases.author"), value=cut(people(t, case), FIELD))
    if adaptations:
        embed.add_field(name=t("cases.adapted_by", n=len(adaptations)), value=chain(t, adaptations), inline=False)
    number = t("cases.footer", number=str(case.id), licence=cut(case.licence, 200))
    if case.verify_by is not None:
        number = f"{number} · {t('cases.verify_by', date=t.date(case.verify_by.date()))}"
    embed.set_footer(text=number)
    return embed


def facts(t: Translator, case: Case, topics: Sequence[Topic]) -> list[tuple[str, str]]:
    """What is known of a case in few words: names and values, those that are there. Plain text."""
    content = case.content
    said = (
        (t("cases.topics"), t.list(cut(one.label(t.language), 200) for one in topics)),
        (t("cases.city"), place(t, case)),
        (t("cases.status"), t.of(content.status) if content.status else ""),
        (t("cases.outcome"), t.of(content.outcome) if content.outcome else ""),
        (t("cases.start_year"), str(content.start_year or "")),
        (t("cases.population"), t.of(content.population) if content.population else ""),
        (t("cases.cost"), t.of(content.cost) if content.cost else ""),
        (t("cases.duration"), t.of(content.duration) if content.duration else ""),
        (t("cases.language"), t.language_name(content.language) if content.language else ""),
    )
    return [(name, value) for name, value in said if value]


def people(t: Translator, case: Case) -> str:
    """Who wrote it, and who looks after it where that is somebody else."""
    author = _person(t, case.author_name, case.author_user_id)
    if case.owner_user_id == case.author_user_id:
        return author
    return t("cases.written_and_kept", author=author, owner=_person(t, case.owner_name, case.owner_user_id))


def _person(t: Translator, name: str | None, user_id: int | None) -> str:
    if user_id is None:
        return t("privacy.somebody")
    return f"{safe(name or '')} (<@{user_id}>)"


def _texts(t: Translator, case: Case, sections: Sequence[CaseSection]) -> list[str]:
    content = case.content
    found = [
        f"## {t.of(section)}\n{closed(content.texts[section])}" for section in sections if content.texts.get(section)
    ]
    if content.texts.get(CaseSection.PILOT) and content.pilot_owner and content.pilot_on:
        found.append(t("cases.pilot_line", owner=safe(content.pilot_owner), date=t.date(content.pilot_on)))
    if content.links:
        found.append("\n".join([f"## {t('cases.links')}", *(f"- <{one}>" for one in content.links)]))
    return found


def _size(embed: discord.Embed) -> int:
    texts = [embed.title or "", embed.description or "", embed.footer.text or ""]
    texts += [text for field in embed.fields for text in (field.name or "", field.value or "")]
    return sum(map(size, texts))


def _colour(case: Case) -> discord.Colour:
    return GREY if case.state is CaseState.RETIRED else COLOUR

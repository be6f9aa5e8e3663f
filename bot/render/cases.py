"""A draft and what is still to be done with it; the lists of one's own cases, and of those that wait for a decision."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

import discord

from bot.domain.case_content import MOST_FILES, PARTS, CasePart, CaseSection, Content, lacks
from bot.domain.cases import MOST_LISTED, OPEN, UNPUBLISHED, Case, CaseState
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.case_posts import facts, title
from bot.render.parts import COLOUR, Attachment, button, buttons, cut, safe, select

Card = tuple[discord.Embed, discord.ui.View]
PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger
FIELD = 1024
DESCRIPTION = 4096
PLAIN = 8 * 1024 * 1024
"""Bytes that every server takes as a file."""


def card(t: Translator, case: Case, topics: Sequence[Topic], notice: str = "", offered: Sequence[Topic] = ()) -> Card:
    """What a case says so far, what submission still lacks, and the next step."""
    embed = discord.Embed(title=cut(safe(title(t, case)), 256), colour=COLOUR)
    embed.description = cut("\n\n".join(filter(None, (notice, _stands(t, case)))), DESCRIPTION)
    for name, value in facts(t, case, topics):
        embed.add_field(name=name, value=cut(safe(value), FIELD))
    embed.add_field(name=t("cases.written"), value=cut(_written(t, case.content), FIELD), inline=False)
    if case.files:
        names = ", ".join(safe(file.name) for file in case.files)
        embed.add_field(name=t("cases.files", n=len(case.files), most=MOST_FILES), value=names, inline=False)
    lacking = lacks(case.content)
    if lacking and case.state is not CaseState.SUBMITTED:
        needs = cut("\n".join(f"- {t.of(need)}" for need in lacking), FIELD)
        embed.add_field(name=t("cases.still_lacks", n=len(lacking)), value=needs, inline=False)
    embed.set_footer(text=t("cases.card_footer", number=str(case.id), licence=case.licence))
    return embed, buttons(*_items(t, case, offered, whole=not lacking))


def _stands(t: Translator, case: Case) -> str:
    lines = [t("cases.stands", kind=case.content.kind, state=case.state)]
    if case.comment and case.state in {CaseState.RETURNED, CaseState.REJECTED}:
        lines.append(t("cases.comment", comment=safe(case.comment)))
    if case.state is CaseState.DRAFT:
        lines.append(t("cases.any_order"))
    return "\n".join(lines)


def _written(t: Translator, content: Content) -> str:
    """Which texts there are, and how long."""
    said = [(t("cases.title"), content.title), (t("cases.summary"), content.summary)]
    said += [(t.of(section), content.texts.get(section)) for section in content.sections]
    lines = [t("cases.text_there", name=name, n=len(text)) for name, text in said if text]
    return "\n".join(lines) or t("cases.nothing_yet")


def _items(
    t: Translator, case: Case, offered: Sequence[Topic], *, whole: bool
) -> list[discord.ui.Item[discord.ui.View]]:
    number = case.id
    items: list[discord.ui.Item[discord.ui.View]] = []
    if offered:
        options = [discord.SelectOption(label=cut(one.label(t.language), 100), value=one.id) for one in offered]
        items.append(
            select(f"case:topics:{number}", options, placeholder=t("cases.choose_topics"), most=min(3, len(options)))
        )
    if case.state is not CaseState.SUBMITTED:
        parts = [discord.SelectOption(label=cut(t.of(one), 100), value=one.value) for one in PARTS[case.content.kind]]
        items.append(select(f"case:fill:{number}", parts, placeholder=t("cases.choose_part")))
    items.append(button(t("cases.read"), f"case:read:{number}:0"))
    items += [button(label, name, style=style) for label, name, style in _steps(t, case, whole=whole)]
    return items


def _steps(t: Translator, case: Case, *, whole: bool) -> list[tuple[str, str, discord.ButtonStyle]]:
    number, plain = case.id, discord.ButtonStyle.secondary
    found: list[tuple[str, str, discord.ButtonStyle]] = []
    if case.state in (UNPUBLISHED | {CaseState.WITHDRAWN}) - {CaseState.SUBMITTED}:
        found.append((t("cases.submit"), f"case:submit:{number}", PRIMARY if whole else plain))
    if case.state is CaseState.SUBMITTED:
        found.append((t("cases.recall"), f"case:recall:{number}", plain))
    if case.state in UNPUBLISHED - {CaseState.SUBMITTED}:
        found.append((t("cases.discard"), f"case:discard:{number}", DANGER))
    if case.state in OPEN:
        found.append((t("cases.confirm"), f"case:confirm:{number}", plain))
        found.append((t("cases.withdraw"), f"case:withdraw:{number}", DANGER))
        found.append((t("cases.post_again"), f"case:again:{number}", plain))
    if case.state is CaseState.PUBLISHED:
        found.append((t("cases.retire"), f"case:retire:{number}", plain))
    if case.files and case.state is not CaseState.SUBMITTED:
        found.append((t("cases.remove_files"), f"case:nofiles:{number}", plain))
    return found


def sure(t: Translator, case: Case, question: str, custom_id: str, yes: str) -> Card:
    """Before something that is hard to undo: is she sure?"""
    embed = discord.Embed(title=cut(safe(title(t, case)), 256), description=question, colour=COLOUR)
    return embed, buttons(button(yes, custom_id, style=DANGER), button(t("cases.back"), f"case:card:{case.id}"))


def mine(t: Translator, cases: Sequence[Case], starts: Sequence[tuple[int, str]]) -> tuple[str, discord.ui.View]:
    """Everything that somebody looks after, to open one; and what she told in check-ins, to begin one."""
    counted = _counted(t("cases.yours", n=len(cases)), t("cases.yours_more", most=MOST_LISTED), cases)
    lines = [counted if cases else t("cases.none_yet")]
    items: list[discord.ui.Item[discord.ui.View]] = []
    if cases:
        items.append(_choose(t, cases, "case:open", t("cases.choose_case")))
    if starts:
        lines.append(t("cases.starts", n=len(starts)))
        items += [button(cut(" ".join(text.split()), 60), f"case:begin:{number}") for number, text in starts]
    return "\n".join(lines), buttons(*items)


def queue(t: Translator, cases: Sequence[Case], notice: str = "") -> tuple[str, discord.ui.View]:
    """What waits for coordinators, the oldest first."""
    if not cases:
        return "\n".join(filter(None, (notice, t("cases.queue_empty")))), buttons()
    counted = _counted(t("cases.queue", n=len(cases)), t("cases.queue_more", most=MOST_LISTED), cases)
    text = "\n".join(filter(None, (notice, counted)))
    return text, buttons(_choose(t, cases, "case:judge", t("cases.choose_case")))


def _counted(counted: str, more: str, cases: Sequence[Case]) -> str:
    return counted if len(cases) <= MOST_LISTED else more


def _choose(
    t: Translator, cases: Sequence[Case], custom_id: str, placeholder: str
) -> discord.ui.Select[discord.ui.View]:
    options = [
        discord.SelectOption(
            label=cut(title(t, case), 100),
            value=str(case.id),
            description=cut(t("cases.stands", kind=case.content.kind, state=case.state), 100),
        )
        for case in cases
    ]
    return select(custom_id, options, placeholder=placeholder)


def exported(t: Translator, text: str, count: int, form: str) -> tuple[str, discord.File]:
    """The collection as a file, packed where it is too large for Discord otherwise."""
    said = t("cases.exported", n=count)
    content = text.encode()
    if len(content) <= PLAIN:
        return said, Attachment(content, f"case-studies.{form}", said)
    return said, Attachment(gzip.compress(content, mtime=0), f"case-studies.{form}.gz", said)


def section_hint(t: Translator, section: CaseSection) -> str | None:
    """What a field asks for, below its label, where its name does not say it all."""
    match section:
        case CaseSection.ADAPT:
            return t("cases.hint_adapt")
        case CaseSection.FAILED:
            return t("cases.hint_failed")
        case CaseSection.RESULTS:
            return t("cases.hint_results")
        case _:
            return None


def part_title(t: Translator, part: CasePart) -> str:
    """The heading of a form."""
    return t.of(part)

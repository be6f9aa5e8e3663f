"""Reading a case page by page, and the cases that a search found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord

from bot.domain.case_filters import CaseFilters
from bot.domain.case_search import PAGE
from bot.domain.cases import OPEN, Case, CaseState
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render import case_posts
from bot.render.parts import COLOUR, button, buttons, cut, safe, said, select

Links = Mapping[int, tuple[int, int]]
"""Where cases stand: server and thread, by case."""
PRIMARY = discord.ButtonStyle.primary


def page(
    t: Translator, case: Case, topics: Sequence[Topic], number: int, *, judging: bool = False
) -> tuple[str, list[discord.Embed], discord.ui.View]:
    """A page of a case: its card first, then its texts. `judging` has the coordinators' buttons below."""
    post = case_posts.post(t, case, topics)
    last = len(post.texts)
    number = min(max(number, 0), last)
    verb = "judging" if judging else "read"
    items: list[discord.ui.Item[discord.ui.View]] = []
    if last:
        items += [
            button(t("cases.back_page"), f"case:{verb}:{case.id}:{max(number - 1, 0)}:b", disabled=number == 0),
            button(t("cases.on_page"), f"case:{verb}:{case.id}:{number + 1}:f", disabled=number == last),
        ]
    if judging and case.state is CaseState.SUBMITTED:
        items += [
            button(t("cases.publish"), f"case:publish:{case.id}", style=PRIMARY, row=1),
            button(t("cases.send_back"), f"case:return:{case.id}", row=1),
            button(t("cases.reject"), f"case:reject:{case.id}", style=discord.ButtonStyle.danger, row=1),
        ]
    elif case.state in OPEN:
        items += [
            button(t("cases.similar"), f"case:similar:{case.id}", row=1),
            button(t("cases.adapted"), f"case:adapt:{case.id}", row=1),
            button(t("cases.share"), f"case:share:{case.id}", row=1),
            button(t("cases.manage"), f"case:card:{case.id}", row=1),
        ]
        if case.version > 1:
            items.append(button(t("cases.versions_button"), f"case:versions:{case.id}:0", row=1))
    if number == 0:
        return post.content, list(post.embeds), buttons(*items)
    return post.texts[number - 1], [], buttons(*items)


def found(
    t: Translator,
    text: str,
    filters: CaseFilters,
    cases: Sequence[Case],
    links: Links,
    *,
    number: int,
    last: int,
    total: int,
    topic: Topic | None = None,
) -> tuple[discord.Embed, discord.ui.View]:
    """A page of what a search found. The words that were asked stand above it, from where the buttons read them."""
    embed = discord.Embed(title=t("cases.found_title"), colour=COLOUR)
    if text:
        embed.set_author(name=text)
    narrowed = _filters(t, filters, topic)
    lines = [t("cases.narrowed", filters=t.list(narrowed))] if narrowed else []
    if not cases:
        embed.description = "\n\n".join([*lines, t("cases.found_nothing")])
        return embed, buttons(button(t("cases.ask_instead"), f"question:ask:{filters.topic or ''}", style=PRIMARY))
    start = number * PAGE + 1
    lines += [_entry(t, place, case, links) for place, case in enumerate(cases, start=start)]
    embed.description = "\n\n".join(lines)
    count = t("cases.found", n=total)
    embed.set_footer(text=f"{count} · {t('cases.page', number=number + 1, last=last + 1)}" if last else count)
    code = filters.code
    items: list[discord.ui.Item[discord.ui.View]] = [_open_one(t, cases)]
    if last:
        items += [
            button(t("cases.back_page"), f"case:find:{max(number - 1, 0)}:b:{code}", disabled=number == 0),
            button(t("cases.on_page"), f"case:find:{number + 1}:f:{code}", disabled=number == last),
        ]
    items.append(button(t("cases.share"), f"case:find:{number}:s:{code}"))
    return embed, buttons(*items)


def several(t: Translator, heading: str, cases: Sequence[Case], links: Links) -> tuple[discord.Embed, discord.ui.View]:
    """A few cases under a heading, to open one."""
    embed = discord.Embed(title=cut(heading, 256), colour=COLOUR)
    if not cases:
        embed.description = t("cases.none_similar")
        return embed, buttons()
    embed.description = "\n\n".join(_entry(t, place, case, links) for place, case in enumerate(cases, start=1))
    return embed, buttons(_open_one(t, cases))


def beside(t: Translator, cases: Sequence[Case], links: Links) -> str:
    """Cases that fit a question, in a line each, for below its answer; empty where there are none."""
    if not cases:
        return ""
    lines = [f"- {linked(t, case, links)} · {said(case_posts.place(t, case), 80)}" for case in cases]
    return "\n".join([f"**{t('cases.beside', n=len(cases))}**", *lines])


def _open_one(t: Translator, cases: Sequence[Case]) -> discord.ui.Select[discord.ui.View]:
    options = [
        discord.SelectOption(
            label=cut(case_posts.title(t, case), 100),
            value=str(case.id),
            description=cut(case_posts.place(t, case), 100),
        )
        for case in cases
    ]
    return select("case:show", options, placeholder=t("cases.choose_case"))


def _entry(t: Translator, place: int, case: Case, links: Links) -> str:
    content = case.content
    about = [case_posts.place(t, case)]
    about += [t.of(one) for one in (content.status, content.outcome) if one]
    lines = [f"**{place}. {linked(t, case, links)}**", said(" · ".join(about), 200)]
    if content.summary:
        lines.append(said(content.summary, 200))
    return "\n".join(lines)


def linked(t: Translator, case: Case, links: Links) -> str:
    """Its title, which leads to its post where it has one."""
    name = safe(case_posts.title(t, case))
    if case.id not in links:
        return name
    server_id, thread_id = links[case.id]
    return f"[{name}](https://discord.com/channels/{server_id}/{thread_id})"


def _filters(t: Translator, filters: CaseFilters, topic: Topic | None) -> list[str]:
    said = [topic.label(t.language)] if topic else []
    said += [t.of(one) for one in (filters.outcome, filters.status, filters.size) if one]
    if filters.country:
        said.append(t.country(filters.country))
    if filters.language:
        said.append(t.language_name(filters.language))
    return said

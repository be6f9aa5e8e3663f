"""The versions of a case: a list of who changed it when, and each to read page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.domain.cases import Case, Version
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render import case_posts
from bot.render.parts import button, buttons, cut, safe, said, select

ROWS = 10
"""Versions on a page: what a phone shows."""


def listed(t: Translator, case: Case, versions: Sequence[Version], page: int, zone: str) -> tuple[str, discord.ui.View]:
    """The versions, the newest first, to open one. `zone` is the reader's."""
    newest = list(reversed(versions))
    last = max(0, (len(newest) - 1) // ROWS)
    page = min(max(page, 0), last)
    shown = newest[page * ROWS : (page + 1) * ROWS]
    lines = [f"**{safe(case_posts.title(t, case))}**", t("cases.versions", n=len(versions))]
    lines += [_line(t, one, case, zone) for one in shown]
    if last:
        lines.append(t("cases.page", number=page + 1, last=last + 1))
    options = [
        discord.SelectOption(
            label=cut(t("cases.version", number=one.number), 100),
            value=str(one.number),
            description=cut(one.content.title or "", 100) or None,
        )
        for one in shown
    ]
    items: list[discord.ui.Item[discord.ui.View]] = [
        select(f"case:version:{case.id}", options, placeholder=t("cases.choose_version"))
    ]
    if last:
        items += [
            button(t("cases.back_page"), f"case:versions:{case.id}:{max(page - 1, 0)}:b", disabled=page == 0),
            button(t("cases.on_page"), f"case:versions:{case.id}:{page + 1}:f", disabled=page == last),
        ]
    items.append(button(t("cases.version_now"), f"case:read:{case.id}:0"))
    return "\n".join(lines), buttons(*items)


def page(
    t: Translator, case: Case, version: Version, topics: Sequence[Topic], number: int, *, zone: str
) -> tuple[str, list[discord.Embed], discord.ui.View]:
    """A page of one version: its card first, then its texts."""
    post = case_posts.post(t, replace(case, content=version.content, files=()), topics)
    last = len(post.texts)
    number = min(max(number, 0), last)
    here = f"case:versioned:{case.id}:{version.number}"
    items: list[discord.ui.Item[discord.ui.View]] = []
    if last:
        items += [
            button(t("cases.back_page"), f"{here}:{max(number - 1, 0)}:b", disabled=number == 0),
            button(t("cases.on_page"), f"{here}:{number + 1}:f", disabled=number == last),
        ]
    items.append(button(t("cases.versions_button"), f"case:versions:{case.id}:0", row=1))
    items.append(button(t("cases.version_now"), f"case:read:{case.id}:0", row=1))
    if number == 0:
        return _line(t, version, case, zone), list(post.embeds), buttons(*items)
    return post.texts[number - 1], [], buttons(*items)


def _line(t: Translator, version: Version, case: Case, zone: str) -> str:
    who = t("cases.version_nobody")
    if version.by_user_id is not None:
        who = said(version.by_name, 60) if version.by_name else f"<@{version.by_user_id}>"
    line = t("cases.version_line", number=version.number, at=t.moment(version.at, zone), who=who)
    return t("cases.version_holds", line=line) if version.number == case.version else line

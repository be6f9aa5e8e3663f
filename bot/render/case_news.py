"""What people are told and asked about cases, with the buttons to answer. Each button carries the delivery's mark."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.adaptations import Adaptation
from bot.domain.case_content import CaseOutcome
from bot.domain.cases import Case, CaseState
from bot.i18n import Translator
from bot.render import case_posts, case_reading
from bot.render.parts import button, buttons, cut, fitting, safe, said

Message = tuple[str, discord.ui.View]
DIGEST = 1600
"""Characters of a digest's list."""
PRIMARY = discord.ButtonStyle.primary


def submitted(t: Translator, case: Case, mark: str) -> Message:
    """To coordinators: a case waits."""
    who = safe(case.author_name or t("privacy.somebody"))
    text = t("cases.told_submitted", title=_title(t, case), who=who)
    return text, buttons(button(t("cases.read"), f"case:judging:{case.id}:0:{mark}", style=PRIMARY))


def decided(t: Translator, case: Case, mark: str) -> Message:
    """To its owner: what was decided."""
    view = buttons(button(t("cases.open"), f"case:card:{case.id}:{mark}", style=PRIMARY))
    comment = said(case.comment or "", 1500)
    match case.state:
        case CaseState.PUBLISHED:
            return t("cases.told_published", title=_title(t, case)), view
        case CaseState.RETURNED:
            return t("cases.told_returned", title=_title(t, case), comment=comment), view
        case _:
            return t("cases.told_rejected", title=_title(t, case), comment=comment), view


def adapted(t: Translator, case: Case, adaptation: Adaptation, mark: str) -> Message:
    """To its owner: another city took it up."""
    where = said(adaptation.city or t("cases.nameless_city"), 100)
    kept, changed = (said(one, 500) for one in (adaptation.kept, adaptation.changed))
    text = t("cases.told_adapted", title=_title(t, case), city=where, kept=kept, changed=changed)
    return text, buttons(button(t("cases.read"), f"case:read:{case.id}:0:{mark}", style=PRIMARY))


def asked(t: Translator, case: Case, adaptation: Adaptation, months: int, mark: str) -> Message:
    """To who told of an adaptation: what came of it?"""
    text = t("cases.ask_adaptation", title=_title(t, case), n=months)
    return text, buttons(
        button(t("cases.tell"), f"case:news:{adaptation.id}:{months}:{mark}", style=PRIMARY),
        button(t("cases.take_back"), f"case:unadapt:{adaptation.id}:{mark}"),
    )


def verify(t: Translator, case: Case, mark: str) -> Message:
    """To its owner, or to coordinators where nobody looks after it: does it still hold?"""
    title = _title(t, case)
    asked = (
        t("cases.ask_verify_nobody", title=title) if case.owner_user_id is None else t("cases.ask_verify", title=title)
    )
    return asked, buttons(
        button(t("cases.confirm"), f"case:confirm:{case.id}:{mark}", style=PRIMARY),
        button(t("cases.manage"), f"case:card:{case.id}:{mark}"),
        button(t("cases.retire"), f"case:retire:{case.id}:{mark}"),
    )


def pilot(t: Translator, case: Case, mark: str) -> Message:
    """To the owner of a debrief: what came of the pilot?"""
    who = safe(case.content.pilot_owner or "")
    return t("cases.ask_pilot", title=_title(t, case), who=who), buttons(
        button(t("cases.grow"), f"case:grow:{case.id}:{mark}", style=PRIMARY),
        button(t("cases.manage"), f"case:card:{case.id}:{mark}"),
    )


def digest(t: Translator, cases: Sequence[Case], links: case_reading.Links, mark: str) -> Message:
    """To a follower of topics: what is new."""
    lines = [f"- {case_reading.linked(t, case, links)} · {said(case_posts.place(t, case), 80)}" for case in cases]
    listed = fitting(lines, DIGEST, lambda left: t("cases.more_adaptations", n=left))
    shown = [button(cut(case_posts.title(t, case), 80), f"case:read:{case.id}:0:{mark}") for case in cases[:5]]
    return f"{t('cases.digest', n=len(cases))}\n{listed}", buttons(*shown)


def in_place_of(t: Translator, user_id: int, text: str) -> str:
    """In her city's channel, since she cannot be reached directly."""
    return f"{t('cases.for_somebody', who=f'<@{user_id}>')}\n{text}"


def outcome_choices(t: Translator) -> list[discord.SelectOption]:
    """What may have come of an adaptation."""
    return [discord.SelectOption(label=t.of(one), value=one.value) for one in CaseOutcome]


def _title(t: Translator, case: Case) -> str:
    return safe(case_posts.title(t, case))

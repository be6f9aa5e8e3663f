"""The coordinators' card of an alert: a preview of what recipients will see, then how it goes."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.crisis import Alert, AlertState, override_from
from bot.domain.crisis_answers import AlertAnswer, FollowedUp, Progress
from bot.domain.crisis_chain import FollowUp, FollowUpKind
from bot.domain.crisis_consent import LeftOut, Reach
from bot.domain.outbox import UNSETTLED, DeliveryState
from bot.i18n import Translator
from bot.render import alert_drafts as drafts
from bot.render import crisis as render
from bot.render import escalation, threads
from bot.render.alert_log import why
from bot.render.parts import button, buttons, cut, fitting, safe

EDITABLE = {AlertState.DRAFT, AlertState.RETURNED}
LEFT_OUT_SHOWN = 900


def card(
    t: Translator, alert: Alert, found: Reach | None, progress: Progress | None, alone: bool
) -> tuple[str, list[discord.Embed], discord.ui.View]:
    """The whole card: where it stands, exactly what recipients see, and the buttons that are possible now.

    `alone`: it has waited for so long that one network coordinator may go on alone.
    """
    head = discord.Embed(
        title=t("crisis.card_drill", number=str(alert.id)) if alert.drill else t("crisis.card", number=str(alert.id)),
        colour=render.DRILL if alert.drill else render.COLOURS[alert.severity],
    )
    standing(t, head, alert, drafts.audience(t, alert, found))
    head.add_field(name=t("alert_drafts.category"), value=t.of(alert.category))
    if found is not None:
        _reach(t, head, found)
        head.add_field(name=t("alert_drafts.languages"), value=drafts.languages(t, alert), inline=False)
    if progress is not None and progress.told:
        _progress(t, head, alert, progress)
    first = t("crisis.card_line_drill") if alert.drill else t("crisis.card_line")
    return f"{first} {cut(render.line(t, alert), 400)}", [head, render.embed(t, alert)], controls(t, alert, alone=alone)


def standing(t: Translator, head: discord.Embed, each: Alert | FollowUp, audience: str) -> None:
    """How far it is, for whom, and who decided what about it."""
    head.add_field(name=t("crisis.state"), value=t.of(each.state))
    head.add_field(name=t("crisis.audience"), value=audience)
    if each.author_id:
        head.add_field(name=t("crisis.author"), value=f"<@{each.author_id}>")
    if each.approved_by:
        head.add_field(name=t("crisis.approver"), value=f"<@{each.approved_by}>")
    if each.reason:
        head.add_field(name=t("crisis.reason"), value=cut(safe(each.reason), 1024), inline=False)


def _reach(t: Translator, head: discord.Embed, found: Reach) -> None:
    said = t(
        "crisis.reach",
        channels=t("crisis.channels", n=len(found.targets)),
        cities=t("crisis.cities", n=found.cities),
        people=t("crisis.people", n=found.people),
    )
    head.add_field(name=t("crisis.will_be_told"), value=said, inline=False)
    not_told(t, head, found.left_out)


def not_told(t: Translator, head: discord.Embed, left_out: Sequence[LeftOut]) -> None:
    """The servers that are not told, each with the reason."""
    if left_out:
        lines = [f"{safe(each.name)}: {t(each.why)}" for each in left_out]
        shown = fitting(lines, LEFT_OUT_SHOWN, lambda n: t("crisis.and_more", n=n))
        head.add_field(name=t("crisis.left_out"), value=shown, inline=False)


def _progress(t: Translator, head: discord.Embed, alert: Alert, progress: Progress) -> None:
    waiting = progress.count(DeliveryState.PENDING, DeliveryState.SENDING)
    lines = [
        t("crisis.told", n=progress.count(DeliveryState.SENT)),
        t("crisis.waiting", n=waiting),
        t("crisis.refused", n=len(progress.told) - progress.count(DeliveryState.SENT) - waiting),
    ]
    if alert.published_at is not None:
        lines.append(t("crisis.since", when=f"<t:{int(alert.published_at.timestamp())}:R>"))
    if progress.latest is not None:
        lines.append(_latest(t, progress.latest))
    head.add_field(name=t("crisis.progress"), value="\n".join(lines), inline=False)
    trouble = [
        f"{safe(each.server_name)}: {t.of(each.state)}{f' ({why(t, each.why)})' if each.why else ''}"
        for each in progress.told
        if each.state not in {DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.SENDING}
    ]
    if trouble:
        shown = fitting(trouble, LEFT_OUT_SHOWN, lambda n: t("crisis.and_more", n=n))
        head.add_field(name=t("crisis.not_told"), value=shown, inline=False)
    if progress.threads:
        shown = threads.state(t, progress.threads, LEFT_OUT_SHOWN)
        head.add_field(name=t("threads.field"), value=shown, inline=False)
    if progress.received:
        cities = [f"{safe(city)}: {t.number(count)}" for city, count in sorted(progress.received.items())]
        shown = fitting(cities, LEFT_OUT_SHOWN, lambda n: t("crisis.and_more", n=n))
        head.add_field(name=t("crisis.received_by"), value=shown, inline=False)
    escalation.silent(t, head, progress.silent, LEFT_OUT_SHOWN)
    for kind, name in ((AlertAnswer.NEED, t("crisis.needs")), (AlertAnswer.OFFER, t("crisis.offers"))):
        helps = [
            f"{safe(each.city)}: {t.of(each.what)} {safe(each.quantity)} {safe(each.place)} ({safe(each.name)})"
            for each in progress.helps
            if each.kind is kind
        ]
        if helps:
            head.add_field(
                name=name, value=fitting(helps, LEFT_OUT_SHOWN, lambda n: t("crisis.and_more", n=n)), inline=False
            )


def _latest(t: Translator, latest: FollowedUp) -> str:
    told = latest.states.get(DeliveryState.SENT, 0)
    waiting = sum(latest.states.get(each, 0) for each in UNSETTLED)
    return t(
        "crisis_chain.latest",
        what=t.of(latest.kind),
        when=f"<t:{int(latest.at.timestamp())}:R>",
        told=t.number(told),
        waiting=t.number(waiting),
        refused=t.number(sum(latest.states.values()) - told - waiting),
    )


def controls(t: Translator, alert: Alert, *, alone: bool = False) -> discord.ui.View:
    """What may be done now. Whether she may is checked when she does."""
    family = "drill" if alert.drill else "alert"
    # What ends it comes before what follows it, and what is decided before what is looked at.
    row = 3 if alert.state in {AlertState.BROADCASTING, AlertState.PENDING} else 4

    def act(
        label: str, deed: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> discord.ui.Button[discord.ui.View]:
        return button(label, f"{family}:{deed}:{alert.id}", style=style, row=row)

    log = act(t("crisis.log"), "log")
    if alert.state in EDITABLE:
        return drafts.controls(t, alert)
    if alert.state is AlertState.PENDING:
        return buttons(
            act(t("crisis.approve"), "approve", discord.ButtonStyle.danger),
            act(t("crisis.return"), "return"),
            act(t("crisis.reject"), "reject"),
            *([act(t("crisis.override"), "override")] if alone else []),
            act(t("crisis.discard"), "discard"),
            button(t("alert_drafts.preview"), f"{family}:preview:{alert.id}", row=4),
            button(t("crisis.cap_file"), f"{family}:cap:{alert.id}", row=4),
        )
    if alert.state is AlertState.BROADCASTING:
        if alert.drill:
            ends = [act(t("crisis.end_drill"), "end", discord.ButtonStyle.primary)]
        else:
            ends = [
                act(t("crisis.end"), "end", discord.ButtonStyle.success),
                act(t("crisis.false_alarm"), "cancel", discord.ButtonStyle.danger),
            ]
        return buttons(*ends, log, act(t("crisis.cap_file"), "cap"), *_following(t, alert))
    if alert.state is AlertState.COMPLETED and not alert.drill:
        return buttons(
            act(t("crisis.false_alarm"), "cancel", discord.ButtonStyle.danger), log, act(t("crisis.cap_file"), "cap")
        )
    return buttons(log, act(t("crisis.cap_file"), "cap"))


def _following(t: Translator, alert: Alert) -> list[discord.ui.Button[discord.ui.View]]:
    """What may follow while it is on."""
    family = "drill" if alert.drill else "alert"
    stands = t("crisis_chain.goes_on") if alert.drill else t("crisis_chain.stands")
    labels = {
        FollowUpKind.UPDATE: t("crisis_chain.update"),
        FollowUpKind.ESCALATE: t("crisis_chain.escalate"),
        FollowUpKind.REPORT: t("crisis_chain.report"),
        FollowUpKind.STANDS: stands,
    }
    return [button(label, f"{family}:{kind.value}:{alert.id}", row=4) for kind, label in labels.items()]


def sure(t: Translator, alert: Alert, deed: str) -> tuple[str, discord.ui.View]:
    """The second tap: what will be said, and one button that says it."""
    family = "drill" if alert.drill else "alert"
    if deed == "cancel":
        question, label, style = t("crisis.cancel_sure"), t("crisis.cancel_yes"), discord.ButtonStyle.danger
    elif alert.drill:
        question, label, style = t("crisis.end_drill_sure"), t("crisis.end_drill"), discord.ButtonStyle.primary
    else:
        question, label, style = t("crisis.end_sure"), t("crisis.end"), discord.ButtonStyle.success
    return question, buttons(button(label, f"{family}:{deed}:yes:{alert.id}", style=style))


def waiting(t: Translator, alert: Alert) -> str:
    """What the author reads once it is pending: who is waited for, and from when it can go without."""
    begin = override_from(alert)
    if begin is None:
        return t("crisis.on_its_way")
    return t("crisis.waits", when=f"<t:{int(begin.timestamp())}:R>")

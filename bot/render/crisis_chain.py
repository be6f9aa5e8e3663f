"""What follows an alert or a drill: what recipients see, and the coordinators' card before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import discord

from bot.domain.cap.values import Certainty, Severity, Urgency
from bot.domain.crisis import HOURS, Alert, AlertText
from bot.domain.crisis_chain import RANK, WIDTH, FollowUp, FollowUpKind, FollowUpState, override_from
from bot.domain.crisis_chain_reach import FollowUpReach
from bot.domain.crisis_consent import PingPolicy
from bot.i18n import Translator
from bot.render import crisis as render
from bot.render import crisis_card
from bot.render.parts import button, buttons, cut, safe, select

EDITABLE = {FollowUpState.DRAFT, FollowUpState.RETURNED}


def line(t: Translator, said: Alert, kind: FollowUpKind) -> str:
    """What a lock screen shows: what it is, then event, severity and place."""
    words = {"event": render.event_of(t, said), "severity": t.of(said.severity), "place": safe(said.place)}
    place = {"event": words["event"], "place": words["place"]}
    match kind, said.drill:
        case FollowUpKind.UPDATE, False:
            first = t("crisis_chain.update_line", **words)
        case FollowUpKind.ESCALATE, False:
            first = t("crisis_chain.escalate_line", **words)
        case FollowUpKind.REPORT, False:
            first = t("crisis_chain.report_line", **place)
        case FollowUpKind.STANDS, False:
            first = t("crisis_chain.stands_line", **words)
        case FollowUpKind.REPORT, True:
            first = t("crisis_chain.drill_report_line", **place)
        case FollowUpKind.STANDS, True:
            first = t("crisis_chain.drill_goes_on_line", **place)
        case _:
            first = t("crisis_chain.drill_update_line", **place)
    return cut(first, 500)


def content(
    t: Translator, said: Alert, kind: FollowUpKind, ping: PingPolicy = PingPolicy.NONE, role_id: int | None = None
) -> str:
    """The message's text, with the ping that the server allows; a drill says so in its first and its last line."""
    return render.framed(t, line(t, said, kind), drill=said.drill, ping=ping, role_id=role_id)


def card(
    t: Translator, follow_up: FollowUp, said: Alert, found: FollowUpReach | None, alert: Alert
) -> tuple[str, list[discord.Embed], discord.ui.View]:
    """Where it stands, exactly what recipients see, and the buttons that are possible now."""
    number = str(follow_up.alert_id)
    title = t("crisis_chain.card_drill", number=number) if said.drill else t("crisis_chain.card", number=number)
    head = discord.Embed(
        title=f"{t.of(follow_up.kind)}: {title}",
        colour=render.DRILL if said.drill else render.COLOURS[said.severity],
    )
    crisis_card.standing(t, head, follow_up, t.of(follow_up.audience))
    if found is not None:
        _reach(t, head, found)
    first = t("crisis.card_line_drill") if said.drill else t("crisis.card_line")
    shown = f"{first} {cut(line(t, said, follow_up.kind), 400)}"
    return shown, [head, render.embed(t, said)], controls(t, follow_up, alert)


def _reach(t: Translator, head: discord.Embed, found: FollowUpReach) -> None:
    lines = [t("crisis.channels", n=found.channels)]
    if found.added:
        lines.append(t("crisis_chain.of_them_new", n=len(found.added)))
    head.add_field(name=t("crisis.will_be_told"), value="\n".join(lines), inline=False)
    crisis_card.not_told(t, head, found.left_out)


def controls(t: Translator, follow_up: FollowUp, alert: Alert) -> discord.ui.View:
    """What may be done now. Whether she may is checked when she does."""
    family = "drill" if alert.drill else "alert"

    def act(
        label: str, deed: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> discord.ui.Button[discord.ui.View]:
        return button(label, f"{family}:chain:{deed}:{follow_up.id}", style=style, row=4)

    if follow_up.state in EDITABLE:
        return buttons(
            *_selects(t, follow_up, alert, family),
            act(t("crisis.send"), "send", discord.ButtonStyle.danger),
            act(t("crisis.edit_text"), f"text:{follow_up.language}"),
            act(t("crisis.edit_other"), "languages"),
            act(t("crisis.discard"), "discard"),
        )
    if follow_up.state is FollowUpState.PENDING:
        return buttons(
            act(t("crisis.approve"), "approve", discord.ButtonStyle.danger),
            act(t("crisis.return"), "return"),
            act(t("crisis.reject"), "reject"),
            act(t("crisis.override"), "override"),
            act(t("crisis.discard"), "discard"),
        )
    return buttons()


def _selects(t: Translator, follow_up: FollowUp, alert: Alert, family: str) -> list[discord.ui.Item[discord.ui.View]]:
    """What may be changed, each with what is chosen: an update goes down and an escalation up."""
    if not follow_up.kind.changes:
        return []
    rank = RANK.index(alert.severity)
    up = follow_up.kind is FollowUpKind.ESCALATE
    severities = [each for each in Severity if (RANK.index(each) >= rank if up else RANK.index(each) <= rank)]
    hours = [discord.SelectOption(label=t("crisis_chain.same_end"), value="0", default=follow_up.hours is None)]
    hours += [
        discord.SelectOption(
            label=t("crisis_chain.hours_option", n=each), value=str(each), default=each == follow_up.hours
        )
        for each in HOURS
    ]
    made: list[tuple[str, list[discord.SelectOption]]] = [
        ("severity", _options(t, severities, follow_up.severity)),
        ("urgency", _options(t, tuple(Urgency), follow_up.urgency)),
        ("certainty", _options(t, tuple(Certainty), follow_up.certainty)),
        ("hours", hours),
    ]
    if up:
        wider = WIDTH[WIDTH.index(alert.audience) :]
        made[2] = ("audience", _options(t, wider, follow_up.audience))
    return [
        select(f"{family}:chain:{name}:{follow_up.id}", options, placeholder=t("crisis.choose"), row=row)
        for row, (name, options) in enumerate(made)
    ]


def _options(t: Translator, words: Sequence[StrEnum], chosen: StrEnum) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=t.of(each), value=each.value, default=each == chosen) for each in words]


def languages(t: Translator, follow_up: FollowUp, known: Sequence[str], *, drill: bool) -> discord.ui.View:
    """In which other language to write it."""
    family = "drill" if drill else "alert"
    return buttons(
        *(
            button(t.language_name(each), f"{family}:chain:text:{each}:{follow_up.id}")
            for each in known
            if each != follow_up.language
        )
    )


def sure(t: Translator, alert: Alert) -> tuple[str, discord.ui.View]:
    """The second tap of "the alert stands"."""
    family = "drill" if alert.drill else "alert"
    question = t("crisis_chain.goes_on_sure") if alert.drill else t("crisis_chain.stands_sure")
    label = t("crisis_chain.goes_on") if alert.drill else t("crisis_chain.stands")
    return question, buttons(button(label, f"{family}:stands:yes:{alert.id}", style=discord.ButtonStyle.primary))


def waiting(t: Translator, follow_up: FollowUp) -> str:
    """What the author reads once she has confirmed it."""
    begin = override_from(follow_up)
    if begin is None:
        return t("crisis.on_its_way")
    return t("crisis.waits", when=f"<t:{int(begin.timestamp())}:R>")


def first_text(t: Translator, kind: FollowUpKind, alert: Alert, report: AlertText) -> AlertText:
    """What the form of a new message holds: an update begins with what is said now, a report with its headline."""
    return report if kind is FollowUpKind.REPORT else alert.text(t.language)[0]

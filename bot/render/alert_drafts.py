"""The card of a draft: whom it is for, which languages say what, and everything that its author may change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import discord

from bot.domain.alert_drafts import AudienceChoice
from bot.domain.cap.values import Severity
from bot.domain.crisis import HOURS, Alert, AlertAudience
from bot.domain.crisis_consent import Reach
from bot.i18n import Translator
from bot.render import crisis
from bot.render.parts import button, buttons, cut, fitting, safe, select

NAMES_SHOWN = 300


def audience(t: Translator, alert: Alert, found: Reach | None) -> str:
    """Whom it is for: "one city: Lyon"."""
    match alert.audience:
        case AlertAudience.COUNTRY:
            name = t.country(alert.audience_value or "")
        case AlertAudience.REGION:
            name = (alert.audience_value or "").partition(":")[2]
        case AlertAudience.CITY if found is not None:
            name = t.list(sorted({city for target in found.targets for city in target.cities}))
        case _:
            name = ""
    return _narrowed(t, alert.audience, safe(name))


def _narrowed(t: Translator, whom: AlertAudience, name: str) -> str:
    return t("alert_drafts.audience_of", kind=t.of(whom), name=cut(name, NAMES_SHOWN)) if name else t.of(whom)


def languages(t: Translator, alert: Alert) -> str:
    """For each language: a text of its own, what stands ready, or whose text is read in its stead."""
    lines = [f"{t.language_name(each)}: {said(t, alert, each)}" for each in _known(t, alert)]
    return fitting(lines, 1000, lambda n: t("crisis.and_more", n=n))


def _known(t: Translator, alert: Alert) -> Iterable[str]:
    return dict.fromkeys((*t.catalogues.languages, *(alert.frozen or alert.texts)))


def said(t: Translator, alert: Alert, language: str) -> str:
    """What readers of a language get."""
    found = alert.written_in(language)
    if found != language:
        return t("alert_drafts.reads", language=t.language_name(found))
    return t("alert_drafts.ready") if language in alert.standing else t("alert_drafts.own")


def controls(t: Translator, alert: Alert) -> discord.ui.View:
    """What the author may change, then what she may do. Three rows, so that it fits on a phone."""
    family = "drill" if alert.drill else "alert"

    def act(
        label: str, deed: str, row: int, style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> discord.ui.Button[discord.ui.View]:
        return button(label, f"{family}:{deed}:{alert.id}", style=style, row=row)

    send = act(t("crisis.send"), "send", 2, discord.ButtonStyle.danger)
    discard = act(t("crisis.discard"), "discard", 2)
    shown = act(t("alert_drafts.preview"), "preview", 1)
    file = act(t("crisis.cap_file"), "cap", 2)
    if alert.imported:
        changes = (act(t("alert_drafts.how_long"), "facts", 1), act(t("alert_drafts.whom"), "where", 1))
        return buttons(*changes, shown, send, file, discard)
    severities = [
        discord.SelectOption(
            label=t("alert_drafts.severity", severity=t.of(each)), value=each.value, default=each is alert.severity
        )
        for each in Severity
    ]
    items = [
        select(f"{family}:severity:{alert.id}", severities, placeholder=t("crisis.choose"), row=0),
        act(t("alert_drafts.facts"), "facts", 1),
        act(t("alert_drafts.where"), "where", 1),
        act(t("crisis.edit_text"), f"text:{alert.written_in(alert.language)}", 1),
        act(t("crisis.edit_other"), "languages", 1),
        shown,
        send,
    ]
    if not alert.drill:
        items.append(act(t("alert_drafts.keep"), "keep", 2))
    return buttons(*items, file, discard)


def preview(t: Translator, reader: Translator, alert: Alert) -> tuple[str, discord.Embed]:
    """For coordinators: what whoever is told in the `reader`'s language gets."""
    told = t("alert_drafts.told_in", language=t.language_name(reader.language))
    return f"**{told}**\n{crisis.content(reader, alert)}", crisis.embed(reader, alert)


def other_languages(t: Translator, alert: Alert) -> discord.ui.View:
    """In which other language to write it, each with what it says now."""
    family = "drill" if alert.drill else "alert"
    first = alert.written_in(alert.language)
    return buttons(
        *(
            button(f"{t.language_name(each)} · {said(t, alert, each)}", f"{family}:text:{each}:{alert.id}")
            for each in _known(t, alert)
            if each != first
        )
    )


def words(t: Translator, values: Iterable[StrEnum], chosen: StrEnum) -> list[discord.SelectOption]:
    """The values of an enum as a select's options."""
    return [
        discord.SelectOption(label=cut(t.of(each), 100), value=each.value, default=each == chosen) for each in values
    ]


def hours(t: Translator, chosen: int) -> list[discord.SelectOption]:
    """How long it may last."""
    return [
        discord.SelectOption(label=t("crisis.hours_option", n=each), value=str(each), default=each == chosen)
        for each in HOURS
    ]


def whom(t: Translator, alert: Alert, offered: Sequence[AudienceChoice]) -> list[discord.SelectOption]:
    """Whom it may be for."""
    chosen = (alert.audience, alert.audience_value)
    return [
        discord.SelectOption(
            label=cut(_narrowed(t, each.audience, _plain_name(t, each)), 100),
            value=each.key,
            default=(each.audience, each.value) == chosen,
        )
        for each in offered
    ]


def _plain_name(t: Translator, each: AudienceChoice) -> str:
    return t.country(each.name) if each.audience is AlertAudience.COUNTRY and each.name else each.name or ""

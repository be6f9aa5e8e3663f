"""How often a campaign asks, in words."""

from __future__ import annotations

from babel.dates import get_day_names

from bot.domain.cadence import Cadence, CadenceKind, spoken
from bot.i18n import Translator


def cadence(t: Translator, rule: str) -> str:
    """A rule in words; one that has none as it is written."""
    found = spoken(rule)
    weekday = str(get_day_names("wide", locale=t.language)[found.weekday])
    match found.kind:
        case CadenceKind.DAILY:
            return t("campaigns.daily")
        case CadenceKind.WORKING_DAYS:
            return t("campaigns.working_days")
        case CadenceKind.WEEKLY:
            return t("campaigns.weekly", weekday=weekday)
        case CadenceKind.NTH_WEEKDAY:
            return t("campaigns.nth_weekday", nth=_nth(t, found.n), weekday=weekday)
        case _:
            return _of_month(t, rule, found, weekday)


def _of_month(t: Translator, rule: str, found: Cadence, weekday: str) -> str:
    match found.kind:
        case CadenceKind.LAST_WEEKDAY:
            return t("campaigns.last_weekday", weekday=weekday)
        case CadenceKind.MONTH_DAY:
            return t("campaigns.month_day", n=found.n)
        case CadenceKind.LAST_DAY:
            return t("campaigns.last_day")
        case CadenceKind.NTH_WORKING_DAY:
            return t("campaigns.nth_working_day", n=found.n)
        case CadenceKind.LAST_WORKING_DAY:
            return t("campaigns.last_working_day")
        case _:
            return f"`{rule}`"


def _nth(t: Translator, n: int) -> str:
    words = (t("campaigns.first"), t("campaigns.second"), t("campaigns.third"), t("campaigns.fourth"))
    return words[n - 1] if n <= len(words) else t("campaigns.fifth")


def clock_time(minute: int) -> str:
    """A time of day, as it is typed: "09:30"."""
    return f"{minute // 60:02}:{minute % 60:02}"

"""The chapters about a drill and about an alert, each from draft to end, with both sides: who warns, and who is warned.

Lviv warns the network: its card is in English, so that the fewest visitors stumble. Lyon reads French, Porto Spanish.
"""

from __future__ import annotations

from bot.demo.tour import Hers
from bot.demo.world import MESSAGES, Chapter, Step
from bot.domain.crisis_answers import HelpKind
from bot.i18n import Translator

OFFICE = "lviv/coordinators"
UPDATE = {
    "headline": "Flood in Lviv: a gauge is being checked",
    "description": "One of three gauges shows high water, the other two do not. A crew is on its way to it.",
}


def drill(t: Translator, hers: Hers) -> Chapter:
    """A look at who would be reached, and a drill from draft to end."""
    card = hers("oksana")
    steps = [
        Step(
            "readiness",
            "margaret",
            OFFICE,
            t("tour.readiness_title"),
            t("tour.readiness_text"),
            "/readiness",
        ),
        Step(
            "drill_draft",
            "oksana",
            OFFICE,
            t("tour.drill_draft_title"),
            t("tour.drill_draft_text"),
            "/drill new event:storm audience:network",
        ),
        Step(
            "drill_send",
            "oksana",
            OFFICE,
            t("tour.drill_send_title"),
            t("tour.drill_send_text", send=card("crisis.send")),
            via=["click:drill:send:"],
            does="modal",
        ),
        Step(
            "drill_approve",
            "margaret",
            OFFICE,
            t("tour.drill_approve_title"),
            t("tour.drill_approve_text", approve=card("crisis.approve")),
            does="click:drill:approve:",
        ),
        Step(
            "drill_lyon",
            "etienne",
            "lyon/crisis",
            t("tour.drill_lyon_title"),
            t("tour.drill_lyon_text", received=hers("etienne")("crisis.received")),
            does="click:drill:received:",
        ),
        Step(
            "drill_porto",
            "lucia",
            "porto/crisis",
            t("tour.drill_porto_title"),
            t("tour.drill_porto_text", need=hers("lucia")("crisis.need")),
            via=["click:drill:need:"],
            does="modal",
            words={"what": HelpKind.PUMPS.value, "quantity": "2", "place": "Vigo, Praza do Berbés"},
        ),
        Step(
            "drill_end",
            "oksana",
            OFFICE,
            t("tour.drill_end_title"),
            t("tour.drill_end_text", end=card("crisis.end_drill")),
            via=["click:drill:end:"],
            does="click:drill:end:yes:",
        ),
    ]
    return Chapter("drill", t("tour.drill"), steps)


def alert(t: Translator, hers: Hers) -> Chapter:
    """A real alert, from draft to log."""
    return Chapter(
        "alert", t("tour.alert"), [*_sent(t, hers), *_answered(t, hers), *_updated(t, hers), *_called_off(t, hers)]
    )


def _sent(t: Translator, hers: Hers) -> list[Step]:
    card = hers("oksana")
    return [
        Step(
            "alert_draft",
            "oksana",
            OFFICE,
            t("tour.alert_draft_title"),
            t("tour.alert_draft_text"),
            "/alert new event:flood audience:network",
        ),
        Step(
            "alert_send",
            "oksana",
            OFFICE,
            t("tour.alert_send_title"),
            t("tour.alert_send_text", send=card("crisis.send")),
            via=["click:alert:send:"],
            does="modal",
        ),
        Step(
            "alert_approve",
            "margaret",
            OFFICE,
            t("tour.alert_approve_title"),
            t("tour.alert_approve_text", approve=card("crisis.approve")),
            does="click:alert:approve:",
        ),
    ]


def _answered(t: Translator, hers: Hers) -> list[Step]:
    return [
        Step(
            "alert_on_call",
            "karim",
            MESSAGES,
            t("tour.alert_on_call_title"),
            t("tour.alert_on_call_text", received=hers("karim")("crisis.received")),
            does="click:alert:received:",
        ),
        Step(
            "alert_offer",
            "lucia",
            "porto/crisis",
            t("tour.alert_offer_title"),
            t("tour.alert_offer_text", offer=hers("lucia")("crisis.offer")),
            via=["click:alert:offer:"],
            does="modal",
            words={"what": HelpKind.PUMPS.value, "quantity": "3", "place": "Vigo"},
        ),
    ]


def _updated(t: Translator, hers: Hers) -> list[Step]:
    card = hers("oksana")
    return [
        Step(
            "alert_update",
            "oksana",
            OFFICE,
            t("tour.alert_update_title"),
            t("tour.alert_update_text", update=card("crisis_chain.update")),
            via=["click:alert:update:"],
            does="modal",
            words=UPDATE,
        ),
        Step(
            "alert_update_send",
            "oksana",
            OFFICE,
            t("tour.alert_update_send_title"),
            t("tour.alert_update_send_text", send=card("crisis.send")),
            via=["click:alert:chain:send:"],
            does="modal",
        ),
        Step(
            "alert_update_approve",
            "margaret",
            OFFICE,
            t("tour.alert_update_approve_title"),
            t("tour.alert_update_approve_text", approve=card("crisis.approve")),
            does="click:alert:chain:approve:",
        ),
        Step(
            "alert_updated",
            "etienne",
            "lyon/crisis",
            t("tour.alert_updated_title"),
            t("tour.alert_updated_text"),
            does="look",
        ),
    ]


def _called_off(t: Translator, hers: Hers) -> list[Step]:
    card = hers("oksana")
    return [
        Step(
            "alert_cancel",
            "oksana",
            OFFICE,
            t("tour.alert_cancel_title"),
            t("tour.alert_cancel_text", false_alarm=card("crisis.false_alarm"), yes=card("crisis.cancel_yes")),
            via=["click:alert:cancel:"],
            does="click:alert:cancel:yes:",
        ),
        Step(
            "alert_over",
            "etienne",
            "lyon/crisis",
            t("tour.alert_over_title"),
            t("tour.alert_over_text"),
            does="look",
        ),
        Step(
            "alert_log",
            "oksana",
            OFFICE,
            t("tour.alert_log_title"),
            t("tour.alert_log_text"),
            "/alert log",
        ),
    ]

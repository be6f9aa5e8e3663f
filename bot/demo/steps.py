"""The steps of the guided tour, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.demo.world import MESSAGES, Step
from bot.i18n import Translator


def steps(t: Translator) -> Sequence[Step]:
    """Who to be, where to go, what to type and what will happen, in order."""
    return [
        Step(
            "typo",
            "hannah",
            "lyon/welcome",
            t("demo.step_typo_title"),
            t("demo.step_typo_text"),
            "/expert find topic:stromwater managment",
        ),
        Step(
            "question",
            "hannah",
            MESSAGES,
            t("demo.step_question_title"),
            t("demo.step_question_text"),
            "/expert find topic:who runs participatory budgets?",
        ),
        Step(
            "ask",
            "hannah",
            "lyon/welcome",
            t("demo.step_ask_title"),
            t("demo.step_ask_text"),
            "/ask topic:street trees",
        ),
        Step(
            "mark",
            "taras",
            "lviv/questions/cybersecurity",
            t("demo.step_mark_title"),
            t("demo.step_mark_text"),
            does="menu:Mark as answer",
        ),
        Step(
            "profile",
            "lea",
            "lyon/welcome",
            t("demo.step_profile_title"),
            t("demo.step_profile_text"),
            "/profile setup city:Grenoble",
        ),
        Step(
            "privacy",
            "hannah",
            MESSAGES,
            t("demo.step_privacy_title"),
            t("demo.step_privacy_text"),
            "/privacy info",
        ),
        Step(
            "spanish",
            "lucia",
            "porto/welcome",
            t("demo.step_spanish_title"),
            t("demo.step_spanish_text"),
            "/expert find topic:riesgo de inundación",
        ),
        Step(
            "visitor",
            "marc",
            "lyon/welcome",
            t("demo.step_visitor_title"),
            t("demo.step_visitor_text"),
            "/expert find topic:cycling",
        ),
        Step(
            "coordinator",
            "oksana",
            "lviv/coordinators",
            t("demo.step_coordinator_title"),
            t("demo.step_coordinator_text"),
            "/city list",
        ),
        Step(
            "report",
            "chloe",
            "lyon/coordinators",
            t("demo.step_report_title"),
            t("demo.step_report_text"),
            "/report questions",
        ),
        Step(
            "cases",
            "hannah",
            "lyon/welcome",
            t("demo.step_cases_title"),
            t("demo.step_cases_text"),
            "/case search text:stromwater fee",
        ),
        Step(
            "submit",
            "sophie",
            "lyon/welcome",
            t("demo.step_submit_title"),
            t("demo.step_submit_text"),
            "/case submit topic:street trees",
        ),
        Step(
            "review",
            "chloe",
            "lyon/coordinators",
            t("demo.step_review_title"),
            t("demo.step_review_text"),
            "/review",
        ),
        Step(
            "adapt",
            "hannah",
            "lyon/cases/adapted",
            t("demo.step_adapt_title"),
            t("demo.step_adapt_text"),
            does="click:case:adapt",
        ),
        Step(
            "map",
            "margaret",
            "lyon/welcome",
            t("demo.step_map_title"),
            t("demo.step_map_text"),
            "/case map",
        ),
        Step(
            "hand_over",
            "chloe",
            "lyon/coordinators",
            t("demo.step_hand_over_title"),
            t("demo.step_hand_over_text"),
            does="click:handover:open",
        ),
        Step(
            "administrator",
            "joao",
            "porto/coordinators",
            t("demo.step_administrator_title"),
            t("demo.step_administrator_text"),
            "/setup",
        ),
        Step(
            "network",
            "margaret",
            "lyon/welcome",
            t("demo.step_network_title"),
            t("demo.step_network_text"),
            "/network servers",
        ),
        Step(
            "unmatched",
            "margaret",
            "lyon/welcome",
            t("demo.step_unmatched_title"),
            t("demo.step_unmatched_text"),
            "/topic unmatched",
        ),
    ]

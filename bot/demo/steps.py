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
            "checkin",
            "hannah",
            "lyon/checkin",
            t("demo.step_checkin_title"),
            t("demo.step_checkin_text"),
            does="click:checkin:answer:",
        ),
        Step(
            "results",
            "margaret",
            "lyon/welcome",
            t("demo.step_results_title"),
            t("demo.step_results_text"),
            "/campaign report campaign:1",
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

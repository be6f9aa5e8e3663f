"""The last chapter: looking after a server, and after the network."""

from __future__ import annotations

from bot.demo.world import Chapter, Step
from bot.i18n import Translator


def caring(t: Translator) -> Chapter:
    """What coordinators and administrators see."""
    steps = [
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
    return Chapter("caring", t("tour.caring"), steps)

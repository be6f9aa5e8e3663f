"""The first chapter: finding people, asking them, being found."""

from __future__ import annotations

from bot.demo.world import MESSAGES, Chapter, Step
from bot.i18n import Translator


def meeting(t: Translator) -> Chapter:
    """What members do every day."""
    steps = [
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
            "invite",
            "hannah",
            "lyon/questions/stormwater",
            t("demo.step_invite_title"),
            t("demo.step_invite_text"),
            does="select:question:invite:",
        ),
        Step(
            "accept",
            "natalia",
            "lviv/checkin",
            t("demo.step_accept_title"),
            t("demo.step_accept_text"),
            does="click:invitation:accept:",
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
    ]
    return Chapter("meeting", t("tour.meeting"), steps)

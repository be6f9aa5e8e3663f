"""What is kept about a person, as she is told it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

NOBODY: Final = 0
"""Stands for the Discord id of whoever had everything about herself deleted. Discord gives it to nobody."""


class Category(StrEnum):
    """The kinds of things that are kept about people."""

    PROFILE = "profile"
    LANGUAGES = "languages"
    TOPICS = "topics"
    SERVERS = "servers"
    CODES = "codes"
    APPOINTMENTS = "appointments"
    ENDORSEMENTS = "endorsements"
    QUESTIONS = "questions"
    ANSWERS = "answers"
    THANKS = "thanks"
    INVITATIONS = "invitations"
    FOLLOWED = "followed"
    MESSAGES = "messages"
    UNREACHED = "unreached"
    CAMPAIGNS = "campaigns"
    PROMPTS = "prompts"
    RESPONSES = "responses"
    QUOTES = "quotes"
    OPT_OUTS = "opt_outs"
    CASE_STARTS = "case_starts"
    ROLES = "roles"
    CASES = "cases"
    CASE_VOTES = "case_votes"
    ADAPTATIONS = "adaptations"
    TOPIC_FOLLOWS = "topic_follows"
    MERGED_TOPICS = "merged_topics"
    HAND_OVERS = "hand_overs"
    ALERTS = "alerts"
    ALERT_ANSWERS = "alert_answers"
    ON_CALL = "on_call"
    ACTIONS = "actions"


STAYING: Final = frozenset(
    {
        Category.QUESTIONS,
        Category.ANSWERS,
        Category.CAMPAIGNS,
        Category.CASES,
        Category.ADAPTATIONS,
        Category.HAND_OVERS,
        Category.ALERTS,
        Category.ACTIONS,
    }
)
"""What is not deleted, but loses the person."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows are kept about a person, by category; those without any are missing."""

    counts: Mapping[Category, int]

    def __bool__(self) -> bool:
        return bool(self.counts)


def without(value: Any, user_id: int) -> Any:
    """A value of JSON, or a text, in which this person's Discord id has become `NOBODY`."""
    match value:
        case bool():
            return value
        case int():
            return NOBODY if value == user_id else value
        case str():
            return value.replace(str(user_id), str(NOBODY))
        case list():
            return [without(each, user_id) for each in value]
        case dict():
            return {without(key, user_id): without(each, user_id) for key, each in value.items()}
    return value

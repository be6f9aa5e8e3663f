"""The form of a check-in: a campaign's questions as fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.campaigns import CampaignQuestion, Purpose, QuestionType
from bot.domain.checkins import ANSWER_LIMIT, Checkin, Given, numbers
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.parts import cut
from bot.render.prompts import question_text

LABEL, DESCRIPTION, OPTION = 45, 100, 100


def name_of(t: Translator, name: str | None) -> str:
    """A campaign's name, as somebody typed it, or the catalogue's. Plain text: escape it where it is shown."""
    return name if name is not None else t("campaigns.monthly_name")


def readers(t: Translator, checkin: Checkin) -> str:
    """Who will read the answers, in the room of a field's description: also that an anonymous one is final."""
    if checkin.server is None:
        return t("checkins.for_network_anonymous") if checkin.period.anonymous else t("checkins.for_network")
    room = DESCRIPTION - len(_for_server(t, checkin, ""))
    return _for_server(t, checkin, cut(checkin.server, room))


def _for_server(t: Translator, checkin: Checkin, server: str) -> str:
    if checkin.period.anonymous:
        return t("checkins.for_server_anonymous", server=server)
    return t("checkins.for_server", server=server)


def fields(t: Translator, checkin: Checkin) -> dict[int, discord.ui.Label[Any]]:
    """The form's fields by the ids of the questions, filled with what she said before. The first says who reads it.

    A question about her topics is left out where she has none.
    """
    given = {each.question_id: each for each in checkin.given}
    found: dict[int, discord.ui.Label[Any]] = {}
    for question in checkin.questions:
        field = _field(t, question, given.get(question.id), checkin.topics)
        if field is not None:
            hint = readers(t, checkin) if not found else question.hint
            label = cut(question_text(t, question), LABEL)
            found[question.id] = discord.ui.Label(text=label, description=hint, component=field)
    return found


def _field(
    t: Translator, question: CampaignQuestion, given: Given | None, topics: Sequence[Topic]
) -> discord.ui.Item[Any] | None:
    if question.purpose is Purpose.EXPERT:
        if not topics:
            return None
        options = [discord.SelectOption(label=cut(each.label(t.language), OPTION), value=each.id) for each in topics]
        return _choice(question, options[:25], t("checkins.tick_topics"), most=len(options[:25]), required=False)
    if question.type is QuestionType.TEXT:
        return discord.ui.TextInput(
            custom_id=f"q{question.id}",
            style=discord.TextStyle.paragraph,
            max_length=ANSWER_LIMIT,
            required=question.required,
            default=given.text if given else None,
            placeholder=question.hint,
        )
    chosen = given.number if given else None
    options = [
        discord.SelectOption(
            label=cut(option(t, question, number), OPTION), value=str(number), default=number == chosen
        )
        for number in numbers(question)
    ]
    return _choice(question, options, t("checkins.choose"), required=question.required)


def _choice(
    question: CampaignQuestion,
    options: list[discord.SelectOption],
    placeholder: str,
    *,
    most: int = 1,
    required: bool,
) -> discord.ui.Select[Any]:
    return discord.ui.Select(
        custom_id=f"q{question.id}",
        options=options,
        placeholder=placeholder,
        min_values=1 if required else 0,
        max_values=most,
        required=required,
    )


def option(t: Translator, question: CampaignQuestion, number: int) -> str:
    """What a number says, as an answer to a question. Plain text."""
    match question.type:
        case QuestionType.CHOICE:
            return question.options[number] if number < len(question.options) else t.number(number)
        case QuestionType.YES_NO:
            return t("checkins.yes") if number else t("checkins.no")
        case QuestionType.SCALE:
            ends = {1: t("checkins.lowest"), 5: t("checkins.highest")}
            return ends.get(number, t.number(number))
        case QuestionType.TEXT:
            return t.number(number)

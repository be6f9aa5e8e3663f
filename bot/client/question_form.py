"""What the forms for a new question and for a changed one share."""

from __future__ import annotations

import discord

from bot.client.forms import Form
from bot.domain.questions import BODY_LIMIT, TITLE_LIMIT, TOPIC_LIMIT
from bot.i18n import Translator
from bot.services.questions import Draft


class QuestionForm(Form):
    """Title, text and topic. Whose form it is, the log does not say."""

    discreet = True

    def __init__(self, t: Translator, heading: str, title: str = "", body: str = "", topic: str = "") -> None:
        super().__init__(title=heading)
        self.headline: discord.ui.TextInput[QuestionForm] = discord.ui.TextInput(
            custom_id="title", max_length=TITLE_LIMIT, default=title or None, placeholder=t("questions.title_hint")
        )
        self.body: discord.ui.TextInput[QuestionForm] = discord.ui.TextInput(
            custom_id="body",
            style=discord.TextStyle.paragraph,
            max_length=BODY_LIMIT,
            default=body or None,
            placeholder=t("questions.body_hint"),
        )
        self.topic: discord.ui.TextInput[QuestionForm] = discord.ui.TextInput(
            custom_id="topic", max_length=TOPIC_LIMIT, required=False, default=topic or None
        )
        for label, field in (
            (t("questions.title_label"), self.headline),
            (t("questions.body_label"), self.body),
            (t("questions.topic_label"), self.topic),
        ):
            self.add_item(discord.ui.Label(text=label, component=field))

    def draft(self) -> Draft:
        """What she wrote."""
        return Draft(self.headline.value, self.body.value, self.topic.value)

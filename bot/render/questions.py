"""A question's post, the form for it, and what is said around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.domain.questions import Question, QuestionState
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, safe, select

PRIMARY = discord.ButtonStyle.primary
WITH_NAME, NAMELESS = "name", "nameless"


@dataclass(frozen=True, slots=True)
class Post:
    """What stands in the forum: a line for lock screens, the card, the buttons."""

    content: str
    embed: discord.Embed
    view: discord.ui.View


def post(t: Translator, question: Question, topic: Topic | None, accepted: Sequence[int]) -> Post:
    """The post of a question in its server's language; `accepted` are the messages marked as answers."""
    embed = discord.Embed(title=cut(safe(question.title), 256), description=whole(question.body, 4096), colour=COLOUR)
    if topic is not None:
        embed.add_field(name=t("questions.topic"), value=cut(safe(topic.label(t.language)), 1024))
    embed.add_field(name=t("questions.language"), value=t.language_name(question.language))
    embed.add_field(name=t("questions.state"), value=t.of(question.state))
    if accepted:
        links = "\n".join(link(question, each) for each in accepted[:5])
        embed.add_field(name=t("questions.marked_field", n=len(accepted)), value=links, inline=False)
    footer = t("questions.footer", number=str(question.id))
    embed.set_footer(text=f"{footer} · {t('questions.edited')}" if question.edited_at else footer)
    return Post(asker(t, question), embed, controls(t, question))


def asker(t: Translator, question: Question) -> str:
    """Who asks, for everybody to read."""
    if question.nameless:
        return t("questions.asked_without_name")
    if question.asker_user_id is None:
        return t("questions.asker_gone")
    return t("questions.asked_by", name=safe(question.asker_name or ""), who=f"<@{question.asker_user_id}>")


def controls(t: Translator, question: Question) -> discord.ui.View:
    """The buttons of a post. Everybody sees them; who may use which is checked when she does."""
    number = question.id
    items = []
    if question.state is QuestionState.OPEN:
        items.append(button(t("questions.find_people"), f"question:people:{number}", style=PRIMARY))
    if question.nameless:
        items.append(button(t("questions.reply"), f"question:reply:{number}"))
    items.append(button(t("questions.edit"), f"question:edit:{number}"))
    if question.state is QuestionState.OPEN:
        items.append(button(t("questions.close"), f"question:close:{number}"))
    else:
        items.append(button(t("questions.reopen"), f"question:reopen:{number}"))
    if question.nameless:
        items.append(button(t("questions.follow"), f"question:follow:{number}"))
        items.append(button(t("questions.unfollow"), f"question:unfollow:{number}"))
    return buttons(*items)


def link(question: Question, message_id: int | None = None) -> str:
    """Where it stands on Discord: its thread, or a message in it."""
    place = f"https://discord.com/channels/{question.server_id}/{question.thread_id}"
    return f"{place}/{message_id}" if message_id else place


def done(t: Translator, question: Question, offered: Sequence[Topic], *, tagged: bool) -> tuple[str, discord.ui.View]:
    """What the asker reads once her question stands, with topics to choose from where it is not clear what it is."""
    lines = [t("questions.posted", where=f"<#{question.thread_id}>")]
    if question.nameless:
        lines.append(t("questions.nameless_hint"))
    return _with_topics(t, lines, question, offered, tagged=tagged)


def saved(t: Translator, question: Question, offered: Sequence[Topic], *, tagged: bool) -> tuple[str, discord.ui.View]:
    """What she reads once her question is changed."""
    lines = [t("questions.saved", where=f"<#{question.thread_id}>")]
    return _with_topics(t, lines, question, offered, tagged=tagged)


def _with_topics(
    t: Translator, lines: list[str], question: Question, offered: Sequence[Topic], *, tagged: bool
) -> tuple[str, discord.ui.View]:
    if not tagged:
        lines.append(t("questions.not_tagged"))
    items: list[discord.ui.Item[discord.ui.View]] = []
    if offered:
        lines.append(t("questions.which_topic"))
        options = [discord.SelectOption(label=cut(one.label(t.language), 100), value=one.id) for one in offered]
        items.append(select(f"question:topic:{question.id}", options, placeholder=t("questions.choose_topic")))
    if question.nameless and question.edited_at is None:
        items.append(button(t("questions.follow"), f"question:follow:{question.id}"))
    return "\n".join(lines), buttons(*items)


def kept(t: Translator, sentence: str, question_id: int) -> tuple[str, discord.ui.View]:
    """Discord failed us on the way: it is on record, and she may have it posted again."""
    return sentence, buttons(button(t("questions.try_again"), f"question:publish:{question_id}", style=PRIMARY))


def which_server(t: Translator, places: Sequence[tuple[int, str]], custom_id: str) -> tuple[str, discord.ui.View]:
    """In a direct message: in which of her servers shall it be asked?"""
    options = [discord.SelectOption(label=cut(name, 100), value=str(server_id)) for server_id, name in places]
    return t("questions.which_server"), buttons(select(custom_id, options, placeholder=t("questions.choose_server")))


def relayed(t: Translator, text: str) -> str:
    """What a nameless asker writes in her thread."""
    return f"**{t('questions.asker_writes')}**\n{whole(text, 1900)}"


def marked(t: Translator, question: Question, message_id: int) -> str:
    """What the thread reads when a message was marked as an answer."""
    return t("questions.marked_news", where=link(question, message_id))


def unmarked(t: Translator, question: Question, message_id: int) -> str:
    """What it reads when that was taken back."""
    return t("questions.unmarked_news", where=link(question, message_id))


def thanked(t: Translator, question: Question, message_id: int) -> str:
    """What it reads when somebody gave the first thanks to a helper; not from whom."""
    return t("questions.thanked_news", where=link(question, message_id))


def hello(t: Translator, question: Question) -> str:
    """The first direct message to somebody who follows a question."""
    return t("questions.follow_hello", title=whole(question.title, 400), where=link(question))


def news(t: Translator, question: Question, message_id: int) -> str:
    """The later ones, of a new message."""
    return t("questions.follow_news", title=whole(question.title, 400), where=link(question, message_id))


def already_marked(t: Translator, message_id: int) -> tuple[str, discord.ui.View]:
    """Marking twice changes nothing; a button takes it back."""
    return t("questions.marked_already"), take_back(t, message_id)


def take_back(t: Translator, message_id: int) -> discord.ui.View:
    """The button that takes a mark back."""
    return buttons(button(t("questions.unmark"), f"question:unmark:{message_id}"))


def whole(text: str, limit: int) -> str:
    """What somebody typed, harmless: its markup too, unless the escapes would cost the end of it."""
    escaped = safe(text)
    return escaped if len(escaped) <= limit else cut(discord.utils.escape_mentions(text), limit)

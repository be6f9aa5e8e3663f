"""An invitation, as she sees it who is invited; what her thread reads of it; and the answers that are relayed."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.experts import Reason, ReasonKind, Suggestion
from bot.domain.invitations import Invitation, InvitationState, Origin, pieces
from bot.domain.outbox import mark
from bot.domain.questions import Question
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.experts import credit
from bot.render.experts import why as reasons_of
from bot.render.parts import COLOUR, button, buttons, cut, safe, select
from bot.render.questions import link, whole

PRIMARY = discord.ButtonStyle.primary
CONTENT = 2000
EMBED = 4096
EMBEDS = 6000

Message = tuple[str, discord.Embed, discord.ui.View]


def invitation(t: Translator, one: Invitation, question: Question, topic: Topic | None, delivery: int = 0) -> Message:
    """The whole of it: who asks, what, and why she. For her eyes only."""
    return _asked(t, one, question), card(t, one, question, topic), _answers(t, one, delivery)


def knock(t: Translator, one: Invitation, delivery: int) -> tuple[str, discord.ui.View]:
    """The line in a channel that calls her: that there is something, and nothing of what."""
    name = _id("open", one.id, delivery)
    return t("invitations.knock", who=f"<@{one.user_id}>"), buttons(button(t("invitations.open"), name, style=PRIMARY))


def card(t: Translator, one: Invitation, question: Question, topic: Topic | None) -> discord.Embed:
    """The question, and why she."""
    embed = discord.Embed(title=cut(safe(question.title), 256), description=whole(question.body, EMBED), colour=COLOUR)
    because = _because(t, one, topic)
    if because:
        embed.add_field(name=t("invitations.why"), value=cut("\n".join(because), 1024), inline=False)
    embed.add_field(name=t("questions.language"), value=t.language_name(question.language))
    embed.set_footer(text=t("invitations.footer"))
    return embed


def accepted(t: Translator, one: Invitation, question: Question, *, here: bool) -> tuple[str, discord.ui.View]:
    """What she reads once she has said yes: `here` in her own server, where she is in the thread now."""
    number = one.id
    items = [
        button(t("question_people.thinking"), f"question:thinking:{question.id}"),
        button(t("invitations.not_after_all"), _id("decline", number)),
    ]
    if here:
        return t("invitations.accepted", where=link(question)), buttons(*items)
    answer = button(t("invitations.answer"), _id("answer", number), style=PRIMARY)
    follow = button(t("questions.follow"), f"question:follow:{question.id}")
    return t("invitations.accepted_elsewhere"), buttons(answer, *items, follow)


def declined(t: Translator, one: Invitation) -> tuple[str, discord.ui.View]:
    """What she reads once she has said no."""
    refer = button(t("invitations.refer"), _id("refer", one.id), style=PRIMARY)
    return t("invitations.declined"), buttons(refer, button(t("invitations.accept_after_all"), _id("accept", one.id)))


def over(t: Translator, sentence: str) -> str:
    """What stands in place of an invitation that can no longer be answered."""
    return t("invitations.over", sentence=sentence)


def whom(
    t: Translator, one: Invitation, found: Sequence[Suggestion], topics: dict[str, Topic], *, anybody: bool
) -> tuple[str, discord.ui.View]:
    """Whom does she name? The people suggested, and in a server `anybody` of it."""
    items: list[discord.ui.Item[discord.ui.View]] = []
    if found:
        options = [
            discord.SelectOption(
                label=cut(each.person.name, 100),
                value=str(each.person.member_id),
                description=cut(reasons_of(t, each, topics[each.person.topic_id].label(t.language)), 100),
            )
            for each in found
        ]
        items.append(select(_id("named", one.id), options, placeholder=t("invitations.choose_suggested")))
    if anybody:
        items.append(discord.ui.UserSelect(custom_id=_id("member", one.id), placeholder=t("invitations.choose_member")))
    if not items:
        return t("invitations.nobody_to_name"), buttons()
    return t("invitations.whom"), buttons(*items)


def joined(t: Translator, one: Invitation) -> str:
    """What the thread reads when somebody who was invited has come in."""
    return t("invitations.joined", name=safe(one.name), who=f"<@{one.user_id}>")


def relayed(
    t: Translator, text: str, name: str | None, city: str | None, country: str | None
) -> tuple[str, list[discord.Embed]]:
    """An answer from another server, whole: in the message where it fits, otherwise on cards below its first line."""
    head = f"**{_author(t, name, city, country)}**"
    said = f"{head}\n{safe(text)}"
    if len(said) <= CONTENT:
        return said, []
    # The title and the colour cost nothing of Discord's 6,000 characters; escapes may, and nothing pings from a card.
    escaped = safe(text)
    shown = pieces(escaped if len(escaped) <= EMBEDS else text, EMBED)
    return head, [discord.Embed(description=each, colour=COLOUR) for each in shown]


def _author(t: Translator, name: str | None, city: str | None, country: str | None) -> str:
    if name is None:
        return t("invitations.relayed_gone")
    if city and country:
        return t("invitations.relayed_from", name=safe(name), city=safe(city), country=t.country(country))
    return t("invitations.relayed", name=safe(name))


def hint(t: Translator, question: Question) -> tuple[str, discord.ui.View]:
    """To the asker, in her thread: what may bring an answer. A nameless one is not called."""
    known = not question.nameless and question.asker_user_id is not None
    text = t("unanswered.hint_to", who=f"<@{question.asker_user_id}>") if known else t("unanswered.hint")
    number = question.id
    return f"{text}\n{t('unanswered.advice')}", buttons(
        button(t("questions.edit"), f"question:edit:{number}", style=PRIMARY),
        button(t("questions.find_people"), f"question:people:{number}"),
        button(t("question_people.thinking"), f"question:thinking:{number}"),
    )


def stuck(t: Translator, question: Question, topic: Topic | None, days: int, asked: int) -> str:
    """To the coordinators: nobody has answered, and how many were asked."""
    about = safe(topic.label(t.language)) if topic else t("unanswered.no_topic")
    title = safe(question.title)
    line = t("unanswered.stuck", n=days, title=title, topic=about, where=link(question))
    return f"{line}\n{t('unanswered.asked', n=asked)}"


def _asked(t: Translator, one: Invitation, question: Question) -> str:
    if question.nameless:
        said = [t("invitations.by_nobody")]
    elif question.asker_user_id is None:
        said = [t("invitations.by_gone")]
    else:
        said = [t("invitations.by_name", name=safe(question.asker_name or ""))]
    if one.referrer:
        said.append(t("invitations.referred_by", name=safe(one.referrer)))
    elif one.origin is Origin.CLOCK:
        said.append(t("invitations.nobody_answered"))
    return " ".join(said)


def _answers(t: Translator, one: Invitation, delivery: int) -> discord.ui.View:
    items = [
        button(t("invitations.accept"), _id("accept", one.id, delivery), style=PRIMARY),
        button(t("invitations.decline"), _id("decline", one.id)),
    ]
    if one.state is not InvitationState.REFERRED:
        items.append(button(t("invitations.refer"), _id("refer", one.id)))
    return buttons(*items)


def _id(verb: str, number: int, delivery: int = 0) -> str:
    return f"invitation:{verb}:{number}:{mark(delivery)}" if delivery else f"invitation:{verb}:{number}"


def _because(t: Translator, one: Invitation, topic: Topic | None) -> list[str]:
    if one.why.level is None or topic is None:
        return []
    label = safe(topic.label(t.language))
    lines = [t("invitations.reason_level", level=t.of(one.why.level), topic=label)]
    return lines + [said for each in one.why.reasons if (said := _reason(t, each))]


def _reason(t: Translator, reason: Reason) -> str:
    match reason.kind:
        case ReasonKind.COUNTRY:
            return t("invitations.reason_country")
        case ReasonKind.CITY_SIZE:
            return t("invitations.reason_city_size")
        case ReasonKind.LANGUAGE:
            spoken = t.list(t.language_name(code) for code in reason.languages)
            return t("invitations.reason_language", languages=spoken)
        case ReasonKind.LEVEL | ReasonKind.RESTED:
            return ""
        case _:
            return credit(t, reason)

"""What is said about questions."""

from __future__ import annotations

from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, Dropped
from bot.domain.questions import Question, QuestionState
from bot.i18n import Translator
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import invitations as render_invitations
from bot.render import questions as render
from bot.render.parts import pinging


async def news(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To a follower: there is something new in the thread. `payload` has the message's id."""
    try:
        question = await desk.services.questions.get(delivery.subject)
    except Refusal:
        return Dropped("question_gone")
    if question.state is QuestionState.REMOVED:
        return Dropped("question_gone")
    if not await desk.services.followers.follows(question.id, delivery.target.id):
        return Dropped("unfollowed")
    t = desk.translator(delivery.language, question.language)
    return Outgoing(render.news(t, question, int(delivery.payload["message_id"])))


async def hint(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To the asker, in her thread: what may bring an answer. One who gave no name is not called."""
    question = await _unanswered(desk, delivery)
    if question is None:
        return Dropped("question_closed")
    t = await _server_language(desk, question)
    text, view = render_invitations.hint(t, question)
    called = [] if question.nameless or question.asker_user_id is None else [question.asker_user_id]
    return Outgoing(text, view=view, mentions=pinging(users=called))


async def unanswered(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To the coordinators of its server: nobody has answered, and how many were asked."""
    question = await _unanswered(desk, delivery)
    if question is None:
        return Dropped("question_closed")
    t = await _server_language(desk, question)
    services = desk.services
    days = (services.questions.clock() - question.asked_at).days
    asked = await services.unanswered.asked(question.id)
    return Outgoing(render_invitations.stuck(t, question, services.questions.topic_of(question), days, asked))


async def _unanswered(desk: Desk, delivery: Delivery) -> Question | None:
    try:
        question = await desk.services.questions.get(delivery.subject)
    except Refusal:
        return None
    return question if question.state is QuestionState.OPEN else None


async def _server_language(desk: Desk, question: Question) -> Translator:
    server = await desk.services.servers.find(question.server_id)
    return desk.translator(server.language if server else None)


COMPOSERS: dict[DeliveryKind, Compose] = {
    DeliveryKind.QUESTION_NEWS: news,
    DeliveryKind.QUESTION_HINT: hint,
    DeliveryKind.QUESTION_UNANSWERED: unanswered,
}

"""What is said about questions."""

from __future__ import annotations

from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, Dropped
from bot.domain.questions import QuestionState
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import questions as render


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


COMPOSERS: dict[DeliveryKind, Compose] = {DeliveryKind.QUESTION_NEWS: news}

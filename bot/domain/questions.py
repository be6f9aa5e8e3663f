"""Questions: who may do what with one, and what becomes of it.

    open ──close, mark──▶ answered        any ──lose──▶ removed, for good
    open ◀─reopen, unmark── answered

Whatever is asked for twice is done once: closing what is closed leaves it closed. A nameless question keeps its asker,
who alone may edit it and reply in it; nobody is ever shown who she is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.access import Actor, Right
from bot.domain.errors import Forbidden, Refusal
from bot.domain.servers import ChannelUse, Server
from bot.domain.setup import Permission, Seen, SetupProblem, review
from bot.domain.topics import Division

TITLE_LIMIT: Final = 100
"""The longest name of a post on Discord."""
BODY_LIMIT: Final = 4000
"""The longest text of a field in one of Discord's forms."""
TOPIC_LIMIT: Final = 200

NEEDED: Final = frozenset(
    {
        Permission.VIEW_CHANNEL,
        Permission.SEND_MESSAGES,
        Permission.SEND_MESSAGES_IN_THREADS,
        Permission.EMBED_LINKS,
        Permission.READ_MESSAGE_HISTORY,
    }
)
"""Without these a question cannot be posted, or not be found again after a crash."""


class QuestionState(StrEnum):
    """How a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REMOVED = "removed"
    """Its post was deleted on Discord."""


class Deed(StrEnum):
    """What can be done with a question."""

    PEOPLE = "people"
    """Look for people who may answer, and invite them."""
    EDIT = "edit"
    REPLY = "reply"
    """Write in the thread of a nameless question without being seen."""
    CLOSE = "close"
    REOPEN = "reopen"
    MARK = "mark"
    """Say which message answered it."""
    UNMARK = "unmark"
    THANK = "thank"
    FOLLOW = "follow"
    LOSE = "lose"
    """Its post is gone."""


ASKERS: Final = frozenset({Deed.PEOPLE, Deed.EDIT, Deed.REPLY})
"""For the asker alone."""
SHARED: Final = frozenset({Deed.CLOSE, Deed.REOPEN, Deed.MARK, Deed.UNMARK})
"""For the asker, and for the coordinators of the question's server: an asker may have left."""

_NEXT: Final[Mapping[Deed, QuestionState]] = {
    Deed.CLOSE: QuestionState.ANSWERED,
    Deed.MARK: QuestionState.ANSWERED,
    Deed.REOPEN: QuestionState.OPEN,
    Deed.LOSE: QuestionState.REMOVED,
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is on record. `thread_id` and `message_id` are None until its post stands.

    `asker_user_id` is for deciding who may do what, never for showing where the question is `nameless`.
    """

    id: int
    server_id: int
    asker_user_id: int | None
    asker_name: str | None
    nameless: bool
    title: str
    body: str
    language: str
    topic_id: str | None
    state: QuestionState
    thread_id: int | None
    message_id: int | None
    asked_at: datetime
    edited_at: datetime | None = None
    answered_at: datetime | None = None

    def asked_by(self, actor: Actor) -> bool:
        """Whether this is the person who asked."""
        return self.asker_user_id is not None and self.asker_user_id == actor.user_id


def check(question: Question, deed: Deed, actor: Actor) -> None:
    """Raises `Refusal` unless this person may do this with the question as it stands."""
    asker = question.asked_by(actor)
    if deed in ASKERS and not asker:
        raise Forbidden("questions.asker_only")
    if deed in SHARED and not (asker or coordinates(question, actor)):
        raise Forbidden("questions.asker_or_coordinator_only")
    if deed is Deed.REPLY and not question.nameless:
        raise Refusal("questions.write_in_the_thread")
    if deed is Deed.PEOPLE and question.state is QuestionState.ANSWERED:
        raise Refusal("questions.reopen_first")
    after(question.state, deed)


def coordinates(question: Question, actor: Actor) -> bool:
    """Whether she coordinates the server of the question, and speaks there now."""
    return actor.server_id == question.server_id and actor.may(Right.SERVER_COORDINATOR)


def after(state: QuestionState, deed: Deed, *, accepted: int = 0) -> QuestionState:
    """How a question stands after a deed; `accepted` counts the answers that stay marked. Raises `Refusal` where the
    question is removed: it does not come back."""
    if state is QuestionState.REMOVED and deed is not Deed.LOSE:
        raise Refusal("questions.post_gone")
    if deed is Deed.UNMARK:
        return state if accepted else QuestionState.OPEN
    return _NEXT.get(deed, state)


class Tag(StrEnum):
    """The tags of a question's post: how it stands, and its division of COFOG. Their words fit in 20 characters."""

    OPEN = "open"
    ANSWERED = "answered"
    GENERAL = "01"
    DEFENCE = "02"
    ORDER = "03"
    ECONOMY = "04"
    ENVIRONMENT = "05"
    HOUSING = "06"
    HEALTH = "07"
    CULTURE = "08"
    EDUCATION = "09"
    SOCIAL = "10"


STATE_TAGS: Final = (Tag.OPEN, Tag.ANSWERED)


def tags_of(state: QuestionState, division: Division | None) -> tuple[Tag, ...]:
    """The tags that a question's post should carry."""
    stands = Tag.ANSWERED if state is QuestionState.ANSWERED else Tag.OPEN
    return (stands,) if division is None else (stands, Tag(division.value))


def check_forum(server: Server, seen: Seen) -> int:
    """The id of the server's questions forum. Raises `Refusal`, which says who can mend what, where nothing can be
    posted there."""
    found = next(each for each in review(server, seen) if each.piece is ChannelUse.QUESTIONS)
    if found.chosen is None:
        raise Refusal("questions.no_forum")
    if found.problem is SetupProblem.GONE:
        raise Refusal("questions.forum_gone")
    if found.problem is not None:
        raise Refusal("questions.forum_unfit")
    missing = tuple(each for each in found.missing if each in NEEDED)
    if missing:
        raise Refusal("questions.forum_closed", permissions=missing)
    return found.chosen

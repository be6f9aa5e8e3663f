"""Invitations: a member is asked privately whether she would answer a question, before anybody sees her in it.

    sent ──accept──▶ accepted      sent ──decline──▶ declined      sent ──refer──▶ referred
      │                 ▲│                              │
      │                 │└──────────decline─────────────┘ (and back: she may change her mind)
      └──never reached her──▶ unsent

Nobody is asked twice for one question. An invitation waits while its question is open; when that is answered or
removed, nothing can be said to it any more, and what it says to her is that. Whatever is asked for twice is done once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.errors import Forbidden, Refusal
from bot.domain.experts import Candidate, Reason, ReasonKind, Suggestion, suggestible
from bot.domain.members import Level
from bot.domain.questions import Question, QuestionState

AT_ONCE: Final = 3
"""As many people may be invited with one tap."""
WAITING: Final = 10
"""As many invitations of one question may wait for a word: who asks everybody is answered by nobody."""
ANSWER_LIMIT: Final = 4000
"""The longest text of a field in one of Discord's forms."""
SAID_OF_THE_ASKER: Final = frozenset({ReasonKind.COUNTRY, ReasonKind.CITY_SIZE, ReasonKind.LANGUAGE, ReasonKind.RESTED})
"""Reasons that tell something of who asks, or of others: they are not for the one who is invited to a nameless
question to read."""


class InvitationState(StrEnum):
    """What became of an invitation."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REFERRED = "referred"
    """She named somebody else."""
    UNSENT = "unsent"
    """It never came to her: Discord refused it, or by then she had paused or the question was answered."""


class Origin(StrEnum):
    """Whose idea an invitation was."""

    ASKER = "asker"
    REFERRAL = "referral"
    CLOCK = "clock"
    """Nobody had answered for a while."""


class Word(StrEnum):
    """What she who is invited can say."""

    ACCEPT = "accept"
    DECLINE = "decline"
    REFER = "refer"


_AFTER: Final[Mapping[Word, InvitationState]] = {
    Word.ACCEPT: InvitationState.ACCEPTED,
    Word.DECLINE: InvitationState.DECLINED,
    Word.REFER: InvitationState.REFERRED,
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why this person: her own topic and level, and what speaks for her there. Empty where somebody just named her."""

    topic_id: str | None = None
    level: Level | None = None
    reasons: tuple[Reason, ...] = ()

    @classmethod
    def of(cls, suggestion: Suggestion, *, nameless: bool) -> Why:
        """What may be told to the person suggested."""
        person = suggestion.person
        hidden = SAID_OF_THE_ASKER if nameless else {ReasonKind.RESTED}
        return cls(person.topic_id, person.level, tuple(one for one in suggestion.reasons if one.kind not in hidden))

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        reasons = [{"kind": one.kind.value, "n": one.n, "languages": list(one.languages)} for one in self.reasons]
        return {"topic": self.topic_id, "level": self.level, "reasons": reasons} if self.topic_id else {}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Why:
        """The same back."""
        if not plain:
            return cls()
        reasons = tuple(
            Reason(ReasonKind(one["kind"]), one["n"], tuple(one["languages"])) for one in plain.get("reasons", ())
        )
        return cls(plain["topic"], Level(plain["level"]), reasons)


NO_REASON: Final = Why()


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation on record. `message_id` is None until it has reached her; `language` is that of the bot for her,
    where she chose one."""

    id: int
    question_id: int
    member_id: int
    user_id: int | None
    name: str
    state: InvitationState
    origin: Origin
    sent_at: datetime
    why: Why = NO_REASON
    language: str | None = None
    referred_by: int | None = None
    referrer: str | None = None
    message_id: int | None = None
    settled_at: datetime | None = None


def check_word(invitation: Invitation, question: Question, word: Word, user_id: int) -> bool:
    """Whether saying this changes anything. Raises `Refusal` where she may not say it, or no longer."""
    if invitation.user_id != user_id:
        raise Forbidden("invitations.not_yours")
    wanted = _AFTER[word]
    if word is Word.REFER and invitation.state is InvitationState.REFERRED:
        raise Refusal("invitations.referred_already")
    if invitation.state is wanted:
        return False
    if word is not Word.DECLINE:
        check_open(question)
    return True


def check_open(question: Question) -> None:
    """Raises `Refusal`, which says what became of the question, unless it is open."""
    if question.state is QuestionState.ANSWERED:
        raise Refusal("invitations.answered_meanwhile")
    if question.state is QuestionState.REMOVED or question.thread_id is None:
        raise Refusal("invitations.removed_meanwhile")


def check_answer(invitation: Invitation, question: Question, user_id: int) -> None:
    """Raises `Refusal` unless she may have an answer relayed. One more word to an answered question is welcome."""
    if invitation.user_id != user_id:
        raise Forbidden("invitations.not_yours")
    if invitation.state is not InvitationState.ACCEPTED:
        raise Refusal("invitations.accept_first")
    if question.state is QuestionState.REMOVED or question.thread_id is None:
        raise Refusal("invitations.removed_meanwhile")


def after(word: Word) -> InvitationState:
    """How an invitation stands after a word."""
    return _AFTER[word]


def invitable(person: Candidate, question: Question, now: datetime) -> bool:
    """Whether somebody may be asked now: not the asker, confirmed, current, not paused, below her cap."""
    return suggestible(person, now, question.asker_user_id)


def pieces(text: str, limit: int) -> Sequence[str]:
    """A text in pieces of at most `limit` characters; put together they are the whole of it. Cut at an empty line, else
    at the end of a line, a sentence or a word, and inside a word only where that alone is longer than a piece."""
    found = []
    while len(text) > limit:
        place = next(
            (
                at + len(mark)
                for mark in ("\n\n", "\n", ". ", " ")
                if (at := text.rfind(mark, 0, limit - len(mark) + 1)) > limit // 4
            ),
            limit,
        )
        found.append(text[:place])
        text = text[place:]
    return (*found, text)

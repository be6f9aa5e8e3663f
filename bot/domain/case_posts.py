"""Where a case stands in forums: one post a server, which is as it should be or is put right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.case_content import CaseStatus
from bot.domain.cases import OPEN, Case, CaseState
from bot.domain.errors import Refusal
from bot.domain.questions import NEEDED, Tag
from bot.domain.servers import ChannelUse, Server
from bot.domain.setup import Seen, SetupProblem, review
from bot.domain.topics import Division


class PostState(StrEnum):
    """How a post stands."""

    WANTED = "wanted"
    """To be made."""
    POSTED = "posted"
    LOST = "lost"
    """Deleted on Discord by hand: it is not made again unasked."""
    REMOVED = "removed"
    """Deleted by us, since the case was withdrawn."""


class PostWork(StrEnum):
    """What is to be done with a post."""

    MAKE = "make"
    REFRESH = "refresh"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class CasePost:
    """A case in one server's forum. `shown` is the revision that it last said; `parts` are its other messages."""

    id: int
    case_id: int
    server_id: int
    state: PostState
    thread_id: int | None
    message_id: int | None
    parts: tuple[int, ...]
    shown: int


def work_on(case: Case, post: CasePost) -> PostWork | None:
    """What is to be done with a post so that it says how the case stands; None where it does."""
    if case.state is CaseState.WITHDRAWN:
        return PostWork.REMOVE if post.state in {PostState.WANTED, PostState.POSTED} else None
    if case.state not in OPEN:
        return None
    if post.state is PostState.WANTED:
        return PostWork.MAKE
    return PostWork.REFRESH if post.state is PostState.POSTED and post.shown < case.revision else None


STATUS_TAGS: Final = tuple(CaseStatus)


def tags_of(status: CaseStatus | None, division: Division | None) -> tuple[Tag | CaseStatus, ...]:
    """The tags that a case's post should carry: its division of COFOG, and how far it has come."""
    own: tuple[Tag | CaseStatus, ...] = (Tag(division.value),) if division else ()
    return (*own, status) if status else own


def check_forum(server: Server, seen: Seen) -> int:
    """The id of the server's forum for cases. Raises `Refusal`, which says who can mend what, where there is none."""
    found = next(each for each in review(server, seen) if each.piece is ChannelUse.CASES)
    if found.chosen is None:
        raise Refusal("cases.no_forum")
    if found.problem is SetupProblem.GONE:
        raise Refusal("cases.forum_gone")
    if found.problem is not None:
        raise Refusal("cases.forum_unfit")
    missing = tuple(each for each in found.missing if each in NEEDED)
    if missing:
        raise Refusal("cases.forum_closed", permissions=missing)
    return found.chosen

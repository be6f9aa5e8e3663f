"""Who may do what with a question, and what becomes of it: every order of deeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.domain.access import Actor
from bot.domain.errors import Forbidden, Refusal
from bot.domain.questions import ASKERS, SHARED, Deed, Question, QuestionState, Tag, after, check, tags_of
from bot.domain.topics import Division

SERVER, ELSEWHERE = 1, 2
ASKER = Actor(user_id=10, name="Ana", language="en", server_id=SERVER, server_joined=True, is_member=True)
OTHER = replace(ASKER, user_id=11)
COORDINATOR = replace(ASKER, user_id=12, is_server_coordinator=True)
FROM_AFAR = replace(COORDINATOR, user_id=13, server_id=ELSEWHERE)
NETWORK = replace(ASKER, user_id=14, is_network_coordinator=True)
QUESTION = Question(
    id=1,
    server_id=SERVER,
    asker_user_id=ASKER.user_id,
    asker_name=None,
    nameless=True,
    title="Title",
    body="Body",
    language="en",
    topic_id=None,
    state=QuestionState.OPEN,
    thread_id=5,
    message_id=6,
    asked_at=datetime(2026, 3, 3, tzinfo=UTC),
)
actors = some.sampled_from([ASKER, OTHER, COORDINATOR, FROM_AFAR, NETWORK])
deeds = some.sampled_from([deed for deed in Deed if deed is not Deed.LOSE])


@pytest.mark.parametrize("deed", sorted(ASKERS))
@pytest.mark.parametrize("actor", [OTHER, COORDINATOR, FROM_AFAR, NETWORK])
def test_for_the_asker_alone(deed: Deed, actor: Actor) -> None:
    check(QUESTION, deed, ASKER)
    with pytest.raises(Forbidden):
        check(QUESTION, deed, actor)


@pytest.mark.parametrize("deed", sorted(SHARED))
def test_for_the_asker_and_the_coordinators_of_that_server(deed: Deed) -> None:
    for actor in (ASKER, COORDINATOR, NETWORK):
        check(QUESTION, deed, actor)
    for actor in (OTHER, FROM_AFAR):
        with pytest.raises(Forbidden):
            check(QUESTION, deed, actor)


def test_a_deleted_asker_is_nobody() -> None:
    gone = replace(QUESTION, asker_user_id=None)
    for actor in (ASKER, replace(ASKER, user_id=0)):
        with pytest.raises(Forbidden):
            check(gone, Deed.EDIT, actor)
    check(gone, Deed.CLOSE, COORDINATOR)


def test_with_a_name_one_replies_oneself() -> None:
    with pytest.raises(Refusal, match=r"questions\.write_in_the_thread"):
        check(replace(QUESTION, nameless=False), Deed.REPLY, ASKER)


def test_people_are_found_for_what_is_open() -> None:
    with pytest.raises(Refusal, match=r"questions\.reopen_first"):
        check(replace(QUESTION, state=QuestionState.ANSWERED), Deed.PEOPLE, ASKER)


@given(actors, deeds)
def test_what_is_removed_does_not_come_back(actor: Actor, deed: Deed) -> None:
    with pytest.raises(Refusal):
        check(replace(QUESTION, state=QuestionState.REMOVED), deed, actor)
    assert after(QuestionState.REMOVED, Deed.LOSE) is QuestionState.REMOVED


@pytest.mark.parametrize("division", [None, *Division])
@pytest.mark.parametrize("state", QuestionState)
def test_tags(state: QuestionState, division: Division | None) -> None:
    tags = tags_of(state, division)
    assert (tags[0] is Tag.ANSWERED) == (state is QuestionState.ANSWERED)
    assert [tag.value for tag in tags[1:]] == ([division.value] if division else [])


class Life(RuleBasedStateMachine):
    """A question under any order of deeds by anybody, beside the simplest account of what ought to be."""

    def __init__(self) -> None:
        super().__init__()
        self.question = QUESTION
        self.accepted = 0
        self.lost = False

    @rule(actor=actors, deed=deeds)
    def do(self, actor: Actor, deed: Deed) -> None:
        before = self.question
        left = max(self.accepted - 1, 0)
        try:
            check(self.question, deed, actor)
            state = after(self.question.state, deed, accepted=left)
        except Refusal:
            return
        assert not self.lost
        if state is not before.state:
            assert deed in SHARED
            assert actor is not OTHER
            assert actor is not FROM_AFAR
        if deed is Deed.MARK:
            self.accepted += 1
            assert state is QuestionState.ANSWERED
        if deed is Deed.UNMARK:
            self.accepted = left
            assert left or state is QuestionState.OPEN
        assert after(state, deed, accepted=left) is state
        self.question = replace(before, state=state)

    @rule()
    def lose(self) -> None:
        self.lost = True
        self.question = replace(self.question, state=after(self.question.state, Deed.LOSE))

    @invariant()
    def removed_means_lost(self) -> None:
        assert (self.question.state is QuestionState.REMOVED) == self.lost


TestLife = Life.TestCase

"""What may be said to an invitation; why somebody is told that it is she; texts in pieces; similar questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Forbidden, Refusal
from bot.domain.experts import Candidate, Reason, ReasonKind, Suggestion
from bot.domain.invitations import (
    Invitation,
    InvitationState,
    Origin,
    Why,
    Word,
    after,
    check_answer,
    check_word,
    pieces,
)
from bot.domain.members import Level
from bot.domain.questions import Question, QuestionState
from bot.domain.similar import Earlier, similar

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
QUESTION = Question(
    1, 2, 100, "Anna", False, "Who knows about housing?", "x", "en", "housing", QuestionState.OPEN, 5, 6, NOW
)
SENT = Invitation(7, 1, 20, 200, "Rui", InvitationState.SENT, Origin.ASKER, NOW)


@given(st.lists(st.sampled_from(Word), max_size=8))
def test_whatever_she_says_the_last_word_counts_and_the_same_twice_is_said_once(words: list[Word]) -> None:
    standing, refused = SENT, []
    for word in words:
        try:
            changes = check_word(standing, QUESTION, word, 200)
        except Refusal:
            refused.append((word, standing.state))
            continue
        assert changes is (standing.state is not after(word))
        standing = replace(standing, state=after(word))
        if word is not Word.REFER:
            assert check_word(standing, QUESTION, word, 200) is False
    assert set(refused) <= {(Word.REFER, InvitationState.REFERRED)}


@pytest.mark.parametrize("word", Word)
def test_nobody_else_says_anything(word: Word) -> None:
    with pytest.raises(Forbidden, match=r"invitations\.not_yours"):
        check_word(SENT, QUESTION, word, 201)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (QuestionState.ANSWERED, "invitations.answered_meanwhile"),
        (QuestionState.REMOVED, "invitations.removed_meanwhile"),
    ],
)
def test_a_closed_question_says_so_to_all_but_a_no(state: QuestionState, sentence: str) -> None:
    closed = replace(QUESTION, state=state)
    for word in (Word.ACCEPT, Word.REFER):
        with pytest.raises(Refusal, match=sentence):
            check_word(SENT, closed, word, 200)
    assert check_word(SENT, closed, Word.DECLINE, 200)


def test_who_may_have_an_answer_relayed() -> None:
    accepted = replace(SENT, state=InvitationState.ACCEPTED)
    check_answer(accepted, QUESTION, 200)
    check_answer(accepted, replace(QUESTION, state=QuestionState.ANSWERED), 200)
    with pytest.raises(Refusal, match=r"accept_first"):
        check_answer(SENT, QUESTION, 200)
    with pytest.raises(Refusal, match=r"removed_meanwhile"):
        check_answer(accepted, replace(QUESTION, state=QuestionState.REMOVED), 200)
    with pytest.raises(Forbidden):
        check_answer(accepted, QUESTION, 100)


def test_why_she_says_nothing_of_a_nameless_asker() -> None:
    kinds = (*ReasonKind,)
    reasons = tuple(Reason(kind, 2, ("en",) if kind is ReasonKind.LANGUAGE else ()) for kind in kinds)
    person = Candidate(20, 200, "Rui", "housing", Level.EXPERT)
    suggestion = Suggestion(person, 0.5, reasons)
    told = Why.of(suggestion, nameless=True)
    assert {one.kind for one in told.reasons} == {
        ReasonKind.LEVEL,
        ReasonKind.ACCEPTED,
        ReasonKind.THANKED,
        ReasonKind.ADAPTED,
        ReasonKind.USEFUL,
        ReasonKind.ENDORSED,
    }
    named = Why.of(suggestion, nameless=False)
    assert {one.kind for one in named.reasons} == set(kinds) - {ReasonKind.RESTED}
    assert Why.read(named.plain()) == named
    assert Why.read(Why().plain()) == Why()


@given(st.text(max_size=300), st.integers(1, 60))
def test_pieces_are_the_whole_text_and_fit(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert "".join(found) == text
    assert all(len(each) <= limit for each in found)


def test_pieces_end_where_a_reader_would_stop() -> None:
    assert pieces("One two. Three four five", 12) == ("One two. ", "Three four ", "five")
    assert pieces("First\n\nSecond part", 12) == ("First\n\n", "Second part")


def test_similar_questions_by_topic_whatever_the_language_and_by_title() -> None:
    def one(
        number: int, title: str, topic: str | None, days: int = 1, state: QuestionState = QuestionState.OPEN
    ) -> Earlier:
        return Earlier(number, 2, 50 + number, title, topic, state, NOW - timedelta(days=days))

    french = one(2, "Qui connaît le logement social ?", "housing", 9)
    answered = one(3, "Wohnungen?", "housing", 9, QuestionState.ANSWERED)
    alike = one(4, "Who knows about housing in a small town?", None)
    other = one(5, "Which trams do you buy?", "trams")
    itself = one(1, QUESTION.title, "housing")
    assert (
        similar(QUESTION, [french, answered, alike, other, itself]) == (answered, french, alike)
        or similar(QUESTION, [french, answered, alike, other, itself])[-1] != other
    )
    found = similar(QUESTION, [french, answered, alike, other, itself])
    assert set(found) == {french, answered, alike}
    assert found.index(answered) < found.index(french)
    found = similar(QUESTION, [french, answered, alike, other, itself])
    assert set(found) == {french, answered, alike}
    assert found.index(answered) < found.index(french)
    assert similar(QUESTION, [one(number, "Housing", "housing", number) for number in range(2, 20)])[0].id == 2
    assert len(similar(QUESTION, [one(number, "Housing", "housing", number) for number in range(2, 20)])) == 5

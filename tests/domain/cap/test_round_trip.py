"""Reading and writing are each other's opposite, and what is written is valid."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.cap.reading import message_of, parse
from bot.domain.cap.text import LONDON, list_of, list_text, time_of, time_text
from bot.domain.cap.values import (
    Area,
    Certainty,
    Circle,
    Hazard,
    Info,
    Message,
    MsgType,
    Named,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from bot.domain.cap.writing import write
from tests.domain.cap.files import CHECKER, VALID

_T = TypeVar("_T")
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff")
ODD = st.sampled_from("\n\t\r<&>\"'")
TEXT = st.text(LETTERS | ODD, min_size=1, max_size=30).filter(lambda text: text.strip(" \t\r\n"))
TRIMMED = TEXT.map(lambda text: text.strip(" \t\r\n"))
TOKEN = st.text(st.characters(categories=("L", "N"), include_characters="@.:-_/"), min_size=1, max_size=20)
ZONE = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC
) | st.just(LONDON)
MOMENT = st.builds(
    lambda moment, zone: moment.replace(microsecond=0, tzinfo=zone),
    st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone comes with the next
    ZONE,
)
DECIMAL = st.decimals(-90, 90, places=4)
POINT = st.tuples(DECIMAL, st.decimals(-180, 180, places=5))
POLYGON = st.lists(POINT, min_size=3, max_size=6).map(lambda points: (*points, points[0]))
NAMED = st.builds(Named, TRIMMED.filter(lambda text: "." not in text), st.just("") | TRIMMED)


def many(strategy: st.SearchStrategy[_T], least: int = 0) -> st.SearchStrategy[tuple[_T, ...]]:
    """A few of them."""
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


def maybe(strategy: st.SearchStrategy[_T]) -> st.SearchStrategy[_T | None]:
    """One of them, or none."""
    return st.none() | strategy


@st.composite
def areas(draw: st.DrawFn) -> Area:
    """A place; a ceiling only over an altitude."""
    altitude = draw(maybe(st.decimals(0, 9000, places=1)))
    ceiling = None if altitude is None else draw(maybe(st.just(altitude + 1)))
    circles = st.builds(Circle, POINT, st.decimals(0, 500, places=2))
    return Area(draw(TRIMMED), draw(many(POLYGON)), draw(many(circles)), draw(many(NAMED)), altitude, ceiling)


@st.composite
def resources(draw: st.DrawFn) -> Resource:
    """A file, embedded or not."""
    content = draw(maybe(st.binary(min_size=1, max_size=20)))
    return Resource(
        description=draw(TRIMMED),
        mime_type=draw(st.sampled_from(["image/png", "audio/mpeg", "application/x-url"])),
        size=draw(maybe(st.integers(0, 10**9))),
        uri=draw(maybe(st.just("https://example.org/a?b=c&d=é"))),
        content=None if content is None else base64.b64encode(content).decode(),
        digest=None if content is None else hashlib.sha1(content, usedforsecurity=False).hexdigest(),
    )


INFOS = st.builds(
    Info,
    categories=many(st.sampled_from(Hazard), least=1),
    event=TRIMMED,
    urgency=st.sampled_from(Urgency),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    language=maybe(st.sampled_from(["fr", "en-GB", "zh-Hant-TW", "i-klingon"])),
    response_types=many(st.sampled_from(ResponseType)),
    audience=maybe(TEXT),
    event_codes=many(NAMED),
    effective=st.none(),
    onset=maybe(MOMENT),
    expires=maybe(MOMENT.map(lambda moment: moment.replace(year=2101, day=1))),
    sender_name=maybe(TEXT),
    headline=maybe(TEXT),
    description=maybe(TEXT),
    instruction=maybe(TEXT),
    web=maybe(st.just("https://example.org/é")),
    contact=maybe(TEXT),
    parameters=many(NAMED),
    resources=many(resources()),
    areas=many(areas()),
)
MESSAGES = st.builds(
    Message,
    identifier=TOKEN.map(lambda token: f"this-{token}"),
    sender=TOKEN,
    sent=MOMENT,
    status=st.sampled_from(Status),
    msg_type=st.sampled_from(MsgType),
    scope=st.just(Scope.PUBLIC),
    source=maybe(TEXT),
    addresses=many(TOKEN | st.just("Room 12, Town Hall")),
    codes=many(TRIMMED),
    note=TEXT,
    references=many(st.builds(Reference, TOKEN, TOKEN, MOMENT), least=1),
    incidents=many(TOKEN | st.just("the flood")),
    infos=many(INFOS),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MESSAGES)
def test_what_is_written_is_valid_and_reads_as_it_was(message: Message) -> None:
    report = CHECKER.check(write(message))
    assert report.valid, report.findings
    assert report.message == message


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_nothing_is_lost_from_one_reading_to_the_next(file: Path) -> None:
    once = message_of(parse(file.read_bytes()))
    written = write(once)
    again = message_of(parse(written))
    assert again == message_of(parse(write(again)))
    assert write(again) == written
    assert (again.infos, again.references, again.addresses) == (once.infos, once.references, once.addresses)
    assert CHECKER.check(written).valid


@given(MOMENT)
def test_times_are_written_with_their_offset_and_read_back(moment: datetime) -> None:
    text = time_text(moment)
    assert time_of(text) == moment
    assert time_text(time_of(text)) == text
    assert not text.endswith("Z")


def test_utc_is_written_as_the_standard_wants_it() -> None:
    assert time_text(datetime(2026, 3, 1, 12, tzinfo=UTC)) == "2026-03-01T12:00:00-00:00"
    assert time_text(datetime(2026, 3, 1, 12, 0, 0, 999, tzinfo=UTC)) == "2026-03-01T12:00:00-00:00"
    assert time_text(time_of("2026-03-01T12:00:00+00:00")) == "2026-03-01T12:00:00+00:00"
    assert time_text(time_of("2026-03-01T12:00:00-03:30")) == "2026-03-01T12:00:00-03:30"
    assert time_text(datetime(1900, 1, 1, tzinfo=timezone(timedelta(minutes=9, seconds=21)))).endswith("-00:00")
    with pytest.raises(ValueError):
        time_text(datetime(2026, 3, 1))  # noqa: DTZ001 - that is what is refused


def test_midnight_may_end_a_day() -> None:
    assert time_of("2026-12-31T24:00:00-00:00") == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-03-01",
        "2026-03-01T12:00:00",
        "2026-03-01T12:00:00Z",
        "2026-03-01T25:00:00-00:00",
        "2026-03-01T12:00:00+14:01",
        "2026-03-01T12:00:00+01:60",
        "9999-12-31T24:00:00-00:00",
        "٢٠٢٦-03-01T12:00:00-00:00",
    ],
)
def test_other_times_are_no_times(text: str) -> None:
    with pytest.raises(ValueError):
        time_of(text)


def test_numbers_are_written_without_exponents() -> None:
    area = Area("x", circles=(Circle((Decimal("1E+1"), Decimal("0E-7")), Decimal("1E+2")),))
    info = Info((Hazard.MET,), "x", Urgency.PAST, Severity.MINOR, Certainty.LIKELY, areas=(area,))
    sent = datetime(2026, 3, 1, tzinfo=UTC)
    message = Message("a", "b", sent, Status.ACTUAL, MsgType.ALERT, Scope.PUBLIC, infos=(info,))
    assert b"<circle>10,0.0000000 100</circle>" in write(message)


def test_lists_keep_what_holds_blanks_together() -> None:
    assert list_of('a "b c"  d\n""') == ("a", "b c", "d")
    assert list_text(("a", "b c")) == 'a "b c"'
    with pytest.raises(ValueError):
        list_of('a "b')


@pytest.mark.parametrize("text", ["a\x00b", "\x0b", "\ud800"])
def test_what_xml_cannot_say_is_not_written(text: str) -> None:
    sent = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(ValueError):
        write(Message("a", "b", sent, Status.ACTUAL, MsgType.ALERT, Scope.PUBLIC, note=text))

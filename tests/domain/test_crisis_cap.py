"""Whatever is alerted is valid CAP 1.2 from beginning to end, and reads back as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.domain.cap.values import (
    Certainty,
    Hazard,
    Message,
    MsgType,
    Reference,
    ResponseType,
    Severity,
    Status,
    Urgency,
)
from bot.domain.cap.writing import write
from bot.domain.crisis import (
    DESCRIPTION_LIMIT,
    HEADLINE_LIMIT,
    HOURS,
    INSTRUCTION_LIMIT,
    Alert,
    AlertAudience,
    AlertState,
    AlertText,
)
from bot.domain.crisis_cap import message_of
from bot.domain.errors import Refusal
from bot.domain.hazards import HazardTerm
from bot.domain.text import clean
from tests.domain.cap.files import CHECKER

HOSTILE = st.sampled_from(
    [
        "]]>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "&b;",
        "<alert/>",
        "\x00\x0b\ufffe",
        "\u202e",
        "🟣",
        "  \n\n ",
        "\r\n",
        "'\"",
    ]
)
TYPED = st.lists(st.text(max_size=20) | HOSTILE, min_size=1, max_size=5).map(" ".join)
LONG = st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=3), st.integers(100, 1500))


def cleaned(limit: int, *, lines: bool = False) -> st.SearchStrategy[str]:
    """What somebody typed or pasted, as it is kept; what is refused at the door is typed anew."""

    def keep(typed: str) -> str:
        try:
            return clean(typed[:limit], limit=limit, lines=lines)
        except Refusal:
            return ""

    return (TYPED | LONG).map(keep).filter(bool)


TEXTS = st.builds(
    AlertText,
    event=cleaned(100),
    headline=cleaned(HEADLINE_LIMIT),
    description=cleaned(DESCRIPTION_LIMIT, lines=True),
    instruction=cleaned(INSTRUCTION_LIMIT, lines=True),
)
LANGUAGES = st.sampled_from(["en", "fr", "es", "uk", "pt", "zh"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ALERTS = st.builds(
    Alert,
    id=st.integers(1, 2**31),
    drill=st.booleans(),
    state=st.sampled_from(AlertState),
    server_id=st.integers(1, 2**63 - 1),
    author_id=st.just(1),
    hazard=st.sampled_from(HazardTerm).map(str),
    event=st.none(),
    place=cleaned(200),
    severity=st.sampled_from(Severity),
    urgency=st.sampled_from(Urgency),
    certainty=st.sampled_from(Certainty),
    audience=st.sampled_from(AlertAudience),
    audience_value=st.none(),
    language=LANGUAGES,
    hours=st.sampled_from(HOURS),
    created_at=MOMENTS,
    texts=st.dictionaries(LANGUAGES, TEXTS, min_size=1, max_size=4),
    category=st.sampled_from(Hazard),
)
FOLLOWING: dict[str, tuple[MsgType, bool]] = {
    "update": (MsgType.UPDATE, False),
    "all-clear": (MsgType.UPDATE, True),
    "false alarm": (MsgType.CANCEL, True),
}
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def read_back(message: Message) -> Message:
    """What a reader of the file has; it must be beyond reproach."""
    report = CHECKER.check(write(message))
    assert report.valid, report.findings
    assert not [each for each in report.findings if each.gravity != "note"], report.findings
    assert report.message is not None
    return report.message


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(
    ALERTS,
    st.lists(st.tuples(st.sampled_from(sorted(FOLLOWING)), st.dictionaries(LANGUAGES, TEXTS, min_size=1)), max_size=3),
)
def test_a_whole_chain_is_valid_and_reads_back(alert: Alert, following: list[tuple[str, dict[str, AlertText]]]) -> None:
    assume(alert.language in alert.texts)
    at = alert.created_at.replace(microsecond=0) + timedelta(minutes=1)
    going = replace(alert, state=AlertState.BROADCASTING, published_at=at, expires_at=at + timedelta(hours=alert.hours))
    chain = [message_of(going, alert.texts, MsgType.ALERT, at)]
    for what, texts in following:
        at += timedelta(minutes=1)
        msg_type, over = FOLLOWING[what]
        references = [Reference(each.sender, each.identifier, each.sent) for each in chain]
        chain.append(message_of(going, texts, msg_type, at, references, over=over))
    for message in chain:
        assert read_back(message) == message
        assert message.status is (Status.EXERCISE if alert.drill else Status.ACTUAL)
        assert bool(message.note) == (alert.drill or message.msg_type is MsgType.CANCEL)
    assert len({message.identifier for message in chain}) == len(chain)
    clear = {what == "all-clear" for what, _ in following[-1:]}
    assert clear <= {info.response_types == (ResponseType.ALL_CLEAR,) for info in chain[-1].infos}


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(ALERTS)
def test_what_is_not_out_is_never_taken_for_an_alert(alert: Alert) -> None:
    message = read_back(message_of(alert, alert.texts, MsgType.ALERT, alert.created_at.replace(microsecond=0)))
    out = alert.state in {AlertState.BROADCASTING, AlertState.COMPLETED, AlertState.CANCELLED}
    assert message.status is (Status.EXERCISE if alert.drill else Status.ACTUAL if out else Status.DRAFT)
    assert {info.language for info in message.infos} == set(alert.texts)


def test_what_xml_cannot_say_is_kept_out_at_the_door() -> None:
    assert clean("a\x00\x0bb\ufffe\uffff", limit=100) == "ab"

"""Until when: days and dates as people write them, in their language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import Refusal
from bot.domain.until import pause_until
from bot.i18n import Catalogues
from config import FOLDER
from tests.corpus import READABLE

NOW = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
CATALOGUES = Catalogues.load(FOLDER / "locales")
WRITING = {language: CATALOGUES.translator(language).writing() for language in ("en", "fr", "es")}


def until(typed: str, language: str = "en", zone: str = "UTC") -> str:
    """The day that was understood, or the id of the refusal."""
    try:
        return pause_until(typed, NOW, zone, WRITING[language]).isoformat()[:10]
    except Refusal as refusal:
        return refusal.message_id


@pytest.mark.parametrize(
    ("typed", "language", "day"),
    [
        ("30", "en", "2026-12-25"),
        ("30 days", "en", "2026-12-25"),
        ("30 jours", "fr", "2026-12-25"),
        ("30 DÍAS", "es", "2026-12-25"),
        ("2027-03-12", "en", "2027-03-12"),
        ("2027/3/12", "fr", "2027-03-12"),
        ("12/03/2027", "fr", "2027-03-12"),
        ("12/3", "es", "2027-03-12"),
        ("12-03-27", "es", "2027-03-12"),
        ("12.3.2027", "en", "2027-03-12"),
        ("12.3.", "en", "2027-03-12"),
        ("3/25/2027", "en", "2027-03-25"),
        ("25/3/2027", "en", "2027-03-25"),
        ("3/3/2027", "en", "2027-03-03"),
        ("12 March", "en", "2027-03-12"),
        ("March 12th, 2027", "en", "2027-03-12"),
        ("1er août", "fr", "2027-08-01"),
        ("12 sept. 2027", "fr", "2027-09-12"),
        ("12 de marzo de 2027", "es", "2027-03-12"),
        ("until 26 November", "en", "2026-11-26"),
        ("25 november", "en", "2027-11-25"),
    ],
)
def test_days_and_dates(typed: str, language: str, day: str) -> None:
    assert until(typed, language) == day


@pytest.mark.parametrize(
    ("typed", "language", "refusal"),
    [
        ("3/4/2027", "en", "until.in_doubt"),
        ("31/02/2027", "fr", "until.no_such_day"),
        ("31 february", "en", "until.no_such_day"),
        ("2026-11-25", "en", "until.past"),
        ("12/03/2020", "fr", "until.past"),
        ("2028-01-01", "en", "members.pause_length"),
        ("0", "en", "members.pause_length"),
        ("400", "en", "members.pause_length"),
        ("tomorrow", "en", "until.unreadable"),
        ("12", "fr", "2026-12-07"),
        ("12 bananas", "en", "until.unreadable"),
        ("March", "en", "until.unreadable"),
        ("1 2 3 March", "en", "until.unreadable"),
        ("March April 3", "en", "until.unreadable"),
        ("", "en", "until.unreadable"),
    ],
)
def test_what_is_refused_says_why(typed: str, language: str, refusal: str) -> None:
    assert until(typed, language) == refusal


def test_a_date_begins_where_she_lives() -> None:
    assert pause_until("2027-03-12", NOW, "Asia/Tokyo", WRITING["en"]) == datetime(2027, 3, 11, 15, tzinfo=UTC)
    assert until("2026-11-26", zone="Asia/Tokyo") == "until.past"
    assert pause_until("1", NOW, "Asia/Tokyo", WRITING["en"]) == NOW + timedelta(days=1)


@pytest.mark.parametrize("text", READABLE)
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for language in WRITING:
        assert until(text, language)

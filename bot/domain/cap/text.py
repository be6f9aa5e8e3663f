"""How CAP writes times, places and lists inside its elements (3.3.2, and the notes on each element)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from bot.domain.cap.values import Circle, Named, Point, Polygon, Reference

BLANKS = " \t\r\n"
"""XML's white space."""
TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)([+-])(\d\d):(\d\d)", re.ASCII)
NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
POINT = re.compile(rf"({NUMBER}),({NUMBER})", re.ASCII)
RADIUS = re.compile(r"\+?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
LISTED = re.compile(rf'"([^"]*)"|([^"{BLANKS}]+)')
LONDON = timezone(timedelta(0), "+00:00")
"""A clock that shows the same as UTC's. CAP writes UTC itself "-00:00" (RFC 3339: the local offset is unknown)."""


def time_of(text: str) -> datetime:
    """A moment as CAP writes it, with its offset kept: "2026-03-01T16:49:00-07:00". Raises ValueError for another.

    "T24:00:00" is the midnight that ends the day, as in XML Schema.
    """
    found = TIME.fullmatch(text.strip(BLANKS))
    if found is None:
        raise ValueError(text)
    day, clock, sign, hours, minutes = found.groups()
    if int(minutes) > 59 or int(hours) * 60 + int(minutes) > 14 * 60:
        raise ValueError(text)
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    zone = timezone(offset) if offset else (UTC if sign == "-" else LONDON)
    ends_day = clock == "24:00:00"
    moment = datetime.fromisoformat(f"{day}T{'00:00:00' if ends_day else clock}").replace(tzinfo=zone)
    try:
        return moment + timedelta(days=1) if ends_day else moment
    except OverflowError as error:
        raise ValueError(text) from error


def time_text(moment: datetime) -> str:
    """A moment as CAP writes it: to the second, with its offset, UTC as "-00:00". Raises ValueError without a zone."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("CAP knows no time without a zone")
    if offset.seconds % 60 or offset.microseconds:
        return time_text(moment.astimezone(UTC))
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 or (minutes == 0 and moment.tzinfo is not LONDON) else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}{sign}{hours:02}:{rest:02}"


def point_of(text: str) -> Point:
    """ "45.76,4.84" as latitude and longitude. Raises ValueError for another text, not for places off the globe."""
    found = POINT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Decimal(found[1]), Decimal(found[2])


def polygon_of(text: str) -> Polygon:
    """Points parted by white space. Raises ValueError."""
    return tuple(point_of(each) for each in text.split())


def circle_of(text: str) -> Circle:
    """A point and a radius in kilometres, parted by white space. Raises ValueError."""
    centre, radius = text.split()
    if RADIUS.fullmatch(radius) is None:
        raise ValueError(text)
    return Circle(point_of(centre), Decimal(radius))


def plain(number: Decimal) -> str:
    """A number without an exponent."""
    return f"{number:f}"


def point_text(point: Point) -> str:
    """The opposite of `point_of`."""
    return f"{plain(point[0])},{plain(point[1])}"


def list_of(text: str) -> tuple[str, ...]:
    """What is parted by white space; whatever holds white space itself stands in quotation marks. Raises ValueError."""
    if text.count('"') % 2:
        raise ValueError(text)
    return tuple(quoted or bare for quoted, bare in LISTED.findall(text) if quoted or bare)


def list_text(items: tuple[str, ...]) -> str:
    """The opposite of `list_of`."""
    return " ".join(f'"{item}"' if any(blank in item for blank in BLANKS) else item for item in items)


def reference_of(text: str) -> Reference:
    """ "sender,identifier,sent". Raises ValueError."""
    sender, identifier, sent = text.split(",")
    if not sender or not identifier:
        raise ValueError(text)
    return Reference(sender, identifier, time_of(sent))


def reference_text(reference: Reference) -> str:
    """The opposite of `reference_of`."""
    return f"{reference.sender},{reference.identifier},{time_text(reference.sent)}"


def named_of(name: str, value: str) -> Named:
    """A name and its value, without the white space around them."""
    return Named(name.strip(BLANKS), value.strip(BLANKS))

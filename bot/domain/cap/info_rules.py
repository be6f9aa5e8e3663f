"""What the standard's prose demands of an <info> and what is in it, and its schema does not know (3.2.2 to 3.2.4)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from lxml import etree

from bot.domain.cap.findings import Trace, error, shown, warning
from bot.domain.cap.reading import children, text_in
from bot.domain.cap.text import BLANKS, circle_of, polygon_of, time_of
from bot.domain.cap.values import MsgType, Point, ResponseType

MIME_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+(?:\s*;.*)?", re.ASCII | re.DOTALL)
"""RFC 2046: a type and a subtype; parameters may follow."""
SHA_1 = re.compile(r"[0-9A-Fa-f]{40}")
SHA_1_IN_BASE64 = re.compile(r"[A-Za-z0-9+/]{27}=")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")
_ENDING = {MsgType.CANCEL, MsgType.ACK, MsgType.ERROR}


def info_findings(root: etree._Element, info: etree._Element) -> Iterator[Trace]:
    """Every place where an <info> breaks the prose."""
    yield from _times(root, info)
    for web in children(info, "web"):
        yield from _address(web)
    for resource in children(info, "resource"):
        yield from _resource(resource)
    for area in children(info, "area"):
        yield from _area(area)


def _times(root: etree._Element, info: etree._Element) -> Iterator[Trace]:
    for name in ("effective", "onset", "expires"):
        for element in children(info, name):
            if text_in(element).strip(BLANKS) and _moment(element) is None:
                yield error(element, "cap.time", value=shown(text_in(element)))
    expiry = next(iter(children(info, "expires")), None)
    expires = None if expiry is None else _moment(expiry)
    if expiry is None or expires is None:
        return
    effective, sent = (_first_moment(parent, name) for parent, name in ((info, "effective"), (root, "sent")))
    kind = "".join(text_in(each).strip(BLANKS) for each in children(root, "msgType"))
    clear = any(text_in(each).strip(BLANKS) == ResponseType.ALL_CLEAR for each in children(info, "responseType"))
    if effective is not None and expires < effective:
        found = warning if kind in _ENDING else error
        yield found(expiry, "cap.expires_before_effective")
    elif sent is not None and expires < sent:
        # Where nothing is effective earlier, it is from when it was sent (3.2.2).
        found = error if kind == MsgType.ALERT and effective is None and not clear else warning
        yield found(expiry, "cap.expires_before_sent")


def _address(element: etree._Element) -> Iterator[Trace]:
    text = text_in(element).strip(BLANKS)
    if not text or _absolute(text):
        return
    if text.lower().startswith("www."):
        yield warning(element, "cap.web_without_scheme", value=shown(text))
    else:
        yield error(element, "cap.not_absolute", value=shown(text))


def _absolute(text: str) -> bool:
    if SCHEME.match(text) is None:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.netloc) or parts.scheme not in {"http", "https", "ftp"}


def _resource(resource: etree._Element) -> Iterator[Trace]:
    content: bytes | None = None
    embedded = next((each for each in children(resource, "derefUri") if text_in(each).strip(BLANKS)), None)
    if embedded is not None:
        try:
            content = base64.b64decode("".join(text_in(embedded).split()), validate=True)
        except (binascii.Error, ValueError):
            yield error(embedded, "cap.content_not_base64")
    for mime in children(resource, "mimeType"):
        text = text_in(mime).strip(BLANKS)
        if text and MIME_TYPE.fullmatch(text) is None:
            yield error(mime, "cap.mime_type", value=shown(text))
    for size in children(resource, "size"):
        text = text_in(size).strip(BLANKS)
        if (text.startswith("-") and text.strip("-0")) or len(text) > 20:
            yield error(size, "cap.size", value=shown(text))
    if embedded is None:  # a relative address may name what is embedded
        for uri in children(resource, "uri"):
            yield from _address(uri)
    for digest in children(resource, "digest"):
        yield from _digest(digest, content)


def _digest(element: etree._Element, content: bytes | None) -> Iterator[Trace]:
    text = text_in(element).strip(BLANKS)
    if not text:
        return
    if SHA_1_IN_BASE64.fullmatch(text):
        yield warning(element, "cap.digest_in_base64")
        text = base64.b64decode(text).hex()
    elif SHA_1.fullmatch(text) is None:
        yield error(element, "cap.digest_form", value=shown(text))
        return
    if content is not None and hashlib.sha1(content, usedforsecurity=False).hexdigest() != text.lower():
        yield error(element, "cap.digest_differs")


def _area(area: etree._Element) -> Iterator[Trace]:
    for element in children(area, "polygon"):
        yield from _polygon(element)
    for element in children(area, "circle"):
        yield from _circle(element)
    altitude, ceiling = (_number(area, name) for name in ("altitude", "ceiling"))
    if ceiling is not None and altitude is None:
        yield error(next(iter(children(area, "ceiling"))), "cap.ceiling_alone")
    elif ceiling is not None and altitude is not None and ceiling < altitude:
        yield error(next(iter(children(area, "ceiling"))), "cap.ceiling_below")


def _polygon(element: etree._Element) -> Iterator[Trace]:
    try:
        polygon = polygon_of(text_in(element))
    except ValueError as problem:
        yield error(element, "cap.polygon_form", value=shown(str(problem)))
        return
    if not polygon:
        return
    if len(polygon) < 4:
        yield error(element, "cap.polygon_short", n=len(polygon))
    if polygon[0] != polygon[-1]:
        yield error(element, "cap.polygon_open")
    yield from _on_the_globe(element, polygon)


def _circle(element: etree._Element) -> Iterator[Trace]:
    text = text_in(element).strip(BLANKS)
    if not text:
        return
    try:
        circle = circle_of(text)
    except ValueError:
        yield error(element, "cap.circle_form", value=shown(text))
        return
    yield from _on_the_globe(element, (circle.centre,))


def _on_the_globe(element: etree._Element, points: tuple[Point, ...]) -> Iterator[Trace]:
    for latitude, longitude in points:
        if abs(latitude) > 90 or abs(longitude) > 180:
            yield error(element, "cap.off_the_globe", point=shown(f"{latitude:f},{longitude:f}"))
            return


def _number(area: etree._Element, name: str) -> Decimal | None:
    for element in children(area, name):
        try:
            return Decimal(text_in(element).strip(BLANKS))
        except InvalidOperation:
            return None
    return None


def _moment(element: etree._Element) -> datetime | None:
    try:
        return time_of(text_in(element))
    except ValueError:
        return None


def _first_moment(parent: etree._Element, name: str) -> datetime | None:
    return next((_moment(element) for element in children(parent, name)), None)

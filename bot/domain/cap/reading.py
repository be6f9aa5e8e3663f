"""XML from anybody, read without harm, and what it says.

Files are strangers' work: nothing outside the document is ever fetched, document types are refused before they are
read, so that no entity exists, and what is large or deep is refused while it is still small in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from xml.parsers import expat

from lxml import etree

from bot.domain.cap.text import BLANKS, circle_of, list_of, named_of, polygon_of, reference_of, time_of
from bot.domain.cap.values import (
    NAMESPACE,
    Area,
    Certainty,
    Hazard,
    Info,
    Message,
    MsgType,
    Named,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from bot.domain.errors import Refusal

MOST_BYTES = 10 * 1024 * 1024
"""The largest real alerts, with a spoken text in them, have about two megabytes."""
MOST_NODES = 200_000
"""Elements and attributes. A warning for each commune of a large country has some 60,000."""
DEEPEST = 64
"""CAP itself is four levels deep; a signature inside it a dozen."""
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_HINTS = (f"{SCHEMA_INSTANCE}schemaLocation", f"{SCHEMA_INSTANCE}noNamespaceSchemaLocation")
_E = TypeVar("_E", bound=StrEnum)


class _TooMuch(Exception):
    """Why the reading was broken off: a message's id."""


def parse(data: bytes) -> etree._Element:
    """The root of an XML document.

    Raises `Refusal` for what is too large, too deep, carries a document type, or is not well-formed XML.
    """
    if len(data) > MOST_BYTES:
        raise Refusal("cap.too_large", limit=MOST_BYTES // 1024 // 1024)
    if not data.strip():
        raise Refusal("cap.nothing_in_it")
    _look_through(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, etree.XMLSyntaxError) else None
        raise Refusal("cap.not_xml", line=str(line or 1), problem=_short(str(error))) from error
    for element in root.iter(etree.Element):
        for hint in _HINTS:  # a validator would go and fetch the schema that the file names
            if hint in element.attrib:
                del element.attrib[hint]
    return root


def _look_through(data: bytes) -> None:
    """Raise `Refusal` at the first thing that must not be there, before a tree is made of it."""
    depth = nodes = 0

    def begin(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, nodes
        depth += 1
        nodes += 1 + len(attributes)
        if depth > DEEPEST:
            raise _TooMuch("cap.too_deep")
        if nodes > MOST_NODES:
            raise _TooMuch("cap.too_many_elements")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_details: object) -> None:
        raise _TooMuch("cap.document_type")

    reader = expat.ParserCreate()
    reader.StartElementHandler = begin
    reader.EndElementHandler = end
    reader.StartDoctypeDeclHandler = doctype
    try:
        reader.Parse(data, True)
    except _TooMuch as reason:
        raise Refusal(str(reason)) from reason
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = error.lineno if isinstance(error, expat.ExpatError) else 1
        raise Refusal("cap.not_xml", line=str(line), problem=_short(str(error))) from error


def message_of(root: etree._Element) -> Message:
    """What a valid document says. Raises ValueError or KeyError where it is not valid: check it first."""
    return Message(
        identifier=_required(root, "identifier"),
        sender=_required(root, "sender"),
        sent=time_of(_required(root, "sent")),
        status=Status(_required(root, "status")),
        msg_type=MsgType(_required(root, "msgType")),
        scope=Scope(_required(root, "scope")),
        source=_said(root, "source"),
        restriction=_said(root, "restriction"),
        addresses=list_of(_said(root, "addresses") or ""),
        codes=tuple(text.strip(BLANKS) for text in _all(root, "code")),
        note=_said(root, "note"),
        references=tuple(reference_of(each) for each in (_said(root, "references") or "").split()),
        incidents=list_of(_said(root, "incidents") or ""),
        infos=tuple(_info(element) for element in children(root, "info")),
        signatures=signatures(root),
    )


def as_text(data: bytes) -> str:
    """A document as text: as it is where it is in UTF-8; from another encoding its content, written anew."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return etree.tostring(parse(data), encoding="unicode")


def signatures(root: etree._Element) -> int:
    """How many XML signatures a document carries."""
    return len(root.findall(SIGNATURE))


def children(element: etree._Element, name: str) -> Iterable[etree._Element]:
    """The elements of CAP of this name right below."""
    return element.iterchildren(f"{{{NAMESPACE}}}{name}")


def text_in(element: etree._Element) -> str:
    """An element's text, as it stands there."""
    return element.text or ""


def _info(element: etree._Element) -> Info:
    moments = {name: time_of(text) for name in ("effective", "onset", "expires") if (text := _said(element, name))}
    return Info(
        language=_trimmed(element, "language"),
        categories=_words(element, "category", Hazard),
        event=_required(element, "event"),
        response_types=_words(element, "responseType", ResponseType),
        urgency=Urgency(_required(element, "urgency")),
        severity=Severity(_required(element, "severity")),
        certainty=Certainty(_required(element, "certainty")),
        audience=_said(element, "audience"),
        event_codes=_named(element, "eventCode"),
        effective=moments.get("effective"),
        onset=moments.get("onset"),
        expires=moments.get("expires"),
        sender_name=_said(element, "senderName"),
        headline=_said(element, "headline"),
        description=_said(element, "description"),
        instruction=_said(element, "instruction"),
        web=_trimmed(element, "web"),
        contact=_said(element, "contact"),
        parameters=_named(element, "parameter"),
        resources=tuple(_resource(each) for each in children(element, "resource")),
        areas=tuple(_area(each) for each in children(element, "area")),
    )


def _resource(element: etree._Element) -> Resource:
    size = _trimmed(element, "size")
    return Resource(
        description=_required(element, "resourceDesc"),
        mime_type=_required(element, "mimeType"),
        size=None if size is None else int(size),
        uri=_trimmed(element, "uri"),
        content=_trimmed(element, "derefUri"),
        digest=_trimmed(element, "digest"),
    )


def _area(element: etree._Element) -> Area:
    altitude, ceiling = (_trimmed(element, name) for name in ("altitude", "ceiling"))
    return Area(
        description=_required(element, "areaDesc"),
        polygons=tuple(polygon_of(text) for text in _all(element, "polygon")),
        circles=tuple(circle_of(text) for text in _all(element, "circle")),
        geocodes=_named(element, "geocode"),
        altitude=None if altitude is None else Decimal(altitude),
        ceiling=None if ceiling is None else Decimal(ceiling),
    )


def _all(element: etree._Element, name: str) -> list[str]:
    """The texts of all elements of this name; what is empty counts as left out."""
    return [text for each in children(element, name) if (text := text_in(each)).strip(BLANKS)]


def _said(element: etree._Element, name: str) -> str | None:
    found = _all(element, name)
    return found[0] if found else None


def _trimmed(element: etree._Element, name: str) -> str | None:
    text = _said(element, name)
    return None if text is None else text.strip(BLANKS)


def _required(element: etree._Element, name: str) -> str:
    text = _trimmed(element, name)
    if text is None:
        raise KeyError(name)
    return text


def _words(element: etree._Element, name: str, enum: type[_E]) -> tuple[_E, ...]:
    return tuple(enum(text.strip(BLANKS)) for text in _all(element, name))


def _named(element: etree._Element, name: str) -> tuple[Named, ...]:
    pairs = []
    for each in children(element, name):
        said, value = ("".join(map(text_in, children(each, part))) for part in ("valueName", "value"))
        pairs.append(named_of(said, value))
    return tuple(pairs)


def _short(problem: str) -> str:
    return re.sub(r"\s+", " ", problem)[:200]

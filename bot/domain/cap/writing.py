"""A message as XML, its elements in the schema's order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from lxml import etree

from bot.domain.cap.text import list_text, plain, point_text, reference_text, time_text
from bot.domain.cap.values import NAMESPACE, Area, Info, Message, Named, Resource

_Said = str | datetime | int | Decimal | None


def write(message: Message) -> bytes:
    """The message as an XML document in UTF-8. What is None or empty is left out; signatures are not written.

    Raises ValueError where a text holds a character that XML has not.
    """
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _add(
        root,
        ("identifier", message.identifier),
        ("sender", message.sender),
        ("sent", message.sent),
        ("status", message.status),
        ("msgType", message.msg_type),
        ("source", message.source),
        ("scope", message.scope),
        ("restriction", message.restriction),
        ("addresses", list_text(message.addresses) or None),
        *(("code", code) for code in message.codes),
        ("note", message.note),
        ("references", " ".join(map(reference_text, message.references)) or None),
        ("incidents", list_text(message.incidents) or None),
    )
    for info in message.infos:
        _info(root, info)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _info(root: etree._Element, info: Info) -> None:
    element = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(
        element,
        ("language", info.language),
        *(("category", category) for category in info.categories),
        ("event", info.event),
        *(("responseType", each) for each in info.response_types),
        ("urgency", info.urgency),
        ("severity", info.severity),
        ("certainty", info.certainty),
        ("audience", info.audience),
    )
    _add_named(element, "eventCode", info.event_codes)
    _add(
        element,
        ("effective", info.effective),
        ("onset", info.onset),
        ("expires", info.expires),
        ("senderName", info.sender_name),
        ("headline", info.headline),
        ("description", info.description),
        ("instruction", info.instruction),
        ("web", info.web),
        ("contact", info.contact),
    )
    _add_named(element, "parameter", info.parameters)
    for resource in info.resources:
        _resource(element, resource)
    for area in info.areas:
        _area(element, area)


def _resource(info: etree._Element, resource: Resource) -> None:
    _add(
        etree.SubElement(info, f"{{{NAMESPACE}}}resource"),
        ("resourceDesc", resource.description),
        ("mimeType", resource.mime_type),
        ("size", resource.size),
        ("uri", resource.uri),
        ("derefUri", resource.content),
        ("digest", resource.digest),
    )


def _area(info: etree._Element, area: Area) -> None:
    element = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(
        element,
        ("areaDesc", area.description),
        *(("polygon", " ".join(map(point_text, polygon))) for polygon in area.polygons),
        *(("circle", f"{point_text(circle.centre)} {plain(circle.radius)}") for circle in area.circles),
    )
    _add_named(element, "geocode", area.geocodes)
    _add(element, ("altitude", area.altitude), ("ceiling", area.ceiling))


def _add(parent: etree._Element, *children: tuple[str, _Said]) -> None:
    for name, said in children:
        if said is not None:
            etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = _text(said)


def _add_named(parent: etree._Element, name: str, values: Iterable[Named]) -> None:
    for each in values:
        element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        _add(element, ("valueName", each.name), ("value", each.value))


def _text(said: str | datetime | int | Decimal) -> str:
    match said:
        case datetime():
            return time_text(said)
        case Decimal():
            return plain(said)
        case _:
            return str(said)

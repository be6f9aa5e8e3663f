"""What the schema says about a document, in sentences of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from lxml import etree

from bot.domain.cap.findings import Trace, error, local, shown
from bot.domain.cap.values import NAMESPACE

TIMES = {"sent", "effective", "onset", "expires"}
_NAME = re.compile(r"\{[^}]*\}([\w*]+)")
_PATH = re.compile(r"(?:/\*(?:\[\d+\])?)+")
_OLDER = re.compile(r"urn:oasis:names:tc:emergency:cap:(1\.\d)|http://www\.incident\.com/cap/(1\.0)")


def root_finding(root: etree._Element) -> Trace | None:
    """What is wrong with the outermost element; None where it is an <alert> of CAP 1.2."""
    name = etree.QName(root)
    if (name.namespace, name.localname) == (NAMESPACE, "alert"):
        return None
    older = _OLDER.fullmatch(name.namespace or "")
    if name.localname == "alert" and older:
        return error(root, "cap.other_version", version=older[1] or older[2])
    return error(root, "cap.other_root", name=shown(name.localname), namespace=shown(name.namespace or ""))


def schema_findings(root: etree._Element, schema: etree.XMLSchema) -> Iterator[Trace]:
    """Every place where the document breaks the schema."""
    if schema.validate(root):
        return
    entries: Iterable[etree._LogEntry] = schema.error_log  # type: ignore[assignment]
    for entry in entries:
        yield _finding(entry, _element(root, entry.path))


def _element(root: etree._Element, path: str | None) -> etree._Element:
    """libxml2 writes the way to an element as numbers, /*/*[7]/*[2]."""
    found: list[etree._Element] = cast("Any", root.xpath(path)) if path and _PATH.fullmatch(path) else []
    return found[0] if found else root


def _finding(entry: etree._LogEntry, element: etree._Element) -> Trace:
    problem = entry.message.partition(": ")[2] or entry.message
    expected = ", ".join(_NAME.findall(problem.partition("Expected is")[2])).replace("*", "Signature")
    match entry.type_name:
        case "SCHEMAV_ELEMENT_CONTENT" if "Missing child" in problem:
            return error(element, "cap.schema_missing", expected=expected)
        case "SCHEMAV_ELEMENT_CONTENT":
            found = next(iter(_NAME.findall(entry.message)), local(element))
            at = _stranger(element, found)
            if expected:
                return error(at, "cap.schema_unexpected", name=shown(found), expected=expected)
            return error(at, "cap.schema_nothing_expected", name=shown(found))
        case "SCHEMAV_CVC_ENUMERATION_VALID":
            allowed = ", ".join(re.findall(r"'([^']*)'", problem.rpartition("{")[2]))
            return error(element, "cap.schema_value", value=shown(element.text or ""), allowed=allowed)
        case "SCHEMAV_CVC_PATTERN_VALID" | "SCHEMAV_CVC_DATATYPE_VALID_1_2_1" if local(element) in TIMES:
            return error(element, "cap.time", value=shown(element.text or ""))
        case "SCHEMAV_CVC_DATATYPE_VALID_1_2_1":
            wanted = next(iter(re.findall(r"'(xs:\w+)'", problem)), "XML Schema")
            return error(element, "cap.schema_type", value=shown(element.text or ""), type=wanted)
        case "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1":
            name = next(iter(re.findall(r"attribute '([^']*)'", entry.message)), "")
            return error(element, "cap.schema_attribute", name=shown(name.rpartition("}")[2]))
        case "SCHEMAV_CVC_COMPLEX_TYPE_2_3":
            return error(element, "cap.schema_text")
        case "SCHEMAV_CVC_TYPE_3_1_2":
            return error(element, "cap.schema_elements")
        case _:
            return error(element, "cap.schema_other", problem=shown(_NAME.sub(r"\1", problem), 300))


def _stranger(element: etree._Element, name: str) -> etree._Element:
    """libxml2 tells the parent or the element itself, by where it noticed; the line should be the stranger's."""
    if local(element) == name:
        return element
    return next((child for child in element if isinstance(child.tag, str) and local(child) == name), element)

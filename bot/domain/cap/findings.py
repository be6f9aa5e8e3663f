"""What is found about a file: one finding a sentence, with the line and the element that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from lxml import etree

_COUNT_BEFORE = etree.XPath("count(preceding-sibling::*[local-name()=$name])")
_COUNT_AFTER = etree.XPath("count(following-sibling::*[local-name()=$name])")


class Gravity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """The file breaks the standard: it is invalid."""
    WARNING = "warning"
    """The file keeps the standard, and may be misread."""
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a file. `message_id` names the sentence; `where` is the path of its element below <alert>."""

    gravity: Gravity
    message_id: str
    line: int
    where: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """A finding whose place has not been worked out: that takes a while, and only so many are shown."""

    gravity: Gravity
    message_id: str
    element: etree._Element
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[etree._Element, str, str]:
        """The same for what the schema and the prose both notice."""
        return self.element, self.message_id, repr(self.parameters)

    def located(self) -> Finding:
        """The finding with its place."""
        line = cast("int | None", self.element.sourceline) or 1
        return Finding(self.gravity, self.message_id, line, path_of(self.element), self.parameters)


def error(element: etree._Element, message_id: str, **parameters: object) -> Trace:
    """The file is invalid because of this element."""
    return Trace(Gravity.ERROR, message_id, element, parameters)


def warning(element: etree._Element, message_id: str, **parameters: object) -> Trace:
    """This element is worth a look."""
    return Trace(Gravity.WARNING, message_id, element, parameters)


def note(element: etree._Element, message_id: str, **parameters: object) -> Trace:
    """Something to know about this element."""
    return Trace(Gravity.NOTE, message_id, element, parameters)


def path_of(element: etree._Element) -> str:
    """Where an element stands: "info[2]/area/polygon[3]"; numbers only where there are several. The root is "alert"."""
    steps: list[str] = []
    while (parent := element.getparent()) is not None:
        name = local(element)
        before = int(cast("float", _COUNT_BEFORE(element, name=name)))
        several = before or int(cast("float", _COUNT_AFTER(element, name=name)))
        steps.append(f"{name}[{before + 1}]" if several else name)
        element = parent
    return "/".join(reversed(steps)) or local(element)


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


def shown(text: str, longest: int = 80) -> str:
    """A value from a file, short enough for a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"

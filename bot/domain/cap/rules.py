"""What the standard's prose demands of a message as a whole, and its schema does not know (3.2.1).

MUST, SHALL and the conditions of an element are errors. What is advice, or is often broken by services whose
messages are well understood, is a warning. Two things that the standard advises are errors here: an exercise says
which one it is, and a message of the type Error says why, because nobody can act on it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from bot.domain.cap.findings import Trace, error, local, note, shown, warning
from bot.domain.cap.info_rules import info_findings
from bot.domain.cap.reading import children, signatures, text_in
from bot.domain.cap.text import BLANKS, list_of, reference_of, time_of
from bot.domain.cap.values import DEFAULT_LANGUAGE, NAMESPACE, MsgType, Scope, Status

REQUIRED = {"identifier", "sender", "event", "areaDesc", "resourceDesc", "mimeType"}
"""What must say something. An empty element elsewhere counts as left out: several services write them all."""
_FORBIDDEN = re.compile(rf"[{BLANKS},<&]")
_CODED = ("eventCode", "geocode", "parameter")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.){2,}[A-Za-z]?")
_AGREED = ("category", "urgency", "severity", "certainty", "effective", "expires")
_FOLLOWING = {MsgType.UPDATE, MsgType.CANCEL, MsgType.ACK, MsgType.ERROR}


def rule_findings(root: etree._Element) -> Iterator[Trace]:
    """Every place where the document breaks the prose, in no particular order. It need not keep the schema."""
    yield from _emptiness(root)
    yield from _identity(root)
    yield from _audience(root)
    yield from _references(root)
    yield from _notes(root)
    yield from _acronyms(root)
    yield from _utc(root)
    for info in children(root, "info"):
        yield from info_findings(root, info)
    yield from _agreement(root)
    if count := signatures(root):
        yield note(root, "cap.signed", n=count)


def said(root: etree._Element, name: str) -> str:
    """The trimmed text of the first such element below; empty where there is none."""
    return next((text_in(each).strip(BLANKS) for each in children(root, name)), "")


def _emptiness(root: etree._Element) -> Iterator[Trace]:
    for element in root.iter(f"{{{NAMESPACE}}}*"):
        if len(element) or text_in(element).strip(BLANKS) or local(element) in {"alert", "info", "resource", "area"}:
            continue
        if local(element) in REQUIRED:
            yield error(element, "cap.empty_required")
        elif local(element) not in _CODED:
            yield warning(element, "cap.empty")


def _identity(root: etree._Element) -> Iterator[Trace]:
    for name in ("identifier", "sender"):
        for element in children(root, name):
            text = text_in(element)
            if _FORBIDDEN.search(text.strip(BLANKS)):
                yield error(element, "cap.identifier_characters", value=shown(text))
            elif text != text.strip(BLANKS) and text.strip(BLANKS):
                yield warning(element, "cap.surrounding_blanks")


def _audience(root: etree._Element) -> Iterator[Trace]:
    scope = said(root, "scope")
    if scope == Scope.RESTRICTED and not said(root, "restriction"):
        yield error(root, "cap.restriction_missing")
    if scope != Scope.RESTRICTED and said(root, "restriction"):
        yield error(next(iter(children(root, "restriction"))), "cap.restriction_without_scope", scope=shown(scope))
    if scope == Scope.PRIVATE and not said(root, "addresses"):
        yield error(root, "cap.addresses_missing")
    for name in ("addresses", "incidents"):
        for element in children(root, name):
            try:
                list_of(text_in(element))
            except ValueError:
                yield error(element, "cap.quotes")


def _references(root: etree._Element) -> Iterator[Trace]:
    kind = said(root, "msgType")
    if kind in _FOLLOWING and not said(root, "references"):
        yield error(root, "cap.references_missing", kind=kind)
    for element in children(root, "references"):
        for text in text_in(element).split():
            yield from _reference(root, element, text)


def _reference(root: etree._Element, element: etree._Element, text: str) -> Iterator[Trace]:
    try:
        found = reference_of(text)
    except ValueError:
        yield error(element, "cap.reference_form", value=shown(text))
        return
    sent = _moment(said(root, "sent"))
    itself = (found.sender, found.identifier) == (said(root, "sender"), said(root, "identifier"))
    if itself and found.sent == sent:
        yield error(element, "cap.reference_itself")
    elif sent is not None and found.sent > sent:
        yield warning(element, "cap.reference_later", value=shown(text))


def _notes(root: etree._Element) -> Iterator[Trace]:
    if not said(root, "note"):
        if said(root, "status") == Status.EXERCISE:
            yield error(root, "cap.note_exercise")
        if said(root, "msgType") == MsgType.ERROR:
            yield error(root, "cap.note_error")
    if said(root, "msgType") in {MsgType.ALERT, MsgType.UPDATE} and next(iter(children(root, "info")), None) is None:
        yield warning(root, "cap.no_info")


def _acronyms(root: etree._Element) -> Iterator[Trace]:
    for element in root.iter(f"{{{NAMESPACE}}}valueName"):
        text = text_in(element).strip(BLANKS)
        if _ACRONYM.fullmatch(text):
            yield warning(element, "cap.acronym", value=shown(text), better=text.replace(".", "").upper())


def _utc(root: etree._Element) -> Iterator[Trace]:
    """Once a file: "+00:00" is right for a clock in London or Accra, and UTC itself is "-00:00"."""
    for element in root.iter(*(f"{{{NAMESPACE}}}{name}" for name in ("sent", "effective", "onset", "expires"))):
        if text_in(element).strip(BLANKS).endswith("+00:00"):
            yield warning(element, "cap.utc_plus")
            return


def _agreement(root: etree._Element) -> Iterator[Trace]:
    """One <info> a language says the same in all of them; several in one language are compared as a set."""
    by_language: dict[str, set[tuple[object, ...]]] = {}
    first: dict[str, etree._Element] = {}
    for info in children(root, "info"):
        language = said(info, "language") or DEFAULT_LANGUAGE
        facts = (
            *(frozenset(text_in(each).strip(BLANKS) for each in children(info, name)) for name in _AGREED),
            frozenset((said(code, "valueName"), said(code, "value")) for code in children(info, "eventCode")),
        )
        by_language.setdefault(language, set()).add(facts)
        first.setdefault(language, info)
    languages = list(by_language)
    for language in languages[1:]:
        if by_language[language] != by_language[languages[0]]:
            yield warning(first[language], "cap.infos_differ", language=shown(language), other=shown(languages[0]))


def _moment(text: str) -> datetime | None:
    try:
        return time_of(text)
    except ValueError:
        return None

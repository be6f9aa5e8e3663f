"""A file as a whole: read, held against the schema and the prose, and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from lxml import etree

from bot.domain.cap.findings import Finding, Gravity, Trace
from bot.domain.cap.reading import message_of, parse, signatures
from bot.domain.cap.rules import rule_findings
from bot.domain.cap.schema import root_finding, schema_findings
from bot.domain.cap.values import Message

MOST_FINDINGS = 100
"""Nobody reads more about one file."""
MOST_TRACES = 2_000
"""After so many errors nothing more is looked for."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a file, in the order of its lines. `message` is None where it is invalid."""

    findings: tuple[Finding, ...]
    message: Message | None
    signatures: int

    @property
    def valid(self) -> bool:
        """Whether nothing in it breaks the standard."""
        return self.message is not None


class Checker:
    """Knows the schema of CAP 1.2."""

    def __init__(self, schema: bytes) -> None:
        self._schema = etree.XMLSchema(etree.fromstring(schema))

    def check(self, data: bytes) -> Report:
        """What is to be said about a file. Raises `Refusal` where it cannot, or must not, be read at all."""
        root = parse(data)
        stranger = root_finding(root)
        if stranger is not None:
            return Report((stranger.located(),), None, 0)
        traces = _collected(chain(schema_findings(root, self._schema), rule_findings(root)))
        found = [trace.located() for trace in traces[:MOST_FINDINGS]]
        ordered = sorted(found, key=lambda finding: (finding.line, finding.where))
        if len(traces) > MOST_FINDINGS:
            ordered.append(Finding(Gravity.NOTE, "cap.and_more", 1, "alert", {"n": len(traces) - MOST_FINDINGS}))
        broken = any(trace.gravity is Gravity.ERROR for trace in traces)
        return Report(tuple(ordered), None if broken else message_of(root), signatures(root))


def _collected(found: Iterable[Trace]) -> list[Trace]:
    """The worst first, each once. An error is never lost behind a heap of warnings."""
    errors: dict[object, Trace] = {}
    others: dict[object, Trace] = {}
    for trace in found:
        if trace.gravity is Gravity.ERROR:
            errors.setdefault(trace.identity, trace)
            if len(errors) >= MOST_TRACES:
                break
        elif len(others) < MOST_TRACES:
            others.setdefault(trace.identity, trace)
    return [*errors.values(), *sorted(others.values(), key=_gravity)]


def _gravity(trace: Trace) -> int:
    return list(Gravity).index(trace.gravity)

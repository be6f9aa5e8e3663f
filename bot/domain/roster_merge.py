"""Whose row a line of the roster is, and what it changes there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from bot.domain.members import Known
from bot.domain.roster import UNNAMED, Entry, Problem

UNSURE: Final = -1
"""Stands for a member's id where several members answer to one name, city and cohort."""


class Person(NamedTuple):
    """What tells one member from another. `identity` is that of `bot.domain.roster.identity`."""

    member_id: int
    user_id: int | None
    reference: str | None
    identity: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What we keep of a member whom a line speaks of, as far as a roster can change it."""

    member_id: int
    user_id: int | None
    reference: str | None
    display_name: str
    post: str | None
    cohort: str | None
    city_id: int | None
    zone: str
    language: str | None
    confirmed_at: datetime | None
    languages: tuple[str, ...]
    topics: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a line changes in a member's row: columns by name, and lists that replace hers; None leaves them alone."""

    columns: dict[str, object]
    languages: tuple[str, ...] | None
    topics: tuple[Known, ...] | None

    def __bool__(self) -> bool:
        return bool(self.columns) or self.languages is not None or self.topics is not None


@dataclass(slots=True)
class Registry:
    """Everybody we know, by Discord id, by reference, and by name, city and cohort; and which lines spoke of whom."""

    by_user: dict[int, int] = field(default_factory=dict)
    by_reference: dict[str, int] = field(default_factory=dict)
    by_identity: dict[str, int] = field(default_factory=dict)
    known: dict[int, tuple[int | None, str | None]] = field(default_factory=dict)
    lines: dict[int | str, int] = field(default_factory=dict)
    matched: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Person]) -> Registry:
        """Everybody, read once."""
        registry = cls()
        for person in people:
            registry.known[person.member_id] = (person.user_id, person.reference)
            if person.user_id is not None:
                registry.by_user[person.user_id] = person.member_id
            if person.reference is not None:
                registry.by_reference[person.reference] = person.member_id
            unsure = person.identity in registry.by_identity
            registry.by_identity[person.identity] = UNSURE if unsure else person.member_id
        return registry

    def match(self, entry: Entry) -> int | Problem | None:
        """The member whom a line speaks of, None for somebody new, or why we cannot tell."""
        twice = self._twice(entry)
        if twice is not None:
            return twice
        by_user = self.by_user.get(entry.user_id) if entry.user_id is not None else None
        named = self._by_reference(entry)
        found = by_user or named or self._by_identity(entry)
        if found == UNSURE:
            return Problem(entry.line, None, "roster.several", {"name": entry.about.display_name})
        if found is None:
            return None
        if by_user and named and by_user != named:
            return Problem(entry.line, "reference", "roster.two_people", {"reference": entry.reference})
        user_id, _ = self.known[found]
        if entry.user_id is not None and user_id is not None and user_id != entry.user_id:
            return Problem(entry.line, "discord_user_id", "roster.another_account", {"reference": entry.reference})
        first = self.matched.setdefault(found, entry.line)
        return found if first == entry.line else Problem(entry.line, None, "roster.twice", {"first": first})

    def _twice(self, entry: Entry) -> Problem | None:
        """Remember the line under all that tells whose it is. A `Problem` where an earlier line was the same one's."""
        marks: list[tuple[str, int | str]] = []
        if entry.user_id is not None:
            marks.append(("discord_user_id", entry.user_id))
        if entry.reference is not None:
            marks.append(("reference", f"reference {entry.reference}"))
        for column, mark in marks or (("display_name", entry.identity),):
            first = self.lines.setdefault(mark, entry.line)
            if first != entry.line:
                return Problem(entry.line, column, "roster.twice", {"first": first})
        return None

    def _by_reference(self, entry: Entry) -> int | None:
        if not self.by_reference:
            return None
        return self.by_reference.get(entry.reference or UNNAMED + entry.identity)

    def _by_identity(self, entry: Entry) -> int | None:
        """Somebody of the same name, city and cohort, unless id or reference say that it is another."""
        found = self.by_identity.get(entry.identity) if self.by_identity else None
        if found is None:
            return None
        if found == UNSURE:
            return None if entry.user_id is not None or entry.reference is not None else UNSURE
        user_id, reference = self.known[found]
        if entry.user_id is not None and user_id is not None:
            return None
        if entry.reference is not None and reference is not None and not reference.startswith(UNNAMED):
            return None
        return found


def reference_for(entry: Entry) -> str | None:
    """The reference to keep: the file's own, or one made of the identity where nothing else would find her again."""
    if entry.reference is None and entry.user_id is None:
        return UNNAMED + entry.identity
    return entry.reference


def change(entry: Entry, city_id: int | None, stored: Stored) -> Change:
    """What a line changes in the row of somebody we know.

    An empty cell changes nothing. Before she has confirmed her profile the file's word replaces the earlier one;
    afterwards her own edits are hers, and only what she left empty is filled.
    """
    confirmed = stored.confirmed_at is not None
    wanted: dict[str, object] = {
        "display_name": entry.about.display_name,
        "post": entry.about.post,
        "cohort": entry.about.cohort,
        "city_id": city_id,
        "zone": entry.zone,
        "language": entry.language,
    }
    columns = {
        name: value
        for name, value in wanted.items()
        if value is not None and value != getattr(stored, name) and (not confirmed or getattr(stored, name) is None)
    }
    if stored.user_id is None and entry.user_id is not None:
        columns["user_id"] = entry.user_id
    # The programme's own number for her is its own to change.
    if entry.reference is not None and entry.reference != stored.reference:
        columns["reference"] = entry.reference
    languages, topics = entry.languages or None, entry.topics or None
    if languages == stored.languages or (confirmed and stored.languages):
        languages = None
    if topics == stored.topics or (confirmed and stored.topics):
        topics = None
    return Change(columns, languages, topics)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would have done (`dry_run`), or why it did nothing (`problems`).

    Every row is new, updated or unchanged. Of the rows that were there already, `confirmed` belong to people who have
    confirmed their profile, whose own words were kept. `unclaimed` rows have no Discord account yet: their people
    need a code. `problem_count` may be more than the problems that are kept.
    """

    rows: int
    new: int
    updated: int
    unchanged: int
    confirmed: int
    unclaimed: int
    ignored_columns: tuple[str, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    dry_run: bool

    @property
    def done(self) -> bool:
        """Whether the file was taken, or would have been."""
        return self.problem_count == 0


@dataclass(frozen=True, slots=True)
class Issued:
    """Claim codes that were written to a file: how many, how many older ones no longer work, and until when."""

    codes: int
    voided: int
    expires_at: datetime

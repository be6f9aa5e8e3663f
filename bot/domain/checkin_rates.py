"""How many of those asked answered, by country and cohort, without giving away single people.

In an anonymous campaign nobody may learn who answered by taking one number from another. What is shown together is a
table of two partitions of the same people: by country, by cohort. Every sum and difference of such numbers is made of
whole cells of that table. So groups are put together ("others") until no cell that has people in it has fewer than
`SMALLEST_GROUP`: whatever is calculated out of the numbers is then about five people at the least. That is stricter
than hiding small groups alone, which one subtraction undoes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SMALLEST_GROUP: Final = 5
"""Fewer people than these are no group of their own in what an anonymous campaign shows."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many were asked, and so many of them answered."""

    asked: int = 0
    answered: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.asked + other.asked, self.answered + other.answered)

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 where nobody was asked."""
        return self.answered / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """The people of one country and cohort; None where a person's is not known."""

    country: str | None
    cohort: str | None
    rate: Rate


@dataclass(frozen=True, slots=True)
class Group:
    """People who have something in common. `name` is None for those of whom it is not known."""

    name: str | None
    rate: Rate


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Groups, the largest first. `others` are those who are not shown apart; None where all are."""

    groups: tuple[Group, ...] = ()
    others: Rate | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """What may be shown of one period to one reader. `total` is None where that would be about too few people."""

    total: Rate | None
    by_country: Breakdown
    by_cohort: Breakdown


Named = Callable[[Cell], str | None]


def rates_of(cells: Sequence[Cell], *, anonymous: bool) -> Rates:
    """The rates of a period; of an anonymous campaign only what is about enough people."""
    total = _sum(cell.rate for cell in cells)
    countries = _groups(cells, _country)
    cohorts = _groups(cells, _cohort)
    if not anonymous:
        return Rates(total, _breakdown(countries, countries), _breakdown(cohorts, cohorts))
    if total.asked < SMALLEST_GROUP:
        return Rates(None, Breakdown(), Breakdown())
    shown_countries = _shown(cells, _country, lambda _: None)
    shown_cohorts = _shown(cells, _cohort, lambda cell: cell.country if cell.country in shown_countries else _OTHERS)
    return Rates(total, _breakdown(countries, shown_countries), _breakdown(cohorts, shown_cohorts))


def answers_shown(answered: int, *, anonymous: bool, final: bool) -> bool:
    """Whether answers may be read. Anonymous ones only once no more can come (who answered last would be known by
    looking twice), and not where fewer than five people gave them."""
    return not anonymous or (final and answered >= SMALLEST_GROUP)


_OTHERS: Final = object()
"""Stands for all groups that are not shown apart. No name of a group is it."""


def _shown(cells: Sequence[Cell], named: Named, crossed: Callable[[Cell], object]) -> frozenset[str | None]:
    """The names of the groups that can be shown apart beside the groups of `crossed`."""
    sizes = {name: rate.asked for name, rate in _groups(cells, named).items()}
    shown = set(sizes)
    while shown:
        table: dict[tuple[object, object], int] = {}
        for cell in cells:
            name = named(cell)
            block = (name if name in shown else _OTHERS, crossed(cell))
            table[block] = table.get(block, 0) + cell.rate.asked
        small = {name for (name, _), asked in table.items() if 0 < asked < SMALLEST_GROUP}
        if not small:
            break
        # Where only "others" are too few, the smallest that is shown joins them.
        joining = small - {_OTHERS} or shown
        shown.remove(min((each for each in shown if each in joining), key=lambda each: (sizes[each], each or "")))
    return frozenset(shown)


def _groups(cells: Iterable[Cell], named: Named) -> dict[str | None, Rate]:
    found: dict[str | None, Rate] = {}
    for cell in cells:
        if cell.rate.asked:
            found[named(cell)] = found.get(named(cell), Rate()) + cell.rate
    return found


def _breakdown(groups: Mapping[str | None, Rate], shown: Iterable[str | None]) -> Breakdown:
    apart = set(shown)
    if not apart:
        return Breakdown()
    listed = sorted((Group(name, rate) for name, rate in groups.items() if name in apart), key=_weight)
    others = _sum(rate for name, rate in groups.items() if name not in apart)
    return Breakdown(tuple(listed), others if others.asked else None)


def _weight(group: Group) -> tuple[bool, int, str]:
    return group.name is None, -group.rate.asked, group.name or ""


def _sum(rates: Iterable[Rate]) -> Rate:
    total = Rate()
    for rate in rates:
        total += rate
    return total


def _country(cell: Cell) -> str | None:
    return cell.country


def _cohort(cell: Cell) -> str | None:
    return cell.cohort

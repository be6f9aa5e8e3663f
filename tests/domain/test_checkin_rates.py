"""Response rates: right, and about nobody in particular where a campaign is anonymous."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkin_rates import (
    SMALLEST_GROUP,
    Breakdown,
    Cell,
    Group,
    Rate,
    Rates,
    answers_shown,
    rates_of,
)

CELLS = st.lists(
    st.builds(
        lambda country, cohort, asked, answered: Cell(country, cohort, Rate(asked, min(asked, answered))),
        st.sampled_from(["FR", "UA", "PT", "ES", None]),
        st.sampled_from(["2023", "2024", "2025", None]),
        st.integers(0, 12),
        st.integers(0, 12),
    ),
    max_size=16,
    unique_by=lambda cell: (cell.country, cell.cohort),
)


def test_named_campaigns_show_every_group() -> None:
    cells = [
        Cell("FR", "2024", Rate(4, 1)),
        Cell("FR", None, Rate(2, 2)),
        Cell("UA", "2024", Rate(1, 0)),
        Cell(None, "2025", Rate(9, 9)),
    ]
    found = rates_of(cells, anonymous=False)
    assert found.total == Rate(16, 12)
    assert found.by_country == Breakdown((Group("FR", Rate(6, 3)), Group("UA", Rate(1, 0)), Group(None, Rate(9, 9))))
    assert found.by_cohort == Breakdown((Group("2025", Rate(9, 9)), Group("2024", Rate(5, 1)), Group(None, Rate(2, 2))))


def test_small_groups_are_put_together() -> None:
    cells = [Cell("FR", None, Rate(10, 5)), Cell("UA", None, Rate(3, 1)), Cell("PT", None, Rate(2, 2))]
    found = rates_of(cells, anonymous=True)
    assert found.by_country == Breakdown((Group("FR", Rate(10, 5)),), Rate(5, 3))


def test_a_small_group_is_not_found_by_taking_the_others_from_the_total() -> None:
    cells = [Cell("FR", None, Rate(10, 5)), Cell("UA", None, Rate(6, 1)), Cell("PT", None, Rate(2, 2))]
    found = rates_of(cells, anonymous=True)
    assert found.by_country == Breakdown((Group("FR", Rate(10, 5)),), Rate(8, 3))


def test_nor_by_taking_a_cohort_from_a_country() -> None:
    """All of the cohort are in France, and one more person is."""
    cells = [Cell("FR", "2024", Rate(9, 4)), Cell("FR", "2025", Rate(1, 1)), Cell("UA", "2025", Rate(9, 4))]
    found = rates_of(cells, anonymous=True)
    assert [group.name for group in found.by_country.groups] == ["FR", "UA"]
    assert found.by_cohort == Breakdown()


def test_too_few_people_altogether_show_nothing() -> None:
    assert rates_of([Cell("FR", None, Rate(4, 4))], anonymous=True) == Rates(None, Breakdown(), Breakdown())
    assert rates_of([], anonymous=False).total == Rate(0, 0)
    assert Rate().share == 0.0


@given(CELLS)
def test_nothing_that_can_be_calculated_is_about_fewer_than_five(cells: Sequence[Cell]) -> None:
    """Whatever is a sum of shown numbers, with any factors, is about whole cells: none of them is small."""
    found = rates_of(cells, anonymous=True)
    if found.total is None:
        assert sum(cell.rate.asked for cell in cells) < SMALLEST_GROUP
        return
    countries = {group.name for group in found.by_country.groups}
    cohorts = {group.name for group in found.by_cohort.groups}
    blocks: dict[tuple[object, object], int] = {}
    for cell in cells:
        key = (
            cell.country if cell.country in countries else "others",
            cell.cohort if cell.cohort in cohorts else "others",
        )
        blocks[key] = blocks.get(key, 0) + cell.rate.asked
    assert all(size == 0 or size >= SMALLEST_GROUP for size in blocks.values())


@given(CELLS)
def test_no_small_group_of_people_can_be_solved_for(cells: Sequence[Cell]) -> None:
    """The same, asked of linear algebra: no set of one or two true cells that holds few people is determined."""
    found = rates_of(cells, anonymous=True)
    if found.total is None:
        return
    peopled = [cell for cell in cells if cell.rate.asked]
    published = [[Fraction(1)] * len(peopled)]
    for breakdown, name in ((found.by_country, "country"), (found.by_cohort, "cohort")):
        published += [[Fraction(getattr(cell, name) == group.name) for cell in peopled] for group in breakdown.groups]
    basis = _reduced(published)
    for one, two in product(range(len(peopled)), repeat=2):
        if sum(peopled[each].rate.asked for each in {one, two}) < SMALLEST_GROUP:
            wanted = [Fraction(each in {one, two}) for each in range(len(peopled))]
            assert len(_reduced([*basis, wanted])) > len(basis)


@given(CELLS)
def test_groups_and_others_add_up_to_all(cells: Sequence[Cell]) -> None:
    for anonymous in (False, True):
        found = rates_of(cells, anonymous=anonymous)
        for breakdown in (found.by_country, found.by_cohort):
            if breakdown.groups:
                rates = [group.rate for group in breakdown.groups] + ([breakdown.others] if breakdown.others else [])
                assert sum(rate.asked for rate in rates) == (found.total or Rate()).asked
                assert sum(rate.answered for rate in rates) == (found.total or Rate()).answered


@pytest.mark.parametrize(
    ("answered", "anonymous", "final", "shown"),
    [(1, False, False, True), (4, True, True, False), (5, True, False, False), (5, True, True, True)],
)
def test_anonymous_answers_wait_for_the_end_and_for_five(
    answered: int, anonymous: bool, final: bool, shown: bool
) -> None:
    assert answers_shown(answered, anonymous=anonymous, final=final) is shown


def _reduced(rows: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """The rows that do not follow from the others (Gauss)."""
    left = [list(row) for row in rows]
    basis: list[list[Fraction]] = []
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        basis.append(pivot)
        left = [
            [value - row[column] / pivot[column] * other for value, other in zip(row, pivot, strict=True)]
            for row in left
        ]
    return basis

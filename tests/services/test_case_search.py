"""Finding cases on both engines: by any word that stands in one, misspelt too, while it may be read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from bot.domain.case_content import CaseStatus
from bot.domain.case_filters import CaseFilters
from bot.domain.case_search import FORM
from bot.domain.errors import Refusal
from bot.services.case_search import CaseSearchService
from bot.services.cases import CasesService
from db.tables import CasePosting, CaseWord
from tests.services.house import ANNA
from tests.services.test_cases import BOB, COORDINATOR, WHOLE, cases, count, published

__all__ = ["cases"]
LONG = ("before", "done", "results", "failed", "conditions", "adapt")


def searching(cases: CasesService) -> CaseSearchService:
    """Finding, over the same database."""
    return CaseSearchService(cases.work, cases.topics)


async def test_it_is_found_while_it_is_published_and_by_what_it_says_now(cases: CasesService) -> None:
    case = await published(cases, done="We measured with the cadastre.")
    found = searching(cases)

    async def hits(text: str, **filters: object) -> int:
        return (await found.search(BOB, text, CaseFilters(**filters))).total  # type: ignore[arg-type]

    assert await hits("stromwater roof") == 1
    assert await hits("Lyón") == 1
    assert await hits("roof", status=CaseStatus.RUNNING, country="FR", topic="housing") == 1
    assert await hits("roof", status=CaseStatus.IDEA) == 0
    await cases.save(ANNA, case.id, {"title": "Parking fees"})
    assert await hits("parking") == 1
    assert await hits("roof") == 0
    await cases.retire(ANNA, case.id)
    assert await hits("parking") == 0
    await cases.confirm(ANNA, case.id)
    assert await hits("parking") == 1
    await cases.withdraw(COORDINATOR, case.id)
    assert await hits("parking") == 0
    assert await count(cases, CasePosting) == 0


async def test_topics_reach_over_languages(cases: CasesService) -> None:
    await published(
        cases,
        title="Une redevance juste",
        summary="Trois ans",
        city="",
        named="nameless",
        population="city",
        topics="housing",
    )
    french = replace(BOB, language="fr")
    assert (await searching(cases).search(french, "logement", CaseFilters())).total == 1
    assert (await searching(cases).search(BOB, "housing", CaseFilters())).total == 1
    with pytest.raises(Refusal, match=r"cases\.search_empty"):
        await searching(cases).search(BOB, None, CaseFilters())


async def test_similar_cases_share_a_topic(cases: CasesService) -> None:
    one = await published(cases)
    two = await published(cases, title="Rain gardens", topics="stormwater-fees")
    await published(cases, title="Youth budget", topics="budget-participatory", summary="Schools decide", city="Porto")
    assert [case.id for case in await searching(cases).similar(BOB, one)][:1] == [two.id]


@pytest.mark.parametrize(
    "text",
    [
        "churches",
        "chruches exempted",
        *(WHOLE[name] for name in LONG),
        "who paid the consultants",
        "spreadsheet",
    ],
)
async def test_words_that_stand_only_in_a_long_text_find_it(cases: CasesService, text: str) -> None:
    said = {"resources": "A spreadsheet.", "disclosure": "The region paid the consultants."}
    case = await published(cases, ANNA, title="Fees by area", summary="What changed.", topics="housing", **said)
    others = dict.fromkeys(LONG, "Schools decide.")
    for number in range(3):
        await published(cases, ANNA, title=f"Youth budget {number}", topics="budget-participatory", **others)
    page = await searching(cases).search(BOB, text, CaseFilters())
    assert [one.id for one in page.cases][:1] == [case.id]


async def test_a_title_comes_before_a_long_text_and_a_mistake_in_one_hides_no_title(cases: CasesService) -> None:
    long = await published(
        cases, title="Youth budget", failed="The stromwater fee.", summary="Schools", topics="housing"
    )
    named = await published(cases, failed="Much.", done="We measured.")
    found = searching(cases)
    assert [one.id for one in (await found.search(BOB, "stromwater", CaseFilters())).cases] == [named.id, long.id]
    assert [one.id for one in (await found.search(BOB, "stormwater", CaseFilters())).cases][:1] == [named.id]


async def test_a_title_with_the_words_as_typed_comes_first(cases: CasesService) -> None:
    said = {"summary": "What changed.", "topics": "housing", "city": "", "named": "nameless", "population": "city"}
    typed = await published(cases, ANNA, title="Night buses for school projects", **said)
    other = await published(cases, ANNA, title="School buses for night projects", **said)
    found = searching(cases)
    assert [one.id for one in (await found.search(BOB, "nigt buses school", CaseFilters())).cases] == [
        typed.id,
        other.id,
    ]
    assert [one.id for one in (await found.search(BOB, "school buses nigt", CaseFilters())).cases] == [
        other.id,
        typed.id,
    ]


async def test_what_is_shown_unasked_fits_by_more_than_a_long_text(cases: CasesService) -> None:
    await published(cases, title="Fees by area", summary="What changed.", topics="housing")
    found = searching(cases)
    assert (await found.search(BOB, "churches exempted", CaseFilters())).total == 1
    assert await found.about(BOB, "churches exempted") == ()


async def test_what_an_earlier_version_indexed_by_less_is_indexed_anew(cases: CasesService) -> None:
    case = await published(cases)
    async with cases.work.begin() as session:
        apart = select(CaseWord.id).where((CaseWord.word == FORM) | CaseWord.word.startswith("~"))
        await session.execute(delete(CasePosting).where(CasePosting.word_id.in_(apart)))
    found = searching(cases)
    assert (await found.search(BOB, "churches", CaseFilters())).total == 0
    before = await count(cases, CasePosting)
    assert await found.run_due(cases.clock()) is None
    assert [one.id for one in (await found.search(BOB, "churches", CaseFilters())).cases] == [case.id]
    assert (await found.search(BOB, "stormwater", CaseFilters())).total == 1
    after = await count(cases, CasePosting)
    assert after > before
    assert await searching(cases).run_due(cases.clock()) is None
    assert await count(cases, CasePosting) == after

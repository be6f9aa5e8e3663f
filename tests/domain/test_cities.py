"""The real table of cities, found by the names that people really type."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.cities import BAND_BOUNDS, City, Gazetteer, PopulationBand, band_of, guess_zone, parse_cities
from bot.domain.errors import Refusal
from bot.domain.matching import normalise
from bot.services.cities import load_gazetteer

FILE = Path(__file__).parents[2] / "config" / "cities.tsv.gz"
LVIV, LYON, PORTO, MUNICH, BARCELONA = 702550, 2996944, 2735943, 2867714, 3128760


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(FILE)


def ids(cities: list[City] | tuple[City, ...]) -> list[int]:
    return [city.geonames_id for city in cities]


def line(geonames_id: int, name: str, population: int, *others: str, country: str = "FR", region: str = "") -> str:
    names = sorted({normalise(other) for other in others} - {normalise(name)})
    latin = [normalise(name), *(other for other in names if other.isascii())]
    foreign = [other for other in names if not other.isascii()]
    cells = (geonames_id, name, country, region, population, "Europe/Paris", "|".join(latin), "|".join(foreign))
    return "\t".join(map(str, cells))


class TestTable:
    def test_has_the_cities_of_geonames(self, gazetteer: Gazetteer) -> None:
        assert len(gazetteer) == 34_006

    def test_is_small_enough_to_carry(self) -> None:
        assert FILE.stat().st_size < 3_000_000

    def test_every_line_is_whole(self) -> None:
        rows = list(parse_cities(gzip.decompress(FILE.read_bytes()).decode().splitlines()))
        assert len({row.geonames_id for row in rows}) == len(rows)
        assert all(len(row.country) == 2 and row.country.isupper() for row in rows)
        assert {row.zone for row in rows} <= available_timezones()
        assert [row.population for row in rows] == sorted((row.population for row in rows), reverse=True)
        assert sum(not row.region for row in rows) < 200

    def test_its_names_are_normalised_as_the_queries_will_be(self) -> None:
        rows = list(parse_cities(gzip.decompress(FILE.read_bytes()).decode().splitlines()))
        for row in rows[::40]:
            for name in filter(None, f"{row.latin_names}|{row.other_names}".split("|")):
                assert normalise(name) == name
            assert row.latin_names.isascii()
            own = normalise(row.name)
            assert (row.latin_names if own.isascii() else row.other_names).split("|")[0] == own

    @pytest.mark.parametrize("bad", ["", "1\tLyon", "x\tLyon\tFR\t\t5\tEurope/Paris\t\t", "1\t\tFR\t\t5\tZ\t\t"])
    def test_a_bad_line_is_named(self, bad: str) -> None:
        with pytest.raises(Refusal) as refused:
            list(parse_cities([line(1, "Lyon", 5), bad]))
        assert (refused.value.message_id, refused.value.parameters) == ("cities.file_line", {"line": 2})


class TestBands:
    @pytest.mark.parametrize(
        ("population", "band"),
        [
            (None, None),
            (0, None),
            (1, PopulationBand.SMALL_TOWN),
            (19_999, PopulationBand.SMALL_TOWN),
            (20_000, PopulationBand.TOWN),
            (49_999, PopulationBand.TOWN),
            (50_000, PopulationBand.SMALL_CITY),
            (100_000, PopulationBand.CITY),
            (249_999, PopulationBand.CITY),
            (250_000, PopulationBand.LARGE_CITY),
            (999_999, PopulationBand.LARGE_CITY),
            (1_000_000, PopulationBand.METROPOLIS),
            (30_000_000, PopulationBand.METROPOLIS),
        ],
    )
    def test_of_a_population(self, population: int | None, band: PopulationBand | None) -> None:
        assert band_of(population) is band

    def test_every_band_has_a_bound_and_they_ascend(self) -> None:
        assert list(BAND_BOUNDS) == list(PopulationBand)
        assert list(BAND_BOUNDS.values()) == sorted(set(BAND_BOUNDS.values()))


class TestFind:
    @pytest.mark.parametrize("name", ["Lviv", "LVIV", "Львів", "львов", "Lwów", "lwow", "Lemberg", "L'viv", "لفيف"])
    def test_by_a_name_in_any_script(self, gazetteer: Gazetteer, name: str) -> None:
        (city,) = gazetteer.find(name)
        assert city == City(LVIV, "Lviv", "UA", "Lviv", 717_273, "Europe/Kyiv")
        assert guess_zone(city) == "Europe/Kyiv"
        assert city.band is PopulationBand.LARGE_CITY

    def test_the_most_populous_first_and_only_those_of_a_country(self, gazetteer: Gazetteer) -> None:
        cities = gazetteer.find("Springfield")
        assert len(cities) > 5
        assert [city.population for city in cities] == sorted((city.population for city in cities), reverse=True)
        assert {city.country for city in gazetteer.find("valencia", "es")} == {"ES"}
        assert gazetteer.find("Lviv", "FR") == ()

    def test_a_region_or_country_may_follow_a_comma(self, gazetteer: Gazetteer) -> None:
        assert [city.region for city in gazetteer.find("Springfield, Illinois")] == ["Illinois"]
        assert ids(gazetteer.find("Porto, PT")) == [PORTO]
        assert gazetteer.find("Porto, Nowhere") == ()

    def test_a_name_may_have_a_comma_of_its_own(self, gazetteer: Gazetteer) -> None:
        assert [city.name for city in gazetteer.find("Washington, D.C.")] == ["Washington"]
        assert gazetteer.suggest("washington, d.c.")[0].name == "Washington"

    def test_mistakes_are_not_forgiven(self, gazetteer: Gazetteer) -> None:
        assert gazetteer.find("Lvvi") == gazetteer.find("") == gazetteer.find("🏙") == ()

    def test_by_id(self, gazetteer: Gazetteer) -> None:
        assert (city := gazetteer.get(LYON)) is not None
        assert (city.name, city.country, city.region) == ("Lyon", "FR", "Auvergne-Rhône-Alpes")
        assert gazetteer.get(-1) is None


class TestSuggest:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("Lyon", LYON),
            ("lyo", LYON),
            ("Порту", PORTO),
            ("munchen", MUNICH),
            ("München", MUNICH),
            ("Мюнх", MUNICH),
            ("慕尼黑", MUNICH),
            ("Lvvi", LVIV),
            ("Barcelna", BARCELONA),
            ("bracelona", BARCELONA),
            ("Barcelona, ES", BARCELONA),
            ("Porto, Portugal", PORTO),
            ("Львв", LVIV),
        ],
    )
    def test_finds_what_is_meant(self, gazetteer: Gazetteer, typed: str, expected: int) -> None:
        assert ids(gazetteer.suggest(typed))[0] == expected

    @pytest.mark.parametrize(
        ("typed", "expected"), [("yviv", "Lviv"), ("arcelona", "Barcelona"), ("xyon", "Lyon"), ("llyon", "Lyon")]
    )
    def test_a_mistake_in_the_first_letter(self, gazetteer: Gazetteer, typed: str, expected: str) -> None:
        assert expected in [city.name for city in gazetteer.suggest(typed)]

    def test_a_mistake_and_not_yet_finished(self, gazetteer: Gazetteer) -> None:
        assert BARCELONA in ids(gazetteer.suggest("Barcwlo"))

    def test_exact_before_beginning_before_mistake_and_then_by_population(self) -> None:
        names = [("Romans", 30), ("Roma", 5), ("Romilly", 90), ("Rome", 50), ("Roms", 999), ("Roma", 7)]
        gazetteer = Gazetteer(parse_cities(line(n, name, people) for n, (name, people) in enumerate(names)))
        assert ids(gazetteer.suggest("roma")) == [5, 1, 0, 4, 3, 2]

    def test_its_own_name_before_what_others_call_it(self) -> None:
        lines = [line(1, "Santiago", 100), line(2, "Shanghai", 700, "Sanghaj"), line(3, "Giant", 9_000, "Sangiant")]
        assert ids(Gazetteer(parse_cities(lines)).suggest("san")) == [3, 1, 2]

    def test_each_city_once_and_no_more_than_asked_for(self, gazetteer: Gazetteer) -> None:
        for typed in ("s", "San", "Saint-De", ""):
            cities = gazetteer.suggest(typed, 7)
            assert len(cities) == 7
            assert max(Counter(ids(cities)).values()) == 1

    def test_nothing_typed_gives_the_largest(self, gazetteer: Gazetteer) -> None:
        populations = [city.population for city in gazetteer.suggest("")]
        assert len(populations) == 25
        assert min(populations) > 5_000_000

    def test_nearly_every_city_is_found_with_one_letter_left_out(self, gazetteer: Gazetteer) -> None:
        rows = list(parse_cities(gzip.decompress(FILE.read_bytes()).decode().splitlines()))[:8_000:40]
        hits = []
        for row in rows:
            middle = len(row.name) // 2
            if len(row.name) > 5:
                typed = row.name[:middle] + row.name[middle + 1 :]
                hits.append(row.geonames_id in ids(gazetteer.suggest(typed)))
        assert sum(hits) / len(hits) > 0.98

    @pytest.mark.parametrize("typed", ["xxxxqqq", "🏙️🏙️", "\u202e\u0000", "x" * 4000, "a, " * 1000, ",", "\ud800"])
    def test_survives_bad_text(self, gazetteer: Gazetteer, typed: str) -> None:
        assert len(gazetteer.suggest(typed)) <= 25

    @given(st.text(max_size=4000), st.integers(0, 30))
    @example("\u2067, \u0600\u0000", 25)
    def test_never_raises_and_honours_the_limit(self, gazetteer: Gazetteer, text: str, limit: int) -> None:
        assert len(gazetteer.suggest(text, limit)) <= limit
        gazetteer.find(text)


def test_a_gazetteer_of_nothing_finds_nothing() -> None:
    gazetteer = Gazetteer([])
    assert gazetteer.suggest("") == gazetteer.suggest("Lyon") == []
    assert gazetteer.find("Lyon") == ()

"""Cities of the world by GeoNames: found by a name in any script, with their size and time zone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from bot.domain.errors import Refusal
from bot.domain.matching import normalise

_COLUMNS = 8
# Names of up to this many letters are found as they are written or not at all.
_EXACT_LENGTH: Final = 3
# A mistake in the very first letter is looked for among this many of the most populous cities only.
_LARGEST: Final = 4_000
# Somebody who types the beginning of a city's own name hardly means one that is called so in another language, unless
# that one is so many times larger.
_FOREIGN_NAME: Final = 8
# Of all the names that begin so, this many are looked at.
_BEGINNINGS: Final = 500

Ranks = NDArray[np.int32] | NDArray[np.int64]


class PopulationBand(StrEnum):
    """How large a city is, coarse enough to say "a city our size". Bounds: `BAND_BOUNDS`."""

    SMALL_TOWN = "small_town"
    TOWN = "town"
    SMALL_CITY = "small_city"
    CITY = "city"
    LARGE_CITY = "large_city"
    METROPOLIS = "metropolis"


BAND_BOUNDS: Final = {
    PopulationBand.SMALL_TOWN: 0,
    PopulationBand.TOWN: 20_000,
    PopulationBand.SMALL_CITY: 50_000,
    PopulationBand.CITY: 100_000,
    PopulationBand.LARGE_CITY: 250_000,
    PopulationBand.METROPOLIS: 1_000_000,
}
"""The smallest population of each band, in people, in ascending order; a band ends below the next one's bound."""


def band_of(population: int | None) -> PopulationBand | None:
    """Return the band of a city of so many people, None where it is not known (None or 0)."""
    if not population:
        return None
    return max((band for band in PopulationBand if population >= BAND_BOUNDS[band]), key=BAND_BOUNDS.__getitem__)


@dataclass(frozen=True, slots=True)
class City:
    """A city. `country` is its ISO 3166 code, `region` may be empty, `population` 0 where GeoNames knows none."""

    geonames_id: int
    name: str
    country: str
    region: str
    population: int
    zone: str

    @property
    def band(self) -> PopulationBand | None:
        """How large it is, None where that is not known."""
        return band_of(self.population)


class CityRow(NamedTuple):
    """A line of the table of cities. The names that find it are normalised and separated by |, its own name first."""

    geonames_id: int
    name: str
    country: str
    region: str
    population: int
    zone: str
    latin_names: str
    other_names: str


def parse_cities(lines: Iterable[str]) -> Iterator[CityRow]:
    """Read the lines of `config/cities.tsv.gz`, whose columns `config/make_cities.py` describes.

    Raises Refusal (cities.file_line) with the number of the first line that cannot be used.
    """
    for number, line in enumerate(lines, start=1):
        cells = line.rstrip("\n").split("\t")
        if len(cells) != _COLUMNS or not (cells[0].isdecimal() and cells[1] and cells[4].isdecimal()):
            raise Refusal("cities.file_line", line=number)
        geonames_id, name, country, region, population, zone, latin, other = cells
        yield CityRow(int(geonames_id), name, country, region, int(population), zone, latin, other)


def guess_zone(city: City) -> str:
    """Return the IANA time zone that somebody who lives in the city most likely keeps."""
    return city.zone


class _Names:
    """A sorted list of names and, beside it, whose they are; names of one alphabet sort three times as fast."""

    def __init__(self, cells: Sequence[str], populations: Sequence[int]) -> None:
        """Take each city's names, separated by |, and its population; the place of a cell is the city's rank."""
        joined = "|".join(filter(None, cells))
        names = joined.split("|") if joined else []
        counts = np.array([cell.count("|") + 1 if cell else 0 for cell in cells], dtype=np.int64)
        codes = np.frombuffer(f"{joined}|||".encode("utf-32-le"), dtype=np.uint32)
        ends = np.flatnonzero(codes == ord("|"))[: len(names)]
        starts = np.concatenate(([0], ends[:-1] + 1))[: len(names)]
        order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
        self.names = [names[place] for place in order.tolist()]
        self.owners = np.repeat(np.arange(len(cells), dtype=np.int32), counts)[order]
        own = np.zeros(len(names), dtype=bool)
        own[(np.cumsum(counts) - counts)[counts > 0]] = True
        self.sizes = np.array(populations, dtype=np.float64)[self.owners] / np.where(own[order], 1, _FOREIGN_NAME)
        self.lengths = (ends - starts)[order]
        self._large = np.flatnonzero((self.owners < _LARGEST) & (self.lengths > _EXACT_LENGTH))
        self._begun = codes[starts[order][self._large, None] + np.arange(3)]

    def starting_with(self, text: str) -> tuple[int, int]:
        """Return where the names that begin with `text` stand: from, and up to."""
        return bisect_left(self.names, text), bisect_left(self.names, text + "\U0010ffff")

    def same_as(self, text: str) -> Ranks:
        """Return whose name is just `text`."""
        return self.owners[bisect_left(self.names, text) : bisect_left(self.names, text + "\x00")]

    def mistyped(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield (mistakes, owner) of names like `text`, whole ones before those that go on after it."""
        most = 1 if len(text) < 8 else 2
        low, high = self.starting_with(text[0])
        near = low + np.flatnonzero(np.abs(self.lengths[low:high] - len(text)) <= most)
        yield from self._near(text, near, most, None)
        low, high = self.starting_with(text[:2])
        longer = low + np.flatnonzero(self.lengths[low:high] > len(text))
        yield from ((most + mistakes, owner) for mistakes, owner in self._near(text, longer, 1, len(text)))

    def wrongly_begun(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield (mistakes, owner) of large cities' names like `text` but for a mistake in the first letter."""
        one, two, three = (ord(letter) for letter in text[:3])
        first, second, third = self._begun.T
        alike = (second == two) & (third == three)
        alike |= (second == one) & (third == two)
        alike |= (first == two) & ((second == three) | (second == one))
        yield from self._near(text, self._large[alike], 1, None)

    def _near(self, text: str, places: Ranks, most: int, cut: int | None) -> Iterator[tuple[int, int]]:
        names = [self.names[place][:cut] for place in places.tolist()]
        if names:
            mistakes = cdist([text], names, scorer=OSA.distance, score_cutoff=most, dtype=np.int32)[0]
            for close in np.flatnonzero(mistakes <= most).tolist():
                yield int(mistakes[close]), int(self.owners[places[close]])


class Gazetteer:
    """Finds cities by name. Built once, never changes; a country or region may follow the name after a comma."""

    def __init__(self, rows: Iterable[CityRow]) -> None:
        self._rows = sorted(rows, key=lambda row: -row.population)
        self._by_id = {row.geonames_id: rank for rank, row in enumerate(self._rows)}
        populations = [row.population for row in self._rows]
        self._lists = (
            _Names([row.latin_names for row in self._rows], populations),
            _Names([row.other_names for row in self._rows], populations),
        )

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, geonames_id: int) -> City | None:
        """Return the city with this GeoNames id, None if there is none in the table."""
        rank = self._by_id.get(geonames_id)
        return None if rank is None else self._city(rank)

    def find(self, text: str, country: str | None = None) -> tuple[City, ...]:
        """Return the cities that are called just `text` in any language, the most populous first.

        Accents and letter case do not matter. `country` is an ISO 3166 code; that or a region may also stand after a
        comma, and then only cities there are returned.
        """
        name, place = self._split(text)
        cities = [self._city(rank) for rank in self._exact(name) if self._lies_in(rank, place)]
        return tuple(city for city in cities if country is None or city.country == country.upper())

    def suggest(self, text: str, limit: int = 25) -> list[City]:
        """Return what somebody who has typed `text` so far may mean: exact names, then beginnings, then mistakes.

        Within each the most populous first, and only those in the country or region that follows a comma, unless
        that leaves none. Nothing typed yet gives the most populous cities.
        """
        name, place = self._split(text)
        if not name:
            return [self._city(rank) for rank in range(min(limit, len(self._rows)))]
        ranks = list(dict.fromkeys([*self._exact(name), *self._beginning(name)]))
        if len(ranks) < limit and len(name) > _EXACT_LENGTH:
            ranks = list(dict.fromkeys([*ranks, *self._mistyped(name)]))
        there = [rank for rank in ranks if self._lies_in(rank, place)]
        return [self._city(rank) for rank in (there or ranks)[:limit]]

    def _city(self, rank: int) -> City:
        return City(*self._rows[rank][:6])

    def _split(self, text: str) -> tuple[str, str]:
        """Split "Porto, PT" into the name and the place it lies in, both normalised; "Washington, D.C." is one name."""
        whole, text = normalise(text), text[:1000]
        name, comma, place = text.partition(",")
        return (whole, "") if not comma or self._exact(whole) else (normalise(name), normalise(place))

    def _lies_in(self, rank: int, place: str) -> bool:
        row = self._rows[rank]
        return not place or row.country.lower() == place or normalise(row.region).startswith(place)

    def _exact(self, name: str) -> list[int]:
        return sorted({int(rank) for names in self._lists for rank in names.same_as(name)})

    def _beginning(self, name: str) -> list[int]:
        owners, sizes = [], []
        for names in self._lists:
            low, high = names.starting_with(name)
            owners.append(names.owners[low:high])
            sizes.append(names.sizes[low:high])
        size = np.concatenate(sizes)
        top = np.argpartition(-size, _BEGINNINGS)[:_BEGINNINGS] if len(size) > _BEGINNINGS else np.arange(len(size))
        best: list[int] = np.concatenate(owners)[top[np.argsort(-size[top], kind="stable")]].tolist()
        return best

    def _mistyped(self, name: str) -> list[int]:
        found = [one for names in self._lists for like in (names.mistyped, names.wrongly_begun) for one in like(name)]
        return [rank for _, rank in sorted(found)]

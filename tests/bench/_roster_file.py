"""A believable roster of any size, the same each time."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from random import Random

from bot.domain.cities import parse_cities
from config import FOLDER

HEADER = (
    "discord_user_id",
    "reference",
    "display_name",
    "post",
    "cohort",
    "city",
    "country",
    "zone",
    "languages",
    "language",
    "topics",
)
FIRST_NAMES = ("Ana", "Boris", "Chiara", "Daryna", "Émile", "Fatou", "Goran", "Hélène", "João", "Łukasz", "Олена")
LAST_NAMES = ("Almeida", "Bielska", "Costa", "Durand", "Esposito", "García", "Hrytsenko", "Jansen", "Лисенко")
POSTS = ("Stormwater engineer", "Housing officer", "Budget director", "Head of mobility", "Responsable du climat")
LANGUAGES = ("en", "fr", "es", "de", "pt", "it", "pl", "uk")
SPOKEN_WITH = ("en", "fr", "es", "")
LEVELS = ("interested", "practitioner", "expert")
FIRST_USER_ID = 300_000_000_000_000_000


def write_roster(path: Path, rows: int) -> None:
    """Write `rows` people into a CSV file: two in three with a Discord id, each with two languages and three topics.

    Topics stand by id and zones are given, so that a loader that looks nothing up can load the file as well.
    """
    chance = Random(rows)
    with (FOLDER / "topics.csv").open(encoding="utf-8", newline="") as file:
        topics = [row["id"] for row in csv.DictReader(file)]
    lines = gzip.decompress((FOLDER / "cities.tsv.gz").read_bytes()).decode().splitlines()
    towns = [town for town in parse_cities(lines) if 50_000 < town.population < 900_000][:400]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            town = chance.choice(towns)
            known = chance.sample(topics, 3)
            writer.writerow(
                (
                    FIRST_USER_ID + number if number % 3 else "",
                    f"P-{number:06}",
                    f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)} {number}",
                    chance.choice(POSTS),
                    f"{2012 + number % 14}",
                    town.name,
                    town.country,
                    town.zone,
                    "|".join(chance.sample(LANGUAGES, 2)),
                    chance.choice(SPOKEN_WITH),
                    " | ".join(f"{topic}:{chance.choice(LEVELS)}" for topic in known),
                )
            )

"""The network of the demo: three servers in three countries, and the people of `people.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import discord

from bot.demo.world import PersonPlan, RolePlan, RoomPlan, ServerPlan, WorldPlan

PEOPLE = Path(__file__).with_name("people.csv")
ROSTER_COLUMNS = ("display_name", "post", "city", "country", "cohort", "languages", "language", "topics")
NETWORK_COORDINATOR = "margaret"

GREEN, SAND = 0x2F6F6A, 0x8A6D1F


@dataclass(frozen=True, slots=True)
class Row:
    """A line of `people.csv`: who she is on Discord, and what the programme's roster says of her."""

    person: PersonPlan
    roster: Mapping[str, str]
    in_roster: bool
    confirmed: bool


def read_people() -> Sequence[Row]:
    """The people of the demo, the one whom a visitor is at first at the top."""
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file)]


def _row(line: Mapping[str, str]) -> Row:
    roles = [role for role in line["roles"].split("|") if role]
    about = ", ".join(part for part in (line["post"], line["city"]) if part)
    person = PersonPlan(
        key=line["key"],
        name=line["display_name"],
        locale=line["locale"],
        about=about,
        servers=dict.fromkeys(line["servers"].split("|"), roles),
    )
    return Row(
        person,
        {column: line[column] for column in ROSTER_COLUMNS},
        in_roster=line["profile"] != "none",
        confirmed=line["profile"] == "confirmed",
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What the rooms and roles of a server are called in its language, each room with its topic."""

    alumni: str
    coordinator: str
    welcome: tuple[str, str]
    questions: tuple[str, str]
    cases: tuple[str, str]
    crisis: tuple[str, str]
    checkin: tuple[str, str]
    coordinators: tuple[str, str]


FRENCH = Names(
    "Anciens participants",
    "Coordination",
    ("accueil", "Se présenter, échanger, appeler le bot"),
    ("questions", "Une question par publication"),
    ("études-de-cas", "Ce que d’autres villes peuvent reprendre"),
    ("alertes", "Seul le bot écrit ici"),
    ("point-mensuel", "Comment va le projet ?"),
    ("coordination", "Réservé à la coordination"),
)
UKRAINIAN = Names(
    "Випускники",
    "Координація",
    ("вітальня", "Познайомитися й поговорити"),
    ("запитання", "Одне запитання — одна тема"),
    ("приклади", "Досвід, який можуть використати інші міста"),
    ("тривоги", "Тут пише лише бот"),
    ("щомісяця", "Як просувається проєкт?"),
    ("координація", "Лише для координації"),
)
PORTUGUESE = Names(
    "Antigos participantes",
    "Coordenação",
    ("boas-vindas", "Apresentar-se, conversar, chamar o bot"),
    ("perguntas", "Uma pergunta por publicação"),
    ("estudos-de-caso", "O que outras cidades podem aproveitar"),
    ("alertas", "Só o bot escreve aqui"),
    ("ponto-mensal", "Como vai o projeto?"),
    ("coordenação", "Só para a coordenação"),
)


@dataclass(frozen=True, slots=True)
class Home:
    """What the bot is told of a server: its language there, and the cities it speaks for by their GeoNames ids."""

    plan: ServerPlan
    language: str
    cities: Sequence[int]


def _home(key: str, name: str, locale: str, owner: str, names: Names, *, language: str, cities: Sequence[int]) -> Home:
    roles = [
        RolePlan("alumni", names.alumni, colour=SAND),
        RolePlan("coordinator", names.coordinator, discord.Permissions(manage_threads=True), GREEN),
    ]
    rooms = [
        RoomPlan("welcome", names.welcome[0], topic=names.welcome[1]),
        RoomPlan("questions", names.questions[0], "forum", names.questions[1]),
        RoomPlan("cases", names.cases[0], "forum", names.cases[1]),
        RoomPlan("crisis", names.crisis[0], topic=names.crisis[1], read_only=True),
        RoomPlan("checkin", names.checkin[0], topic=names.checkin[1]),
        RoomPlan("coordinators", names.coordinators[0], topic=names.coordinators[1], only_for=["coordinator"]),
    ]
    return Home(ServerPlan(key, name, locale, owner, roles, rooms), language, cities)


HOMES: Sequence[Home] = (
    # Lyon, Villeurbanne, Saint-Étienne, Grenoble
    _home(
        "lyon",
        "Villes jumelles · Lyon",
        "fr",
        "julien",
        FRENCH,
        language="fr",
        cities=(2996944, 2968254, 2980291, 3014728),
    ),
    # Lviv, Ivano-Frankivsk, Drohobych
    _home("lviv", "Міста-побратими · Львів", "uk", "taras", UKRAINIAN, language="en", cities=(702550, 707471, 709611)),
    # Porto, Braga, Matosinhos
    _home(
        "porto", "Cidades irmãs · Porto", "pt-BR", "joao", PORTUGUESE, language="es", cities=(2735943, 2742032, 2737824)
    ),
)


def network_plan(rows: Sequence[Row]) -> WorldPlan:
    """The world of the demo."""
    return WorldPlan([home.plan for home in HOMES], [row.person for row in rows], first_room="lyon/welcome")

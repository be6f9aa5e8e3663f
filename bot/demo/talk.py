"""What people said in the rooms of the demo before the visitor came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from simcord import Env

from bot.demo.world import World


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said something in a room, some hours ago."""

    hours: float
    person: str
    room: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody opened a post in a forum, and what came of it."""

    title: str
    said: tuple[Said, ...]


ROOMS = (
    Said(
        51, "chloe", "lyon/welcome", "Bonjour à toutes et à tous ! Présentez-vous : qui, où, et votre sujet du moment."
    ),
    Said(
        50.6, "etienne", "lyon/welcome", "Étienne, Lyon. Nous refaisons le calcul de la redevance **eaux pluviales**."
    ),
    Said(27, "anke", "lyon/welcome", "Anke, Leipzig. Our split stormwater fee turned ten this year; happy to share."),
    Said(26.5, "hannah", "lyon/welcome", "Hannah, Birmingham. I came for the rain gardens and stayed for the people."),
    Said(3, "chloe", "lyon/coordinators", "Léa arrive demain : elle a le rôle, pas encore de profil."),
    Said(30, "oksana", "lviv/welcome", "Вітаю! Друзі з Фрайбурга та Вінніпега вже тут."),
    Said(29.5, "lukas", "lviv/welcome", "Hello from Freiburg! Ask me about energy communities."),
    Said(5, "maksym", "lviv/welcome", "Хто вже ставив сонячні панелі на школах? Цікавить зберігання енергії."),
    Said(41, "ines", "porto/welcome", "Bem-vindas e bem-vindos! Bienvenidas y bienvenidos desde Galicia y León."),
    Said(40, "lucia", "porto/welcome", "¡Gracias! Desde Vigo trabajamos en avisos tempranos para la costa."),
    Said(8, "rui", "porto/checkin", "Segundo orçamento participativo por bairros: 61 propostas, 14 aprovadas."),
)
POSTS = {
    "lyon/questions": (
        Asked(
            "How do you explain a stormwater fee to residents?",
            (
                Said(22, "hannah", "", "People call it a “rain tax”. Which words, pictures or bills worked for you?"),
                Said(20, "anke", "", "A map of each plot with its sealed area. Complaints fell by half in a year."),
                Said(19, "etienne", "", "Une simulation en ligne avant la première facture."),
            ),
        ),
        Asked(
            "Îlots de fraîcheur : quels indicateurs ?",
            (Said(6, "sophie", "", "Nous suivons la température de surface et la fréquentation. Et vous ?"),),
        ),
    ),
    "lviv/questions": (
        Asked(
            "Housing for displaced families: rent or build?",
            (
                Said(15, "andriy", "", "We compare long leases with modular housing. Who has figures after two years?"),
                Said(14, "nadia", "", "Rapid rehousing numbers from Villeurbanne: I can share them."),
            ),
        ),
    ),
    "porto/questions": (
        Asked(
            "¿Presupuestos participativos para menores de 16?",
            (Said(9, "carlos", "", "En León votan desde los 12 años. Cuento cómo lo verificamos."),),
        ),
    ),
}


def write_talk(env: Env, world: World) -> None:
    """Put all of it into the rooms, each with the time when it was said."""
    for said in ROOMS:
        _write(env, world, world.rooms[said.room].id, said)
    for forum, posts in POSTS.items():
        for asked in posts:
            opener = world.people[asked.said[0].person].id
            thread = env.backend.create_thread(world.rooms[forum].id, asked.title, opener, broadcast=False)
            env.backend.announce_thread_create(thread)
            for said in asked.said:
                _write(env, world, thread.id, said)


def _write(env: Env, world: World, room: int, said: Said) -> None:
    message = env.backend.create_message(room, world.people[said.person].id, said.text)
    message.timestamp = (env.now() - timedelta(hours=said.hours)).isoformat()

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


def write_talk(env: Env, world: World) -> None:
    """Put all of it into the rooms, each with the time when it was said."""
    for said in ROOMS:
        _write(env, world, world.rooms[said.room].id, said)


def _write(env: Env, world: World, room: int, said: Said) -> None:
    message = env.backend.create_message(room, world.people[said.person].id, said.text)
    message.timestamp = (env.now() - timedelta(hours=said.hours)).isoformat()

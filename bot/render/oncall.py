"""Who answers for a city, as coordinators keep it and as whoever is on a list learns of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import discord

from bot.domain.oncall import MOST, Duty, Listed, OnCallCity, OnCallPerson, OnCallReach
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, safe, select


class _Preset(discord.SelectDefaultValue):
    """Somebody who is chosen already. Discord's document names her by a string; discord.py writes a number."""

    def to_dict(self) -> Any:
        """As Discord's document has it."""
        return {**super().to_dict(), "id": str(self.id)}


def card(t: Translator, city: OnCallCity, gone: Collection[int] = ()) -> tuple[discord.Embed, discord.ui.View]:
    """A city's list, how each can be reached and what mends it, and the selects that change it.

    `gone`: who is no longer in the server, as far as Discord shows it.
    """
    embed = discord.Embed(title=cut(t("oncall.title", city=safe(city.name)), 256), colour=COLOUR)
    embed.description = t("oncall.explained")
    for duty in Duty:
        people = city.of(duty)
        lines = [_line(t, each, gone) for each in people] or [t("oncall.nobody")]
        name = t("oncall.on_call_people") if duty is Duty.ON_CALL else t("oncall.deputies")
        embed.add_field(name=name, value=cut("\n".join(lines), 1024), inline=False)
    found = {_reach(each, gone) for each in city.people}
    mending = [text for reach, text in _mending(t) if reach in found]
    if mending:
        embed.add_field(name=t("oncall.to_mend"), value="\n".join(mending), inline=False)
    return embed, _controls(t, city, gone)


def _mending(t: Translator) -> Sequence[tuple[OnCallReach, str]]:
    return (
        (OnCallReach.CHANNEL, t("oncall.mend_channel")),
        (OnCallReach.CLOSED, t("oncall.mend_closed")),
        (OnCallReach.LEFT, t("oncall.mend_left")),
    )


def _reach(person: OnCallPerson, gone: Collection[int]) -> OnCallReach:
    return OnCallReach.LEFT if person.user_id in gone else person.reach


def _line(t: Translator, person: OnCallPerson, gone: Collection[int]) -> str:
    return f"<@{person.user_id}>: {t.of(_reach(person, gone))}"


def _controls(t: Translator, city: OnCallCity, gone: Collection[int]) -> discord.ui.View:
    items: list[discord.ui.Item[discord.ui.View]] = []
    if len(city.cities) > 1:
        options = [
            discord.SelectOption(label=cut(name, 100), value=str(city_id), default=city_id == city.city_id)
            for city_id, name in city.cities
        ]
        items.append(select("oncall:city", options, placeholder=t("oncall.which_city"), row=0))
    for row, (duty, placeholder) in enumerate(
        ((Duty.ON_CALL, t("oncall.choose_on_call")), (Duty.DEPUTY, t("oncall.choose_deputies"))), start=1
    ):
        people: discord.ui.UserSelect[discord.ui.View] = discord.ui.UserSelect(
            custom_id=f"oncall:{duty}:{city.city_id}",
            placeholder=cut(placeholder, 150),
            min_values=0,
            max_values=MOST,
            default_values=[
                _Preset(id=each.user_id, type=discord.SelectDefaultValueType.user)
                for each in city.of(duty)
                if _reach(each, gone) is not OnCallReach.LEFT
            ],
            row=row,
        )
        items.append(people)
    if any(_reach(each, gone) is OnCallReach.LEFT for each in city.people):
        items.append(button(t("oncall.take_off_left"), f"oncall:left:{city.city_id}", row=3))
    return buttons(*items)


def listed(t: Translator, place: Listed, mark: str, *, by_name: bool) -> tuple[str, discord.ui.View]:
    """To somebody: she is on a list now, what that means, and one button to step back. `by_name`: in a channel."""
    said = {"city": safe(place.city), "server": safe(place.server_name)}
    text = t("oncall.listed_on_call", **said) if place.duty is Duty.ON_CALL else t("oncall.listed_deputy", **said)
    if by_name:
        text = f"<@{place.user_id}> {text}"
    return text, buttons(button(t("oncall.step_back"), f"oncall:back:{place.id}:{mark}"))


def stepped_back(t: Translator, place: Listed) -> str:
    """What she reads who stepped back."""
    return t("oncall.stepped_back", city=safe(place.city))


def free(t: Translator, city: OnCallCity, duty: Duty) -> str:
    """To coordinators: a place is free, and who is left."""
    return t(
        "oncall.free",
        city=safe(city.name),
        duty=t.of(duty),
        on_call=t("oncall.count_on_call", n=len(city.of(Duty.ON_CALL))),
        deputies=t("oncall.count_deputies", n=len(city.of(Duty.DEPUTY))),
    )

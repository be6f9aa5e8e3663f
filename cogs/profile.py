"""/profile: what a member says of herself, in short steps that are saved one by one."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, reply
from bot.client.profiles import Interaction, add_topic, ask_still, end_pause, put_card, put_topics, speaking
from bot.domain.access import Right
from bot.domain.members import Level
from bot.render import profile as render
from bot.render.experts import choices
from bot.services.members import MembersService

LEVELS = [app_commands.Choice(name=level.value, value=level.value) for level in Level]
USUAL_PAUSE = "30"
"""Days."""


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class ProfileCog(
    commands.GroupCog, group_name="profile", group_description="Your profile: what others may know of you"
):
    """The commands; each step has a button or a select on the card as well."""

    def __init__(self, members: MembersService) -> None:
        self.members = members

    @app_commands.command(
        name="setup",
        description="Begin your profile with your city, or move to another one",
        extras={"right": Right.MEMBER},
    )
    @app_commands.describe(
        city="Your city’s name, in any language and script", zone="Your time zone, if it is not your city’s"
    )
    async def setup(self, interaction: Interaction, city: str, zone: str | None = None) -> None:
        """Save the city and the zone, and show the card with the next step."""
        actor = await actor_of(interaction)
        profile = await self.members.set_up(actor, city, zone)
        t = speaking(interaction, actor, profile)
        await put_card(interaction, actor, profile, render.city_saved(t, profile, self.members.clock()))

    @app_commands.command(
        name="show", description="See your profile, or another member’s", extras={"right": Right.MEMBER}
    )
    @app_commands.describe(member="Whose profile; yours, if you name nobody")
    async def show(self, interaction: Interaction, member: discord.User | None = None) -> None:
        """Her own card, with all its buttons, or what others may see of another member."""
        actor = await actor_of(interaction)
        if member is None or member.id == actor.user_id:
            await put_card(interaction, actor, await self.members.profile(actor))
            await ask_still(interaction, actor)
            return
        profile = await self.members.profile_of(member.id)
        t = speaking(interaction, actor)
        await reply(interaction, embed=render.public(t, profile, self.members.topics.index, self.members.clock()))

    @app_commands.command(
        name="language", description="Choose the language in which I speak with you", extras={"right": Right.MEMBER}
    )
    @app_commands.describe(language="One of my languages")
    async def language(self, interaction: Interaction, language: str) -> None:
        """Save it, and answer in it."""
        actor = await actor_of(interaction)
        profile = await self.members.set_language(actor, language)
        await put_card(interaction, actor, profile, speaking(interaction, actor, profile)("profile.language_saved"))

    @app_commands.command(
        name="timezone", description="Choose the time zone that you keep", extras={"right": Right.MEMBER}
    )
    @app_commands.describe(zone="A city of your zone, or its name")
    async def timezone(self, interaction: Interaction, zone: str) -> None:
        """Save it, and say what her clock shows."""
        actor = await actor_of(interaction)
        profile = await self.members.set_zone(actor, zone)
        t = speaking(interaction, actor, profile)
        now = t.clock(self.members.clock(), profile.zone)
        await put_card(interaction, actor, profile, t("profile.zone_saved", time=now, zone=profile.zone))

    @app_commands.command(
        name="pause",
        description="Be left alone for a while: nobody is sent to you, and I write you nothing",
        extras={"right": Right.MEMBER},
    )
    @app_commands.describe(until="A date, or for how many days; 30 days, if you do not say")
    async def pause(self, interaction: Interaction, until: str = USUAL_PAUSE) -> None:
        """Pause; the card says until when."""
        actor = await actor_of(interaction)
        await put_card(interaction, actor, await self.members.pause(actor, until))

    @app_commands.command(name="resume", description="End your pause", extras={"right": Right.MEMBER})
    async def resume(self, interaction: Interaction) -> None:
        """End it."""
        await end_pause(interaction, await actor_of(interaction))

    @app_commands.command(
        name="topics",
        description="Add a topic that you know about, or change your topics",
        extras={"right": Right.MEMBER},
    )
    @app_commands.describe(
        topic="A topic, in your own words and language",
        level="How well you know it; practitioner, if you do not say",
    )
    @app_commands.choices(level=LEVELS)
    async def topics(
        self, interaction: Interaction, topic: str | None = None, level: str = Level.PRACTITIONER.value
    ) -> None:
        """Add one, or show them all."""
        actor = await actor_of(interaction)
        if topic is not None:
            await add_topic(interaction, actor, topic, Level(level))
            return
        await put_topics(interaction, actor, await self.members.profile(actor))

    @app_commands.command(
        name="claim",
        description="Make the row that your programme has of you your own",
        extras={"right": Right.MEMBER},
    )
    @app_commands.describe(code="The code that your programme gave you")
    async def claim(self, interaction: Interaction, code: str) -> None:
        """Claim it, and see what the programme told us."""
        actor = await actor_of(interaction)
        profile = await self.members.claim(actor, code)
        await put_card(interaction, actor, profile, speaking(interaction, actor, profile)("profile.claimed"))

    @setup.autocomplete("city")
    async def suggest_city(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Cities that begin like what she has typed so far, in any script."""
        t = speaking(interaction, await actor_of(interaction))
        return [render.city_choice(t, one.value, one.place) for one in await self.members.suggest_cities(current)]

    @setup.autocomplete("zone")
    @timezone.autocomplete("zone")
    async def suggest_zone(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Zones that hold what she has typed so far, each with its local time."""
        return render.zone_choices(speaking(interaction, await actor_of(interaction)), current, self.members.clock())

    @language.autocomplete("language")
    async def suggest_language(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """The languages that have a catalogue."""
        choices = render.language_choices(speaking(interaction, await actor_of(interaction)))
        return [one for one in choices if current.casefold() in one.name.casefold()] or choices

    @topics.autocomplete("topic")
    async def suggest_topic(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Topics that begin like what she has typed so far."""
        actor = await actor_of(interaction)
        t = speaking(interaction, actor)
        matches = self.members.topics.suggest(current, actor.language)
        return choices(t, [(self.members.topics.get(match.topic_id), match.matched_label) for match in matches])


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(ProfileCog(bot.services.members))

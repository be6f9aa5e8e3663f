"""A small bot that has one of everything a Discord bot can show, and a small world for it.

The page and its server are tried against it, apart from Twincord itself. Run it to look at the page:
`python -m tests.demo.serve`.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands, ui

from bot.demo.tour import Hers
from bot.demo.world import Chapter, PersonPlan, RolePlan, RoomPlan, ServerPlan, Step, WorldPlan
from bot.i18n import Translator

TOPICS = ("Rain gardens", "Stormwater fees", "Social housing", "Participatory budget", "Cyber attack", "Heat waves")
FRENCH = {
    "topic": "sujet",
    "find": "trouver",
    "expert": "expert",
    "Who knows about a topic": "Qui connaît un sujet",
    "Report this": "Signaler",
}


class French(app_commands.Translator):
    """Names of commands in French, where there is one."""

    async def translate(self, string: app_commands.locale_str, locale: discord.Locale, context: Any) -> str | None:
        return FRENCH.get(string.message) if locale is discord.Locale.french else None


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A plain picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class ProfileForm(ui.Modal, title="Your profile"):
    """Every kind of control that a modal of discord.py 2.7 has."""

    about: ui.Label[ProfileForm] = ui.Label(
        text="About you", description="A line or two", component=ui.TextInput(style=discord.TextStyle.long)
    )
    level: ui.Label[ProfileForm] = ui.Label(
        text="Level",
        component=ui.Select(
            options=[
                discord.SelectOption(label="Interested", value="interested"),
                discord.SelectOption(label="Expert", value="expert", description="I can advise others"),
            ]
        ),
    )
    buddy: ui.Label[ProfileForm] = ui.Label(text="Your buddy", component=ui.UserSelect(required=False))
    mood: ui.Label[ProfileForm] = ui.Label(
        text="How often",
        component=ui.RadioGroup(
            options=[
                discord.RadioGroupOption(label="Monthly", value="m"),
                discord.RadioGroupOption(label="Never", value="n"),
            ]
        ),
    )
    paper: ui.Label[ProfileForm] = ui.Label(text="A file", component=ui.FileUpload(required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        about, level, mood = self.about.component, self.level.component, self.mood.component
        assert isinstance(about, ui.TextInput)
        assert isinstance(level, ui.Select)
        assert isinstance(mood, ui.RadioGroup)
        text = f"Saved: {about.value} ({', '.join(level.values)}, {mood.value})"
        await interaction.response.send_message(text, ephemeral=True)


class Panel(ui.View):
    """Buttons and every kind of select."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.pressed = 0

    @ui.button(label="Press me", style=discord.ButtonStyle.primary, custom_id="press")
    async def press(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        self.pressed += 1
        await interaction.response.edit_message(content=f"Pressed {self.pressed} times by {interaction.user.mention}")

    @ui.button(label="Open the form", custom_id="form")
    async def form(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        await interaction.response.send_modal(ProfileForm())

    @ui.button(label="Off", disabled=True, custom_id="off")
    async def off(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        raise AssertionError("nobody can press this")

    @ui.select(
        placeholder="Choose topics",
        custom_id="topics",
        max_values=3,
        options=[discord.SelectOption(label=topic) for topic in TOPICS],
    )
    async def topics(self, interaction: discord.Interaction, select: ui.Select[Panel]) -> None:
        await interaction.response.send_message(f"You chose {', '.join(select.values)}", ephemeral=True)

    @ui.select(cls=ui.UserSelect, placeholder="Choose a person", custom_id="person")
    async def person(self, interaction: discord.Interaction, select: ui.UserSelect[Panel]) -> None:
        await interaction.response.send_message(f"You chose {select.values[0].mention}", ephemeral=True)


class SmallBot(discord.AutoShardedClient):
    """The bot. It hears direct messages and mentions as well."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, members=True, messages=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        add_commands(self.tree)
        await self.tree.set_translator(French())
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        assert self.user is not None
        if message.author.bot:
            return
        if message.guild is None:
            await message.channel.send(f"You wrote: {message.content}", view=Panel())
        elif self.user in message.mentions:
            await message.reply("You called?")


def add_commands(tree: app_commands.CommandTree[Any]) -> None:
    """Commands with options and autocomplete, forms, menus, pictures, posts and threads."""
    expert = app_commands.Group(name="expert", description="Experts")

    @expert.command(name="find", description="Who knows about a topic")
    @app_commands.describe(topic="What it is about", level="At least this level")
    @app_commands.choices(
        level=[app_commands.Choice(name="Expert", value="expert"), app_commands.Choice(name="Any", value="any")]
    )
    async def find(interaction: discord.Interaction, topic: str, level: app_commands.Choice[str] | None = None) -> None:
        embed = discord.Embed(title=f"About {topic}", description="**Three** people\n- one\n- two", colour=0x2F6F6A)
        embed.add_field(name="Locale", value=str(interaction.locale)).add_field(
            name="Level", value=level.value if level else "any"
        )
        await interaction.response.send_message(embed=embed, ephemeral=True)

    @find.autocomplete("topic")
    async def topics(_interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=topic, value=topic.lower()) for topic in TOPICS if current.lower() in topic.lower()
        ]

    tree.add_command(expert)

    @tree.command(name="panel", description="Buttons and selects")
    async def panel(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Here you are.", view=Panel())

    @tree.command(name="profile", description="Open a form")
    async def profile(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(ProfileForm())

    @tree.command(name="picture", description="A picture, a layout, Markdown")
    async def picture(interaction: discord.Interaction, member: discord.Member | None = None) -> None:
        file = discord.File(io.BytesIO(png(320, 120, (47, 111, 106))), "map.png", description="A green map")
        embed = discord.Embed(title="The map", colour=0xAA7711).set_image(url="attachment://map.png")
        words = "# Title\n-# small\n> quote\n1. one\n2. two\n`code` ||secret|| <t:1767225600:R> **b** [link](https://example.org)"
        await interaction.response.send_message(
            f"{words}\n{member.mention if member else ''}",
            embed=embed,
            file=file,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    @tree.command(name="layout", description="Components V2")
    async def layout(interaction: discord.Interaction) -> None:
        view = ui.LayoutView()
        box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=0x2F6F6A)
        button: ui.Button[ui.LayoutView] = ui.Button(label="Site", url="https://example.org")
        box.add_item(ui.Section("### A section", "with **words**", accessory=button))
        box.add_item(ui.Separator()).add_item(ui.TextDisplay("Below the line"))
        view.add_item(box)
        await interaction.response.send_message(view=view)

    @tree.command(name="slow", description="Thinks first")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("Thought about it.")

    @tree.command(name="ask", description="Opens a post in the forum")
    async def ask(interaction: discord.Interaction, question: app_commands.Range[str, 3, 90]) -> None:
        assert interaction.guild is not None
        post = await interaction.guild.forums[0].create_thread(
            name=question, content=f"Asked by {interaction.user.mention}"
        )
        await interaction.response.send_message(f"Your post: {post.thread.mention}", ephemeral=True)

    @tree.command(name="thread", description="Starts a thread")
    async def thread(interaction: discord.Interaction) -> None:
        assert isinstance(interaction.channel, discord.TextChannel)
        await interaction.response.send_message("A thread begins here.")
        message = await interaction.original_response()
        started = await interaction.channel.create_thread(name="Side talk", message=message)
        await started.send("Welcome to the thread.")

    @tree.command(name="coordinate", description="For coordinators")
    @app_commands.default_permissions(manage_guild=True)
    async def coordinate(interaction: discord.Interaction, count: app_commands.Range[int, 1, 10]) -> None:
        await interaction.response.send_message(f"Done {count} times.", ephemeral=True)

    @tree.context_menu(name="Report this")
    async def report(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"Reported: {message.content}", ephemeral=True)

    @tree.context_menu(name="Who is this")
    async def who(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"This is {member.display_name}.", ephemeral=True)

    @tree.command(name="silent", description="Never answers")
    async def silent(_interaction: discord.Interaction) -> None:
        return


def _server(key: str, name: str, locale: str, owner: str) -> ServerPlan:
    return ServerPlan(
        key,
        name,
        locale,
        owner,
        roles=[
            RolePlan("alumni", "Alumni"),
            RolePlan("coordinator", "Coordinator", discord.Permissions(manage_guild=True), 0x2F6F6A),
        ],
        rooms=[
            RoomPlan("welcome", "welcome", topic="Say hello"),
            RoomPlan("questions", "questions", "forum", "Ask anything"),
            RoomPlan("crisis", "crisis", topic="Alerts only", read_only=True),
            RoomPlan("coordinators", "coordinators", only_for=["coordinator"]),
        ],
    )


PLAN = WorldPlan(
    servers=[_server("lyon", "Lyon", "fr", "mayor"), _server("porto", "Porto", "pt-BR", "mayor")],
    people=[
        PersonPlan("ada", "Ada Byron", "en-US", "Stormwater engineer, Lyon", {"lyon": ["alumni"]}),
        PersonPlan("chloe", "Chloé Martin", "fr", "Coordinator, Lyon", {"lyon": ["alumni", "coordinator"]}),
        PersonPlan("rui", "Rui Costa", "pt-BR", "Budget director, Porto", {"porto": ["alumni"]}),
        PersonPlan("mayor", "Marie Maire", "fr", "Owner of both servers", {"lyon": [], "porto": []}),
        PersonPlan("olga", "Olga Petrenko", "uk", "Outsider", {}),
    ],
    first_room="lyon/welcome",
)


def chapters(_t: Translator, _hers: Hers) -> Sequence[Chapter]:
    """A tour of three steps."""
    steps = [
        Step(
            "find",
            "ada",
            "lyon/welcome",
            "Find an expert",
            "Type a topic; the bot proposes.",
            "/expert find topic:rain",
        ),
        Step("panel", "ada", "lyon/welcome", "Press a button", "A panel opens.", "/panel"),
        Step("french", "chloe", "lyon/coordinators", "Be the coordinator", "Everything is in French.", "/coordinate"),
    ]
    return [Chapter("all", "Everything", steps)]

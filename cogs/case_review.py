"""/review: what waits for coordinators, and their decision on it."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Form, Twincord, actor_of, reply
from bot.client.case_cards import defer, posts_said, put, speaking
from bot.client.case_reading import put_page
from bot.domain.access import Actor, Right
from bot.domain.cases import COMMENT_LIMIT, Deed
from bot.i18n import Translator
from bot.render import cases as render
from bot.services.case_posts import CasePostsService
from bot.services.cases import CasesService

Interaction = discord.Interaction[Twincord]


class Review(commands.Cog):
    """The queue, and whether other servers' cases come too."""

    def __init__(self, cases: CasesService, posts: CasePostsService) -> None:
        self.cases = cases
        self.posts = posts

    @app_commands.command(
        name="review",
        description="Case studies that wait for a decision",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.default_permissions(manage_threads=True)
    @app_commands.guild_only()
    async def review(self, interaction: Interaction) -> None:
        """The oldest first."""
        actor = await actor_of(interaction)
        text, view = render.queue(speaking(interaction, actor), await self.cases.queue(actor))
        await reply(interaction, text, view=view)

    @app_commands.command(
        name="mirror",
        description="Say whether case studies of other servers shall stand in this one's forum too",
        extras={"right": Right.COORDINATOR_OR_ADMINISTRATOR},
    )
    @app_commands.describe(wanted="Whether they shall, from now on")
    @app_commands.default_permissions(manage_threads=True)
    @app_commands.guild_only()
    async def mirror(self, interaction: Interaction, wanted: bool) -> None:
        """On record; what is published from now on comes."""
        actor = await actor_of(interaction)
        await self.posts.mirror(actor, wanted=wanted)
        t = speaking(interaction, actor)
        await reply(interaction, t("cases.mirror_on") if wanted else t("cases.mirror_off"))


class JudgeCase(Action, template=r"case:judge"):
    """One of those that wait, chosen from the list."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Its first page, with the decision below."""
        case = await interaction.client.services.cases.get(actor, int(self.values[0]))
        await put_page(interaction, actor, case, 0, judging=True)


class ReadJudging(Action, template=r"case:judging:(?P<id>\d+):(?P<page>\d{1,3})(?::[bf]|:d\d+)?"):
    """Turns its pages."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Another page."""
        case = await interaction.client.services.cases.get(actor, int(self.match["id"]))
        await put_page(interaction, actor, case, int(self.match["page"]), judging=True)


class PublishCase(Action, template=r"case:publish:(?P<id>\d+)"):
    """Let it be read."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """On record first, then into the forums; then what else waits."""
        await defer(interaction)
        case = await interaction.client.services.cases.publish(actor, int(self.match["id"]))
        await put_queue(interaction, actor, await posts_said(interaction, actor, case))


class JudgementForm(Form):
    """What its author is to read: what to change, or why not."""

    right = Right.SERVER_COORDINATOR

    def __init__(self, t: Translator, case_id: int, deed: Deed) -> None:
        super().__init__(title=t("cases.return_title") if deed is Deed.RETURN else t("cases.reject_title"))
        self.case_id = case_id
        self.deed = deed
        self.comment: discord.ui.TextInput[JudgementForm] = discord.ui.TextInput(
            custom_id="comment", style=discord.TextStyle.paragraph, max_length=COMMENT_LIMIT
        )
        label = t("cases.return_label") if deed is Deed.RETURN else t("cases.reject_label")
        self.add_item(discord.ui.Label(text=label, component=self.comment))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """On record; its author is told."""
        cases = interaction.client.services.cases
        judge = cases.send_back if self.deed is Deed.RETURN else cases.reject
        await judge(actor, self.case_id, self.comment.value)
        await put_queue(interaction, actor, speaking(interaction, actor)("cases.judged"))


class JudgeWithWords(Action, template=r"case:(?P<deed>return|reject):(?P<id>\d+)"):
    """Not like this, or not at all."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form, unless somebody has decided already."""
        deed = Deed(self.match["deed"])
        case = await interaction.client.services.cases.check(actor, int(self.match["id"]), deed)
        await interaction.response.send_modal(JudgementForm(speaking(interaction, actor), case.id, deed))


async def put_queue(interaction: Interaction, actor: Actor, notice: str) -> None:
    """What became of the decision, and what else waits."""
    cases = await interaction.client.services.cases.queue(actor)
    text, view = render.queue(speaking(interaction, actor), cases, notice)
    await put(interaction, content=text, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(JudgeCase, ReadJudging, PublishCase, JudgeWithWords)
    await bot.add_cog(Review(bot.services.cases, bot.services.case_posts))

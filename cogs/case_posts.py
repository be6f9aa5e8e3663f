"""The buttons of a case's post and of lists of cases, and what Discord tells of posts."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.client import Action, Twincord, reply
from bot.client.case_cards import defer, speaking
from bot.client.case_posting import put_case_right
from bot.client.case_reading import asked_in, filters_in, found_parts, put_found, put_page, put_similar
from bot.domain.access import Actor, Right
from bot.render import case_posts as render
from bot.services.case_posts import CasePostsService

Interaction = discord.Interaction[Twincord]
SHARE = "s"


class CasePosts(commands.Cog):
    """What happens to posts."""

    def __init__(self, posts: CasePostsService) -> None:
        self.posts = posts

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A post was deleted: it is lost, and not made again unasked."""
        await self.posts.lost(payload.thread_id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """The same where only the card was deleted: nothing can be done with the post any more."""
        if payload.guild_id is not None:
            await self.posts.lost(payload.channel_id, payload.message_id)


class UsefulCase(Action, template=r"case:useful:(?P<id>\d+)"):
    """Somebody found it useful, or takes that back."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """On record, then on the button."""
        await defer(interaction)
        case_id = int(self.match["id"])
        count = await interaction.client.services.cases.useful(actor, case_id)
        await put_case_right(interaction.client, case_id)
        await reply(interaction, speaking(interaction, actor)("cases.useful_noted", n=count))


class SimilarCases(Action, template=r"case:similar:(?P<id>\d+)"):
    """What else there is like it."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """A few, to her alone."""
        case = await interaction.client.services.cases.get(actor, int(self.match["id"]))
        await put_similar(interaction, actor, case)


class ReadCase(Action, template=r"case:read:(?P<id>\d+):(?P<page>\d{1,3})(?::[bf]|:d\d+)?"):
    """Turns the pages of a case."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Another page."""
        case = await interaction.client.services.cases.get(actor, int(self.match["id"]))
        await put_page(interaction, actor, case, int(self.match["page"]))


class ShowCase(Action, template=r"case:show"):
    """One of a list."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Its first page."""
        case = await interaction.client.services.cases.get(actor, int(self.values[0]))
        await put_page(interaction, actor, case, 0)


class FindCases(Action, template=r"case:find:(?P<page>\d{1,3}):(?P<way>[bfs]):(?P<code>.{1,60})"):
    """Turns the pages of a list, or shows this one to everybody in the channel."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The list worked out afresh."""
        search = interaction.client.services.case_search
        filters = filters_in(self.match["code"])
        found = await search.search(actor, asked_in(interaction.message), filters, int(self.match["page"]))
        if self.match["way"] != SHARE:
            await put_found(interaction, actor, found)
            return
        embed, view = await found_parts(interaction.client, actor, found, actor.server_language)
        await reply(interaction, embed=embed, view=view, ephemeral=False)


class ShareCase(Action, template=r"case:share:(?P<id>\d+)"):
    """Shows a case to everybody in the channel."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Its card, with the buttons of its post."""
        bot = interaction.client
        await bot.services.cases.get(actor, int(self.match["id"]))
        shown = await bot.services.case_posts.shown(int(self.match["id"]))
        t = bot.translator(actor.server_language)
        post = render.post(t, shown.case, shown.topics, shown.adaptations, shown.votes)
        await reply(interaction, post.content, embeds=list(post.embeds), view=post.view, ephemeral=False)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(UsefulCase, SimilarCases, ReadCase, ShowCase, FindCases, ShareCase)
    await bot.add_cog(CasePosts(bot.services.case_posts))

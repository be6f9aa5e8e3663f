"""Showing cases to whoever reads and looks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.client.case_cards import put, speaking
from bot.client.twincord import reply
from bot.domain.access import Actor
from bot.domain.case_filters import CaseFilters
from bot.domain.cases import Case
from bot.domain.errors import Refusal
from bot.render import case_reading as render
from bot.services.case_search import CasePage

if TYPE_CHECKING:
    from bot.client.twincord import Twincord


async def put_page(
    interaction: discord.Interaction[Twincord], actor: Actor, case: Case, number: int, *, judging: bool = False
) -> None:
    """A page of a case, to her alone."""
    topics = interaction.client.services.cases.topics_of(case)
    content, embeds, view = render.page(speaking(interaction, actor), case, topics, number, judging=judging)
    await put(interaction, content=content, embeds=embeds, view=view)


async def found_parts(
    bot: Twincord, actor: Actor, found: CasePage, language: str
) -> tuple[discord.Embed, discord.ui.View]:
    """What a search found, in a language."""
    services = bot.services
    links = await services.case_posts.links([case.id for case in found.cases], actor.server_id)
    topic = services.topics.index.get(found.filters.topic) if found.filters.topic else None
    return render.found(
        bot.translator(language),
        found.text,
        found.filters,
        found.cases,
        links,
        number=found.number,
        last=found.last,
        total=found.total,
        topic=topic,
    )


async def put_found(interaction: discord.Interaction[Twincord], actor: Actor, found: CasePage) -> None:
    """What a search found, to her alone."""
    embed, view = await found_parts(interaction.client, actor, found, actor.language)
    await put(interaction, embed=embed, view=view)


async def put_similar(interaction: discord.Interaction[Twincord], actor: Actor, case: Case) -> None:
    """The cases that are most like one, to her alone."""
    services = interaction.client.services
    t = speaking(interaction, actor)
    cases = await services.case_search.similar(actor, case)
    links = await services.case_posts.links([one.id for one in cases], actor.server_id)
    embed, view = render.several(t, t("cases.similar_to", title=case.title), cases, links)
    await put(interaction, embed=embed, view=view)


async def beside(bot: Twincord, actor: Actor, text: str, language: str, *, here: bool = False) -> str:
    """The cases that fit a question, in a line each, for below its answer; empty where there are none.

    `here`: only those that stand in this server's forum, since everybody reads it.
    """
    services = bot.services
    cases = await services.case_search.about(actor, text)
    links = await services.case_posts.links([one.id for one in cases], actor.server_id)
    shown = [one for one in cases if not here or links.get(one.id, (None, 0))[0] == actor.server_id]
    return render.beside(bot.translator(language), shown, links)


async def put_beside(interaction: discord.Interaction[Twincord], actor: Actor, text: str) -> None:
    """After an answer: the cases that fit the question, to her alone, where there are any."""
    found = await beside(interaction.client, actor, text, actor.language)
    if found:
        await reply(interaction, found)


def asked_in(message: discord.Message | None) -> str:
    """The words that a list of cases was found by: they stand above it."""
    embed = message.embeds[0] if message and message.embeds else None
    return (embed.author.name or "") if embed else ""


def filters_in(code: str) -> CaseFilters:
    """The filters that a button carries. Raises `Refusal` for what no button of ours carries."""
    try:
        return CaseFilters.decoded(code)
    except (ValueError, IndexError) as error:
        raise Refusal("errors.gone") from error

"""Showing a case to whoever looks after it, which commands, buttons and forms all end with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord

from bot.client.case_posting import put_case_right
from bot.client.twincord import reply
from bot.domain.access import Actor
from bot.domain.cases import OPEN, Case, CaseState
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render import cases as render

if TYPE_CHECKING:
    from bot.client.twincord import Twincord


def speaking(interaction: discord.Interaction[Twincord], actor: Actor) -> Translator:
    """The reader's language."""
    return interaction.client.translator(actor.language)


async def defer(interaction: discord.Interaction[Twincord]) -> None:
    """This takes longer than three seconds. Where there is a card it stays, to be changed."""
    if not interaction.response.is_done():
        if ours_alone(interaction):
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)


def ours_alone(interaction: discord.Interaction[Twincord]) -> bool:
    """Whether the click came from a message that only she sees: it may be changed, where a post may not."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def put(interaction: discord.Interaction[Twincord], **parts: Any) -> None:
    """Answer in place where only she sees the message, privately otherwise."""
    if not ours_alone(interaction):
        content = parts.pop("content", None)
        await reply(interaction, content, **{name: part for name, part in parts.items() if part})
        return
    shown = {"content": None, "embeds": [], "attachments": [], **parts}
    if "embed" in shown:
        shown.pop("embeds")
    if interaction.response.is_done():
        await interaction.edit_original_response(**shown)
    else:
        await interaction.response.edit_message(**shown)


async def put_card(
    interaction: discord.Interaction[Twincord],
    actor: Actor,
    case: Case,
    notice: str = "",
    offered: Sequence[Topic] = (),
) -> None:
    """The card of a case."""
    topics = interaction.client.services.cases.topics_of(case)
    embed, view = render.card(speaking(interaction, actor), case, topics, notice, offered)
    await put(interaction, embed=embed, view=view)


async def changed(interaction: discord.Interaction[Twincord], actor: Actor, case: Case) -> None:
    """It says something else now: so do its posts, and the card."""
    t = speaking(interaction, actor)
    notice = t("cases.saved")
    if case.state in OPEN or case.state is CaseState.WITHDRAWN:
        await defer(interaction)
        notice = await posts_said(interaction, actor, case)
    await put_card(interaction, actor, case, notice)


async def posts_said(interaction: discord.Interaction[Twincord], actor: Actor, case: Case) -> str:
    """Put its posts right, and say where they stand or why they do not yet."""
    t = speaking(interaction, actor)
    stands = await put_case_right(interaction.client, case.id)
    lines = []
    for one in stands:
        if one.refusal is not None:
            lines.append(t("cases.post_waits", why=interaction.client.errors.sentence(t, one.refusal)))
        elif one.post.thread_id is not None:
            lines.append(
                t("cases.post_stands", where=f"https://discord.com/channels/{one.post.server_id}/{one.post.thread_id}")
            )
    return "\n".join([t("cases.saved"), *lines])

"""What a case's thread holds: the card, its tags and name, and the messages below. A message is found by its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.client import forums
from bot.client.tags import Tagged
from bot.domain.case_posts import CasePost
from bot.i18n import Translator
from bot.render import case_posts as render
from bot.render.parts import Attachment
from bot.services.case_posts import Shown

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.cases")

READ = 100
"""So many messages of a thread are looked at for our own."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done in a thread that is awake."""

    bot: Twincord
    thread: discord.Thread
    post: CasePost
    shown: Shown
    parts: render.CasePostParts
    tagged: Tagged
    t: Translator

    async def make(self) -> None:
        """Card, tags, name, and what stands below."""
        assert self.post.message_id is not None
        card = self.thread.get_partial_message(self.post.message_id)
        await card.edit(content=self.parts.content, embeds=list(self.parts.embeds), view=self.parts.view)
        if {tag.id for tag in self.thread.applied_tags} != {tag.id for tag in self.tagged.tags}:
            await self.thread.edit(applied_tags=list(self.tagged.tags))
        name = self.shown.case.title
        if name and self.thread.name != name:
            await forums.rename(self.thread, name)
        await _Below(self.bot, self.thread, self.post, self.shown, self.t).write(self.parts.texts)


@dataclass(frozen=True, slots=True)
class _Below:
    """The messages below a card: one for each text, and one with the files."""

    bot: Twincord
    thread: discord.Thread
    post: CasePost
    shown: Shown
    t: Translator

    async def write(self, texts: Sequence[str]) -> None:
        """Let them say this: edited where they are, sent where not, deleted where there are too many."""
        wanted = [*texts, *([self.t("cases.files_below")] if self.shown.case.files else [])]
        known = list(self.post.parts)
        strangers = await self._strangers(known) if len(known) < len(wanted) else []
        for place, text in enumerate(wanted):
            files = bool(self.shown.case.files) and place == len(wanted) - 1
            message = await self._there(known[place]) if place < len(known) else self._found(strangers, text, files)
            message = await self._say(message, text, place, files=files)
            known[place : place + 1] = [message.id]
            await self.bot.services.case_posts.has_parts(self.post.id, known)
        for extra in known[len(wanted) :]:
            await self._delete(extra)
        await self.bot.services.case_posts.has_parts(self.post.id, known[: len(wanted)])

    async def _say(self, message: discord.Message | None, text: str, place: int, *, files: bool) -> discord.Message:
        nonce = f"case{self.post.id}-{self.shown.case.revision}-{place}"[:25]
        if message is None:
            extra: dict[str, Any] = {"files": await self._files()} if files else {"suppress_embeds": True}
            return await self.thread.send(text, nonce=nonce, **extra)
        names = [file.name for file in self.shown.case.files] if files else []
        if [one.filename for one in message.attachments] != [_discord_name(name) for name in names]:
            return await message.edit(content=text, attachments=await self._files() if files else [])
        if message.content != text:
            return await message.edit(content=text)
        return message

    async def _files(self) -> list[discord.File]:
        files = await self.bot.services.case_posts.files(self.shown.case.id)
        return [Attachment(content, _discord_name(name), description) for name, description, content in files]

    async def _there(self, message_id: int) -> discord.Message | None:
        try:
            return await self.thread.fetch_message(message_id)
        except discord.NotFound:
            return None

    async def _strangers(self, known: Sequence[int]) -> list[discord.Message]:
        """Messages of ours that nobody wrote down: we stopped after sending them."""
        mine = self.thread.guild.me.id
        return [
            message
            async for message in self.thread.history(limit=READ, oldest_first=True)
            if message.author.id == mine and message.id not in {*known, self.post.message_id}
        ]

    def _found(self, strangers: list[discord.Message], text: str, files: bool) -> discord.Message | None:
        for message in strangers:
            if message.content == text and bool(message.attachments) == files:
                strangers.remove(message)
                return message
        return None

    async def _delete(self, message_id: int) -> None:
        try:
            await self.thread.get_partial_message(message_id).delete()
        except discord.NotFound:
            log.info("message gone already", thread=self.thread.id, message=message_id)


def _discord_name(name: str) -> str:
    """A file's name as Discord will have it: it replaces spaces by underscores."""
    return name.replace(" ", "_")

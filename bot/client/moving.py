"""Moves questions that nobody answers. It looks into their threads first: answers may have come while we were away."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog

from bot.client import posts
from bot.domain.errors import Refusal, Unavailable
from bot.domain.questions import Question

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.questions")

LOOKED_AT = 50
"""So many messages of a thread are looked at for one that somebody else wrote."""


class Mover:
    """Wakes with the ticker; what it decides stands in the database."""

    def __init__(self, bot: Twincord) -> None:
        self.bot = bot

    async def run_due(self, now: datetime) -> datetime | None:
        """Take one step of each question whose time has come; returns when the next clock strikes."""
        unanswered = self.bot.services.unanswered
        for question in await unanswered.due(now):
            try:
                await self._move(question)
            except (Unavailable, discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.info("question not moved yet", question=question.id, problem=repr(error))
                await unanswered.postpone(question.id)
            except Refusal:
                log.info("question gone", question=question.id)
        return await unanswered.next_due()

    async def _move(self, question: Question) -> None:
        unanswered = self.bot.services.unanswered
        if await self._answered(question):
            await unanswered.answered(question.id)
            return
        moved = await unanswered.move(question.id)
        if moved is not None:
            log.info("question moved", question=question.id, step=moved.step.name, invited=moved.invited)

    async def _answered(self, question: Question) -> bool:
        thread = await posts.thread_of(self.bot, question)
        async for message in thread.history(limit=LOOKED_AT):
            if not message.author.bot and message.author.id != question.asker_user_id:
                return True
        return False

"""What a person does on the page, done in the sandbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from simcord import BackendError, ChannelHandle, GuildHandle, InteractionResult, SetupError, UserHandle
from simcord.backend.access import message_accessible
from simcord.backend.models import Message
from simcord.enums import ChannelType
from simcord.results import to_discord_message

from bot.demo.catalog import choice_view
from bot.demo.leaving import Leave, just_leave
from bot.demo.rooms import Rooms
from bot.demo.sandbox import Actor, Sandbox
from bot.demo.sentences import PageError
from bot.demo.views import Json, is_private, local_urls
from bot.demo.wire import Request, Values

ANYWHERE = {"post", "leave"}
"""What can be done in a forum as well, where nobody writes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One action on its way: who, where, and what she sent."""

    request: Request
    actor: Actor
    room: ChannelHandle
    values: Values


class Actions:
    """Does one thing after another, however many people click at once."""

    def __init__(self, sandbox: Sandbox, rooms: Rooms, leave: Leave = just_leave) -> None:
        self._sandbox = sandbox
        self._leave_server = leave
        self._rooms = rooms
        self._known: dict[str, Callable[[Turn], Awaitable[Json]]] = {
            "send": self._send,
            "post": self._post,
            "edit": self._edit,
            "delete": self._delete,
            "dismiss": self._dismiss,
            "react": self._react,
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "menu": self._menu,
            "click": self._click,
            "select": self._select,
            "modal": self._modal,
            "leave": self._leave,
        }

    async def do(self, request: Request) -> Json:
        """Do what was asked and say what came of it: a form to fill, choices to take, a room to go to, or nothing.

        Raises `PageError`, or whatever simcord raises where Discord would not allow it.
        """
        action = self._known.get(request.do)
        if action is None:
            raise PageError("not_understood")
        if request.person not in self._sandbox.env.backend.users:
            raise PageError("person")
        async with self._sandbox.act():
            room = self._sandbox.room(request.person, request.room)
            if request.do not in ANYWHERE and self._sandbox.env.backend.get_channel(room.id).type == ChannelType.FORUM:
                raise PageError("forum")
            actor = self._sandbox.actor(request.person, room)
            return await action(Turn(request, actor, room, Values(self._sandbox, actor, room, request)))

    async def _send(self, turn: Turn) -> Json:
        backend = self._sandbox.env.backend
        text = turn.request.text("content")
        reply_to = turn.request.fields.get("reply_to")
        message = self._message(turn, reply_to) if reply_to else None
        if not text.strip() and not turn.request.files:
            raise PageError("not_understood")
        if isinstance(turn.actor, UserHandle):
            attachments = backend.store_attachments(turn.room.id, turn.request.files)
            await turn.actor.send_dm(text, attachments=attachments)
        else:
            await turn.actor.send(turn.room, text, reply_to=message, attachments=turn.request.files)
        return {}

    async def _post(self, turn: Turn) -> Json:
        """Open a post in a forum. simcord knows posts by bots only, so a person's is made from its parts."""
        backend = self._sandbox.env.backend
        title, text = turn.request.text("title").strip(), turn.request.text("content").strip()
        if backend.get_channel(turn.room.id).type != ChannelType.FORUM or turn.room.guild is None:
            raise PageError("room")
        backend.require_permissions(turn.room.guild.id, turn.actor.id, turn.room.id, "send_messages")
        if not 1 <= len(title) <= 100 or not 1 <= len(text) <= 2000:
            raise BackendError(400, 50035, "Invalid Form Body")
        thread = backend.create_thread(turn.room.id, title, turn.actor.id, broadcast=False)
        backend.announce_thread_create(thread)
        files = backend.store_attachments(thread.id, turn.request.files)
        backend.create_message(thread.id, turn.actor.id, text, attachments=files)
        await self._sandbox.env.settle()
        return {"room": str(thread.id)}

    async def _edit(self, turn: Turn) -> Json:
        await turn.actor.edit(self._message(turn, turn.request.fields.get("message")), turn.request.text("content"))
        return {}

    async def _delete(self, turn: Turn) -> Json:
        await turn.actor.delete(self._message(turn, turn.request.fields.get("message")))
        return {}

    async def _dismiss(self, turn: Turn) -> Json:
        stored = self._stored(turn, turn.request.number("message"))
        if is_private(stored):
            self._rooms.dismiss(turn.actor.id, stored.id)
        return {}

    async def _react(self, turn: Turn) -> Json:
        message = self._message(turn, turn.request.fields.get("message"))
        on = turn.request.fields.get("on") is True
        await turn.actor.set_reaction(message, turn.request.text("emoji"), reacted=on)
        return {}

    async def _slash(self, turn: Turn) -> Json:
        command = turn.request.text("command")
        options = turn.values.options(command, turn.request.fields.get("options", {}))
        try:
            if isinstance(turn.actor, UserHandle):
                return self._outcome(await turn.actor.slash(command, **options))
            return self._outcome(await turn.actor.slash(turn.room, command, **options))
        finally:
            # Actions take turns: the newest interaction is this one. Its messages name the root command only.
            newest = max(self._sandbox.env.backend.interactions, default=0)
            self._sandbox.commands_used[newest] = command

    async def _autocomplete(self, turn: Turn) -> Json:
        command, option = turn.request.text("command"), turn.request.text("option")
        typed = turn.request.text("value")
        filled = turn.values.options(command, turn.request.fields.get("options", {}), partial=True)
        filled.pop(option, None)
        if isinstance(turn.actor, UserHandle):
            choices = await turn.actor.autocomplete(command, option, typed, **filled)
        else:
            choices = await turn.actor.autocomplete(turn.room, command, option, typed, **filled)
        locale = self._sandbox.locales.get(turn.actor.id, "en-US")
        return {"choices": [choice_view(choice, locale) for choice in choices]}

    async def _menu(self, turn: Turn) -> Json:
        name = turn.request.text("name")
        if isinstance(turn.actor, UserHandle):
            raise SetupError(f"No application command named '{name}' exists")
        target: Any = (
            turn.values.person(turn.request.number("user"))
            if turn.request.fields.get("user")
            else self._message(turn, turn.request.fields.get("message"))
        )
        if isinstance(target, UserHandle):
            raise PageError("person")
        return self._outcome(await turn.actor.context_menu(turn.room, name, target))

    async def _click(self, turn: Turn) -> Json:
        message = self._message(turn, turn.request.fields.get("message"))
        return self._outcome(await turn.actor.click(message, custom_id=turn.request.text("custom_id")))

    async def _select(self, turn: Turn) -> Json:
        stored = self._stored(turn, turn.request.number("message"))
        custom_id = turn.request.text("custom_id")
        chosen = turn.values.select(stored.components, custom_id, turn.request.fields.get("values"))
        message = to_discord_message(self._sandbox.env, stored)
        return self._outcome(await turn.actor.select(message, chosen, custom_id=custom_id))

    async def _modal(self, turn: Turn) -> Json:
        shown = self._sandbox.modals.get(turn.request.number("modal"))
        if shown is None or shown.modal is None:
            raise PageError("modal")
        values = turn.values.modal(shown.modal, turn.request.fields.get("values"))
        return self._outcome(await turn.actor.submit_modal(shown, values))

    async def _leave(self, turn: Turn) -> Json:
        """Leave a server; what is left to her is her messages with the bot. Its owner cannot, as on Discord."""
        backend, person = self._sandbox.env.backend, turn.actor.id
        guild = backend.guilds.get(turn.request.number("server"))
        if guild is None or person not in guild.members or guild.owner_id == person:
            raise PageError("room")
        user = UserHandle(self._sandbox.env, backend.get_user(person))
        await self._leave_server(GuildHandle(self._sandbox.env, guild), user)
        await self._sandbox.env.settle()
        return {"room": str(backend.get_dm_channel(person).id)}

    def _outcome(self, result: InteractionResult) -> Json:
        if not result.acknowledged:
            raise PageError("unanswered")
        if result.modal is None:
            return {}
        return {"modal": {**local_urls(result.modal), "id": str(self._sandbox.remember_modal(result))}}

    def _stored(self, turn: Turn, message_id: int) -> Message:
        backend = self._sandbox.env.backend
        stored = backend.messages.get(turn.room.id, {}).get(message_id)
        if stored is None or not message_accessible(backend, turn.room.id, stored, turn.actor.id, history=True):
            raise PageError("message")
        return stored

    def _message(self, turn: Turn, message_id: Any) -> discord.Message:
        if not isinstance(message_id, str) or not message_id.isdecimal():
            raise PageError("message")
        return to_discord_message(self._sandbox.env, self._stored(turn, int(message_id)))

"""The REST side of the loopback Discord: the few routes that a bot uses, answered from the server's memory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire import payloads
from tests.wire.payloads import Payload

if TYPE_CHECKING:
    from tests.wire.discord_server import DiscordServer

PREFIX = "/api/v10"


def application(application_id: int, flags: int) -> Payload:
    """The bot's application, as its owner set it up."""
    return {
        "id": str(application_id),
        "name": "Twincord",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": payloads.user(application_id + 1, "host"),
        "team": None,
        "verify_key": "0" * 64,
        "flags": flags,
        "interactions_endpoint_url": None,
    }


@dataclass(frozen=True, slots=True)
class Call:
    """A request that fits a route: the ids in its path, by name, its query, and the JSON it carries."""

    parts: dict[str, str]
    query: Mapping[str, str]
    body: Any

    @property
    def channel_id(self) -> int:
        """The channel in the path."""
        return int(self.parts["channel_id"])


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer. discord.py reads JSON only where the content type is exactly this, without a charset."""
    if body is None:
        return web.Response(status=204, headers=headers)
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json")


async def body_of(request: web.Request) -> Any:
    """The JSON that a request carries, alone or beside files; None where there is none."""
    if request.content_type == "multipart/form-data":
        return json.loads(str((await request.post())["payload_json"]))
    text = await request.text()
    return json.loads(text) if text else None


def find(method: str, path: str) -> Found | None:
    """The route of a request, with the ids in its path; None where nothing here answers it."""
    for wanted, pattern, route in _COMPILED:
        if method == wanted and (matched := pattern.fullmatch(path)):
            return route, matched.groupdict()
    return None


def me(server: DiscordServer, call: Call) -> Any:
    """The bot's own user."""
    return server.user


def application_info(server: DiscordServer, call: Call) -> Any:
    """The bot's application."""
    return server.application


def gateway_info(server: DiscordServer, call: Call) -> Any:
    """Where the gateway is, and how many shards it advises."""
    limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return {"url": server.gateway_url, "shards": 1, "session_start_limit": limits}


def my_guilds(server: DiscordServer, call: Call) -> Any:
    """The guilds that the bot is in, in short."""
    return [
        {"id": guild["id"], "name": guild["name"], "icon": None, "owner": False, "permissions": "0", "features": []}
        for guild in server.guilds.values()
    ]


def get_guild(server: DiscordServer, call: Call) -> Any:
    """One guild."""
    return server.guilds[int(call.parts["guild_id"])]


def get_member(server: DiscordServer, call: Call) -> Any:
    """Somebody in a guild."""
    people = get_guild(server, call)["members"]
    return next(one for one in people if one["user"]["id"] == call.parts["user_id"])


def get_channels(server: DiscordServer, call: Call) -> Any:
    """A guild's channels."""
    return get_guild(server, call)["channels"]


def set_commands(server: DiscordServer, call: Call) -> Any:
    """All commands at once, each given an id."""
    server.commands = [
        {
            "type": 1,
            "description": "",
            **command,
            "id": str(server.new_id()),
            "application_id": server.application["id"],
            "version": str(server.new_id()),
        }
        for command in call.body
    ]
    return server.commands


def get_commands(server: DiscordServer, call: Call) -> Any:
    """What was set."""
    return server.commands


def get_channel(server: DiscordServer, call: Call) -> Any:
    """One channel."""
    return server.channels.get(call.channel_id)


def send_message(server: DiscordServer, call: Call) -> Any:
    """A message to a channel."""
    return server.channels.post(call.channel_id, call.body)


def history(server: DiscordServer, call: Call) -> Any:
    """What stands in a channel."""
    return server.channels.history(call.channel_id, call.query)


def get_message(server: DiscordServer, call: Call) -> Any:
    """One message."""
    return server.channels.message(call.channel_id, call.parts["message_id"])


def edit_message(server: DiscordServer, call: Call) -> Any:
    """Another text for a message."""
    return server.channels.edit(call.channel_id, call.parts["message_id"], call.body)


def delete_message(server: DiscordServer, call: Call) -> Any:
    """A message less."""
    server.channels.delete(call.channel_id, call.parts["message_id"])


def open_dm(server: DiscordServer, call: Call) -> Any:
    """The direct channel to someone."""
    return server.channels.open_direct(str(call.body["recipient_id"]))


def interaction_callback(server: DiscordServer, call: Call) -> Any:
    """The first answer to an interaction."""
    found: Payload = {"interaction": {"id": call.parts["interaction_id"], "type": 2}}
    if call.body["type"] == 4:
        sent = payloads.message(server.new_id(), 0, server.user, call.body["data"])
        found["interaction"]["response_message_id"] = sent["id"]
        found["resource"] = {"type": 4, "message": sent}
    return found


def later_answer(server: DiscordServer, call: Call) -> Any:
    """Later messages of an interaction, and edits of its first."""
    return payloads.message(server.new_id(), 0, server.user, call.body)


Route = Callable[["DiscordServer", Call], Any]
Found = tuple[Route, dict[str, str]]
"""A route, and the ids in a path by name."""
ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/users/@me"): me,
    ("GET", "/oauth2/applications/@me"): application_info,
    ("GET", "/gateway/bot"): gateway_info,
    ("GET", "/users/@me/guilds"): my_guilds,
    ("GET", "/guilds/{guild_id}"): get_guild,
    ("GET", "/guilds/{guild_id}/members/{user_id}"): get_member,
    ("GET", "/guilds/{guild_id}/channels"): get_channels,
    ("PUT", "/applications/{application_id}/commands"): set_commands,
    ("GET", "/applications/{application_id}/commands"): get_commands,
    ("GET", "/channels/{channel_id}"): get_channel,
    ("POST", "/channels/{channel_id}/messages"): send_message,
    ("GET", "/channels/{channel_id}/messages"): history,
    ("GET", "/channels/{channel_id}/messages/{message_id}"): get_message,
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): edit_message,
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): delete_message,
    ("POST", "/users/@me/channels"): open_dm,
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"): interaction_callback,
    ("POST", "/webhooks/{application_id}/{interaction_token}"): later_answer,
    ("PATCH", "/webhooks/{application_id}/{interaction_token}/messages/@original"): later_answer,
}
_COMPILED = [
    (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)), route)
    for (method, pattern), route in ROUTES.items()
]

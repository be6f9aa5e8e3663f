"""Tells open pages what changed, so that rooms show new messages by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.demo.sandbox import Sandbox
from bot.demo.views import Json

ROOM_EVENTS = {
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_DELETE",
    "MESSAGE_DELETE_BULK",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
}
PLACE_EVENTS = {
    "CHANNEL_CREATE",
    "CHANNEL_UPDATE",
    "CHANNEL_DELETE",
    "THREAD_CREATE",
    "THREAD_UPDATE",
    "THREAD_DELETE",
    "THREAD_MEMBERS_UPDATE",
    "GUILD_CREATE",
    "GUILD_MEMBER_ADD",
    "GUILD_MEMBER_REMOVE",
    "GUILD_MEMBER_UPDATE",
    "GUILD_ROLE_CREATE",
    "GUILD_ROLE_UPDATE",
    "GUILD_ROLE_DELETE",
}
KEPT_NOTICES = 200


class Feed:
    """Hears the sandbox and hands each open page what its person may know of it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._pages: dict[asyncio.Queue[Json], int] = {}
        self._stop = sandbox.listen(self._heard)

    def close(self) -> None:
        """Stop hearing, and end every page's stream."""
        self._stop()
        for page in list(self._pages):
            self._put(page, {"kind": "end"})

    def open(self, person: int) -> asyncio.Queue[Json]:
        """A page opened for a person: what she may know arrives in this queue."""
        page: asyncio.Queue[Json] = asyncio.Queue(KEPT_NOTICES)
        self._pages[page] = person
        return page

    def shut(self, page: asyncio.Queue[Json]) -> None:
        """A page went away."""
        self._pages.pop(page, None)

    def acted(self, person: int, room: int) -> None:
        """A person did something in a room: her private replies there are announced to nobody but her."""
        for page, viewer in self._pages.items():
            if viewer == person:
                self._put(page, {"kind": "room", "room": str(room)})

    def freshen(self) -> None:
        """Something may have changed unannounced (a late private reply): every page looks at its room again."""
        for page in self._pages:
            self._put(page, {"kind": "look"})

    def _heard(self, event: str, payload: Mapping[str, Any]) -> None:
        if event in ROOM_EVENTS:
            self._tell(int(payload["channel_id"]), event, payload)
        elif event in PLACE_EVENTS:
            for page in self._pages:
                self._put(page, {"kind": "places"})

    def _tell(self, room: int, event: str, payload: Mapping[str, Any]) -> None:
        author = (payload.get("author") or {}).get("id")
        for page, viewer in self._pages.items():
            if self._sandbox.sees(viewer, room):
                new = event == "MESSAGE_CREATE" and author != str(viewer)
                self._put(page, {"kind": "room", "room": str(room), "new": new})

    def _put(self, page: asyncio.Queue[Json], notice: Json) -> None:
        if page.full():
            # A page that does not read for so long is told once to look at everything again.
            while not page.empty():
                page.get_nowait()
            notice = notice if notice["kind"] == "end" else {"kind": "places"}
        page.put_nowait(notice)

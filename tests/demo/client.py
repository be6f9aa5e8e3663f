"""Speaks to the page's server as the page does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.demo.world import World


@dataclass
class Browser:
    """One browser with as many tabs as there are people."""

    address: str
    world: World
    session: aiohttp.ClientSession

    @classmethod
    @asynccontextmanager
    async def opened(cls, address: str, world: World) -> AsyncIterator[Browser]:
        """Open and close it."""
        async with aiohttp.ClientSession(address) as session:
            yield cls(address, world, session)

    def person(self, key: str) -> str:
        return str(self.world.people[key].id)

    def room(self, person: str, room: str) -> str:
        if room.isdecimal():
            return room
        return str(self.world.room_id(person, room))

    async def get(self, path: str, person: str, room: str | None = None) -> Any:
        """What the page reads, as a person."""
        query = {"person": self.person(person)} | ({"room": self.room(person, room)} if room else {})
        async with self.session.get(f"/api/{path}", params=query) as response:
            return await response.json()

    async def messages(self, person: str, room: str) -> list[Any]:
        """The messages that a person sees in a room."""
        view = await self.get("room", person, room)
        messages: list[Any] = view["messages"]
        return messages

    async def act(
        self, person: str, room: str, do: str, *, files: Sequence[tuple[str, bytes]] = (), **fields: Any
    ) -> Any:
        """Do something as a person in a room; what came of it, or `{"error": sentence}`."""
        body = {"person": self.person(person), "room": self.room(person, room), "do": do, **fields}
        headers = {"Origin": self.address.rstrip("/")}
        query = {"person": self.person(person)}
        if files:
            form = aiohttp.FormData()
            form.add_field("action", json.dumps(body))
            for index, (name, data) in enumerate(files):
                form.add_field(f"file-{index}", data, filename=name)
            posting = self.session.post("/api/act", params=query, data=form, headers=headers)
        else:
            posting = self.session.post("/api/act", params=query, json=body, headers=headers)
        async with posting as response:
            answer = await response.json()
            assert (response.status == 200) == ("error" not in answer)
            return answer

    @asynccontextmanager
    async def news(self, person: str) -> AsyncIterator[asyncio.Queue[Any]]:
        """What the server tells an open page, as it comes."""
        heard: asyncio.Queue[Any] = asyncio.Queue()

        async def read(socket: aiohttp.ClientWebSocketResponse) -> None:
            async for message in socket:
                heard.put_nowait(message.json())

        async with self.session.ws_connect("/api/events", params={"person": self.person(person)}) as socket:
            reading = asyncio.create_task(read(socket))
            try:
                yield heard
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

"""The page's server: aiohttp on a loopback address, for nobody but the browser on this machine."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from aiohttp import BodyPartReader, WSCloseCode, web
from simcord import BackendError, SetupError
from simcord.backend.cdn import CDN_BASE

from bot.demo.actions import Actions
from bot.demo.catalog import commands_view
from bot.demo.feed import Feed
from bot.demo.guard import Guard
from bot.demo.leaving import Leave, just_leave
from bot.demo.rooms import Rooms, people_view
from bot.demo.sandbox import Sandbox
from bot.demo.sentences import PageError, sentence
from bot.demo.tour import Tour
from bot.demo.views import MEDIA, Json
from bot.demo.wire import File, as_id, parse_request
from bot.demo.words import tour_words, words
from bot.domain.errors import Refusal
from bot.i18n import Catalogues, Translator

log = structlog.get_logger("twincord.demo")

PAGE = Path(__file__).parent / "page"
HOST = "127.0.0.1"
LARGEST_UPLOAD = 26 * 1024 * 1024
LOOK_SECONDS = 1.0
SILENCE_SECONDS = 15.0


class PageServer:
    """Serves the page, what a person sees, and what she does."""

    def __init__(self, sandbox: Sandbox, catalogues: Catalogues, tour: Tour, leave: Leave = just_leave) -> None:
        self._sandbox = sandbox
        self._catalogues = catalogues
        self._tour = tour
        self._rooms = Rooms(sandbox)
        self._rooms.begin()
        self._feed = Feed(sandbox)
        self._actions = Actions(sandbox, self._rooms, leave)
        self._guard = Guard()

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Listen on loopback, on a free port where none is given, and say at which address.

        Raises `Refusal` where the port is taken.
        """
        app = web.Application(middlewares=[self._guard.middleware], client_max_size=LARGEST_UPLOAD)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/api/world", self._world),
                web.get("/api/room", self._room),
                web.get("/api/commands", self._commands),
                web.get("/api/events", self._events),
                web.post("/api/act", self._act),
                web.get(MEDIA + "/{path:.+}", self._media),
                web.static("/page", PAGE),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handle_signals=False)
        listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        serving = self._sandbox.outside(self._serve(runner, port, listening))
        try:
            either: set[asyncio.Future[Any]] = {serving, listening}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                _why_not(serving, port)
            bound = listening.result()
            self._guard.own(HOST, bound)
            yield f"http://{HOST}:{bound}/"
        finally:
            self._feed.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    async def _serve(self, runner: web.AppRunner, port: int, listening: asyncio.Future[int]) -> None:
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
            listening.set_result(runner.addresses[0][1])
            seen = 0
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                done = len(self._sandbox.env.backend.http_requests)
                if done != seen:
                    seen = done
                    self._feed.freshen()
        finally:
            await runner.cleanup()

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _world(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self._world_view)

    async def _world_view(self, request: web.Request, t: Translator) -> Json:
        viewer = self._viewer(request, default=self._tour.first_person)
        return {
            "person": str(viewer),
            "first_room": str(self._tour.first_room(viewer)),
            "language": t.language,
            "words": words(t),
            "people": [person | self._tour.about(int(person["id"])) for person in people_view(self._sandbox)],
            "bot": str(self._sandbox.env.backend.bot_user.id),
            "servers": self._rooms.servers(viewer),
            "messages": self._rooms.messages_with_bot(viewer),
            "tour": self._tour_view(request),
        }

    def _tour_view(self, request: web.Request) -> Json:
        """The tour speaks to the visitor, in the language of her browser, whoever she is here."""
        t = self._catalogues.translator(request.query.get("reads"))
        chapters = self._tour.chapters(t, self._catalogues)
        return {"language": t.language, "words": tour_words(t), "chapters": chapters}

    async def _room(self, request: web.Request) -> web.StreamResponse:
        async def view(request: web.Request, _t: Translator) -> Json:
            return self._rooms.view(self._viewer(request), as_id(request.query.get("room")))

        return await self._answer(request, view)

    async def _commands(self, request: web.Request) -> web.StreamResponse:
        async def view(request: web.Request, _t: Translator) -> Json:
            viewer, room = self._viewer(request), as_id(request.query.get("room"))
            return commands_view(self._sandbox, viewer, self._sandbox.room(viewer, room).id)

        return await self._answer(request, view)

    async def _act(self, request: web.Request) -> web.StreamResponse:
        async def act(request: web.Request, _t: Translator) -> Json:
            body, files = await _read_body(request)
            action = parse_request(body, files)
            outcome = await self._actions.do(action)
            if action.do != "autocomplete":
                self._feed.acted(action.person, action.room)
            return outcome

        return await self._answer(request, act)

    async def _answer(
        self, request: web.Request, view: Callable[[web.Request, Translator], Awaitable[Json]]
    ) -> web.StreamResponse:
        """What a view says, or one sentence in the person's language where it could not."""
        t = self._translator(request)
        try:
            return web.json_response(await view(request, t))
        except web.HTTPRequestEntityTooLarge:
            problem: Exception = PageError("too_large")
        except Exception as error:  # noqa: BLE001 - whatever the sandbox raises becomes a sentence, and a line in the log
            problem = error
        if isinstance(problem, PageError | SetupError | BackendError | TimeoutError):
            log.debug("not done", kind=type(problem).__name__, reason=str(problem))
        else:
            log.error("not done", exc_info=problem)
        return web.json_response({"error": sentence(t, problem)}, status=422)

    def _translator(self, request: web.Request) -> Translator:
        person = request.query.get("person") or ""
        viewer = int(person) if person.isdecimal() else self._tour.first_person
        return self._catalogues.translator(self._sandbox.locales.get(viewer))

    def _viewer(self, request: web.Request, default: int | None = None) -> int:
        wanted = request.query.get("person")
        viewer = default if wanted is None and default is not None else as_id(wanted)
        user = self._sandbox.env.backend.users.get(viewer)
        if user is None or user.bot:
            raise PageError("person")
        return viewer

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """News for an open page, over a WebSocket: a browser allows one address only six streams, but many of these."""
        person = request.query.get("person", "")
        if not person.isdecimal():
            raise web.HTTPNotFound
        socket = web.WebSocketResponse(heartbeat=SILENCE_SECONDS)
        await socket.prepare(request)
        page = self._feed.open(int(person))
        telling = asyncio.create_task(_tell(socket, page))
        try:
            async for _nothing in socket:
                pass  # a page has nothing to say here; reading is how its going away is noticed
        finally:
            self._feed.shut(page)
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
        return socket

    async def _media(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        blob = self._sandbox.env.backend.cdn.get(f"{CDN_BASE}/{path}")
        if blob is None:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        headers = {"Content-Type": kind}
        if not kind.startswith("image/") or kind == "image/svg+xml":
            name = quote(path.rpartition("/")[2])
            headers = {
                "Content-Type": "application/octet-stream",
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            }
        return web.Response(body=blob, headers=headers)


def _why_not(serving: asyncio.Task[None], port: int) -> None:
    try:
        serving.result()
    except OSError as error:
        raise Refusal("demo.port_taken", port=str(port)) from error


async def _tell(socket: web.WebSocketResponse, page: asyncio.Queue[Json]) -> None:
    while True:
        notice = await page.get()
        if notice["kind"] == "end":
            await socket.close(code=WSCloseCode.GOING_AWAY)
            return
        await socket.send_json(notice)


async def _read_body(request: web.Request) -> tuple[Any, list[File]]:
    """The action as JSON, alone or as the first part of a form that carries files."""
    if request.content_type == "application/json":
        return _json(await request.text()), []
    if request.content_type != "multipart/form-data":
        raise PageError("not_understood")
    body: Any = None
    files: list[File] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise PageError("not_understood")
        if part.name == "action":
            body = _json(await part.text())
        else:
            files.append((part.filename or "file", bytes(await part.read(decode=True))))
    return body, files


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise PageError("not_understood") from None

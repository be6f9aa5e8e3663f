"""Keeps other sites out: a page open elsewhere in the same browser may not reach the sandbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
"""Nothing comes from another address, and nothing frames the page."""

READING = {"GET", "HEAD"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """Lets in only requests to our own address (a name that points here is not it), from our own page."""

    def __init__(self) -> None:
        self._hosts: set[str] = set()
        self._headers: dict[str, str] = {}

    def own(self, host: str, port: int) -> None:
        """This is our address."""
        self._hosts = {f"{host}:{port}", f"localhost:{port}"}
        # Not every browser counts a WebSocket to the same address as 'self'.
        sockets = " ".join(sorted(f"ws://{own}" for own in self._hosts))
        self._headers = {
            "Content-Security-Policy": f"{POLICY}; connect-src 'self' {sockets}",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }

    def lets_in(self, request: web.Request) -> bool:
        """Whether Host is ours, and Origin too: browsers leave it out of a plain reading, never of a writing."""
        origin = request.headers.get("Origin")
        if request.host not in self._hosts:
            return False
        if origin is None:
            return request.method in READING
        return origin in {f"http://{host}" for host in self._hosts}

    @property
    def middleware(self) -> Middleware:
        """The guard as aiohttp takes it; it sets the safe headers on whatever is answered."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self.lets_in(request):
                return web.Response(
                    status=403, text="This page answers only to its own address.\n", headers=self._headers
                )
            try:
                response = await handler(request)
            except web.HTTPException as error:
                error.headers.update(self._headers)
                raise
            if not response.prepared:
                response.headers.update(self._headers)
            return response

        return guarded

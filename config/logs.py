"""Structured logging, with secrets masked wherever they turn up."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

MASK = "•••"
TOKEN_SHAPE = re.compile(r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}")
"""A Discord bot token: three base64url parts (id, time stamp, HMAC)."""
PASSWORD_IN_URL = re.compile(r"(?<=://)([^:/@\s]*):([^@/\s]+)@")

Event = MutableMapping[str, Any]


def masker(*secrets: str) -> Callable[[str], str]:
    """A function that masks these secrets, token-shaped words and passwords in URLs in a text."""
    known = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def mask(text: str) -> str:
        for secret in known:
            text = text.replace(secret, MASK)
        return PASSWORD_IN_URL.sub(rf"\1:{MASK}@", TOKEN_SHAPE.sub(MASK, text))

    return mask


class MaskedStream:
    """A text stream that masks what is written to it: the last door, whoever wrote the line."""

    def __init__(self, stream: Any, mask: Callable[[str], str]) -> None:
        self._stream = stream
        self._mask = mask

    def write(self, text: str) -> int:
        """Write `text`, masked."""
        return int(self._stream.write(self._mask(text)))

    def flush(self) -> None:
        """Pass the flush on."""
        self._stream.flush()


def configure(level: str, form: str, *secrets: str, stream: Any = None) -> None:
    """Send every log line (ours and the libraries') to `stream`, standard error unless given, masked.

    `level` is one of debug, info, warning, error; `form` is "text" for people or "json" for machines.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
    )
    handler = logging.StreamHandler(MaskedStream(stream or sys.stderr, masker(*secrets)))
    handler.setFormatter(formatter)
    handler.addFilter(_is_news)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # These say on every request what we say once ourselves.
    for noisy in ("discord.client", "discord.gateway", "discord.http", "alembic", "aiosqlite"):
        logging.getLogger(noisy).setLevel(max(logging.getLogger().level, logging.WARNING))


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line says something: discord.py warns at every start that a bot without a voice cannot speak."""
    return not str(record.msg).endswith("voice will NOT be supported")

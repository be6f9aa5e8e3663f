"""Files with a case: which may come along, told by their first bytes and not by their names alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from bot.domain.errors import Refusal
from bot.domain.text import tidy

LARGEST: Final = 3 * 1024 * 1024
"""Three files of this size fit in one message on every server."""
NAME_LIMIT: Final = 100
DESCRIPTION_LIMIT: Final = 300
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False


_ZIP: Final = _begins(b"PK\x03\x04")
KINDS: Final[Mapping[str, tuple[str, Callable[[bytes], bool]]]] = MappingProxyType(
    {
        ".pdf": ("application/pdf", _begins(b"%PDF-")),
        ".docx": (f"{_OFFICE}.wordprocessingml.document", _ZIP),
        ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
        ".pptx": (f"{_OFFICE}.presentationml.presentation", _ZIP),
        ".odt": (f"{_OPEN}.text", _ZIP),
        ".ods": (f"{_OPEN}.spreadsheet", _ZIP),
        ".odp": (f"{_OPEN}.presentation", _ZIP),
        ".csv": ("text/csv", _is_text),
        ".txt": ("text/plain", _is_text),
        ".md": ("text/markdown", _is_text),
        ".png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
        ".jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
        ".jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    }
)
"""What may come along, by the ending of its name: its media type, and whether its bytes are such a file."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that passed."""

    name: str
    media_type: str
    content: bytes
    description: str


def check_size(name: str, size: int) -> None:
    """Raises `Refusal` for a file that is empty or too large: known before it is fetched."""
    if not 0 < size <= LARGEST:
        raise Refusal("cases.file_size", name=name[:NAME_LIMIT], limit=LARGEST // (1024 * 1024))


def read_file(name: str, content: bytes, description: str) -> NewFile:
    """A file that may come along. Raises `Refusal` for its size, its kind, or bytes that are of another kind."""
    shown = tidy(name.replace("/", "_").replace("\\", "_"))
    ending = PurePosixPath(shown).suffix.lower()
    check_size(shown, len(content))
    if ending not in KINDS or shown == ending:
        raise Refusal("cases.file_kind", name=shown[:NAME_LIMIT], kinds=tuple(sorted(KINDS)))
    media_type, fits = KINDS[ending]
    if not fits(content):
        raise Refusal("cases.file_other", name=shown[:NAME_LIMIT], kind=ending)
    short = shown if len(shown) <= NAME_LIMIT else shown[: NAME_LIMIT - len(ending)] + ending
    return NewFile(short, media_type, content, tidy(description)[:DESCRIPTION_LIMIT] or short)

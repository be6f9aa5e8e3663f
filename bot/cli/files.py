"""Files that a command writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.domain.errors import Refusal


@contextmanager
def write_new(file: Path) -> Iterator[TextIO]:
    """A new text file that its owner alone may read, since it holds people's data; never an existing one.

    It is there whole or not at all. Raises `Refusal` where it exists or cannot be written.
    """
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise Refusal("cli.file_exists", file=str(file)) from error
    except OSError as error:
        raise Refusal("cli.file_unwritable", file=str(file), reason=error.strerror) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as lines:
            yield lines
    except BaseException as error:
        file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Refusal("cli.file_unwritable", file=str(file), reason=error.strerror) from error
        raise

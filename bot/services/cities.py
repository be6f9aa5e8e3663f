"""Reading the table of cities."""

from __future__ import annotations

import gzip
from pathlib import Path

from bot.domain.cities import Gazetteer, parse_cities


def load_gazetteer(file: Path) -> Gazetteer:
    """Read `file` (gzip, UTF-8, the columns of `config/make_cities.py`); takes a third of a second, so use a thread.

    Raises OSError if the file cannot be read, and Refusal (cities.file_line) if a line of it cannot be used.
    """
    return Gazetteer(parse_cities(gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()))

"""Texts found by the three- and four-letter pieces they share with another, whatever the words, endings or order.

TF-IDF with cosine: Salton & Buckley, "Term-weighting approaches in automatic text retrieval" (1988). Pieces reach
over the ends of words, so that a German compound meets its parts and a Slavic noun its other cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bot.domain.lexicon import letters, pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SIZES = (3, 4)
# The rarest pieces are read first, and no further once so many places have been looked up: a piece that everything
# has says little, and the time to find something stays the same however many texts there are.
_MOST_PLACES = 12_000
# A text that is less like the other than this is not worth a second look.
_FAINTEST = 0.1


class PieceIndex:
    """An inverted index from pieces to texts. Never changes."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        codes = letters("".join(f" {text} " for text in texts))
        owner = np.repeat(np.arange(self._count), np.array([len(text) + 2 for text in texts], dtype=np.int64))
        keys = [
            pieces(codes, size).astype(np.int64)[inside] * self._count + owner[: len(inside)][inside]
            for size in _SIZES
            if len(codes) >= size
            for inside in [owner[: len(owner) - size + 1] == owner[size - 1 :]]
        ]
        key = np.sort(np.concatenate(keys)) if keys else np.zeros(0, dtype=np.int64)
        first = np.flatnonzero(np.diff(key, prepend=-1))
        times = np.diff(first, append=len(key))
        piece, rows = np.divmod(key[first], max(1, self._count))
        self._rows = rows.astype(np.int32)
        spread = np.bincount(piece, minlength=1 << 16)
        self._starts: list[int] = [0, *np.cumsum(spread).tolist()]
        rarity: Floats = np.log(max(1, self._count) / np.maximum(1, spread)) + 1
        self._rarity: list[float] = rarity.tolist()
        weights = times * rarity[piece]
        lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=self._count))
        # Times the rarity of the piece once more: that is what it weighs in the text that is asked for.
        self._values = (weights / lengths[rows] * rarity[piece]).astype(np.float32)

    def near(self, text: str, limit: int = 80) -> tuple[Ints, Floats]:
        """Return the numbers of the texts most like `text`, best first, and their cosines (0 to 1)."""
        codes = letters(f" {text} ")
        own = [pieces(codes, size) for size in _SIZES if len(codes) >= size]
        if not own or not self._count:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        starts, rarity = self._starts, self._rarity
        times = Counter(np.concatenate(own).tolist())
        sizes = sorted((starts[piece + 1] - starts[piece], piece) for piece in times)
        rows, worth = [], []
        left = _MOST_PLACES
        for size, piece in sizes:
            left -= size
            if left < 0:
                break
            start = starts[piece]
            rows.append(self._rows[start : start + size])
            values = self._values[start : start + size]
            worth.append(values if times[piece] == 1 else values * np.float32(times[piece]))
        if not rows:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        scores = np.bincount(np.concatenate(rows), weights=np.concatenate(worth), minlength=self._count)
        length = sqrt(sum((number * rarity[piece]) ** 2 for piece, number in times.items()))
        found = np.flatnonzero(scores > _FAINTEST * length)
        if len(found) > limit:
            found = found[np.argpartition(-scores[found], limit)[:limit]]
        found = found[np.argsort(-scores[found], kind="stable")]
        return found, np.minimum(1.0, scores[found] / length)

"""The cases that have a word, packed: a run of three bytes a case in blocks of 65,536 ids.

An entry is the case's place in the block (two bytes, little-endian) and the weight of the word in it. So a word is read
whole in one go, however many have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 1 << 16
"""Ids in a block."""
FULL: Final = 100
"""The weight that counts as one."""
_ENTRY = np.dtype([("place", "<u2"), ("weight", "u1")])

Blocks = Sequence[tuple[int, bytes]]
"""The postings of a word: block numbers with their packed entries."""
Ints = NDArray[np.int64]


def put(entries: bytes, place: int, weight: int | None) -> bytes:
    """The entries of a block in which one case has this weight, or is gone where it is None."""
    known = np.frombuffer(entries, dtype=_ENTRY)
    others = known[known["place"] != place]
    if weight is None:
        return bytes(others.tobytes())
    added = np.append(others, np.array([(place, weight)], dtype=_ENTRY))
    return added[np.argsort(added["place"], kind="stable")].tobytes()


def pack(entries: Iterable[tuple[int, int]]) -> bytes:
    """The entries of a block from places and weights."""
    return np.array(sorted(entries), dtype=_ENTRY).tobytes()


def cases_of(blocks: Blocks, size: int) -> tuple[Ints, NDArray[np.float32]]:
    """The cases that have a word, of ids below `size`, and its weight in each, 0 to 1."""
    read = [(block, np.frombuffer(entries, dtype=_ENTRY)) for block, entries in blocks]
    if not read:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    ids = np.concatenate([each["place"].astype(np.int64) + block * BLOCK for block, each in read])
    weights = np.concatenate([each["weight"] for _, each in read]).astype(np.float32) / np.float32(FULL)
    if ids.max(initial=0) < size:
        return ids, weights
    return ids[ids < size], weights[ids < size]

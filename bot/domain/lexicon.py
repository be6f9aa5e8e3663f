"""The words of many phrases, found again when they come misspelt, inflected, unfinished or inside a compound."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Prefix

Ints = NDArray[np.int64]

# Words of up to this many letters are found as they are written or not at all: "art" is no misspelt "arte".
EXACT_LENGTH = 3
_BUCKETS = 1 << 16
# Words that share at least so many pieces and this part of them are compared letter by letter, up to so many words.
_FEWEST = 3
# Forms of one word have so many letters in common, and so many has a part of a compound.
_STEM = 5
_CLOSE = 0.3
_CANDIDATES = 30
_UNFINISHED = 400
_REMEMBERED = 1024


def pieces(codes: NDArray[np.uint32], size: int) -> NDArray[np.uint16]:
    """Hash each run of `size` neighbouring characters into one of 65,536 buckets."""
    hashed = np.full(len(codes) - size + 1, size * 7919, dtype=np.uint32)
    for offset in range(size):
        hashed = hashed * np.uint32(31_337) + codes[offset : len(codes) - size + 1 + offset]
    return ((hashed ^ (hashed >> np.uint32(15))) & np.uint32(_BUCKETS - 1)).astype(np.uint16)


def letters(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _related(typed: str, word: str) -> float:
    """Return how surely the two are forms of one word, or one a part of the other; 0 where only spelling is alike."""
    one, other = len(typed), len(word)
    shorter, longer = (one, other) if one < other else (other, one)
    if shorter <= EXACT_LENGTH:
        return 0.0
    start = Prefix.similarity(typed, word)
    best = 0.0
    if longer - start <= (3 if start >= 5 else 2) and (start >= 5 or start == shorter):
        best = 0.92 - 0.02 * (longer - start)
    elif start >= 7 and longer - start <= 5:
        best = 0.8 - 0.02 * (longer - start)
    if shorter >= 5 and (typed in word or word in typed):
        best = max(best, 0.5 + 0.35 * shorter / longer)
    return best


def _mistyped(typed: str, word: str) -> float:
    """Return how surely the one is the other with a typing mistake, or two or three in a long word."""
    one, other = len(typed), len(word)
    shorter, longer = (one, other) if one < other else (other, one)
    allowed = 1 if longer < 8 else 2 if longer < 13 else 3
    if shorter <= EXACT_LENGTH or longer - shorter > allowed:
        return 0.0
    mistakes = OSA.distance(typed, word, score_cutoff=allowed)
    return 1 - 1.5 * mistakes / longer if mistakes <= allowed else 0.0


def likeness(typed: str, word: str) -> float:
    """Return how surely `typed` means `word`: 1 the same, 0 not at all.

    The best of three readings: a typing mistake (by optimal string alignment, where two swapped letters are one),
    another ending of the same stem (public, publics; бюджет, бюджету), one part of a compound (Regenwasser,
    Regenwasserbewirtschaftung).
    """
    return 1.0 if typed == word else max(_related(typed, word), _mistyped(typed, word))


class Lexicon:
    """A sorted vocabulary with an index of its two- and three-letter pieces."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.words = sorted(set(vocabulary))
        self.number = {word: number for number, word in enumerate(self.words)}
        self._lengths = np.array([len(word) for word in self.words], dtype=np.int64) + 2
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._similar)
        codes = letters("".join(f"\x02{word}\x03" for word in self.words))
        owner = np.repeat(np.arange(len(self.words)), self._lengths)
        hashes, owners = [], []
        for size in (2, 3):
            if len(codes) >= size:
                inside = owner[: len(owner) - size + 1] == owner[size - 1 :]
                hashes.append(pieces(codes, size)[inside])
                owners.append(owner[: len(owner) - size + 1][inside])
        bucket = np.concatenate(hashes) if hashes else np.zeros(0, dtype=np.uint16)
        order = np.argsort(bucket, kind="stable")
        self._owners: Ints = (np.concatenate(owners) if owners else np.zeros(0, dtype=np.int64))[order]
        self._starts: list[int] = [0, *np.cumsum(np.bincount(bucket, minlength=_BUCKETS)).tolist()]

    def __len__(self) -> int:
        return len(self.words)

    def starting_with(self, text: str) -> range:
        """Return the numbers of all words that begin with `text`, `text` itself first."""
        return range(bisect_left(self.words, text), bisect_left(self.words, text + "\U0010ffff"))

    def similar(self, word: str, *, unfinished: bool = False, known: bool = False) -> Sequence[tuple[int, float]]:
        """Return the numbers of the words that `word` may stand for, each with its likeness, in no order.

        A word that is known, here or to whoever asks (`known`), is no typing mistake for another. With `unfinished` the
        author may still be typing it.
        What was asked lately is remembered: with every letter of a text the words before are asked again.
        """
        return self._remembered(word, unfinished, known)

    def _similar(self, word: str, unfinished: bool, known: bool) -> tuple[tuple[int, float], ...]:
        exact = self.number.get(word)
        strange = exact is None and not known
        reading = likeness if strange else _related
        found: dict[int, float] = {}
        if len(word) > EXACT_LENGTH and self.words:
            for number in self._candidates(word) if strange else self._relatives(word):
                other = self.words[number]
                value = reading(word, other)
                if unfinished and exact is None and len(other) > len(word) > EXACT_LENGTH + 1:
                    value = max(value, 0.96 * _mistyped(word, other[: len(word)]))
                if value > 0:
                    found[number] = value
        if unfinished:
            for number in self.starting_with(word)[:_UNFINISHED]:
                found[number] = max(found.get(number, 0.0), 0.6 + 0.4 * len(word) / len(self.words[number]))
        if exact is not None:
            found[exact] = 1.0
        return tuple(found.items())

    def _relatives(self, word: str) -> set[int]:
        """Return the numbers of all words that may be related to a known one (`_related`): without counting pieces."""
        size = len(word)
        stem = max(_STEM, size - 3 if size < 10 else 7 if size < 13 else size - 5)
        found = set(self.starting_with(word[:stem]))
        for start in range(size - EXACT_LENGTH):
            for end in range(start + (_STEM if start else EXACT_LENGTH + 1), size + 1):
                part = self.number.get(word[start:end])
                if part is not None:
                    found.add(part)
        if size >= _STEM:
            lists = (self._owners[self._starts[b] : self._starts[b + 1]] for b in pieces(letters(word), 3).tolist())
            found.update(number for number in min(lists, key=len).tolist() if word in self.words[number])
        return found

    def _candidates(self, word: str) -> list[int]:
        codes = letters(f"\x02{word}\x03")
        buckets = np.concatenate((pieces(codes, 2), pieces(codes, 3)))
        slices = [self._owners[self._starts[b] : self._starts[b + 1]] for b in set(buckets.tolist())]
        shared = np.bincount(np.concatenate(slices), minlength=len(self.words))
        some = np.flatnonzero(shared >= _FEWEST)
        # A word of n letters has 2n + 1 pieces; Dice's measure, and three quarters of it for a word inside another.
        both, theirs, ours = shared[some], 2 * self._lengths[some] - 3, len(buckets)
        closeness = np.maximum(2 * both / (theirs + ours), 0.75 * both / np.minimum(theirs, ours))
        close = closeness >= _CLOSE
        some, closeness = some[close], closeness[close]
        if len(some) > _CANDIDATES:
            some = some[np.argpartition(-closeness, _CANDIDATES)[:_CANDIDATES]]
        numbers: list[int] = some.tolist()
        return numbers

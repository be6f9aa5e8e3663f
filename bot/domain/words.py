"""Phrases found by their words, each of which may come misspelt, inflected, unfinished or as part of a compound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from bot.domain.fillers import FILLERS
from bot.domain.lexicon import Lexicon
from bot.domain.matching import normalise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Room = tuple[Floats, Floats, Ints]
"""Zeros for each row, twice, and a number that says nothing: clearing what was touched is quicker than making them anew
for each query."""

_FILLER_WEIGHT = 0.2
# A filler word in a question completes a name ("social work") but makes none: "it" is not IT.
_FILLER_LIKENESS = 0.35
_MOST_WORDS = 14
_LONGEST_PAIR = 24
# So many places are looked up for one word, those of the likeliest readings first, so that the time to find something
# stays the same however many phrases there are. A word that has more of them tells one from another by nothing.
_MOST_PLACES = 20_000


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a query. A `filler` only wraps what is meant."""

    text: str
    filler: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How much a word of a query counts, and what it may stand for: numbers of known words with their likeness."""

    weight: float
    similar: Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Found:
    """What the words of a query touch. `phrases` by number with their `scores`; `things` with the share `covered`.

    A phrase's score says how much of it was asked for, and how much of the query it is; `covered` says how much of
    the query the thing's names know between them. All are 0 to 1.
    """

    phrases: Ints
    scores: Floats
    things: Ints
    covered: Floats


class WordIndex:
    """An inverted index from words to phrases that forgives what `Lexicon` forgives. Never changes."""

    def __init__(self, texts: Sequence[str], things: Ints) -> None:
        self._things = things
        self._thing_count = int(things.max(initial=-1)) + 1
        words = [tuple(dict.fromkeys(text.split())) for text in texts]
        single = {word for every in words for word in every}
        # Each phrase is a row of its words; a phrase of two also one of the two written as one.
        pairs = [(number, "".join(every)) for number, every in enumerate(words) if len(every) == 2]
        pairs = [(number, pair) for number, pair in pairs if len(pair) < _LONGEST_PAIR]
        self._owners = np.array([*range(len(words)), *(number for number, _ in pairs)], dtype=np.int64)
        self._lexicon = Lexicon([*single, *(pair for _, pair in pairs)])
        number = self._lexicon.number
        # "publicart" is there for who writes it so, not for everything that is public.
        self._joined = {number[pair]: len(pair) for _, pair in pairs if pair not in single}
        numbers = [number[word] for every in words for word in every] + [number[pair] for _, pair in pairs]
        sizes = [len(every) for every in words] + [1] * len(pairs)
        self._spare: list[Room] = []
        self._post(np.array(numbers, dtype=np.int64), np.repeat(np.arange(len(sizes)), sizes))

    def _post(self, words: Ints, rows: Ints) -> None:
        """Keep the rows of each word, and what the words weigh: the fewer things have one, the more."""
        known = len(self._lexicon)
        self._postings = rows[np.argsort(words, kind="stable")]
        self._starts: list[int] = [0, *np.cumsum(np.bincount(words, minlength=known)).tolist()]
        of_things = np.unique(words * max(1, self._thing_count) + self._things[self._owners[rows]])
        spread = np.bincount(of_things // max(1, self._thing_count), minlength=known)
        count = len(np.unique(self._things))
        self._unknown = 0.75 * log(1 + count)
        fillers = np.array([_FILLER_WEIGHT if word in FILLERS else 1.0 for word in self._lexicon.words])
        self._weights: Floats = np.log(1 + count / np.maximum(1, spread)) * fillers
        self._totals = np.bincount(rows, weights=self._weights[words], minlength=len(self._owners))

    def asked(self, text: str, *, unfinished: bool) -> list[AskedWord]:
        """Return the words of a query, marking those that only wrap the topic; an unfinished one never does."""
        shouted = {normalise(word) for word in text[:1000].split() if word.isupper() and 2 <= len(word) <= 5}
        every = list(dict.fromkeys(normalise(text).split()))
        meant = [word for word in every if word not in FILLERS or (word in shouted and text != text.upper())]
        meant = meant[:_MOST_WORDS] or every[:_MOST_WORDS]
        if unfinished and every and every[-1] not in meant:
            meant.append(every[-1])
        return [AskedWord(word, word not in meant) for word in every if word in meant or word in self._lexicon.number]

    def _readings(self, asked: Sequence[AskedWord], *, unfinished: bool) -> list[Reading]:
        """Return for each word its weight and what it may stand for; two neighbours may be one word apart."""
        readings: list[Reading] = []
        last = len(asked) - 1
        pairs = [one.text + other.text for one, other in pairwise(asked)]
        for place, word in enumerate(asked):
            if word.filler:
                similar = [(self._lexicon.number[word.text], _FILLER_LIKENESS)]
            else:
                similar = [
                    (number, value)
                    for number, value in self._lexicon.similar(word.text, unfinished=unfinished and place == last)
                    if abs(self._joined.get(number, len(word.text)) - len(word.text)) <= 2
                ]
            for pair in (pairs[place - 1] if place else "", pairs[place] if place < len(pairs) else ""):
                joined = self._lexicon.number.get(pair)
                if joined is not None:
                    similar.append((joined, 0.97))
            best = max(similar, key=lambda one: one[1], default=(-1, 0.0))
            weight = 0.0 if word.filler else self._unknown
            if best[1] >= 0.6 and not word.filler:
                weight = float(self._weights[best[0]])
            if unfinished and place == last:
                weight *= min(1.0, len(word.text) / 6)
            readings.append(Reading(weight, similar))
        return readings

    def find(self, asked: Sequence[AskedWord], *, unfinished: bool) -> Found | None:
        """Return what these words touch, None if nothing. With `unfinished` the last may be the beginning of one."""
        every = self._readings(asked, unfinished=unfinished)
        readings = [reading for reading in every if reading.similar]
        if not readings:
            return None
        ours, theirs, last = spare = self._spare.pop() if self._spare else self._room()
        best: dict[int, float] = {}
        places: list[Ints] = []
        values: list[Floats] = []
        for reading in readings:
            rows, worth = self._places(reading, last)
            places.append(rows)
            values.append(reading.weight * worth)
            for word, value in reading.similar:
                best[word] = max(best.get(word, 0.0), value)
        known = self._known(places, values)
        np.add.at(ours, np.concatenate(places), np.concatenate(values))
        rows, worth = self._rows_of(list(best), [value * float(self._weights[word]) for word, value in best.items()])
        np.add.at(theirs, rows, worth)
        touched = np.sort(_once(rows, last)[0])
        our_share, their_share = ours[touched], theirs[touched]
        ours[touched] = theirs[touched] = 0.0
        self._spare.append(spare)
        total = sum(reading.weight for reading in every) or 1.0
        share = np.minimum(1.0, their_share / self._totals[touched])
        scores = share * (0.5 + 0.5 * np.minimum(1.0, our_share / total))
        some = np.flatnonzero(known > 0)
        return Found(self._owners[touched], scores, some, np.minimum(1.0, known[some] / total))

    def _known(self, places: Sequence[Ints], values: Sequence[Floats]) -> Floats:
        """Return for each thing how much of the query its names know between them: of each word what fits best."""
        rows = np.concatenate(places)
        word = np.repeat(np.arange(len(places)) * self._thing_count, [len(every) for every in places])
        fitting = np.zeros(len(places) * self._thing_count)
        np.maximum.at(fitting, word + self._things[self._owners[rows]], np.concatenate(values))
        known: Floats = fitting.reshape(len(places), self._thing_count).sum(axis=0)
        return known

    def _room(self) -> Room:
        size = len(self._totals)
        return np.zeros(size), np.zeros(size), np.zeros(size, dtype=np.int64)

    def _of(self, word: int) -> Ints:
        start = self._starts[word]
        return self._postings[start : min(start + _MOST_PLACES, self._starts[word + 1])]

    def _places(self, reading: Reading, last: Ints) -> tuple[Ints, Floats]:
        """Return the rows that a word of the query fits, each once, and how well."""
        words: list[int] = []
        values: list[float] = []
        places = 0
        for word, value in sorted(reading.similar, key=lambda one: -one[1]):
            words.append(word)
            values.append(value)
            places += min(_MOST_PLACES, self._starts[word + 1] - self._starts[word])
            if places > _MOST_PLACES:
                break
        # The likeliest comes last: of several values for one row it is the one that stays.
        rows, worth = self._rows_of(words[::-1], values[::-1])
        if len(words) == 1:
            return rows, worth
        rows, kept = _once(rows, last)
        return rows, worth[kept]

    def _rows_of(self, words: Sequence[int], values: Sequence[float]) -> tuple[Ints, Floats]:
        """Return the rows of each word one after the other, and beside them the value of their word."""
        rows = [self._of(word) for word in words]
        if not rows:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        return np.concatenate(rows), np.repeat(np.array(values), [len(row) for row in rows])


def _once(rows: Ints, last: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Return each of the rows once, where it comes last, and which places those are. `last` is overwritten."""
    numbers = np.arange(len(rows))
    last[rows] = numbers
    kept = last[rows] == numbers
    return rows[kept], kept

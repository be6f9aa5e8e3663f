"""Finding the phrases that a sentence speaks of: names and synonyms in many languages against what people type."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bot.domain.fillers import FILLERS
from bot.domain.lexicon import Lexicon
from bot.domain.matching import normalise

Floats = NDArray[np.float64]

_FILLER_WEIGHT = 0.2
# A filler word in a question completes a name ("social work") but makes none: "it" is not IT.
_FILLER_LIKENESS = 0.35
_OTHER_LANGUAGE = 0.97
# A name of several words that stands in the question just so.
_WORD_FOR_WORD = 0.06
# While she types, names that begin just so stand before those that are found by their words.
_UNFINISHED = 0.9
_MOST_WORDS = 14
# Among names that begin as typed: her language before others, labels before synonyms, short before long.
_SYNONYM_RANK = 1_000
_FOREIGN_RANK = 10_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """One name of one thing. `key` numbers the thing; `preferred` sets its label apart from its synonyms."""

    key: int
    language: str
    text: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found. `score` is 1 for the same words, and comparable between queries."""

    phrase: Phrase
    score: float


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    filler: bool


class PhraseIndex:
    """An inverted index from words to phrases that forgives what `Lexicon` forgives. Never changes."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        rows = {(phrase.key, phrase.language, normalise(phrase.text)): phrase for phrase in phrases}
        self._phrases: list[Phrase] = list(rows.values())
        self._texts = [text for _, _, text in rows]
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(self._texts):
            self._exact[text].append(number)
        order = sorted(range(len(self._texts)), key=self._texts.__getitem__)
        self._sorted = [self._texts[number] for number in order]
        self._order = np.array(order, dtype=np.int64)
        self._keys = np.array([phrase.key for phrase in self._phrases], dtype=np.int64)
        self._codes = {code: number for number, code in enumerate({phrase.language: 0 for phrase in self._phrases})}
        self._languages = np.array([self._codes[phrase.language] for phrase in self._phrases], dtype=np.int64)
        self._ranks = np.array(
            [len(phrase.text) + (0 if phrase.preferred else _SYNONYM_RANK) for phrase in self._phrases], dtype=np.int64
        )
        self._build(self._rows())

    def _rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """Return the word rows of each phrase: its words and, for two words, the two written as one."""
        rows = []
        for number, text in enumerate(self._texts):
            words = tuple(dict.fromkeys(text.split()))
            rows.append((number, words))
            if len(words) == 2 and len(text) <= 24:
                rows.append((number, ("".join(words),)))
        return rows

    def _build(self, rows: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        self._lexicon = Lexicon([word for _, words in rows for word in words])
        number = self._lexicon.number
        single = {word for text in self._texts for word in text.split()}
        # "publicart" is there for who writes it so, not for everything that is public.
        self._joined = {number[word]: len(word) for _, words in rows for word in words if word not in single}
        postings = [(number[word], row) for row, (_, words) in enumerate(rows) for word in words]
        things = {phrase.key for phrase in self._phrases}
        pairs = {(number[word], self._phrases[owner].key) for owner, words in rows for word in words}
        spread = Counter(word for word, _ in pairs)
        rarity = [log(1 + len(things) / spread[word]) for word in range(len(self._lexicon))]
        self._unknown = 0.75 * log(1 + len(things))
        self._weights = np.array(
            [r * (_FILLER_WEIGHT if w in FILLERS else 1) for w, r in zip(self._lexicon.words, rarity, strict=True)]
        )
        postings.sort()
        self._postings = np.array([row for _, row in postings], dtype=np.int64)
        counts = np.bincount([word for word, _ in postings], minlength=len(self._lexicon)) if postings else [0]
        self._starts = np.concatenate(([0], np.cumsum(counts)))
        self._owners = np.array([owner for owner, _ in rows], dtype=np.int64)
        self._totals = np.bincount(
            self._postings, weights=np.repeat(self._weights, np.diff(self._starts)), minlength=len(rows)
        )

    def exact(self, text: str) -> list[Phrase]:
        """Return the phrases that read just like `text` once both are normalised."""
        return [self._phrases[number] for number in self._exact.get(normalise(text), ())]

    def beginning(self, text: str, language: str, limit: int) -> list[Hit]:
        """Return phrases that begin with `text`, one per thing: in `language` first, then by label and length."""
        start = normalise(text)
        low, high = bisect_left(self._sorted, start), bisect_left(self._sorted, start + "\U0010ffff")
        numbers = self._order[low:high]
        foreign = self._languages[numbers] != self._codes.get(language, -1)
        order = np.argsort(self._ranks[numbers] + _FOREIGN_RANK * foreign, kind="stable")
        _, first = np.unique(self._keys[numbers[order]], return_index=True)
        hits = []
        for place in order[np.sort(first)[:limit]].tolist():
            number = int(numbers[place])
            score = (0.8 if foreign[place] else 0.9) + 0.09 * len(start) / max(1, len(self._texts[number]))
            hits.append(Hit(self._phrases[number], score))
        return hits

    def search(self, text: str, language: str, limit: int, *, unfinished: bool = False) -> list[Hit]:
        """Return the phrases that `text` speaks of, best first, one per thing.

        With `unfinished` the last word may be the beginning of one.
        """
        found: dict[int, Hit] = {}
        for phrase in sorted(self.exact(text), key=lambda p: (p.language != language, not p.preferred)):
            found.setdefault(phrase.key, Hit(phrase, 1.0 if phrase.language == language else 0.99))
        asked = self._asked(text, unfinished=unfinished)
        if asked:
            for hit in self._scored(asked, normalise(text), language, limit + 10, unfinished=unfinished):
                certainty = _UNFINISHED if unfinished else 1.0
                found.setdefault(hit.phrase.key, Hit(hit.phrase, certainty * hit.score))
        return sorted(found.values(), key=lambda hit: -hit.score)[:limit]

    def _asked(self, text: str, *, unfinished: bool) -> list[_Word]:
        """Return the words of a query, marking those that only wrap the topic; an unfinished one never does."""
        shouted = {normalise(word) for word in text[:1000].split() if word.isupper() and 2 <= len(word) <= 5}
        every = list(dict.fromkeys(normalise(text).split()))
        meant = [word for word in every if word not in FILLERS or (word in shouted and text != text.upper())]
        meant = meant[:_MOST_WORDS] or every[:_MOST_WORDS]
        if unfinished and every and every[-1] not in meant:
            meant.append(every[-1])
        return [_Word(word, word not in meant) for word in every if word in meant or word in self._lexicon.number]

    def _readings(self, asked: Sequence[_Word], *, unfinished: bool) -> list[tuple[float, list[tuple[int, float]]]]:
        """Return for each word its weight and what it may stand for; two neighbours may be one word apart."""
        readings: list[tuple[float, list[tuple[int, float]]]] = []
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
            readings.append((weight, similar))
        return readings

    def _scored(self, asked: Sequence[_Word], text: str, language: str, limit: int, *, unfinished: bool) -> list[Hit]:
        readings = self._readings(asked, unfinished=unfinished)
        size = len(self._totals)
        ours, theirs = np.zeros(size), np.zeros(size)
        best: dict[int, float] = {}
        for weight, similar in readings:
            if not similar:
                continue
            covered = np.zeros(size)
            rows = []
            for word, value in sorted(similar, key=lambda one: one[1]):
                rows.append(self._postings[self._starts[word] : self._starts[word + 1]])
                covered[rows[-1]] = value
                best[word] = max(best.get(word, 0.0), value)
            # Every phrase once, however many of its words fit: equal places are assigned, not added up.
            fitting = np.concatenate(rows)
            ours[fitting] = ours[fitting] + weight * covered[fitting]
        for word, value in best.items():
            theirs[self._postings[self._starts[word] : self._starts[word + 1]]] += value * self._weights[word]
        touched = np.flatnonzero(theirs)
        if not len(touched):
            return []
        share = np.minimum(1.0, theirs[touched] / self._totals[touched])
        total = sum(weight for weight, _ in readings) or 1.0
        asked_share = np.minimum(1.0, ours[touched] / total)
        scores = share * (0.5 + 0.5 * asked_share)
        return self._best(touched, scores, text, language, limit)

    def _best(self, rows: NDArray[np.int64], scores: Floats, text: str, language: str, limit: int) -> list[Hit]:
        """Return the best phrase of each thing among the scored rows, by words first and spelling second."""
        numbers = self._owners[rows]
        scores = np.where(self._languages[numbers] == self._codes.get(language, -1), scores, _OTHER_LANGUAGE * scores)
        order = np.argsort(-scores, kind="stable")
        _, first = np.unique(self._keys[numbers[order]], return_index=True)
        chosen = order[np.sort(first)[:limit]]
        padded = f" {text} "
        hits = []
        for place in chosen.tolist():
            name = self._texts[numbers[place]]
            score = 0.94 * float(scores[place]) + 0.04 * fuzz.ratio(text, name) / 100
            if " " in name and f" {name} " in padded:
                score += _WORD_FOR_WORD
            hits.append(Hit(self._phrases[numbers[place]], min(0.985, score)))
        return hits

"""Finding the phrases that a sentence speaks of: names and synonyms in many languages against what people type."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.domain.matching import normalise
from bot.domain.pieces import PieceIndex
from bot.domain.words import AskedWord, WordIndex

_OTHER_LANGUAGE = 0.97
# A name of several words that stands in the question just so.
_WORD_FOR_WORD = 0.06
# No name is surer than this unless it reads just like what was asked.
_SUREST = 0.985
# So many things are looked at closely.
_CANDIDATES = 30
_ENOUGH = 400
# Names of one thing that are like the question add to each other, each half as much as the one before it.
_ECHOES = (1.0, 0.5, 0.25, 0.125)
_ALL_ECHOES = sum(_ECHOES)
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


class Hit(NamedTuple):
    """A phrase that was found. `score` is 1 for the same words, and comparable between queries."""

    phrase: Phrase
    score: float


class PhraseIndex:
    """Finds phrases by what they have in common with a text. Never changes.

    The score of a thing that has no name just like the text is the mean of four signals, each 0 to 1 and each weak
    where another is strong; equal weights did as well as fitted ones. How well the words of its best name and those
    of the text fit, misspelt, inflected or unfinished (`WordIndex`); how much of the text its names know between them
    (the same); how many letter pieces its best name shares with the text (`PieceIndex`: compounds, cases, word order);
    and how many of its names do (the synonyms of one thing confirm each other).
    """

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
        self._words = WordIndex(self._texts, self._keys)
        self._pieces = PieceIndex(self._texts)

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

    def search(self, text: str, language: str, limit: int) -> list[Hit]:
        """Return the phrases that `text` speaks of, best first, one per thing. Its last word may be unfinished."""
        found: dict[int, Hit] = {}
        for phrase in sorted(self.exact(text), key=lambda p: (p.language != language, not p.preferred)):
            found.setdefault(phrase.key, Hit(phrase, 1.0 if phrase.language == language else 0.99))
        asked = self._words.asked(text, unfinished=True)
        if asked:
            signals = _Signals()
            self._by_words(asked, normalise(text), language, signals)
            self._by_pieces(asked, signals)
            scored = sorted(signals.scores().items(), key=lambda one: -one[1])
            for key, score in scored[: limit + len(found)]:
                found.setdefault(key, Hit(self._phrases[signals.names[key]], min(_SUREST, score)))
        return sorted(found.values(), key=lambda hit: -hit.score)[:limit]

    def _by_words(self, asked: Sequence[AskedWord], text: str, language: str, signals: _Signals) -> None:
        """Note the best phrase of each thing by words first and spelling second, and what its names know together."""
        found = self._words.find(asked, unfinished=True)
        if found is None:
            return
        numbers = found.phrases
        own = self._languages[numbers] == self._codes.get(language, -1)
        scores = np.where(own, found.scores, _OTHER_LANGUAGE * found.scores)
        padded = f" {text} "
        places = _best_of_each(self._keys[numbers], scores, _CANDIDATES)
        best, likely = numbers[places].tolist(), scores[places].tolist()
        names = [self._texts[number] for number in best]
        ratios = process.cdist([text], names, scorer=fuzz.ratio, dtype=np.float64)[0].tolist() if names else []
        for number, name, by_words, ratio in zip(best, names, likely, ratios, strict=True):
            score = 0.94 * by_words + 0.04 * ratio / 100
            if " " in name and f" {name} " in padded:
                score += _WORD_FOR_WORD
            signals.note(self._phrases[number].key, number, min(_SUREST, score))
        signals.covered = dict(zip(found.things.tolist(), found.covered.tolist(), strict=True))

    def _by_pieces(self, asked: Sequence[AskedWord], signals: _Signals) -> None:
        """Note the cosines of each thing's names, best first."""
        meant = " ".join(word.text for word in asked if not word.filler)
        numbers, cosines = self._pieces.near(meant)
        keys = self._keys[numbers]
        for number, key, cosine in zip(numbers.tolist(), keys.tolist(), cosines.tolist(), strict=True):
            signals.echo(key, number, cosine)


def _best_of_each(keys: NDArray[np.int64], scores: NDArray[np.float64], limit: int) -> NDArray[np.int64]:
    """Return the places of the best score of each key, best first; at most `limit`, the first of equal ones."""
    near = np.arange(len(scores))
    if len(scores) > _ENOUGH:
        # Sorting all of many takes longer than everything else; the best few hundred nearly always have enough keys.
        near = np.flatnonzero(scores >= np.partition(scores, -_ENOUGH)[-_ENOUGH])
    order = near[np.argsort(-scores[near], kind="stable")]
    _, first = np.unique(keys[order], return_index=True)
    if len(first) < limit and len(near) < len(scores):
        order = np.argsort(-scores, kind="stable")
        _, first = np.unique(keys[order], return_index=True)
    return order[np.sort(first)[:limit]]


class _Signals:
    """What speaks for each thing, by its key."""

    def __init__(self) -> None:
        self.names: dict[int, int] = {}
        self.covered: dict[int, float] = {}
        self._words: dict[int, float] = {}
        self._cosines: dict[int, float] = {}
        self._echoes: dict[int, float] = {}
        self._heard: dict[int, int] = {}

    def note(self, key: int, number: int, score: float) -> None:
        """Note the phrase that fits best by its words."""
        self._words[key] = score
        self.names[key] = number

    def echo(self, key: int, number: int, cosine: float) -> None:
        """Note a phrase that shares letter pieces; those of one thing come best first."""
        heard = self._heard.get(key, 0)
        if heard == 0:
            self.names.setdefault(key, number)
            self._cosines[key] = cosine
            self._echoes[key] = _ECHOES[0] * cosine
        elif heard < len(_ECHOES):
            self._echoes[key] += _ECHOES[heard] * cosine
        self._heard[key] = heard + 1

    def scores(self) -> dict[int, float]:
        """Return the mean of the four signals of each thing."""
        words, covered, cosines, echoes = self._words.get, self.covered.get, self._cosines.get, self._echoes.get
        return {
            key: (words(key, 0.0) + covered(key, 0.0) + cosines(key, 0.0) + echoes(key, 0.0) / _ALL_ECHOES) / 4
            for key in self.names
        }

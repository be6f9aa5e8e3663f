"""Finding the phrases that a sentence speaks of: names and synonyms in many languages against what people type."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from bot.domain.matching import normalise
from bot.domain.pieces import PieceIndex
from bot.domain.words import AskedWord, WordIndex

_OTHER_LANGUAGE = 0.97
# A name of several words that stands in the question just so.
_WORD_FOR_WORD = 0.06
# No name is surer than this unless it reads just like what was asked.
_SUREST = 0.985
# So many things are looked at closely.
_CANDIDATES = 40
# Names of one thing that are like the question add to each other, each half as much as the one before it.
_ECHOES = (1.0, 0.5, 0.25, 0.125)
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
            for key, score in signals.scores().items():
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
        order = np.argsort(-scores, kind="stable")
        _, first = np.unique(self._keys[numbers[order]], return_index=True)
        padded = f" {text} "
        for place in order[np.sort(first)[:_CANDIDATES]].tolist():
            name = self._texts[numbers[place]]
            score = 0.94 * float(scores[place]) + 0.04 * fuzz.ratio(text, name) / 100
            if " " in name and f" {name} " in padded:
                score += _WORD_FOR_WORD
            signals.note(self._phrases[numbers[place]].key, int(numbers[place]), min(_SUREST, score))
        signals.covered = dict(zip(found.things.tolist(), found.covered.tolist(), strict=True))

    def _by_pieces(self, asked: Sequence[AskedWord], signals: _Signals) -> None:
        """Note the cosines of each thing's names, best first."""
        meant = " ".join(word.text for word in asked if not word.filler)
        numbers, cosines = self._pieces.near(meant)
        keys = self._keys[numbers]
        for number, key, cosine in zip(numbers.tolist(), keys.tolist(), cosines.tolist(), strict=True):
            signals.echo(key, number, cosine)


class _Signals:
    """What speaks for each thing, by its key."""

    def __init__(self) -> None:
        self.names: dict[int, int] = {}
        self.covered: dict[int, float] = {}
        self._words: dict[int, float] = {}
        self._cosines: dict[int, list[float]] = {}

    def note(self, key: int, number: int, score: float) -> None:
        """Note the phrase that fits best by its words."""
        self._words[key] = score
        self.names[key] = number

    def echo(self, key: int, number: int, cosine: float) -> None:
        """Note a phrase that shares letter pieces; those of one thing come best first."""
        self.names.setdefault(key, number)
        self._cosines.setdefault(key, []).append(cosine)

    def scores(self) -> dict[int, float]:
        """Return the mean of the four signals of each thing."""
        return {key: self._mean(key) for key in self.names}

    def _mean(self, key: int) -> float:
        cosines = self._cosines.get(key, [0.0])
        echoes = sum(weight * cosine for weight, cosine in zip(_ECHOES, cosines, strict=False)) / sum(_ECHOES)
        return (self._words.get(key, 0.0) + self.covered.get(key, 0.0) + cosines[0] + echoes) / 4

"""Finding cases: words that may come misspelt, filters, and topics in any language.

Each case is known by the words of its title, summary and city, weighed by where they stand; by those that stand only in
its long texts, with a little weight and apart (`~churches`); and by marks such as `status:running`. For each the cases
that have it are kept packed (`bot.domain.case_postings`), so that all that fit are scored, and not only the first few.

    score = Σ over the words asked of  max over what each may stand for of  likeness² × rarity × weight
            × (½ + ½ × the share of the words asked that the case has)
            + what the topics that the text speaks of add

*rarity* is the logarithm of the share of cases without the word (Spärck Jones's inverse document frequency).

The words of long texts are a vocabulary of their own. There are many, some misspelt, and none of them shall keep a
mistyped word of a title from being understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import partial_ratio

from bot.domain.case_content import Content
from bot.domain.case_filters import CaseFilters, CaseMark
from bot.domain.case_postings import Blocks, cases_of
from bot.domain.fillers import FILLERS
from bot.domain.lexicon import Lexicon
from bot.domain.matching import normalise

PAGE: Final = 5
MOST: Final = 100
"""Cases on all pages of one search together."""
WORD_LIMIT: Final = 60
_READINGS: Final = 12
"""As many words that one typed word may stand for, the likeliest first."""
_WORDS: Final = 14
_WORTH: Final = 0.35
"""Of the best score, to be shown at all; what has (nearly) all the words asked is shown however little they weigh."""
_NEARLY: Final = 0.8
_NEAR: Final = 0.5
"""What a title adds to its score that has the text just as it was typed, as a share of it."""
_TOPIC: Final = 4.0
"""What a topic adds that the text surely speaks of, in the scale of rarities."""
_TITLE, _CITY, _SUMMARY, _LONG = 100, 80, 40, 25
_APART: Final = "~"
"""Before a word that stands only in long texts."""
_LONG_READINGS: Final = 4
FORM: Final = "form:2"
"""The mark of every case that is in the index as `terms` has it now. Change it with what `terms` finds: cases without
it are indexed anew."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A word that was asked, and the ids of the words that it may stand for, each with its likeness."""

    similar: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of cases, best first, with their scores, and how many there are in all, beyond those shown."""

    case_ids: tuple[int, ...]
    total: int
    scores: tuple[float, ...] = ()


def terms(content: Content) -> dict[str, int]:
    """The words by which a case is found, each with its weight (1 to 255)."""
    found: dict[str, int] = {}
    for text, weight in ((content.title, _TITLE), (content.city, _CITY), (content.summary, _SUMMARY)):
        for word in normalise(text or "", limit=None).split():
            if word not in FILLERS:
                known = found.get(word[:WORD_LIMIT], 0)
                found[word[:WORD_LIMIT]] = min(255, max(known, weight) + (known > 0) * 10)
    long = {word[:WORD_LIMIT] for text in content.texts.values() for word in normalise(text, limit=None).split()}
    found |= dict.fromkeys((_APART + word for word in long if word not in FILLERS and word not in found), _LONG)
    marks = CaseFilters(content.outcome, content.country, content.population, content.status, content.language).marks
    return found | dict.fromkeys((FORM, *marks, *map(CaseMark.TOPIC.of, content.topics)), 1)


def asked_words(text: str) -> tuple[str, ...]:
    """The words of a search that say something; all of them where none does."""
    every = tuple(dict.fromkeys(word[:WORD_LIMIT] for word in normalise(text).split()))
    return (tuple(word for word in every if word not in FILLERS) or every)[:_WORDS]


class Words:
    """The words that cases have, and what a typed one may stand for. Never changes: `more` makes another one."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._every = dict(ids)
        self._marks = {word: word_id for word, word_id in ids.items() if ":" in word}
        self._long = _Vocabulary({word[1:]: word_id for word, word_id in ids.items() if word[0] == _APART})
        self._short = _Vocabulary(
            {word: word_id for word, word_id in ids.items() if word[0] != _APART and word not in self._marks}
        )
        self.newest = max(ids.values(), default=0)

    def more(self, words: Iterable[tuple[int, str]]) -> Words:
        """These words and others."""
        return Words(self._every | {word: word_id for word_id, word in words})

    def mark(self, mark: str) -> int | None:
        """The id of a mark, None where no case ever had it."""
        return self._marks.get(mark)

    def readings(self, words: Sequence[str], *, long: bool = False) -> list[Reading]:
        """What each of these words may stand for, the likeliest first; with `long` in the long texts too, where less is
        guessed."""
        found = []
        for word in words:
            apart = self._long.similar(word, known=word in self._short.ids)[:_LONG_READINGS] if long else []
            found.append(Reading((*self._short.similar(word)[:_READINGS], *apart)))
        return found


class _Vocabulary:
    """Words with their ids."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self.ids = dict(ids)
        self._lexicon = Lexicon(list(ids))

    def similar(self, word: str, *, known: bool = False) -> list[tuple[int, float]]:
        """The ids of the words that this one may stand for, the likeliest first. `known`: it is no typing mistake."""
        similar = sorted(self._lexicon.similar(word, known=known), key=lambda one: -one[1])
        return [(self.ids[self._lexicon.words[key]], value) for key, value in similar]


def rank(
    newest: int,
    readings: Sequence[Reading],
    postings: Mapping[int, Blocks],
    *,
    topics: Sequence[tuple[int, float]] = (),
    must: Sequence[int] = (),
    leave_out: int = -1,
    least: float = 0.0,
) -> Ranking:
    """The cases that fit best, without `leave_out`. `newest` is the highest id of a case, `topics` are marks with how
    surely they are meant. Of cases without such a topic, only those that have at least the share `least` of the words.

    Where nothing is asked but marks, the newest come first.
    """
    size = newest + 1
    allowed = _allowed(size, must, postings)
    if not readings and not topics:
        ids = np.flatnonzero(allowed) if allowed is not None else np.zeros(0, dtype=np.int64)
        return Ranking(tuple(ids[::-1][:MOST].tolist()), len(ids))
    scores, matched = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.float32)
    for reading in readings:
        _read(reading, postings, scores, matched)
    fits = matched >= max(least * len(readings), 1e-6)
    scores *= np.float32(0.5) + np.float32(0.5 / max(1, len(readings))) * matched
    for mark, sure in topics:
        ids, _ = cases_of(postings.get(mark, ()), size)
        scores[ids] += np.float32(_TOPIC * sure)
        fits[ids] = True
    if allowed is not None:
        fits &= allowed
    if 0 <= leave_out < size:
        fits[leave_out] = False
    return _best(scores * fits, fits & (matched >= _NEARLY * max(1, len(readings))))


def _best(scores: NDArray[np.float32], whole: NDArray[np.bool_]) -> Ranking:
    best = scores.max(initial=0)
    if best <= 0:
        return Ranking((), 0)
    found = np.flatnonzero((scores >= _WORTH * best) | whole)
    total = len(found)
    if total > MOST:
        found = found[np.argpartition(-scores[found], MOST)[:MOST]]
    order = np.lexsort((-found, -scores[found]))
    return Ranking(tuple(found[order].tolist()), total, tuple(scores[found[order]].tolist()))


def nearer(ranking: Ranking, text: str, titles: Mapping[int, str]) -> Ranking:
    """The same, where a title that has the words as they were typed, together and in their order, comes before one that
    has them here and there."""
    typed = normalise(text)
    scores = [
        score * (1 + _NEAR * partial_ratio(typed, normalise(titles.get(case_id, ""))) / 100)
        for case_id, score in zip(ranking.case_ids, ranking.scores, strict=True)
    ]
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    return Ranking(tuple(ranking.case_ids[one] for one in order), ranking.total, tuple(scores[one] for one in order))


def _read(
    reading: Reading,
    postings: Mapping[int, Blocks],
    scores: NDArray[np.float32],
    matched: NDArray[np.float32],
) -> None:
    """Add what one typed word says to the scores."""
    best, likest = np.zeros_like(scores), np.zeros_like(scores)
    for word_id, likeness in reading.similar:
        ids, weights = cases_of(postings.get(word_id, ()), len(scores))
        rarity = log(1 + len(scores) / max(1, len(ids)))
        best[ids] = np.maximum(best[ids], np.float32(likeness * likeness * rarity) * weights)
        likest[ids] = np.maximum(likest[ids], np.float32(likeness))
    scores += best
    matched += likest


def _allowed(size: int, must: Sequence[int], postings: Mapping[int, Blocks]) -> NDArray[np.bool_] | None:
    allowed: NDArray[np.bool_] | None = None
    for mark in must:
        ids, _ = cases_of(postings.get(mark, ()), size)
        fits = np.zeros(size, dtype=np.bool_)
        fits[ids] = True
        allowed = fits if allowed is None else allowed & fits
    return allowed

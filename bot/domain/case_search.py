"""Finding cases: words that may come misspelt, filters, and topics in any language.

Each case is known by the words of its title, summary and city, weighed by where they stand, and by marks such as
`status:running`, which no word can be. For each word the cases that have it are kept in blocks of 65,536 ids: a run of
three bytes a case, its place in the block (two, little-endian) and the weight. So a word is read whole in one go,
however many have it, and every case that fits is scored, not only the first few.

    score = Σ over the words asked of  max over what each may stand for of  likeness² × rarity × weight
            × (½ + ½ × the share of the words asked that the case has)
            + what the topics that the text speaks of add

*rarity* is the logarithm of the share of cases without the word (Spärck Jones's inverse document frequency).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.domain.case_content import Content
from bot.domain.case_filters import CaseFilters, CaseMark
from bot.domain.case_postings import Blocks, Ints, cases_of
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
"""Of the best score, to be shown at all."""
_TOPIC: Final = 4.0
"""What a topic adds that the text surely speaks of, in the scale of rarities."""
_TITLE, _CITY, _SUMMARY = 100, 80, 40


@dataclass(frozen=True, slots=True)
class Reading:
    """A word that was asked, and the ids of the words that it may stand for, each with its likeness."""

    similar: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of cases, best first, and how many there are in all, beyond those shown."""

    case_ids: tuple[int, ...]
    total: int


def terms(content: Content) -> dict[str, int]:
    """The words by which a case is found, each with its weight (1 to 255)."""
    found: dict[str, int] = {}
    for text, weight in ((content.title, _TITLE), (content.city, _CITY), (content.summary, _SUMMARY)):
        for word in normalise(text or "", limit=None).split():
            if word not in FILLERS:
                known = found.get(word[:WORD_LIMIT], 0)
                found[word[:WORD_LIMIT]] = min(255, max(known, weight) + (known > 0) * 10)
    marks = CaseFilters(content.outcome, content.country, content.population, content.status, content.language).marks
    return found | dict.fromkeys((*marks, *map(CaseMark.TOPIC.of, content.topics)), 1)


def asked_words(text: str) -> tuple[str, ...]:
    """The words of a search that say something; all of them where none does."""
    every = tuple(dict.fromkeys(word[:WORD_LIMIT] for word in normalise(text).split()))
    return (tuple(word for word in every if word not in FILLERS) or every)[:_WORDS]


class Words:
    """The words that cases have, and what a typed one may stand for. Never changes: `more` makes another one."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = {word: word_id for word, word_id in ids.items() if ":" not in word}
        self._marks = {word: word_id for word, word_id in ids.items() if ":" in word}
        self._lexicon = Lexicon(list(self._ids))
        self.newest = max(ids.values(), default=0)

    def more(self, words: Iterable[tuple[int, str]]) -> Words:
        """These words and others."""
        return Words(self._ids | self._marks | {word: word_id for word_id, word in words})

    def mark(self, mark: str) -> int | None:
        """The id of a mark, None where no case ever had it."""
        return self._marks.get(mark)

    def readings(self, words: Sequence[str]) -> list[Reading]:
        """What each of these words may stand for, the likeliest first."""
        found = []
        for word in words:
            similar = sorted(self._lexicon.similar(word), key=lambda one: -one[1])[:_READINGS]
            found.append(Reading(tuple((self._ids[self._lexicon.words[key]], value) for key, value in similar)))
        return found


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
    touched = [_read(size, reading, postings, scores, matched) for reading in readings]
    if least:
        touched = [ids[matched[ids] >= least * len(readings)] for ids in touched]
    share = np.float32(0.5 / max(1, len(readings)))
    words = np.unique(np.concatenate(touched)) if touched else np.zeros(0, dtype=np.int64)
    scores[words] *= np.float32(0.5) + share * matched[words]
    for mark, sure in topics:
        ids, _ = cases_of(postings.get(mark, ()))
        ids = ids[ids < size]
        scores[ids] += np.float32(_TOPIC * sure)
        touched.append(ids)
    found = np.unique(np.concatenate(touched)) if touched else np.zeros(0, dtype=np.int64)
    found = found[found != leave_out]
    if allowed is not None:
        found = found[allowed[found]]
    return _best(found, scores[found])


def _best(found: Ints, scores: NDArray[np.float32]) -> Ranking:
    if not len(found):
        return Ranking((), 0)
    worth = scores >= _WORTH * scores.max()
    found, scores = found[worth], scores[worth]
    total = len(found)
    if total > MOST:
        some = np.argpartition(-scores, MOST)[:MOST]
        found, scores = found[some], scores[some]
    order = np.lexsort((-found, -scores))
    return Ranking(tuple(found[order].tolist()), total)


def _read(
    size: int,
    reading: Reading,
    postings: Mapping[int, Blocks],
    scores: NDArray[np.float32],
    matched: NDArray[np.float32],
) -> Ints:
    """Add what one typed word says to the scores; the cases that it touches."""
    best = np.zeros(size, dtype=np.float32)
    likest = np.zeros(size, dtype=np.float32)
    touched: list[Ints] = []
    for word_id, likeness in reading.similar:
        ids, weights = cases_of(postings.get(word_id, ()))
        ids, weights = ids[ids < size], weights[ids < size]
        rarity = log(1 + size / max(1, len(ids)))
        best[ids] = np.maximum(best[ids], np.float32(likeness * likeness * rarity) * weights)
        likest[ids] = np.maximum(likest[ids], np.float32(likeness))
        touched.append(ids)
    every = np.unique(np.concatenate(touched)) if touched else np.zeros(0, dtype=np.int64)
    scores[every] += best[every]
    matched[every] += likest[every]
    return every


def _allowed(size: int, must: Sequence[int], postings: Mapping[int, Blocks]) -> NDArray[np.bool_] | None:
    allowed: NDArray[np.bool_] | None = None
    for mark in must:
        ids, _ = cases_of(postings.get(mark, ()))
        fits = np.zeros(size, dtype=np.bool_)
        fits[ids[ids < size]] = True
        allowed = fits if allowed is None else allowed & fits
    return allowed

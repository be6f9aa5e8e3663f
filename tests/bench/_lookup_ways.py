"""Three ways to find the topics that a sentence speaks of: ours, and two that need no thought.

A way is built from the topics and answers a text with the topic ids, best first, and how sure it is of the first.
The baselines know the same labels and synonyms in all languages, written in small letters and without punctuation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from rapidfuzz import fuzz, process, utils

from bot.domain.topics import Topic, TopicIndex

WANTED = 5
"""As many topics as recall@5 looks at."""
_NAMES_READ = 100
"""As many names as hold five different topics, each of which has some forty."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a way says: topic ids, best first, and the score of the first, 0 where there is none."""

    topics: tuple[str, ...]
    score: float


Way = Callable[[str, str], Answer]
"""From a text and its writer's language to an answer."""


def ours(topics: Sequence[Topic]) -> Way:
    """The product's own index. The score is 1 where it would answer outright and 0 where it would ask back."""
    index = TopicIndex(topics)

    def answer(text: str, language: str) -> Answer:
        finding = index.find(text, language, WANTED)
        return Answer(tuple(match.topic_id for match in finding.matches), float(finding.confident))

    return answer


def wratio(topics: Sequence[Topic]) -> Way:
    """`rapidfuzz.process.extract` with WRatio over every label and synonym."""
    names, owners = _names(topics)

    def answer(text: str, language: str) -> Answer:
        found = process.extract(utils.default_process(text), names, scorer=fuzz.WRatio, limit=_NAMES_READ)
        return _best((owners[place], score) for _, score, place in found)

    return answer


def trigrams(topics: Sequence[Topic]) -> Way:
    """Sequences of three and four letters, weighed by TF-IDF and compared by cosine, in plain Python."""
    names, owners = _names(topics)
    counts = [_grams(name) for name in names]
    spread = Counter(gram for every in counts for gram in every)
    rarity = {gram: log(len(names) / number) + 1 for gram, number in spread.items()}
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, every in enumerate(counts):
        length = sqrt(sum((number * rarity[gram]) ** 2 for gram, number in every.items()))
        for gram, number in every.items():
            postings[gram].append((place, number * rarity[gram] / length))

    def answer(text: str, language: str) -> Answer:
        asked = {gram: n * rarity.get(gram, log(len(names)) + 1) for gram, n in _grams(_plain(text)).items()}
        length = sqrt(sum(weight**2 for weight in asked.values())) or 1.0
        scores = [0.0] * len(names)
        for gram, weight in asked.items():
            for place, value in postings.get(gram, ()):
                scores[place] += weight * value
        order = sorted((place for place, score in enumerate(scores) if score), key=lambda place: -scores[place])
        return _best((owners[place], scores[place] / length) for place in order)

    return answer


def _names(topics: Sequence[Topic]) -> tuple[list[str], list[str]]:
    """Return every name of every topic, and in the same order the topic it belongs to."""
    owned = dict.fromkeys(
        (_plain(name), topic.id)
        for topic in topics
        for name in (*topic.labels.values(), *(one for every in topic.synonyms.values() for one in every))
    )
    return [name for name, _ in owned], [owner for _, owner in owned]


def _plain(text: str) -> str:
    return " ".join(utils.default_process(text).split())


def _grams(name: str) -> Counter[str]:
    padded = f" {name} "
    return Counter(padded[start : start + size] for size in (3, 4) for start in range(len(padded) - size + 1))


def _best(hits: Iterable[tuple[str, float]]) -> Answer:
    """Return the first few different topics of hits that come best first."""
    best: dict[str, float] = {}
    for topic, score in hits:
        best.setdefault(topic, score)
        if len(best) == WANTED:
            break
    return Answer(tuple(best), next(iter(best.values()), 0.0))

"""Topics: the concepts of city government that people know about, and finding one from what somebody types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from bot.domain.errors import Refusal
from bot.domain.lexicon import EXACT_LENGTH
from bot.domain.matching import normalise
from bot.domain.phrases import Hit, Phrase, PhraseIndex

# The languages in which every topic of the file has a label. The first is the one that labels fall back to.
LANGUAGES: Final = ("en", "fr", "es", "de", "pt", "it", "pl", "uk")
# A match of at least this score, ahead of the next topic by the margin, is answered outright. Both come from the
# development set of the benchmark lookup-quality: above the thresholds that five-fold cross-validation chose when no
# more than 3 % of the off-topic queries might be answered outright (0.48 to 0.51, and a margin of nothing).
CONFIDENT: Final = 0.52
MARGIN: Final = 0.01
# The score of the very words of a name, in any language; in her own it is 1.
SAME_WORDS: Final = 0.99

_LONGEST_LABEL = 200
_LONGEST_ID = 100


class Division(StrEnum):
    """The ten divisions of COFOG, the UN's classification of the functions of government, in its order."""

    GENERAL = "01"
    DEFENCE = "02"
    ORDER = "03"
    ECONOMY = "04"
    ENVIRONMENT = "05"
    HOUSING = "06"
    HEALTH = "07"
    CULTURE = "08"
    EDUCATION = "09"
    SOCIAL = "10"


@dataclass(frozen=True, slots=True)
class Topic:
    """One concept. `labels` has one preferred label per language, `synonyms` any number; `cofog` is like "06.1"."""

    id: str
    cofog: str
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    sdg: str | None = None
    source: str | None = None
    source_uri: str | None = None
    hidden: bool = False
    merged_into: str | None = None

    @property
    def division(self) -> Division:
        """The COFOG division under which people browse."""
        return Division(self.cofog[:2])

    def label(self, language: str) -> str:
        """Return the label in `language`, else in English, else in whatever language it has one, else the id."""
        return self.labels.get(language) or self.labels.get(LANGUAGES[0]) or next(iter(self.labels.values()), self.id)


class Match(NamedTuple):
    """A topic that fits what somebody typed, and by which of its names. `score` is 0 to 1, 1 for the same words."""

    topic_id: str
    score: float
    matched_label: str
    language: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a free text may mean, best first. Unless `confident`, ask "did you mean" instead of answering."""

    confident: bool
    matches: tuple[Match, ...]


def parse_topics(rows: Iterable[Mapping[str, str | None]]) -> tuple[Topic, ...]:
    """Read the rows of `config/topics.csv`, as `csv.DictReader` gives them.

    Columns: id, cofog, sdg, source, source_uri, and for each language label_<language> and synonyms_<language>
    (separated by |). Raises Refusal (topics.file_…) with the line number of the first row that cannot be used.
    """
    topics: dict[str, Topic] = {}
    for line, row in enumerate(rows, start=2):
        topic = _parse_topic(line, row)
        if topic.id in topics:
            raise Refusal("topics.file_twice", line=line, topic=topic.id)
        topics[topic.id] = topic
    if not topics:
        raise Refusal("topics.file_empty")
    return tuple(topics.values())


def _parse_topic(line: int, row: Mapping[str, str | None]) -> Topic:
    missing = [name for name in ("id", "cofog", "label_en") if name not in row]
    if missing:
        raise Refusal("topics.file_column", line=1, column=missing[0])
    if None in row:
        raise Refusal("topics.file_cells", line=line)
    cells = {name: " ".join((value or "").split()) for name, value in row.items()}
    topic_id, cofog = cells["id"], cells["cofog"]
    if not topic_id or len(topic_id) > _LONGEST_ID or not topic_id.isascii() or " " in topic_id:
        raise Refusal("topics.file_id", line=line, value=topic_id[:_LONGEST_ID])
    if cofog[:2] not in list(Division):
        raise Refusal("topics.file_cofog", line=line, topic=topic_id, value=cofog)
    languages = [name.removeprefix("label_") for name in cells if name.startswith("label_")]
    labels = {language: cells[f"label_{language}"] for language in languages}
    if not labels.get(LANGUAGES[0]):
        raise Refusal("topics.file_label", line=line, topic=topic_id, language=LANGUAGES[0])
    synonyms = {language: _synonyms(cells.get(f"synonyms_{language}", ""), labels[language]) for language in languages}
    for text in (*labels.values(), *(one for every in synonyms.values() for one in every)):
        if len(text) > _LONGEST_LABEL:
            raise Refusal("topics.file_long", line=line, topic=topic_id, limit=_LONGEST_LABEL)
    return Topic(
        id=topic_id,
        cofog=cofog,
        labels=MappingProxyType({language: label for language, label in labels.items() if label}),
        synonyms=MappingProxyType({language: every for language, every in synonyms.items() if every}),
        sdg=cells.get("sdg") or None,
        source=cells.get("source") or None,
        source_uri=cells.get("source_uri") or None,
    )


def _synonyms(cell: str, label: str) -> tuple[str, ...]:
    parts = dict.fromkeys(part.strip() for part in cell.split("|"))
    return tuple(part for part in parts if part and part != label)


class TopicIndex:
    """Finds topics by what people type, in any language. Never changes once built.

    Hidden topics are not found. One that was merged into another is that other one, under all its names and its id.
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        every = {topic.id: topic for topic in topics}
        shown = {topic.id: final(every, topic.id) for topic in every.values()}
        self._topics: Sequence[Topic] = [topic for topic in every.values() if shown[topic.id] is topic]
        self._by_id = {topic_id: topic for topic_id, topic in shown.items() if topic is not None}
        keys = {topic.id: key for key, topic in enumerate(self._topics)}
        self._phrases = PhraseIndex(
            phrase
            for topic_id, topic in self._by_id.items()
            for phrase in _phrases(keys[topic.id], every[topic_id], merged=topic_id != topic.id)
        )

    def __len__(self) -> int:
        return len(self._topics)

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._topics)

    def get(self, topic_id: str) -> Topic | None:
        """Return the topic of this id, or the one that it was merged into; None if there is none or it is hidden."""
        return self._by_id.get(topic_id)

    def suggest(self, text: str, language: str, limit: int = 25) -> list[Match]:
        """Return what somebody who has typed `text` so far may be about to ask for, best first.

        Begins with names that begin so in her language. Nothing typed yet gives a few topics of every division.
        """
        if not normalise(text):
            return self._start(language, limit)
        hits = {hit.phrase.key: hit for hit in self._phrases.search(text, language, limit)}
        for hit in self._phrases.beginning(text, language, limit):
            known = hits.get(hit.phrase.key)
            if known is None or known.score < hit.score:
                hits[hit.phrase.key] = hit
        return [self._match(hit) for hit in sorted(hits.values(), key=lambda hit: -hit.score)[:limit]]

    def match(self, text: str, language: str, limit: int = 10) -> list[Match]:
        """Return the topics that a free text speaks of, best first; whole questions and typing mistakes are fine."""
        return [self._match(hit) for hit in self._phrases.search(text, language, limit)]

    def find(self, text: str, language: str, limit: int = 10) -> Finding:
        """Return the matches of a free text, and whether the first is sure enough to be answered outright."""
        matches = self.match(text, language, max(2, limit))
        first, second = (*(match.score for match in matches), 0.0, 0.0)[:2]
        same = first >= SAME_WORDS
        sure = first >= CONFIDENT and first - second >= MARGIN and len(normalise(text)) > EXACT_LENGTH
        return Finding(first > second and (same or sure), tuple(matches[:limit]))

    def named(self, text: str) -> tuple[Topic, ...]:
        """Return the topics that have just this name, in any language."""
        return tuple(self._topics[key] for key in dict.fromkeys(phrase.key for phrase in self._phrases.exact(text)))

    def resolve(self, text: str, language: str) -> Topic | None:
        """Return the topic that a file means by an id, a label or a synonym in any language; None if in doubt.

        A label outweighs a synonym, and her language outweighs the others. No typing mistakes are forgiven.
        """
        by_id = self._by_id.get(text.strip())
        if by_id is not None:
            return by_id
        phrases = self._phrases.exact(text)

        def rank(phrase: Phrase) -> tuple[bool, bool]:
            return not phrase.preferred, phrase.language != language

        first = min(map(rank, phrases), default=None)
        keys = {phrase.key for phrase in phrases if rank(phrase) == first}
        return self._topics[keys.pop()] if len(keys) == 1 else None

    def _start(self, language: str, limit: int) -> list[Match]:
        """Return topics of all divisions in turn, so that the first list shows how wide the field is."""
        groups = {division: [t for t in self._topics if t.division == division] for division in Division}
        chosen: list[Topic] = []
        for place in range(max(map(len, groups.values()), default=0)):
            chosen += [group[place] for group in groups.values() if place < len(group)]
            if len(chosen) >= limit:
                break
        return [Match(topic.id, 0.0, topic.label(language), language) for topic in chosen[:limit]]

    def _match(self, hit: Hit) -> Match:
        return Match(self._topics[hit.phrase.key].id, hit.score, hit.phrase.text, hit.phrase.language)


def final(topics: Mapping[str, Topic], topic_id: str) -> Topic | None:
    """Return the topic under which this one is found: itself, or what it was merged into; None where that is hidden."""
    topic = topics.get(topic_id)
    for _ in range(len(topics)):
        if topic is None or topic.merged_into is None:
            break
        topic = topics.get(topic.merged_into)
    return None if topic is None or topic.hidden or topic.merged_into else topic


def _phrases(key: int, topic: Topic, *, merged: bool) -> Iterable[Phrase]:
    for language, label in topic.labels.items():
        yield Phrase(key, language, label, preferred=not merged)
    for language, synonyms in topic.synonyms.items():
        for synonym in synonyms:
            yield Phrase(key, language, synonym, preferred=False)

"""The catalogues against the code: nothing missing, nothing left over, the same in every language."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import bot.domain
import bot.services
from bot.i18n import COMMAND, Catalogues, placeholders
from config import FOLDER
from tests import messages

CATALOGUES = Catalogues.load(FOLDER / "locales")
LANGUAGES = CATALOGUES.languages
ENGLISH = {message_id for context, message_id in CATALOGUES.messages["en"] if context is None}
NEVER_SAID = {"Category", "Check", "CodePurpose", "Deed", "Division", "Kind", "Right", "Step"} | {
    "TargetKind",
    "PeriodState",
    "PromptState",
    "CadenceKind",
    "Purpose",
    *("MsgType", "ResponseType", "Scope", "Status"),  # CAP's own words
    *("AlertAnswer", "AlertDeed", "Source"),
    "EscalationEnd",
    "Origin",
    "TemplateScope",
    "Word",
    "CaseMark",
    "Move",
    "ExportFormat",
    "PostState",
    "PostWork",
}
"""Enums of which people read no word."""
CALLED = re.compile(r"(?<![\w/.:])/([^\W\d_][\w-]*)")
"""A command in a sentence, such as /setup; not a part of an address."""


def forms(language: str, message_id: str) -> tuple[str, ...]:
    """The forms of a message in one language, empty where it lacks it."""
    return CATALOGUES.messages[language].get((None, message_id), ())


def enums() -> Iterator[type[StrEnum]]:
    """Every enum of words in the domain and the services."""
    for package in (bot.domain, bot.services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, StrEnum) and value.__module__ == module.name:
                    yield value


def words_of(enum: type[StrEnum]) -> set[str]:
    """The ids under which the values of an enum are said (`Translator.of`)."""
    family = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum.__name__).lower()
    return {f"{family}.{value.value}" for value in enum}


def test_the_three_languages_are_there() -> None:
    assert set(LANGUAGES) >= {"en", "es", "fr"}


def test_every_message_that_is_said_is_in_the_catalogues() -> None:
    missing = [
        f"{use.place}: {use.message_id}" for use in messages.uses() if use.said and use.message_id not in ENGLISH
    ]
    assert missing == []


def test_every_word_that_looks_like_a_message_is_one() -> None:
    nouns = {message_id.partition(".")[0] for message_id in ENGLISH}
    files = {"csv", "toml", "db", "py", "json", "po", "gz", "html"}
    missing = [
        f"{use.place}: {use.message_id}"
        for use in messages.uses()
        if use.message_id not in ENGLISH
        and use.message_id.partition(".")[0] in nouns
        and use.message_id.partition(".")[2] not in files
    ]
    assert missing == []


def test_every_message_in_the_catalogues_is_said_somewhere() -> None:
    said = {use.message_id for use in messages.uses()}
    for enum in enums():
        if enum.__name__ not in NEVER_SAID:
            said |= words_of(enum)
    assert sorted(ENGLISH - said) == []


def test_no_message_is_put_together_at_run_time() -> None:
    assert list(messages.unreadable()) == []


@pytest.mark.parametrize("enum", list(enums()), ids=lambda enum: enum.__name__)
def test_every_value_that_is_said_has_a_word(enum: type[StrEnum]) -> None:
    lacking = words_of(enum) - ENGLISH
    assert lacking == (words_of(enum) if enum.__name__ in NEVER_SAID else set())


def test_every_placeholder_is_given_what_fills_it() -> None:
    wrong = []
    for use in messages.uses():
        if use.given is None or not use.said:
            continue
        english = forms("en", use.message_id)
        wanted = {name for form in english for name in placeholders(form)} | ({"n"} if len(english) > 1 else set())
        if not wanted <= use.given:
            wrong.append(f"{use.place}: {use.message_id} lacks {sorted(wanted - use.given)}")
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_lacks_a_message_or_has_one_too_many(language: str) -> None:
    assert CATALOGUES.missing(language) == []
    english = set(CATALOGUES.messages["en"])
    assert sorted(identity[1] for identity in set(CATALOGUES.messages[language]) - english) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_every_language(language: str) -> None:
    assert CATALOGUES.differing(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_filled_in(language: str) -> None:
    wrong = []
    for (_, message_id), found in CATALOGUES.messages[language].items():
        for form in found:
            try:
                names = [name for _, name, _, _ in Formatter().parse(form) if name is not None]
            except ValueError:
                wrong.append(message_id)
                continue
            if not all(name.isidentifier() for name in names):
                wrong.append(message_id)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_counted_has_its_forms(language: str) -> None:
    wrong = []
    for (context, message_id), found in CATALOGUES.messages[language].items():
        english = CATALOGUES.messages["en"].get((context, message_id), ())
        if len(found) != len(english) or not all(form.strip() for form in found):
            wrong.append(message_id)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_there_twice_fuzzy_or_out_of_use(language: str) -> None:
    seen: Counter[tuple[str | None, str]] = Counter()
    for path in sorted((FOLDER / "locales" / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        assert not catalogue.obsolete, path.name
        for message in catalogue:
            if message.id:
                assert not message.fuzzy, message.id
                seen[message.context, message.id if isinstance(message.id, str) else message.id[0]] += 1
    assert [identity for identity, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_stand_in_the_file_of_their_noun_alone(language: str) -> None:
    for path in sorted((FOLDER / "locales" / language).glob("*.po")):
        text = path.read_text(encoding="utf-8")
        assert f'"Language: {language}\\n"' in text, path.name
        assert f"{path.stem}.po" in {one.name for one in (FOLDER / "locales" / "en").glob("*.po")}
        assert text.endswith("\n"), path.name


def too_long(language: str, labels: Iterable[tuple[str, str]], limit: int) -> list[str]:
    """What is longer than Discord takes. What will fill a placeholder is not counted."""
    return [
        f"{place}: {message_id} has {len(form)}"
        for message_id, place in labels
        for form in forms(language, message_id)
        if len(re.sub(r"\{\w+\}", "", form)) > limit
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_labels_of_forms_have_at_most_45_characters(language: str) -> None:
    """Discord's reference, "Modal" and "Label"."""
    assert too_long(language, messages.form_labels(), 45) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("keyword", "callers", "limit"),
    [
        ("description", ("Label", "SelectOption"), 100),
        ("label", ("Button",), 80),
        ("0", ("button",), 80),
        ("label", ("SelectOption",), 100),
        ("placeholder", ("TextInput", "Text"), 100),
        ("placeholder", ("Select", "select"), 150),
    ],
)
def test_what_stands_on_parts_is_as_short_as_discord_wants_it(
    language: str, keyword: str, callers: tuple[str, ...], limit: int
) -> None:
    """Discord's reference, "Component Object"."""
    assert too_long(language, messages.labels(keyword, *callers), limit) == []


def test_the_search_for_labels_finds_them() -> None:
    assert {"network.form_title", "network.form_code"} <= {message_id for message_id, _ in messages.form_labels()}
    assert "network.enter_code" in {message_id for message_id, _ in messages.labels("0", "button")}


def command_names(language: str) -> set[str]:
    """What people of a language may type after the slash."""
    return {found[0] for (context, _), found in CATALOGUES.messages[language].items() if context == COMMAND}


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_in_sentences_are_called_as_they_are_in_that_language(language: str) -> None:
    known = command_names(language)
    wrong = [
        f"{message_id}: /{name}"
        for (context, message_id), found in CATALOGUES.messages[language].items()
        if context is None
        for form in found
        for name in CALLED.findall(form)
        if name not in known
    ]
    assert wrong == []

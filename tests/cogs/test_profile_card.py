"""The card, whatever stands in it: harmless, and within Discord's sizes in every language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.domain.languages import COMMON
from bot.domain.members import COHORT_LIMIT, MAX_TOPICS, NAME_LIMIT, POST_LIMIT, About, Known, Level, Place, Profile
from bot.domain.privacy import Category, Kept
from bot.domain.topics import Topic, TopicIndex
from bot.i18n import Catalogues, Translator
from bot.render import privacy, profile, profile_topics
from cogs.profile_steps import AboutForm, LanguagesForm, TopicForm
from tests.corpus import READABLE, assert_harmless
from tests.services.house import LOCALES

CATALOGUES = Catalogues.load(LOCALES)
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
TOPICS = TopicIndex(
    Topic(f"topic-{number}", "06.1", {"en": f"{number:03}" + "x" * 197}) for number in range(MAX_TOPICS)
)
LANGUAGES = tuple(sorted({*COMMON[:18], "ca", "eu"}))


@pytest.fixture(params=CATALOGUES.languages)
def t(request: pytest.FixtureRequest) -> Translator:
    return CATALOGUES.translator(request.param)


def person(text: str, **fields: Any) -> Profile:
    place = Place(text, "FR", text, "Europe/Paris")
    return Profile(1, 2, About(text[:NAME_LIMIT], text[:POST_LIMIT], text[:COHORT_LIMIT]), "UTC", place, **fields)


FULL = {
    "languages": LANGUAGES,
    "language": "fr",
    "topics": tuple(Known(f"topic-{number}", list(Level)[number % 3]) for number in range(MAX_TOPICS)),
    "confirmed_at": NOW,
    "paused_until": NOW + timedelta(days=3),
}


def check(embed: discord.Embed, view: discord.ui.View | None = None) -> None:
    """Within Discord's sizes; simcord checks the same when a message is sent."""
    assert len(embed) <= 6000
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert len(embed.fields) <= 25
    for field in embed.fields:
        assert 1 <= len(field.name or "") <= 256
        assert 1 <= len(field.value or "") <= 1024
    for item in view.children if view else []:
        if isinstance(item, discord.ui.Button):
            assert 1 <= len(item.label or "") <= 80
        if isinstance(item, discord.ui.Select):
            assert 1 <= len(item.options) <= 25
            assert item.max_values <= len(item.options)
            assert all(1 <= len(option.label) <= 100 for option in item.options)
        assert len(item.custom_id or "") <= 100  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", READABLE)
def test_what_she_typed_is_shown_and_does_nothing(text: str) -> None:
    t = CATALOGUES.translator("en")
    about = About.written(text, text, text)
    shown = Profile(1, 2, about, "UTC", Place(about.display_name, "FR", None, "UTC"), confirmed_at=NOW)
    embed = profile.public(t, shown, TOPICS, NOW)
    assert_harmless(embed.title or "")
    for field in embed.fields:
        assert_harmless(field.name or "")
        assert_harmless((field.value or "").replace("\n-# ", " "))
    check(embed)


@pytest.mark.parametrize("text", ["x" * 200, "*" * 200, "漢" * 200, "a b " * 50])
def test_the_longest_profile_fits(t: Translator, text: str) -> None:
    for one in (person(text, **FULL), person(text), person(text, imported_at=NOW)):
        check(*profile.own(t, one, TOPICS, NOW, "x" * 500))
        check(profile.public(t, one, TOPICS, NOW))
        check(*profile_topics.card(t, one, TOPICS, "x" * 500))
    for known in FULL["topics"]:  # type: ignore[attr-defined]
        check(*profile_topics.one(t, known, TOPICS))
    hits = [TOPICS.get(f"topic-{number}") for number in range(5)]
    check(*profile_topics.which(t, text, Level.EXPERT, [hit for hit in hits if hit]))


def test_her_own_languages_are_all_offered(t: Translator) -> None:
    assert set(profile.offered(person("Anna", **FULL))) >= set(LANGUAGES)
    assert len(profile.offered(person("Anna", **FULL))) == 25


async def test_forms_fit(t: Translator) -> None:
    one = person("x" * 200, **FULL)
    for form in (AboutForm(t, one), LanguagesForm(t, one), TopicForm(t)):
        assert len(form.title) <= 45
        for label in form.children:
            assert isinstance(label, discord.ui.Label)
            assert 1 <= len(label.text) <= 45
            field = label.component
            if isinstance(field, discord.ui.TextInput):
                assert len(field.placeholder or "") <= 100
                assert len(field.default or "") <= (field.max_length or 4000)


def test_privacy_fits(t: Translator) -> None:
    for kept in (Kept({}), Kept(dict.fromkeys(Category, 1)), Kept(dict.fromkeys(Category, 12345))):
        check(*privacy.info(t, kept))
        check(*privacy.confirm(t, kept))
    assert privacy.file(t, {"members": [{"display_name": "Zoë"}]}).filename == "twincord.json"


def test_choices_fit(t: Translator) -> None:
    assert len(profile.city_choice(t, "1", Place("x" * 200, "FR", "y" * 200, "UTC")).name) == 100
    assert all(len(choice.name) <= 100 for choice in profile.zone_choices(t, "", NOW))
    assert [choice.value for choice in profile.language_choices(t)] == list(CATALOGUES.languages)

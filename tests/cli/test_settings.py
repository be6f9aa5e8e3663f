"""Settings: where they come from, what is said of a wrong one, and that no secret ever shows."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from pathlib import Path

import pytest

from config.errors import SettingsError
from config.settings import Settings, load_settings, unknown_variables, variable
from tests.cli.conftest import CommandLine

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"
PASSWORD = "correct-horse-battery"
WRONG = {
    "token": "two words",
    "database_url": "mysql://u:p@h/d",
    "language": "de",
    "members_intent": "perhaps",
    "shard_count": "4711",
    "log_level": "chatty",
    "log_format": "xml",
    "health_host": "not a host",
    "health_port": "70000",
    "requests_per_second": "quick",
    "unanswered_one_hours": "soon",
    "unanswered_more_hours": "23",
    "unanswered_everyone_hours": "47",
    "unanswered_coordinators_hours": "9000",
    "night_begins": "24",
    "night_ends": "-1",
    "topics_file": "nowhere.csv",
    "locales_folder": "nowhere",
}


def test_every_setting_has_a_wrong_value_to_be_tested_with() -> None:
    assert set(WRONG) == set(Settings.model_fields)


@pytest.mark.usefixtures("no_settings")
def test_defaults_need_nothing() -> None:
    settings = load_settings()
    assert settings.token is None
    assert settings.database_url.get_secret_value() == "sqlite:///data/twincord.db"
    assert settings.language == "en"


def test_environment_over_file_over_default(no_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (no_settings / "twincord.toml").write_text('language = "fr"\nlog_level = "debug"\n', encoding="utf-8")
    monkeypatch.setenv("TWINCORD_LANGUAGE", "ES")
    monkeypatch.setenv("TWINCORD_LOG_FORMAT", "")
    settings = load_settings()
    assert (settings.language, settings.log_level, settings.log_format) == ("es", "debug", "text")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_variable_is_named_and_ends_the_start_with_one_sentence(cli: CommandLine, name: str) -> None:
    cli.set(**{name: WRONG[name]})
    said = cli("run")
    assert said.status == 1
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert variable(name) in said.err
    assert WRONG[name] not in said.err.replace(variable(name), "")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_line_of_the_file_is_named(cli: CommandLine, name: str) -> None:
    cli.write("twincord.toml", f'{name} = "{WRONG[name]}"\n')
    said = cli("run")
    assert said.status == 1
    assert said.err.startswith(f"twincord.toml: {name} ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_never_shows_the_token(
    cli: CommandLine, name: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.set(token=TOKEN, log_level="debug")
    cli.set(**{name: f"{TOKEN} {WRONG[name]}"})
    with caplog.at_level(logging.DEBUG):
        said = cli("run")
        with pytest.raises(SettingsError) as caught:
            load_settings()
    assert said.status == 1
    traces = "".join(traceback.format_exception(caught.value))
    for text in (said.out, said.err, caplog.text, traces, repr(caught.value), str(caught.value.parameters)):
        assert TOKEN not in text
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_secrets_are_in_no_repr(no_settings: Path) -> None:
    settings = load_settings(token=TOKEN, database_url=f"postgresql://bot:{PASSWORD}@db.example/twincord")
    shown = [repr(settings), str(settings), repr(settings.model_dump()), settings.model_dump_json(), f"{settings!r}"]
    for text in shown:
        assert TOKEN not in text
        assert PASSWORD not in text
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(settings)
    assert copy.copy(settings) == settings
    assert set(settings.secrets) == {TOKEN, PASSWORD}


def test_settings_cannot_be_changed(no_settings: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().language = "fr"


@pytest.mark.parametrize("toml", [f"token = {TOKEN}", f'token = "{TOKEN}', f"[{TOKEN}]\n[{TOKEN}]"])
def test_a_broken_file_is_not_quoted(cli: CommandLine, toml: str) -> None:
    cli.write("twincord.toml", toml)
    said = cli("run")
    assert said.status == 1
    assert "twincord.toml" in said.err
    assert "line" in said.err
    assert not any(part in said.err for part in TOKEN.split("."))


def test_a_file_that_is_a_folder(cli: CommandLine) -> None:
    (cli.folder / "twincord.toml").mkdir()
    said = cli("run", "--json")
    assert said.document["error"]["id"] == "settings.file_not_readable"


def test_a_file_that_is_not_utf8(cli: CommandLine) -> None:
    (cli.folder / "twincord.toml").write_bytes(b'token = "\xff"')
    assert cli("run", "--json").document["error"]["id"] == "settings.file_not_utf8"


def test_an_unknown_setting_in_the_file(cli: CommandLine) -> None:
    cli.write("twincord.toml", 'langauge = "fr"\n')
    said = cli("run")
    assert "langauge" in said.err
    assert "language" in said.err
    cli.write("twincord.toml", f'"{TOKEN}" = 1\n')
    assert TOKEN not in cli("run").err


def test_the_sentence_is_in_the_language_of_the_environment(cli: CommandLine) -> None:
    cli.set(language="fr", log_level="bavard")
    assert "Écrivez debug, info, warning ou error." in cli("run").err


def test_variables_that_no_setting_reads() -> None:
    environment = {"TWINCORD_TOKNE": "x", "TWINCORD_HORSE": "y", "twincord_language": "fr", "OTHER": "z"}
    assert unknown_variables(environment) == [("TWINCORD_HORSE", None), ("TWINCORD_TOKNE", "TWINCORD_TOKEN")]


def test_a_relative_database_is_in_the_working_folder(cli: CommandLine) -> None:
    said = cli("db", "upgrade", "--json")
    assert said.document["database"] == str(cli.folder / "data" / "twincord.db")
    assert (cli.folder / "data" / "twincord.db").is_file()


def test_a_misspelt_variable_is_told_at_the_start(cli: CommandLine) -> None:
    cli.set(tokne=TOKEN)
    said = cli("run")
    assert "TWINCORD_TOKNE is set, but there is no such setting" in said.err
    assert "Did you mean TWINCORD_TOKEN?" in said.err
    assert TOKEN not in said.err


def test_a_password_is_secret_as_it_is_written_and_as_it_is_meant(no_settings: Path) -> None:
    settings = load_settings(database_url="postgresql://bot:hunter%402@db.example/twincord")
    assert set(settings.secrets) == {"hunter%402", "hunter@2"}

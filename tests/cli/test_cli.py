"""What is typed at a shell: plain sentences, one JSON document, sensible exit statuses, never a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.cli.desk import Desk
from bot.services.network import NetworkService
from tests.cli.conftest import CommandLine

ROOT = Path(__file__).parents[2]
USER = "123456789012345678"
ROSTER = "discord_user_id,display_name,city,topics\n{user},Ana,Lyon,housing:expert\n,Boris,Lviv,\n"


def commands() -> list[tuple[str, ...]]:
    """Every command and group, as it is typed."""
    found: list[tuple[str, ...]] = [()]

    def walk(command: object, path: tuple[str, ...]) -> None:
        for name, child in getattr(command, "commands", {}).items():
            found.append((*path, name))
            walk(child, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_explains_itself(cli: CommandLine, path: tuple[str, ...]) -> None:
    said = cli(*path, "--help")
    assert said.status == 0
    assert said.err == ""
    assert " ".join(("Usage: python -m bot", *path)) in " ".join(said.out.split())
    assert "." in said.out


def test_version(cli: CommandLine) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", cli("--version").out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("db", "nonsense"),
        ("network", "coordinators", "add"),
        ("network", "coordinators", "add", "ana"),
        ("network", "coordinators", "add", "-5"),
        ("demo", "--port", "70000"),
        ("run", "--nonsense"),
    ],
)
def test_what_is_misspelt_ends_with_status_2(cli: CommandLine, arguments: tuple[str, ...]) -> None:
    said = cli(*arguments)
    assert (said.status, said.out) == (2, "")
    assert "Usage:" in said.err
    as_json = cli(*arguments, "--json")
    assert as_json.status == 2
    assert as_json.document["error"]["id"] == "usage"


def test_a_database_is_made_looked_at_kept_and_brought_back(cli: CommandLine) -> None:
    place = str(cli.folder / "data" / "twincord.db")
    assert cli("db", "status").out.startswith(f"There is no database yet at {place}.")
    assert not Path(place).exists()
    made = cli("db", "upgrade", "--json").document
    assert (made["before"], made["revision"], made["database"]) == (None, made["newest"], place)
    again = cli("db", "status", "--json")
    assert (again.status, again.document["current"], again.document["engine"]) == (0, True, "sqlite")
    assert "up to date" in cli("db", "upgrade").out
    cli("network", "coordinators", "add", USER)
    kept = cli("db", "backup", "copy.db", "--json").document
    assert kept["bytes"] == (cli.folder / "copy.db").stat().st_size
    cli("network", "coordinators", "remove", USER)
    unasked = cli("db", "restore", "copy.db")
    assert unasked.status == 1
    assert "Add --yes" in unasked.err
    assert cli("network", "coordinators", "list", "--json").document["coordinators"] == []
    assert cli("db", "restore", "copy.db", "--yes").status == 0
    (one,) = cli("network", "coordinators", "list", "--json").document["coordinators"]
    assert one["user_id"] == USER


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_whoever_looks_on_is_asked_before_everything_is_replaced(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, typed: str, status: int
) -> None:
    cli("network", "coordinators", "add", USER)
    cli("db", "backup", "copy.db")
    cli("network", "coordinators", "remove", USER)
    monkeypatch.setattr(Desk, "watched", True)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    said = cli("db", "restore", "copy.db")
    assert said.status == status
    assert "Go on?" in said.err
    assert "Traceback" not in said.err
    found = cli("network", "coordinators", "list", "--json").document["coordinators"]
    assert bool(found) is (status == 0)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert cli("db", "restore", "copy.db", "--yes").status == 0


def test_a_backup_over_a_file_is_refused(cli: CommandLine) -> None:
    file = cli.write("copy.db", "mine")
    cli("db", "upgrade")
    said = cli("db", "backup", file)
    assert (said.status, said.out) == (1, "")
    assert said.err.count("\n") == 1
    assert file.read_text(encoding="utf-8") == "mine"
    assert cli("db", "backup", file, "--json").document["error"]["id"] == "database.backup_exists"


def test_a_database_that_is_none_is_one_sentence(cli: CommandLine) -> None:
    cli.write("letter.txt", "Dear all, this is no database at all. " * 50)
    cli.set(database_url="sqlite:///letter.txt")
    for arguments in (("db", "status"), ("network", "invite"), ("members", "export", "out.csv")):
        said = cli(*arguments)
        assert (said.status, said.out) == (1, "")
        assert said.err.startswith("The database is damaged and cannot be read.")
        assert said.err.count("\n") == 1


def test_codes_for_servers(cli: CommandLine) -> None:
    plain = cli("network", "invite")
    assert plain.err == ""
    assert re.search(r"^The code for one server: \w{4}-", plain.out)
    document = cli("network", "invite", "--json").document
    assert document["code"] not in plain.out
    assert document["expires_at"].endswith("+00:00")
    assert cli("network", "servers", "--json").document == {"servers": []}
    assert "No server is in the network yet." in cli("network", "servers").out


def test_coordinators_are_appointed_and_dismissed(cli: CommandLine) -> None:
    assert "Nobody coordinates" in cli("network", "coordinators", "list").out
    assert cli("network", "coordinators", "add", USER).out == f"{USER} now coordinates the whole network.\n"
    twice = cli("network", "coordinators", "add", USER, "--json")
    assert (twice.status, twice.document["error"]["id"]) == (1, "network.already_coordinator")
    assert USER in cli("network", "coordinators", "list").out
    assert cli("network", "coordinators", "remove", USER, "--json").document == {"removed": USER}
    assert cli("network", "coordinators", "remove", USER).status == 1


def test_a_roster_is_tried_taken_and_written(cli: CommandLine) -> None:
    file = cli.write("roster.csv", ROSTER.format(user=USER))
    trial = cli("members", "import", file, "--dry-run", "--codes", "codes.csv", "--json").document
    assert (trial["rows"], trial["new"], trial["dry_run"]) == (2, 2, True)
    assert not (cli.folder / "codes.csv").exists()
    taken = cli("members", "import", file, "--codes", "codes.csv", "--json").document
    assert (taken["new"], taken["codes"]["issued"], taken["unclaimed"]) == (2, 1, 1)
    with (cli.folder / "codes.csv").open(encoding="utf-8") as lines:
        (row,) = csv.DictReader(lines)
    assert row["name"] == "Boris"
    again = cli("members", "import", file)
    assert "New: 0. Updated: 0. Unchanged: 2." in again.out
    assert again.err == ""
    assert cli("members", "export", "out.csv", "--json").document["members"] == 2
    assert "Ana" in (cli.folder / "out.csv").read_text(encoding="utf-8")
    assert cli("members", "codes", "new.csv", "--json").document["codes"]["voided"] == 1


def test_a_progress_bar_is_drawn_for_whoever_looks_on(cli: CommandLine) -> None:
    file = cli.write("roster.csv", ROSTER.format(user=USER))
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "bot", "members", "import", str(file), "--dry-run"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    os.write(theirs, b"END")
    seen = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        while not seen.endswith(b"END"):
            seen += terminal.read(4096)
    os.close(theirs)
    assert b"2/2" in seen


def test_every_bad_line_is_named_with_its_reason(cli: CommandLine) -> None:
    file = cli.write("roster.csv", "display_name,city,zone\nAna,Lyon,\nBoris,Nowhereville,\nCleo,Lyon,Mars/Olympus\n")
    said = cli("members", "import", file)
    assert (said.status, said.out) == (1, "")
    first, *lines = said.err.splitlines()
    assert "2 problems" in first
    assert [line.split(":")[0] for line in lines] == ["Line 3, city", "Line 4, zone"]
    document = cli("members", "import", file, "--json").document
    assert document["error"]["id"] == "cli.not_imported"
    assert [(one["line"], one["column"]) for one in document["problems"]] == [(3, "city"), (4, "zone")]


def test_what_a_file_holds_does_not_move_the_cursor(cli: CommandLine) -> None:
    file = cli.write("roster.csv", "display_name,city\nAna,Ly\x1b[2Jon\u202e\n")
    said = cli("members", "import", file)
    assert said.status == 1
    assert "\x1b" not in said.err
    assert "\u202e" not in said.err


def test_topics_go_out_and_come_back(cli: CommandLine) -> None:
    assert cli("topics", "export", "topics.csv", "--json").document["topics"] == 358
    assert cli("topics", "export", "topics.csv", "--json").document["error"]["id"] == "cli.file_exists"
    assert cli("topics", "import", "topics.csv", "--json").document == {"new": 0, "changed": 0, "total": 358}


def test_sentences_are_in_the_language_of_the_settings(cli: CommandLine) -> None:
    cli.set(language="es")
    assert cli("network", "coordinators", "list").out.startswith("Nadie coordina aún la red.")


def test_without_a_token_the_bot_does_not_start(cli: CommandLine) -> None:
    said = cli("run", "--json")
    assert (said.status, said.document["error"]["id"]) == (1, "run.token_missing")
    assert "TWINCORD_TOKEN" in said.err


def test_an_error_that_nobody_expected_is_a_sentence_and_a_reference(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("of our own making")

    monkeypatch.setattr(NetworkService, "invite", broken)
    said = cli("network", "invite", "--json")
    error = said.document["error"]
    assert (said.status, error["id"]) == (1, "cli.bug")
    assert error["reference"] in error["message"]
    assert f"reference={error['reference']}" in said.err
    assert "ZeroDivisionError: of our own making" in said.err


def test_a_broken_catalogue_is_one_sentence(cli: CommandLine) -> None:
    (cli.folder / "words" / "en").mkdir(parents=True)
    cli.write("words/en/broken.po", 'msgid "never closed\n')
    cli.set(locales_folder="words")
    said = cli("db", "status")
    assert said.status == 1
    assert said.err.startswith("A catalogue cannot be read: ")
    assert "broken.po" in said.err


def test_every_document_is_json_alone(cli: CommandLine) -> None:
    for arguments in (("db", "status"), ("doctor",), ("network", "servers"), ("members", "codes", "codes.csv")):
        said = cli(*arguments, "--json")
        assert isinstance(json.loads(said.out), dict)


def test_an_administrators_catalogue_need_not_be_complete(cli: CommandLine) -> None:
    (cli.folder / "words" / "en").mkdir(parents=True)
    cli.write("words/en/mine.po", 'msgid "cli.no_servers"\nmsgstr "Nobody here but us."\n')
    cli.set(locales_folder="words")
    assert cli("network", "servers").out == "Nobody here but us.\n"
    assert "now coordinates" in cli("network", "coordinators", "add", USER).out


class TestTopicsMatch:
    def test_a_batch_is_one_document_of_what_each_line_finds(self, cli: CommandLine) -> None:
        file = cli.write("asked.txt", "stromwater\r\n\nbudżet obywatelski\nxyzzy\n")
        said = cli("topics", "match", "--batch", file, "--json")
        assert (said.status, said.err) == (0, "")
        assert list(said.document) == ["stromwater", "budżet obywatelski", "xyzzy"]
        assert all(set(found) == {"confident", "topics"} for found in said.document.values())
        assert said.document["stromwater"]["topics"][0][0] == "stormwater"
        exact = said.document["budżet obywatelski"]
        assert (exact["confident"], exact["topics"][0]) == (True, ["participatory-budgeting", 1.0])
        assert 1 < len(exact["topics"]) <= 10
        scores = [score for _, score in exact["topics"]]
        assert scores == sorted(scores, reverse=True)
        assert said.document["xyzzy"]["confident"] is False
        assert not (cli.folder / "data").exists()

    def test_a_person_is_told_in_sentences(self, cli: CommandLine) -> None:
        said = cli("topics", "match", "éclairage public", "--language", "fr")
        assert said.out.startswith("“éclairage public” is answered outright")
        assert "street lighting (street-lighting)" in said.out
        assert "Nothing was found" in cli("topics", "match", "?!").out

    def test_topics_that_were_imported_are_found_too(self, cli: CommandLine) -> None:
        header = ",".join(
            ("id", "cofog", *(f"label_{code}" for code in ("en", "fr", "es", "de", "pt", "it", "pl", "uk")))
        )
        extra = cli.write("extra.csv", f"{header}\nferries,04.5,{','.join(['quokka boats'] * 8)}\n")
        assert cli("topics", "import", extra).status == 0
        found = cli("topics", "match", "quokka boats", "--json").document["quokka boats"]
        assert (found["confident"], found["topics"][0]) == (True, ["ferries", 1.0])

    @pytest.mark.parametrize("arguments", [(), ("water", "--batch", "asked.txt"), ("water", "--language", "xx")])
    def test_neither_both_or_an_unknown_language_is_refused(self, cli: CommandLine, arguments: tuple[str, ...]) -> None:
        assert cli("topics", "match", *arguments).status == 2

    def test_a_file_that_is_not_there_is_a_sentence(self, cli: CommandLine) -> None:
        said = cli("topics", "match", "--batch", "nowhere.txt", "--json")
        assert (said.status, said.document["error"]["id"]) == (1, "topics.file_unreadable")

"""`cap validate` at the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.cap.reading import MOST_BYTES
from tests.cli.conftest import CommandLine
from tests.domain.cap.files import GOOD, VALID, spoilt


def test_valid_files_end_with_status_0(cli: CommandLine) -> None:
    said = cli("cap", "validate", *VALID)
    assert (said.status, said.err) == (0, "")
    assert [line for line in said.out.splitlines() if line.endswith("valid CAP 1.2.")] == [
        f"{file}: valid CAP 1.2." for file in VALID
    ]
    assert "error" not in said.out


def test_an_invalid_file_ends_with_status_1_and_one_line_a_finding(cli: CommandLine) -> None:
    bad = cli.folder / "bad.xml"
    bad.write_bytes(spoilt(("45.76,4.84 5.5", "here"), ("A-1", "A 1")))
    said = cli("cap", "validate", bad, VALID[0])
    assert said.status == 1
    first, second, *others = said.out.splitlines()
    assert first == f"{bad}:3: error: identifier: “A 1” holds a space, a comma, < or &, which it must not."
    assert second.startswith(f"{bad}:31: error: info/area/circle: “here” is not a circle: latitude,longitude, a space")
    assert not any(line.startswith(str(bad)) for line in others)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cap.unreadable"),
        (b"", "cap.nothing_in_it"),
        (b"not xml", "cap.not_xml"),
        (b"<!DOCTYPE alert><alert/>", "cap.document_type"),
        (b"x" * (MOST_BYTES + 1), "cap.too_large"),
    ],
)
def test_an_unreadable_file_ends_with_status_2(cli: CommandLine, content: bytes | None, expected: str) -> None:
    file = cli.folder / "file.xml"
    if content is not None:
        file.write_bytes(content)
    invalid = cli.write("bad.xml", GOOD.replace("A-1", "A 1"))
    said = cli("cap", "validate", file, invalid, "--json")
    assert said.status == 2
    first, second = said.document["files"]
    assert (first["readable"], first["valid"], first["findings"][0]["id"]) == (False, False, expected)
    assert (second["readable"], second["valid"]) == (True, False)
    assert cli("cap", "validate", file).out.count("\n") == 1


def test_a_huge_file_is_not_read_at_all(cli: CommandLine) -> None:
    file = cli.folder / "huge.xml"
    with file.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    said = cli("cap", "validate", file, "--json")
    assert said.document["files"][0]["findings"][0]["id"] == "cap.too_large"


@pytest.mark.parametrize("place", ["/dev/zero", "."])
def test_what_is_no_file_is_not_read(cli: CommandLine, place: str) -> None:
    said = cli("cap", "validate", Path(place))
    assert said.status == 2
    assert "not a file" in said.out


def test_a_document_says_where_and_in_which_language_one_likes(cli: CommandLine) -> None:
    cli.set(language="fr")
    bad = cli.write("bad.xml", GOOD.replace("Public", "Private"))
    (file,) = cli("cap", "validate", bad, "--json").document["files"]
    assert file == {
        "file": str(bad),
        "readable": True,
        "valid": False,
        "signatures": 0,
        "findings": [
            {
                "level": "error",
                "id": "cap.addresses_missing",
                "line": 2,
                "where": "alert",
                "message": "La portée est Private, et aucune addresses ne dit pour qui.",
            }
        ],
    }


def test_what_a_file_holds_cannot_drive_the_terminal(cli: CommandLine) -> None:
    bad = cli.write("bad.xml", GOOD.replace("A-1", "A \u202e\u009b31m"))
    said = cli("cap", "validate", bad)
    assert "\u202e" not in said.out
    assert "\u009b" not in said.out


def test_an_import_is_a_draft_that_comes_out_as_it_went_in(cli: CommandLine) -> None:
    file = cli.write("alert.xml", GOOD)
    done = cli("cap", "import", file, "--json")
    assert (done.status, done.document) == (0, {"id": 1, "attached": False, "signatures": 0})
    assert cli("cap", "export", "1").out == GOOD + "\n"
    assert cli("cap", "export", "1", "--output", "out.xml").status == 0
    assert (cli.folder / "out.xml").read_text(encoding="utf-8") == GOOD
    again = cli("cap", "import", file, "--json")
    assert (again.status, again.document["error"]["id"]) == (1, "crisis.import_again")
    update = spoilt(
        ("A-1", "A-2"),
        ("<msgType>Alert", "<msgType>Update"),
        ("</scope>", "</scope><references>desk@example.org,A-1,2026-11-25T03:00:00+01:00</references>"),
    )
    (cli.folder / "update.xml").write_bytes(update)
    assert cli("cap", "import", "update.xml", "--json").document == {"id": 1, "attached": True, "signatures": 0}


def test_what_is_invalid_or_hostile_is_not_taken_in(cli: CommandLine) -> None:
    cli.write("bad.xml", GOOD.replace("A-1", "A 1"))
    cli.write("hostile.xml", "<!DOCTYPE alert><alert/>")
    assert cli("cap", "import", "bad.xml", "--json").document["error"]["id"] == "crisis.import_invalid"
    assert cli("cap", "import", "hostile.xml", "--json").document["error"]["id"] == "cap.document_type"
    assert cli("cap", "export", "1", "--json").document["error"]["id"] == "crisis.unknown"

"""What is valid, what is not, and why: files in the manner of several countries, and one spoilt in many ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.cap.findings import Gravity
from tests.domain.cap.files import CHECKER, GOOD, VALID, errors, spoilt, warnings

SCOPE = "<scope>Public</scope>"
AFTER_SCOPE = "</scope>\n"
ALERT = "<msgType>Alert</msgType>"
REFERENCE = "desk@example.org,A-0,2026-11-25T02:00:00+01:00"


def following(kind: str, references: str, note: str = "") -> tuple[tuple[str, str], ...]:
    """Changes that make the message one of another kind, with references."""
    return (
        (ALERT, f"<msgType>{kind}</msgType>"),
        (SCOPE, f"{SCOPE}{note}<references>{references}</references>"),
    )


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_alerts_in_the_manner_of_many_countries_are_valid(file: Path) -> None:
    report = CHECKER.check(file.read_bytes())
    assert report.valid, report.findings
    assert all(finding.gravity is not Gravity.ERROR for finding in report.findings)


def test_nothing_is_found_about_a_good_file() -> None:
    assert CHECKER.check(GOOD.encode()).findings == ()


def test_a_signature_is_told_of_and_not_judged() -> None:
    report = CHECKER.check(next(file for file in VALID if "canada" in file.stem).read_bytes())
    assert report.signatures == 1
    assert [each.message_id for each in report.findings if each.gravity is Gravity.NOTE] == ["cap.signed"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # What the schema says.
        ([("<status>Actual</status>", "<status>actual</status>")], ["cap.schema_value"]),
        ([("<status>Actual</status>", "")], ["cap.schema_unexpected"]),
        ([("<event>Crue</event>", "")], ["cap.schema_unexpected"]),
        ([("<category>Met</category>", "<category>Weather</category>")], ["cap.schema_value"]),
        ([("<mimeType>image/png</mimeType>", "")], ["cap.schema_unexpected"]),
        ([("<areaDesc>Lyon</areaDesc>", "")], ["cap.schema_unexpected"]),
        ([("<value>69123</value>", "")], ["cap.schema_missing"]),
        ([("<language>fr</language>", "<language>fr_FR</language>")], ["cap.schema_type"]),
        ([("<size>3</size>", "<size>3.5</size>")], ["cap.schema_type"]),
        ([("<altitude>500</altitude>", "<altitude>high</altitude>")], ["cap.schema_type", "cap.ceiling_alone"]),
        ([("</alert>", "<more/></alert>")], ["cap.schema_unexpected"]),
        ([("<ceiling>900</ceiling>", "<ceiling>900</ceiling><ceiling>901</ceiling>")], ["cap.schema_nothing_expected"]),
        ([("<info>", '<info lang="fr">')], ["cap.schema_attribute"]),
        ([("<info>", "<info>so")], ["cap.schema_text"]),
        ([("<event>Crue</event>", "<event><b>Crue</b></event>")], ["cap.schema_elements"]),
        # Times.
        ([("03:00:00+01:00</sent>", "03:00:00Z</sent>")], ["cap.time"]),
        ([("03:00:00+01:00</sent>", "03:00:00</sent>")], ["cap.time"]),
        ([("03:00:00+01:00</sent>", "03:00:00.5+01:00</sent>")], ["cap.time"]),
        ([("2026-11-25T03:00:00+01:00</sent>", "2026-02-30T03:00:00+01:00</sent>")], ["cap.time"]),
        ([("09:00:00+01:00</expires>", "09:00:00,01:00</expires>")], ["cap.time"]),
        ([("T09:00:00+01:00</expires>", "T02:00:00+01:00</expires>")], ["cap.expires_before_effective"]),
        (
            [
                ("    <effective>2026-11-25T03:00:00+01:00</effective>\n", ""),
                ("T09:00:00+01:00</expires>", "T02:00:00+01:00</expires>"),
            ],
            ["cap.expires_before_sent"],
        ),
        # Who sends.
        ([("A-1", "A 1")], ["cap.identifier_characters"]),
        ([("A-1", "A,1")], ["cap.identifier_characters"]),
        ([("A-1", "A&lt;1")], ["cap.identifier_characters"]),
        ([("desk@example.org", "desk&amp;co")], ["cap.identifier_characters"]),
        ([("<identifier>A-1</identifier>", "<identifier/>")], ["cap.empty_required"]),
        ([("<event>Crue</event>", "<event> </event>")], ["cap.empty_required"]),
        ([("<areaDesc>Lyon</areaDesc>", "<areaDesc></areaDesc>")], ["cap.empty_required"]),
        # For whom.
        ([(SCOPE, "<scope>Restricted</scope>")], ["cap.restriction_missing"]),
        ([(SCOPE, "<scope>Restricted</scope><restriction/>")], ["cap.restriction_missing"]),
        ([(SCOPE, f"{SCOPE}<restriction>Police</restriction>")], ["cap.restriction_without_scope"]),
        ([(SCOPE, "<scope>Private</scope>")], ["cap.addresses_missing"]),
        ([(SCOPE, '<scope>Private</scope><addresses>"a b</addresses>')], ["cap.quotes"]),
        ([(SCOPE, f'{SCOPE}<incidents>"a b</incidents>')], ["cap.quotes"]),
        # What it is about.
        ([(ALERT, "<msgType>Update</msgType>")], ["cap.references_missing"]),
        ([(ALERT, "<msgType>Cancel</msgType>")], ["cap.references_missing"]),
        ([(ALERT, "<msgType>Ack</msgType>")], ["cap.references_missing"]),
        ([(ALERT, "<msgType>Error</msgType>")], ["cap.references_missing", "cap.note_error"]),
        (following("Update", "A-0"), ["cap.reference_form"]),
        (following("Update", "desk@example.org,A-0"), ["cap.reference_form"]),
        (following("Update", "desk@example.org,A-0,yesterday"), ["cap.reference_form"]),
        (following("Update", ",A-0,2026-11-25T02:00:00+01:00"), ["cap.reference_form"]),
        (following("Update", "desk@example.org,A-0,2026-11-25T02:00:00Z"), ["cap.reference_form"]),
        (following("Cancel", "desk@example.org,A-1,2026-11-25T03:00:00+01:00"), ["cap.reference_itself"]),
        (following("Error", REFERENCE), ["cap.note_error"]),
        ([("<status>Actual</status>", "<status>Exercise</status>")], ["cap.note_exercise"]),
        # Where.
        ([("45.7,4.8 45.8,4.8 45.8,4.9 45.7,4.8", "45.7,4.8 45.8,4.8 45.7,4.8")], ["cap.polygon_short"]),
        ([("45.8,4.9 45.7,4.8<", "45.8,4.9 45.7,4.9<")], ["cap.polygon_open"]),
        ([("45.8,4.9 45.7,4.8<", "45.8, 4.9 45.7,4.8<")], ["cap.polygon_form"]),
        ([("45.8,4.9 45.7,4.8<", "45.8;4.9 45.7,4.8<")], ["cap.polygon_form"]),
        ([("45.8,4.9 45.7,4.8<", "45.8,NaN 45.7,4.8<")], ["cap.polygon_form"]),
        ([("45.8,4.9 45.7,4.8<", "95.8,4.9 45.7,4.8<")], ["cap.off_the_globe"]),
        ([("45.8,4.9 45.7,4.8<", "45.8,184.9 45.7,4.8<")], ["cap.off_the_globe"]),
        ([("45.76,4.84 5.5", "45.76,4.84")], ["cap.circle_form"]),
        ([("45.76,4.84 5.5", "45.76,4.84,5.5")], ["cap.circle_form"]),
        ([("45.76,4.84 5.5", "45.76,4.84 -5.5")], ["cap.circle_form"]),
        ([("45.76,4.84 5.5", "145.76,4.84 5.5")], ["cap.off_the_globe"]),
        ([("<altitude>500</altitude>", "")], ["cap.ceiling_alone"]),
        ([("<altitude>500</altitude>", "<altitude>901</altitude>")], ["cap.ceiling_below"]),
        # Files and addresses.
        ([("https://example.org/crue", "/crue")], ["cap.not_absolute"]),
        ([("https://example.org/crue", "https:///crue")], ["cap.not_absolute"]),
        ([("https://example.org/crue", "example.org/crue")], ["cap.not_absolute"]),
        ([("<derefUri>YWJj</derefUri>", ""), ("https://example.org/map.png", "map.png")], ["cap.not_absolute"]),
        ([("image/png", "png")], ["cap.mime_type"]),
        ([("<size>3</size>", "<size>-3</size>")], ["cap.size"]),
        ([("YWJj", "*abc*")], ["cap.content_not_base64"]),
        ([("a9993e364706816aba3e25717850c26c9cd0d89d", "900150983cd24fb0d6963f7d28e17f72")], ["cap.digest_form"]),
        ([("a9993e364706816aba3e", "b9993e364706816aba3e")], ["cap.digest_differs"]),
    ],
)
def test_what_breaks_the_standard_is_refused_with_its_reason(
    changes: list[tuple[str, str]], expected: list[str]
) -> None:
    assert sorted(errors(spoilt(*changes))) == sorted(expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (following("Update", REFERENCE), []),
        (following("Cancel", f"{REFERENCE}\n  {REFERENCE}"), []),
        (following("Error", REFERENCE, "<note>Unknown area</note>"), []),
        ([(SCOPE, "<scope>Private</scope><addresses>a</addresses>")], []),
        ([(SCOPE, f"{SCOPE}<addresses>a b</addresses>")], []),
        ([("45.8,4.9 45.7,4.8<", "45.8,4.9 45.70,4.800<")], []),
        ([("<size>3</size>", "<size>0</size>")], []),
        ([("https://example.org/crue", "mailto:desk@example.org")], []),
        ([("https://example.org/map.png", "map.png")], []),
        ([("<language>fr</language>", "")], []),
        ([("<language>fr</language>", "<language/>")], ["cap.empty"]),
        ([("<polygon>45.7,4.8 45.8,4.8 45.8,4.9 45.7,4.8</polygon>", "<polygon/>")], ["cap.empty"]),
        ([("A-1", " A-1\n")], ["cap.surrounding_blanks"]),
        ([("+01:00</sent>", "+00:00</sent>")], ["cap.utc_plus"]),
        ([("SAME", "S.A.M.E.")], ["cap.acronym"]),
        ([("https://example.org/crue", "www.example.org/crue")], ["cap.web_without_scheme"]),
        ([("a9993e364706816aba3e25717850c26c9cd0d89d", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=")], ["cap.digest_in_base64"]),
        (following("Update", REFERENCE.replace("T02", "T05")), ["cap.reference_later"]),
        (
            [*following("Cancel", REFERENCE), ("T09:00:00+01:00</expires>", "T02:00:00+01:00</expires>")],
            ["cap.expires_before_effective"],
        ),
        (
            [
                ("<effective>2026-11-25T03", "<effective>2026-11-24T03"),
                ("T09:00:00+01:00</expires>", "T02:00:00+01:00</expires>"),
            ],
            ["cap.expires_before_sent"],
        ),
    ],
)
def test_what_keeps_the_standard_is_valid_and_odd_things_are_told(
    changes: list[tuple[str, str]], expected: list[str]
) -> None:
    assert warnings(spoilt(*changes)) == expected


def test_an_alert_without_an_info_says_nothing() -> None:
    begin, end = GOOD.index("  <info>"), GOOD.index("</alert>")
    assert warnings((GOOD[:begin] + GOOD[end:]).encode()) == ["cap.no_info"]


def test_languages_that_disagree_are_told_and_blocks_of_one_language_are_not() -> None:
    info = GOOD[GOOD.index("  <info>") : GOOD.index("</alert>")]
    other = info.replace("Severe", "Minor")
    assert warnings(GOOD.replace(info, info + other).encode()) == []
    english = other.replace(">fr<", ">en<")
    assert warnings(GOOD.replace(info, info + english).encode()) == ["cap.infos_differ"]
    assert warnings(GOOD.replace(info, info + info.replace(">fr<", ">en<")).encode()) == []


def test_a_finding_tells_its_line_and_its_element() -> None:
    data = spoilt(("</polygon>", "</polygon><polygon>1,1</polygon>"))
    (found,) = CHECKER.check(data).findings
    assert (found.line, found.where, found.message_id) == (30, "info/area/polygon[2]", "cap.polygon_short")
    assert found.parameters == {"n": 1}


def test_many_findings_are_cut_short_and_the_errors_come_first() -> None:
    codes = "<code/>" * 5_000
    data = spoilt((SCOPE, SCOPE + codes), ("45.76,4.84 5.5", "x"))
    report = CHECKER.check(data)
    assert not report.valid
    assert len(report.findings) == 101
    assert "cap.circle_form" in [finding.message_id for finding in report.findings]
    assert report.findings[-1].message_id == "cap.and_more"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"/>', "cap.other_version"),
        ('<alert xmlns="http://www.incident.com/cap/1.0"/>', "cap.other_version"),
        ("<alert/>", "cap.other_root"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "cap.other_root"),
        ('<info xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>', "cap.other_root"),
    ],
)
def test_other_documents_are_told_for_what_they_are(document: str, expected: str) -> None:
    assert errors(document.encode()) == [expected]

"""CAP files written for the tests, and a small one to spoil."""

from __future__ import annotations

from pathlib import Path

from bot.domain.cap.checking import Checker
from config import FOLDER

VALID = sorted((Path(__file__).parent / "valid").glob("*.xml"))
CHECKER = Checker((FOLDER / "cap" / "CAP-v1.2.xsd").read_bytes())

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>A-1</identifier>
  <sender>desk@example.org</sender>
  <sent>2026-11-25T03:00:00+01:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>fr</language>
    <category>Met</category>
    <event>Crue</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Observed</certainty>
    <eventCode><valueName>SAME</valueName><value>FLW</value></eventCode>
    <effective>2026-11-25T03:00:00+01:00</effective>
    <expires>2026-11-25T09:00:00+01:00</expires>
    <web>https://example.org/crue</web>
    <resource>
      <resourceDesc>Carte</resourceDesc>
      <mimeType>image/png</mimeType>
      <size>3</size>
      <uri>https://example.org/map.png</uri>
      <derefUri>YWJj</derefUri>
      <digest>a9993e364706816aba3e25717850c26c9cd0d89d</digest>
    </resource>
    <area>
      <areaDesc>Lyon</areaDesc>
      <polygon>45.7,4.8 45.8,4.8 45.8,4.9 45.7,4.8</polygon>
      <circle>45.76,4.84 5.5</circle>
      <geocode><valueName>INSEE</valueName><value>69123</value></geocode>
      <altitude>500</altitude>
      <ceiling>900</ceiling>
    </area>
  </info>
</alert>
"""


def spoilt(*changes: tuple[str, str]) -> bytes:
    """The good file with each first text replaced by the second."""
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def errors(data: bytes) -> list[str]:
    """The ids of what makes a file invalid."""
    return [finding.message_id for finding in CHECKER.check(data).findings if finding.gravity == "error"]


def warnings(data: bytes) -> list[str]:
    """The ids of what is worth a look in a valid file."""
    report = CHECKER.check(data)
    assert report.valid, report.findings
    return [finding.message_id for finding in report.findings]

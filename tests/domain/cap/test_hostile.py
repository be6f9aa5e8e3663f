"""XML that means harm: refused before it can do any."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.cap.reading import DEEPEST, MOST_BYTES, MOST_NODES, message_of, parse
from bot.domain.errors import Refusal
from tests.domain.cap.files import CHECKER, GOOD, spoilt

LAUGHS = '<!DOCTYPE lolz [<!ENTITY lol0 "lol">' + "".join(
    f'<!ENTITY lol{n} "' + f"&lol{n - 1};" * 10 + '">' for n in range(1, 10)
)
FILES = {
    "laughs": LAUGHS + "]><alert>&lol9;</alert>",
    "laughs in an attribute": LAUGHS + ']><alert a="&lol9;"/>',
    "a file of this machine": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>',
    "an address": '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]><alert>&x;</alert>',
    "an external subset": '<!DOCTYPE alert SYSTEM "http://127.0.0.1:1/cap.dtd"><alert/>',
    "a parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///dev/zero">%x;]><alert/>',
    "a document type of no use": "<!DOCTYPE alert><alert/>",
    "quadratic": f'<!DOCTYPE a [<!ENTITY x "{"x" * 50_000}">]><alert>{"&x;" * 50_000}</alert>',
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_it_is_read(text: str, encoding: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text.encode(encoding))
    assert refused.value.message_id == "cap.document_type"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "cap.nothing_in_it"),
        (b" \n", "cap.nothing_in_it"),
        (b"not xml", "cap.not_xml"),
        (b"\x00\x01\x02", "cap.not_xml"),
        (b"\xff\xfe\xff", "cap.not_xml"),
        (GOOD.encode()[:700], "cap.not_xml"),
        (GOOD.encode() + GOOD.encode(), "cap.not_xml"),
        (b"<a>&undefined;</a>", "cap.not_xml"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "cap.not_xml"),
        (b"<a>\xff</a>", "cap.not_xml"),
        (b"<a><b></a></b>", "cap.not_xml"),
        (b"<a b='1' b='2'/>", "cap.not_xml"),
        (b"<x:a/>", "cap.not_xml"),
        (b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1), "cap.too_deep"),
        (b"<a>" * 100_000, "cap.too_deep"),
        (b"<a>" + b"<b/>" * MOST_NODES + b"</a>", "cap.too_many_elements"),
        (b"<a " + b" ".join(b"a%d=''" % n for n in range(MOST_NODES)) + b"/>", "cap.too_many_elements"),
        (b"<a>" + b"x" * MOST_BYTES + b"</a>", "cap.too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:12].decode("latin-1"),
)
def test_what_cannot_or_must_not_be_read_is_refused(data: bytes, expected: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(data)
    assert refused.value.message_id == expected


def test_the_schema_that_a_file_names_is_not_fetched(tmp_path: Path) -> None:
    trap = tmp_path / "trap.xsd"
    trap.write_text("<not a schema", encoding="utf-8")
    hint = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {trap.as_uri()}"'
    for place in ("<alert ", "<info "):
        data = spoilt((place.rstrip() if place == "<info " else place, f"{place}{hint} "))
        assert CHECKER.check(data).valid


def test_comments_instructions_and_cdata_change_nothing() -> None:
    data = spoilt(("Crue", "Cr<!-- x -->u<?y z?><![CDATA[e]]>"), ("<alert", "<?xml-stylesheet href='x'?><alert"))
    message = CHECKER.check(data).message
    assert message is not None
    assert message.infos[0].event == "Crue"


def test_inclusions_are_not_followed() -> None:
    data = spoilt(("Crue", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'))
    assert not CHECKER.check(data).valid


def test_what_has_the_most_elements_is_judged_in_bounded_memory() -> None:
    """The worst that gets past the first look: each of its elements breaks the schema."""
    program = (
        "from tests.domain.cap.files import CHECKER, spoilt\n"
        f"more = '<code/>' * {MOST_NODES // 2 - 100} + '<x/>' * {MOST_NODES // 2 - 100}\n"
        "report = CHECKER.check(spoilt(('</scope>', '</scope>' + more)))\n"
        "assert not report.valid\n"
        "from tests.bench.harness.child import peak_memory\nprint(peak_memory())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 400  # MiB


def test_a_message_is_made_of_valid_documents_alone() -> None:
    with pytest.raises((KeyError, ValueError)):
        message_of(parse(b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>'))

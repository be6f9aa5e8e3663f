"""What the page's server shows, tells and refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.demo.client import Browser


async def test_rooms_are_those_the_person_sees(browser: Browser) -> None:
    ada, chloe, olga = [await browser.get("world", person) for person in ("ada", "chloe", "olga")]

    def rooms(world: Any) -> list[str]:
        return [room["name"] for server in world["servers"] for room in server["rooms"]]

    assert rooms(ada) == ["welcome", "questions", "crisis"]
    assert rooms(chloe) == ["welcome", "questions", "crisis", "coordinators"]
    assert rooms(olga) == []
    hidden = browser.room("chloe", "lyon/coordinators")
    assert "error" in await browser.get("room", "ada", hidden)


async def test_words_follow_the_person(browser: Browser) -> None:
    ada, chloe, olga = [await browser.get("world", person) for person in ("ada", "chloe", "olga")]
    assert (ada["language"], ada["words"]["rooms"]) == ("en", "Rooms")
    assert (chloe["language"], chloe["words"]["rooms"]) == ("fr", "Salons")
    assert olga["language"] == "en"
    assert ada["words"]["composer"] == "Message to {room}"


async def test_the_tour_speaks_the_language_of_the_visitor(browser: Browser) -> None:
    query = {"person": browser.person("ada"), "reads": "fr-CA"}
    async with browser.session.get("/api/world", params=query) as response:
        world = await response.json()
    assert (world["language"], world["words"]["rooms"]) == ("en", "Rooms")
    assert (world["tour"]["language"], world["tour"]["words"]["tour"]) == ("fr", "Visite guidée")


async def test_first_visit_is_the_first_person(browser: Browser) -> None:
    async with browser.session.get("/api/world") as response:
        world = await response.json()
    assert world["person"] == browser.person("ada")
    assert world["first_room"] == browser.room("ada", "lyon/welcome")
    (chapter,) = world["tour"]["chapters"]
    assert [step["key"] for step in chapter["steps"]] == ["find", "panel", "french"]


async def test_read_only_room_offers_no_writing(browser: Browser) -> None:
    view = await browser.get("room", "ada", "lyon/crisis")
    assert not view["may"]["write"]
    answer = await browser.act("ada", "lyon/crisis", "send", content="Hello")
    assert "permission" in answer["error"]


async def test_unread_until_one_looks(browser: Browser) -> None:
    async def unread(person: str) -> tuple[int, int]:
        world = await browser.get("world", person)
        [room] = [room for room in world["servers"][0]["rooms"] if room["name"] == "welcome"]
        return room["unread"], room["calls"]

    await browser.act("ada", "lyon/welcome", "send", content="Hello")
    await browser.act("ada", "lyon/welcome", "send", content=f"<@{browser.person('chloe')}>")
    assert await unread("ada") == (0, 0)
    assert await unread("chloe") == (2, 1)
    await browser.messages("chloe", "lyon/welcome")
    assert await unread("chloe") == (0, 0)


async def test_open_pages_hear_what_their_person_may_know(browser: Browser) -> None:
    async with browser.news("ada") as ada, browser.news("rui") as rui, browser.news("chloe") as chloe:
        await browser.act("ada", "lyon/welcome", "send", content="Hello")
        first = await asyncio.wait_for(chloe.get(), 5)
        assert first == {"kind": "room", "room": browser.room("ada", "lyon/welcome"), "new": True}
        assert (await asyncio.wait_for(ada.get(), 5))["new"] is False
        await browser.act("rui", "porto/welcome", "send", content="Bom dia")
        heard = await asyncio.wait_for(rui.get(), 5)
        assert heard["kind"] == "look" or heard["room"] == browser.room("rui", "porto/welcome")


@pytest.mark.parametrize(
    ("headers", "method"),
    [
        ({"Host": "evil.example"}, "GET"),
        ({"Host": "127.0.0.1:1"}, "GET"),
        ({"Origin": "https://evil.example"}, "GET"),
        ({"Origin": "https://evil.example"}, "POST"),
        ({"Origin": "null"}, "POST"),
        ({}, "POST"),
    ],
)
async def test_other_sites_are_turned_away(browser: Browser, headers: dict[str, str], method: str) -> None:
    path = "/api/act" if method == "POST" else "/api/world"
    async with browser.session.request(
        method, path, headers=headers, json={} if method == "POST" else None
    ) as response:
        assert response.status == 403


async def test_the_page_brings_everything_itself(browser: Browser) -> None:
    async with browser.session.get("/") as response:
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
        page = await response.text()
    assert "http" not in page.replace("http://www.w3.org", "")
    for path, kind in (("/page/main.js", "javascript"), ("/page/styles/tokens.css", "css")):
        async with browser.session.get(path) as response:
            assert response.status == 200
            assert kind in response.content_type


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"do": "send"},
        {"person": "1", "room": "1", "do": "send", "content": "x"},
        {"do": 5},
        {"do": "fly"},
        {"do": "send", "content": 7},
        {"do": "send", "content": "   "},
        {"do": "slash", "command": "nothing"},
        {"do": "slash", "command": "panel", "options": {"colour": "red"}},
        {"do": "slash", "command": "panel", "options": 3},
        {"do": "click", "message": "12", "custom_id": "press"},
        {"do": "click", "message": "x", "custom_id": "press"},
        {"do": "select", "message": "12", "custom_id": "topics", "values": "all"},
        {"do": "modal", "modal": "99", "values": {}},
        {"do": "menu", "name": "Report this", "message": "1"},
        {"do": "menu", "name": "Who is this", "user": "1"},
        {"do": "post", "title": "", "content": ""},
        {"do": "react", "message": "1", "emoji": "x"},
    ],
)
async def test_unknown_input_gives_one_sentence(browser: Browser, body: Any) -> None:
    if isinstance(body, dict) and body.get("do") and "person" not in body:
        body = {"person": browser.person("ada"), "room": browser.room("ada", "lyon/welcome"), **body}
    headers = {"Origin": browser.address.rstrip("/")}
    async with browser.session.post("/api/act", json=body, headers=headers) as response:
        assert response.status == 422
        answer = await response.json()
    assert list(answer) == ["error"]
    assert answer["error"].endswith(".")
    assert "went wrong" not in answer["error"]


async def test_a_body_that_is_not_json(browser: Browser) -> None:
    headers = {"Origin": browser.address.rstrip("/"), "Content-Type": "application/json"}
    async with browser.session.post("/api/act", data=b"{", headers=headers) as response:
        assert response.status == 422
        assert await response.json() == {"error": "The sandbox did not understand that."}


async def test_nobody_can_be_the_bot(browser: Browser) -> None:
    bot = (await browser.get("world", "ada"))["bot"]
    async with browser.session.get("/api/world", params={"person": bot}) as response:
        assert response.status == 422

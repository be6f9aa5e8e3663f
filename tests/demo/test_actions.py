"""What a person can do on the page, against the small bot and over a real socket."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.demo.client import Browser
from tests.demo.small_bot import png

FORM = {"buddy": [], "mood": "m", "paper": []}


def controls(modal: dict[str, Any]) -> dict[str, str]:
    """The custom ids of a form by label."""
    return {part["label"]: part["component"]["custom_id"] for part in modal["components"]}


async def test_slash_command_answers_privately_and_in_the_persons_locale(browser: Browser) -> None:
    await browser.act("chloe", "lyon/welcome", "slash", command="expert find", options={"topic": "rain"})
    [reply] = await browser.messages("chloe", "lyon/welcome")
    assert reply["private"]
    assert reply["embeds"][0]["title"] == "About rain"
    assert reply["embeds"][0]["fields"][0]["value"] == "fr"
    assert reply["used"] == {"by": "Chloé Martin", "command": "expert trouver", "slash": True}
    assert await browser.messages("ada", "lyon/welcome") == []


async def test_commands_offered_differ_by_person_and_language(browser: Browser) -> None:
    ada = await browser.get("commands", "ada", "lyon/welcome")
    chloe = await browser.get("commands", "chloe", "lyon/welcome")
    assert "coordinate" not in {command["path"] for command in ada["slash"]}
    assert "coordinate" in {command["path"] for command in chloe["slash"]}
    labels = {command["path"]: command["label"] for command in chloe["slash"]}
    assert labels["expert find"] == "expert trouver"
    assert {"name": "Report this", "label": "Signaler"} in chloe["message"]
    refused = await browser.act("ada", "lyon/welcome", "slash", command="coordinate", options={"count": "1"})
    assert refused == {"error": "The sandbox did not understand that."}


async def test_autocomplete_proposes_while_one_types(browser: Browser) -> None:
    answer = await browser.act(
        "ada", "lyon/welcome", "autocomplete", command="expert find", option="topic", value="rain", options={}
    )
    assert answer == {"choices": [{"name": "Rain gardens", "value": "rain gardens"}]}


@pytest.mark.parametrize("count", ["0", "eleven", "11"])
async def test_an_option_that_does_not_fit_is_named(browser: Browser, count: str) -> None:
    answer = await browser.act("chloe", "lyon/welcome", "slash", command="coordinate", options={"count": count})
    assert "« count »" in answer["error"]


async def test_button_edits_its_message_and_everybody_sees_it(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "slash", command="panel")
    [panel] = await browser.messages("ada", "lyon/welcome")
    await browser.act("chloe", "lyon/welcome", "click", message=panel["id"], custom_id="press")
    [edited] = await browser.messages("ada", "lyon/welcome")
    assert edited["content"].startswith("Pressed 1 times")
    off = await browser.act("ada", "lyon/welcome", "click", message=panel["id"], custom_id="off")
    assert off == {"error": "That button is switched off or gone. Look at the message again."}


async def test_selects_of_words_and_of_people(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "slash", command="panel")
    [panel] = await browser.messages("ada", "lyon/welcome")
    values = ["Rain gardens", "Heat waves"]
    await browser.act("ada", "lyon/welcome", "select", message=panel["id"], custom_id="topics", values=values)
    chosen = [browser.person("chloe")]
    await browser.act("ada", "lyon/welcome", "select", message=panel["id"], custom_id="person", values=chosen)
    _, topics, person = await browser.messages("ada", "lyon/welcome")
    assert topics["content"] == "You chose Rain gardens, Heat waves"
    assert person["content"] == f"You chose <@{browser.person('chloe')}>"
    assert len(await browser.messages("chloe", "lyon/welcome")) == 1


async def test_form_with_every_kind_of_control(browser: Browser) -> None:
    modal = (await browser.act("ada", "lyon/welcome", "slash", command="profile"))["modal"]
    ids = controls(modal)
    values = {
        ids["About you"]: "Stormwater",
        ids["Level"]: ["expert"],
        ids["Your buddy"]: [browser.person("chloe")],
        ids["How often"]: "n",
        ids["A file"]: [0],
    }
    incomplete = await browser.act(
        "ada", "lyon/welcome", "modal", modal=modal["id"], values={**values, ids["About you"]: "", ids["A file"]: []}
    )
    assert incomplete == {"error": "A field that is needed is still empty."}
    files = [("plan.txt", b"a plan")]
    assert await browser.act("ada", "lyon/welcome", "modal", modal=modal["id"], values=values, files=files) == {}
    [reply] = await browser.messages("ada", "lyon/welcome")
    assert reply["content"] == "Saved: Stormwater (expert, n)"
    again = await browser.act("ada", "lyon/welcome", "modal", modal=modal["id"], values=values, files=files)
    assert "sent already" in again["error"]


async def test_somebody_elses_form_cannot_be_sent(browser: Browser) -> None:
    modal = (await browser.act("ada", "lyon/welcome", "slash", command="profile"))["modal"]
    answer = await browser.act("chloe", "lyon/welcome", "modal", modal=modal["id"], values={})
    assert "error" in answer


async def test_message_and_user_menus(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "send", content="Good morning")
    [hello] = await browser.messages("chloe", "lyon/welcome")
    await browser.act("chloe", "lyon/welcome", "menu", name="Report this", message=hello["id"])
    await browser.act("chloe", "lyon/welcome", "menu", name="Who is this", user=browser.person("ada"))
    _, report, who = await browser.messages("chloe", "lyon/welcome")
    assert report["content"] == "Reported: Good morning"
    assert who["content"] == "This is Ada Byron."


async def test_private_reply_can_be_dismissed_by_its_reader(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "slash", command="slow")
    [reply] = await browser.messages("ada", "lyon/welcome")
    assert (reply["content"], reply["loading"]) == ("Thought about it.", False)
    not_hers = await browser.act("chloe", "lyon/welcome", "dismiss", message=reply["id"])
    assert "error" in not_hers
    await browser.act("ada", "lyon/welcome", "dismiss", message=reply["id"])
    assert await browser.messages("ada", "lyon/welcome") == []


async def test_picture_with_words_and_its_bytes(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "slash", command="picture")
    [message] = await browser.messages("ada", "lyon/welcome")
    image = message["embeds"][0]["image"]
    assert image["description"] == "A green map"
    assert message["attachments"] == []
    async with browser.session.get(image["url"]) as response:
        assert response.content_type == "image/png"
        assert await response.read() == png(320, 120, (47, 111, 106))


async def test_files_that_are_not_pictures_are_downloads(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "send", content="", files=[("page.html", b"<script>alert(1)</script>")])
    [message] = await browser.messages("ada", "lyon/welcome")
    async with browser.session.get(message["attachments"][0]["url"]) as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_address_leads_to_a_room_that_one_sees(browser: Browser) -> None:
    lyon, rooms = browser.world.servers["lyon"].id, ("lyon/welcome", "lyon/coordinators")
    welcome, coordinators = [browser.room("chloe", room) for room in rooms]
    text = f"<#{welcome}> https://discord.com/channels/{lyon}/{coordinators}/1 <#5>"
    await browser.act("ada", "lyon/welcome", "send", content=text)
    assert (await browser.get("room", "ada", "lyon/welcome"))["names"] == {welcome: "welcome"}
    seen = (await browser.get("room", "chloe", "lyon/welcome"))["names"]
    assert seen == {welcome: "welcome", coordinators: "coordinators"}


async def test_forum_posts_by_the_bot_and_by_people(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "slash", command="ask", options={"question": "How do you price rain?"})
    made = await browser.act("chloe", "lyon/questions", "post", title="Heat plan", content="Who has one?")
    view = await browser.get("room", "ada", "lyon/questions")
    assert [post["name"] for post in view["posts"]] == ["Heat plan", "How do you price rain?"]
    await browser.act("ada", made["room"], "send", content="We have")
    opened = await browser.get("room", "chloe", made["room"])
    assert [message["content"] for message in opened["messages"]] == ["Who has one?", "We have"]
    assert opened["room"]["kind"] == "post"


async def test_a_forum_itself_holds_posts_only(browser: Browser) -> None:
    said = await browser.act("ada", "lyon/questions", "send", content="Hello")
    asked = await browser.act("ada", "lyon/questions", "slash", command="panel")
    assert said == asked == {"error": "A forum holds posts only. Please open one, or start a new one."}


async def test_thread_from_a_message(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "slash", command="thread")
    starter = (await browser.messages("ada", "lyon/welcome"))[0]
    assert starter["thread"]["name"] == "Side talk"
    inside = await browser.messages("chloe", starter["thread"]["id"])
    assert inside[-1]["content"] == "Welcome to the thread."


async def test_direct_messages_and_mentions(browser: Browser) -> None:
    await browser.act("olga", "messages", "send", content="Hello bot")
    _, answer = await browser.messages("olga", "messages")
    assert answer["content"] == "You wrote: Hello bot"
    assert await browser.act("olga", "messages", "click", message=answer["id"], custom_id="press") == {}
    bot = (await browser.get("world", "ada"))["bot"]
    await browser.act("ada", "lyon/welcome", "send", content=f"<@{bot}> help")
    assert (await browser.messages("ada", "lyon/welcome"))[-1]["reply"]["text"] == f"<@{bot}> help"


async def test_own_message_is_edited_and_deleted(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "send", content="Helo")
    [message] = await browser.messages("ada", "lyon/welcome")
    await browser.act("ada", "lyon/welcome", "edit", message=message["id"], content="Hello")
    [edited] = await browser.messages("chloe", "lyon/welcome")
    assert (edited["content"], edited["edited"]) == ("Hello", True)
    not_hers = await browser.act("chloe", "lyon/welcome", "delete", message=message["id"])
    assert "permission" in not_hers["error"]
    await browser.act("ada", "lyon/welcome", "delete", message=message["id"])
    assert await browser.messages("chloe", "lyon/welcome") == []


async def test_who_leaves_a_server_no_longer_sees_it(browser: Browser) -> None:
    lyon = str(browser.world.servers["lyon"].id)
    outcome = await browser.act("ada", "lyon/questions", "leave", server=lyon)
    assert outcome == {"room": browser.room("ada", "messages")}
    assert (await browser.get("world", "ada"))["servers"] == []
    assert "error" in await browser.get("room", "ada", "lyon/welcome")
    (server,) = (await browser.get("world", "chloe"))["servers"]
    assert browser.person("ada") not in server["people"]


async def test_nobody_leaves_a_server_that_she_owns_or_is_not_in(browser: Browser) -> None:
    lyon = str(browser.world.servers["lyon"].id)
    servers = (await browser.get("world", "mayor"))["servers"]
    assert [server["may_leave"] for server in servers] == [False, False]
    assert "error" in await browser.act("mayor", "lyon/welcome", "leave", server=lyon)
    assert "error" in await browser.act("rui", "porto/welcome", "leave", server=lyon)


async def test_many_people_click_at_once(browser: Browser) -> None:
    await browser.act("ada", "lyon/welcome", "slash", command="panel")
    [panel] = await browser.messages("ada", "lyon/welcome")
    people = ["ada", "chloe"] * 8
    answers = await asyncio.gather(
        *(browser.act(who, "lyon/welcome", "click", message=panel["id"], custom_id="press") for who in people)
    )
    assert answers == [{}] * 16
    [edited] = await browser.messages("ada", "lyon/welcome")
    assert edited["content"].startswith("Pressed 16 times")


async def test_an_unanswered_command_is_said_to_be(browser: Browser) -> None:
    answer = await browser.act("ada", "lyon/welcome", "slash", command="silent")
    assert "did not answer" in answer["error"]

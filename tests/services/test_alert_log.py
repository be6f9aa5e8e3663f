"""The timeline of an alert that went the whole way: in words alone, in every language, with nothing of it left out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.domain.cap.values import Severity
from bot.domain.crisis import Alert, AlertDeed
from bot.domain.crisis_answers import AlertAnswer, HelpKind
from bot.domain.crisis_chain import FollowUpKind
from bot.domain.crisis_consent import Consent
from bot.render.alert_log import files
from bot.services.crisis_chain import CrisisChain
from db.engine import Database
from db.tables import Member
from tests.clock import SettableClock
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, NETWORK, House, crisis_house

RAW = re.compile(r"\b(?:alert|delivery|answer|thread|message|step)\.\w+|\b[a-z]+_[a-z]+\b|\b\d{5}\b")
"""What only the record calls things."""
WRITTEN = {"headline": "Second wave", "description": "It rises again.", "instruction": "Go up."}


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    return await crisis_house(database, clock)


async def whole_way(house: House) -> Alert:
    """Drafted, changed, returned, confirmed, approved, told, answered, updated, ended, called off."""
    async with house.database.begin() as session:
        await session.execute(
            insert(Member).values(
                user_id=COLLEAGUE.user_id,
                display_name="Boris *B*",
                zone="UTC",
                created_at=house.clock(),
                updated_at=house.clock(),
            )
        )
    alert = await house.network()
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.RETURN, "Say which quay")
    await house.crisis.set(AUTHOR, alert.id, severity=Severity.EXTREME)
    await house.crisis.write(
        AUTHOR, alert.id, "fr", {"headline": "Crue", "description": "Quai.", "instruction": "Montez."}
    )
    await house.crisis.confirm(AUTHOR, alert.id, "3")
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.APPROVE)
    await house.desk.set_consent(ELSEWHERE, Consent(takes_part=False))
    await house.speak()
    house.clock.advance(timedelta(minutes=1))
    await house.desk.receive(COLLEAGUE, alert.id)
    await house.desk.help(
        COLLEAGUE, alert.id, AlertAnswer.NEED, what=HelpKind.PUMPS, quantity="4", place="Quai Rambaud"
    )
    chain = CrisisChain(house.crisis.work, house.clock, house.crisis.catalogues)
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.UPDATE, WRITTEN)
    await chain.confirm(AUTHOR, begun.follow_up.id, "2")
    await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.APPROVE)
    await house.speak()
    house.clock.advance(timedelta(minutes=1))
    await house.crisis.decide(AUTHOR, alert.id, AlertDeed.END)
    await house.speak()
    house.clock.advance(timedelta(minutes=1))
    await house.crisis.decide(NETWORK, alert.id, AlertDeed.CANCEL)
    await house.speak()
    return alert


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_everything_is_said_and_nothing_in_the_records_words(house: House, language: str) -> None:
    alert = await whole_way(house)
    found, happened = await house.desk.log(NETWORK, alert.id)
    t = house.crisis.catalogues.translator(language)
    text = files(t, found, happened, "Europe/Paris")[0].fp.read().decode()
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(lines) == len(happened)
    assert [RAW.findall(line) for line in lines if RAW.search(line)] == []
    for typed in ("Say which quay", "Quai Rambaud", "Second wave", "Boris \\*B\\*"):
        assert typed in text
    assert t("alert_log.no_consent") in next(line for line in lines if " S902 " in line)

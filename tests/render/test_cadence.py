"""What is shown in the form can be sent back as it stands: words of a rule mean that rule, in every language."""

from __future__ import annotations

import pytest

from bot.domain.cadence import rule_of
from bot.i18n import Catalogues
from bot.render.cadence import cadence
from config import FOLDER

CATALOGUES = Catalogues.load(FOLDER / "locales")
WORKING = "MO,TU,WE,TH,FR"
RULES = [
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=SU",
    f"FREQ=WEEKLY;BYDAY={WORKING}",
    *(f"FREQ=MONTHLY;BYDAY={n}{day}" for n in (1, 2, 3, 4, 5, -1) for day in ("MO", "SA")),
    *(f"FREQ=MONTHLY;BYMONTHDAY={n}" for n in (1, 15, 28, -1)),
    "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1",
    *(f"FREQ=MONTHLY;BYDAY={WORKING};BYSETPOS={n}" for n in (1, 20, -1)),
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
]


@pytest.mark.parametrize("language", CATALOGUES.languages)
@pytest.mark.parametrize("rule", RULES)
def test_words_mean_their_rule(language: str, rule: str) -> None:
    assert rule_of(cadence(CATALOGUES.translator(language), rule).strip("`")).text == rule

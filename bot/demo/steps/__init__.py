"""The guided tour, a module a chapter."""

from __future__ import annotations

from collections.abc import Sequence

from bot.demo.steps.caring import caring
from bot.demo.steps.cases import cases
from bot.demo.steps.crises import alert, drill
from bot.demo.steps.meeting import meeting
from bot.demo.tour import Hers
from bot.demo.world import Chapter
from bot.i18n import Translator


def chapters(t: Translator, hers: Hers) -> Sequence[Chapter]:
    """All of it: who to be, where to go, what to type or press, and what will happen."""
    return [meeting(t), cases(t, hers), drill(t, hers), alert(t, hers), caring(t)]

"""What a thread under an alert is called, and what coordinators are told of threads that could not be opened."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.crisis import Alert
from bot.domain.crisis_threads import NAME_LIMIT, Opened
from bot.i18n import Translator
from bot.render.parts import cut, fitting, safe


def name(t: Translator, alert: Alert) -> str:
    """The name of a thread; a drill's says first that it is one. Discord shows names as they are, without markup."""
    event = " ".join(alert.text(t.language)[0].event.split())
    place = " ".join(alert.place.split())
    if alert.drill:
        return cut(t("threads.name_drill", event=event, place=place), NAME_LIMIT)
    return cut(t("threads.name", event=event, place=place), NAME_LIMIT)


def state(t: Translator, threads: Sequence[Opened], limit: int) -> str:
    """How many there are, and which are not there and why; in at most so many characters."""
    opened = sum(each.thread_id is not None for each in threads)
    refused = [
        t("threads.not_opened", server=safe(each.server_name), channel=f"<#{each.channel_id}>", why=each.refusal)
        for each in threads
        if each.refusal is not None
    ]
    return fitting([t("threads.opened", n=opened), *refused], limit, lambda n: t("crisis.and_more", n=n))

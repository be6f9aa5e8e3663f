"""What tells a drill from an alert, and a false alarm from both, in whatever language they are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.cap.values import Severity
from bot.domain.crisis import AlertText
from bot.domain.hazards import HazardTerm
from bot.domain.outbox import Delivery, DeliveryKind
from bot.i18n import Catalogues
from bot.messenger import Outgoing
from bot.render.parts import safe
from tests.services.discord_model import custom_ids

VIOLET = 0x5B4FC7
FIRST_LINES = {
    DeliveryKind.ALERT: "crisis.line",
    DeliveryKind.ALERT_END: "crisis.clear_line",
    DeliveryKind.ALERT_CANCEL: "crisis.cancel_line",
    DeliveryKind.DRILL: "crisis.drill_line",
    DeliveryKind.DRILL_END: "crisis.drill_over_line",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What was confirmed of an alert or a drill. `event` is its author's word, None for the hazard's; `language` is
    that of its author."""

    drill: bool
    hazard: str
    event: str | None
    texts: Mapping[str, AlertText]
    language: str
    place: str
    severity: Severity

    def check(self, catalogues: Catalogues, delivery: Delivery, message: Outgoing) -> None:
        """Raises AssertionError unless a message looks like what it is, and says what was confirmed."""
        t = catalogues.translator(delivery.language)
        assert len(message.embeds) == 1
        embed, lines = message.embeds[0], (message.content or "").split("\n")
        assert (embed.colour is not None and embed.colour.value == VIOLET) == self.drill
        number = "crisis.number_drill" if self.drill else "crisis.number"
        assert t(number, number=str(delivery.subject)) in {embed.footer.text, embed.title}
        if delivery.kind is DeliveryKind.ALERT_OVERRIDE:
            return
        assert delivery.kind.value.split("_", maxsplit=1)[0] == ("drill" if self.drill else "alert")
        text = self.texts.get(t.language) or self.texts[self.language]
        if delivery.kind not in FIRST_LINES:  # what follows: told apart by its colour, kind and first sign
            assert lines[0].startswith("🟣") == self.drill
            return
        event = self.event or t.of(HazardTerm(self.hazard))
        said = {"event": safe(event), "place": safe(self.place)}
        if delivery.kind is DeliveryKind.ALERT:
            said["severity"] = t.of(self.severity)
        assert lines[0] == t(FIRST_LINES[delivery.kind], **said)
        if delivery.kind in {DeliveryKind.ALERT, DeliveryKind.DRILL}:
            self._check_beginning(catalogues, message, text)

    def _check_beginning(self, catalogues: Catalogues, message: Outgoing, text: AlertText) -> None:
        """The first message: its last line, its banner, its buttons."""
        title = message.embeds[0].title or ""
        assert title.endswith(safe(text.headline))
        assert message.embeds[0].description == safe(text.description)
        drills = [catalogues.translator(each) for each in catalogues.languages]
        last = (message.content or "").split("\n")[-1]
        assert (last in {t("crisis.drill_last_line") for t in drills}) == self.drill
        assert title.startswith(tuple(t("crisis.drill_banner") for t in drills)) == self.drill
        names = custom_ids(message)
        assert len(names) == 3
        assert {name.split(":")[0] for name in names} == {"drill" if self.drill else "alert"}

"""What alerts and drills say in every language: their author's words, or those that stand ready."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.alert_templates import filled
from bot.domain.cap.values import MsgType
from bot.domain.crisis import HEADLINE_LIMIT, Alert, AlertText
from bot.domain.hazards import HazardTerm
from bot.i18n import Catalogues


def spoken(catalogues: Catalogues, alert: Alert) -> Alert:
    """With what it says in every language: the author's words, those of a template, or those that stand ready."""
    if alert.frozen:
        return alert
    if alert.templated:
        texts = {
            each: filled(text, event_of(catalogues, alert, each), alert.place) for each, text in alert.texts.items()
        }
        return replace(alert, texts=texts, templated=False, standing=frozenset(texts))
    standing = {} if alert.texts else {each: ready(catalogues, alert, each) for each in catalogues.languages}
    return replace(alert, texts={**standing, **alert.texts}, standing=frozenset(standing) | alert.standing)


def ready(catalogues: Catalogues, alert: Alert, language: str) -> AlertText:
    """What stands ready for its hazard."""
    t = catalogues.translator(language)
    event = event_of(catalogues, alert, language)
    if alert.drill:
        headline = t("crisis.drill_headline", event=event, place=alert.place)
        return AlertText(event, headline, t("crisis.drill_description"), t("crisis.drill_instruction"))
    headline = t("crisis.ready_headline", event=event, place=alert.place)
    return AlertText(event, headline, t("crisis.ready_description"), t("crisis.ready_instruction"))


def event_of(catalogues: Catalogues, alert: Alert, language: str) -> str:
    """What it is about: the author's word, or the hazard's."""
    return alert.event or catalogues.translator(language).of(HazardTerm(alert.hazard))


def ending(catalogues: Catalogues, alert: Alert, msg_type: MsgType) -> dict[str, AlertText]:
    """What is said in every language when it is over."""
    texts = {}
    for language in catalogues.languages:
        t = catalogues.translator(language)
        event = alert.text(language)[0].event
        if msg_type is MsgType.CANCEL:
            said = t("crisis.cancel_text", event=event, place=alert.place)
        elif alert.drill:
            said = t("crisis.drill_over_text", event=event, place=alert.place)
        else:
            said = t("crisis.clear_text", event=event, place=alert.place)
        texts[language] = AlertText(event, said[:HEADLINE_LIMIT], said, "")
    return texts


def ready_report(catalogues: Catalogues, alert: Alert, language: str) -> AlertText:
    """What a situation report begins with: its headline."""
    event, t = event_of(catalogues, alert, language), catalogues.translator(language)
    return AlertText(event, t("crisis_chain.report_headline", event=event, place=alert.place)[:HEADLINE_LIMIT], "", "")


def standing(catalogues: Catalogues, alert: Alert) -> dict[str, AlertText]:
    """What says in every language that an alert is real and still holds; of a drill, that it goes on."""
    texts = {}
    for language in catalogues.languages:
        t = catalogues.translator(language)
        event = event_of(catalogues, alert, language)
        if alert.drill:
            said = t("crisis_chain.drill_goes_on_text", event=event, place=alert.place)
        else:
            said = t("crisis_chain.stands_text", event=event, place=alert.place)
        texts[language] = AlertText(event, alert.text(language)[0].headline, said, alert.text(language)[0].instruction)
    return texts

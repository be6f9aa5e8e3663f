"""The chapter about case studies: one from draft to published post, what another city made of it, and a hand-over.

What stands ready in the forms is in the language of who sends it.
"""

from __future__ import annotations

from bot.demo.tour import Hers
from bot.demo.world import Chapter, Step
from bot.domain.case_content import CasePart
from bot.i18n import Translator

FAILED = (
    "Nous avons planté avant de retenir un jardinier pour l’été : neuf arbres sur trente sont morts de soif. "
    "Nous signerions l’arrosage de trois étés avec la plantation."
)
KEPT = "Las raíces bajo el asfalto retirado, y el contrato de riego de tres veranos firmado con la plantación."
CHANGED = "En Vigo usamos olmos resistentes a la sal, y las familias cuidan los alcorques."


def cases(t: Translator, hers: Hers) -> Chapter:
    """A case study and its life."""
    return Chapter("cases", t("tour.cases"), [*_published(t, hers), *_lives_on(t, hers), *_handed_over(t, hers)])


def _published(t: Translator, hers: Hers) -> list[Step]:
    lessons = hers("sophie").of(CasePart.LESSONS)
    return [
        Step(
            "cases",
            "hannah",
            "lyon/welcome",
            t("demo.step_cases_title"),
            t("demo.step_cases_text"),
            "/case search text:stromwater fee",
        ),
        Step(
            "draft",
            "sophie",
            "lyon/welcome",
            t("tour.draft_title"),
            t("tour.draft_text", part=lessons),
            "/case drafts",
            via=["select:case:open", "select:case:fill:"],
            does="modal",
            words={"failed": FAILED},
        ),
        Step(
            "submit",
            "sophie",
            "lyon/welcome",
            t("tour.submit_title"),
            t("tour.submit_text", submit=hers("sophie")("cases.submit")),
            does="click:case:submit:",
        ),
        Step(
            "review",
            "chloe",
            "lyon/coordinators",
            t("tour.review_title"),
            t("tour.review_text", publish=hers("chloe")("cases.publish")),
            "/review",
            via=["select:case:judge"],
            does="click:case:publish:",
        ),
    ]


def _lives_on(t: Translator, hers: Hers) -> list[Step]:
    return [
        Step(
            "adapt",
            "lucia",
            "porto/cases",
            t("tour.adapt_title"),
            t("tour.adapt_text", adapted=hers("lucia")("cases.adapted")),
            via=["click:case:adapt:"],
            does="modal",
            words={"kept": KEPT, "changed": CHANGED},
        ),
        Step(
            "map",
            "margaret",
            "lyon/welcome",
            t("demo.step_map_title"),
            t("demo.step_map_text"),
            "/case map",
        ),
    ]


def _handed_over(t: Translator, hers: Hers) -> list[Step]:
    return [
        Step(
            "leave",
            "jonas",
            "lyon/welcome",
            t("tour.leave_title"),
            t("tour.leave_text"),
            does="leave",
        ),
        Step(
            "hand_over",
            "chloe",
            "lyon/coordinators",
            t("tour.hand_over_title"),
            t("tour.hand_over_text"),
            via=["click:handover:open:", "select:handover:item"],
            does="select:handover:to:",
        ),
        Step(
            "take",
            "anke",
            "lyon/checkin",
            t("tour.take_title"),
            # In a room that others read too, the bot speaks the language of the server.
            t("tour.take_text", take=hers("chloe")("cases.hand_over_take")),
            does="click:handover:take:",
        ),
    ]

"""The forms in which a case is written, part by part. Nothing is required: the card says what is still lacking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import discord

from bot.client import Action, Form, Twincord, case_cards
from bot.domain.access import Actor, Right
from bot.domain.case_content import (
    LIMITS,
    LINK_LIMIT,
    MOST_FILES,
    MOST_LINKS,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    CaseOutcome,
    CasePart,
    CaseSection,
    CaseStatus,
    CostBand,
    DurationBand,
)
from bot.domain.case_documents import PERSON_LIMIT
from bot.domain.case_files import check_size, read_file
from bot.domain.cases import Case, Deed
from bot.domain.cities import PopulationBand
from bot.domain.languages import COMMON
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render import cases as render
from bot.render.parts import cut
from bot.services.case_fields import NAMELESS

Text = discord.ui.TextInput[discord.ui.LayoutView]
Choose = discord.ui.Select[discord.ui.LayoutView]
NAMED = "named"

SECTIONS: Mapping[CasePart, tuple[CaseSection, ...]] = {
    CasePart.STORY: (CaseSection.BEFORE, CaseSection.DONE, CaseSection.RESULTS),
    CasePart.LESSONS: (CaseSection.FAILED, CaseSection.ADAPT, CaseSection.CONDITIONS),
    CasePart.MORE: (CaseSection.RESOURCES, CaseSection.DISCLOSURE),
    CasePart.VISIT: (CaseSection.EXPECTED, CaseSection.HAPPENED, CaseSection.WHY, CaseSection.NEXT),
    CasePart.PILOT: (CaseSection.PILOT,),
}


class CaseForm(Form):
    """One part of a case. A field's name is that under which the service knows it."""

    def __init__(self, t: Translator, case: Case, part: CasePart, topics: Iterable[Topic] = ()) -> None:
        super().__init__(title=render.part_title(t, part))
        self.case_id = case.id
        self.fields: dict[str, Text | Choose] = {}
        self._fill(t, case, part, topics)

    def _fill(self, t: Translator, case: Case, part: CasePart, topics: Iterable[Topic]) -> None:
        content = case.content
        match part:
            case CasePart.SHORT:
                self._text(t("cases.title"), "title", content.title, TITLE_LIMIT)
                self._text(t("cases.summary"), "summary", content.summary, SUMMARY_LIMIT, long=True)
            case CasePart.PLACE:
                self._place(t, case, topics)
            case CasePart.FACTS:
                self._choose(t, t("cases.status"), "status", CaseStatus, content.status)
                self._choose(t, t("cases.outcome"), "outcome", CaseOutcome, content.outcome)
                self._text(t("cases.start_year"), "start_year", str(content.start_year or ""), 4)
                self._choose(t, t("cases.cost"), "cost", CostBand, content.cost)
                self._choose(t, t("cases.duration"), "duration", DurationBand, content.duration)
        for section in SECTIONS.get(part, ()):
            text = content.texts.get(section)
            hint = render.section_hint(t, section)
            self._text(t.of(section), section.value, text, LIMITS[section], long=True, hint=hint)
        if part in {CasePart.MORE, CasePart.VISIT}:
            links = "\n".join(content.links)
            self._text(t("cases.links_label"), "links", links, MOST_LINKS * (LINK_LIMIT + 1), long=True)
        if part is CasePart.PILOT:
            self._text(t("cases.pilot_owner"), "pilot_owner", content.pilot_owner, PERSON_LIMIT)
            on = content.pilot_on.isoformat() if content.pilot_on else ""
            self._text(t("cases.pilot_on"), "pilot_on", on, 10, hint=t("cases.hint_date"))

    def _place(self, t: Translator, case: Case, topics: Iterable[Topic]) -> None:
        content = case.content
        names = "; ".join(topic.label(t.language) for topic in topics)
        self._text(t("cases.topics_label"), "topics", names, 300, hint=t("cases.hint_topics"))
        self._text(t("cases.city"), "city", content.city, 200)
        named = [(NAMED, t("cases.city_named")), (NAMELESS, t("cases.city_nameless"))]
        self._select(t("cases.city_label"), "named", named, NAMELESS if content.nameless_city else NAMED)
        self._choose(t, t("cases.population"), "population", PopulationBand, content.population)
        codes = dict.fromkeys([*([content.language] if content.language else []), *COMMON])
        languages = [(code, t.language_name(code)) for code in list(codes)[:25]]
        self._select(t("cases.language"), "language", languages, content.language)

    def _text(
        self, label: str, name: str, value: str | None, limit: int, *, long: bool = False, hint: str | None = None
    ) -> None:
        field = Text(
            custom_id=name,
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            default=value or None,
            max_length=min(limit, 4000),
            required=False,
        )
        self.fields[name] = field
        self.add_item(discord.ui.Label(text=label, description=hint, component=field))

    def _choose(self, t: Translator, label: str, name: str, words: type[StrEnum], value: StrEnum | None) -> None:
        self._select(label, name, [(word.value, t.of(word)) for word in words], value)

    def _select(self, label: str, name: str, options: list[tuple[str, str]], chosen: str | None) -> None:
        field: Choose = discord.ui.Select(
            custom_id=name,
            required=False,
            min_values=0,
            options=[
                discord.SelectOption(label=cut(word, 100), value=value, default=value == chosen)
                for value, word in options
            ],
        )
        self.fields[name] = field
        self.add_item(discord.ui.Label(text=label, component=field))

    def entered(self) -> dict[str, str]:
        """What she entered, by the names of the fields."""
        found = {}
        for name, field in self.fields.items():
            if isinstance(field, discord.ui.TextInput):
                found[name] = field.value
            else:
                found[name] = field.values[0] if field.values else ""
        return found

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Save it, and show the card."""
        case = await interaction.client.services.cases.save(actor, self.case_id, self.entered())
        await case_cards.changed(interaction, actor, case)


class FilesForm(Form):
    """Files to come along: templates, indicator sheets."""

    def __init__(self, t: Translator, case: Case) -> None:
        super().__init__(title=render.part_title(t, CasePart.FILES))
        self.case_id = case.id
        self.files: discord.ui.FileUpload[Any] = discord.ui.FileUpload(
            custom_id="files", required=True, min_values=1, max_values=max(1, MOST_FILES - len(case.files))
        )
        self.about = Text(custom_id="about", max_length=300, required=False)
        self.add_item(
            discord.ui.Label(text=t("cases.files_label"), description=t("cases.hint_files"), component=self.files)
        )
        self.add_item(
            discord.ui.Label(text=t("cases.about_files"), description=t("cases.hint_about"), component=self.about)
        )

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Fetch them, look at their bytes, and keep them."""
        for upload in self.files.values:
            check_size(upload.filename, upload.size)
        await case_cards.defer(interaction)
        read = [read_file(one.filename, await one.read(), self.about.value) for one in self.files.values]
        case = await interaction.client.services.cases.add_files(actor, self.case_id, tuple(read))
        await case_cards.changed(interaction, actor, case)


class FillCase(Action, template=r"case:fill:(?P<id>\d+)"):
    """She chose what to fill in."""

    right = Right.MEMBER

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form for it, with what stands there now."""
        cases = interaction.client.services.cases
        case = await cases.check(actor, int(self.match["id"]), Deed.EDIT)
        t = case_cards.speaking(interaction, actor)
        part = CasePart(self.values[0])
        if part is CasePart.FILES:
            cases.check_room(case)
            await interaction.response.send_modal(FilesForm(t, case))
        else:
            await interaction.response.send_modal(CaseForm(t, case, part, cases.topics_of(case)))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(FillCase)

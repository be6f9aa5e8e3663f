"""The buttons, selects and forms of a member's card."""

from __future__ import annotations

import discord

from bot.client import Action, Form, Twincord
from bot.client.profiles import Interaction, add_topic, end_pause, put, put_card, put_topics, speaking
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.members import COHORT_LIMIT, NAME_LIMIT, POST_LIMIT, Level, Profile
from bot.i18n import Translator
from bot.render import profile as render
from bot.render import profile_topics

Text = discord.ui.TextInput[discord.ui.LayoutView]


class AboutForm(Form):
    """Her name, post and cohort."""

    def __init__(self, t: Translator, profile: Profile) -> None:
        super().__init__(title=t("profile.form_about"), custom_id="profile:about")
        about = profile.about
        self.name = Text(custom_id="name", default=about.display_name, max_length=NAME_LIMIT)
        self.post = Text(
            custom_id="post",
            default=about.post,
            placeholder=t("profile.form_post_hint"),
            max_length=POST_LIMIT,
            required=False,
        )
        self.cohort = Text(
            custom_id="cohort",
            default=about.cohort,
            placeholder=t("profile.form_cohort_hint"),
            max_length=COHORT_LIMIT,
            required=False,
        )
        self.add_item(discord.ui.Label(text=t("profile.form_name"), component=self.name))
        self.add_item(discord.ui.Label(text=t("profile.form_post"), component=self.post))
        self.add_item(discord.ui.Label(text=t("profile.form_cohort"), component=self.cohort))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Save all three."""
        members = interaction.client.services.members
        profile = await members.save_about(actor, self.name.value, self.post.value, self.cohort.value)
        await put_card(interaction, actor, profile, speaking(interaction, actor, profile)("profile.saved"))


class LanguagesForm(Form):
    """The languages that she speaks, as a list: the way to those that the card's select does not offer."""

    def __init__(self, t: Translator, profile: Profile) -> None:
        super().__init__(title=t("profile.languages"), custom_id="profile:other_languages")
        self.languages = Text(
            custom_id="languages",
            default=render.language_names(t, profile.languages) or None,
            placeholder=t("profile.form_languages_hint"),
            max_length=1000,
            required=False,
        )
        self.add_item(discord.ui.Label(text=t("profile.form_languages"), component=self.languages))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Save them."""
        profile = await interaction.client.services.members.save_languages_text(actor, self.languages.value)
        await put_card(interaction, actor, profile, speaking(interaction, actor, profile)("profile.saved"))


class TopicForm(Form):
    """A topic in her own words, and how well she knows it."""

    def __init__(self, t: Translator) -> None:
        super().__init__(title=t("profile.add_topic"), custom_id="profile:topic")
        self.topic = Text(custom_id="topic", placeholder=t("profile.form_topic_hint"), max_length=300)
        options = [
            discord.SelectOption(label=t.of(level), value=level.value, default=level is Level.PRACTITIONER)
            for level in Level
        ]
        self.level: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(custom_id="level", options=options)
        self.add_item(discord.ui.Label(text=t("profile.form_topic"), component=self.topic))
        self.add_item(discord.ui.Label(text=t("profile.form_level"), component=self.level))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Add it, or ask which one she means."""
        await add_topic(interaction, actor, self.topic.value, Level(self.level.values[0]))


class ShowCard(Action, template=r"profile:show"):
    """Back to the card."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show it."""
        await put_card(interaction, actor, await interaction.client.services.members.profile(actor))


class Confirm(Action, template=r"profile:confirm"):
    """What the programme told us is right."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Take her word for it."""
        profile = await interaction.client.services.members.confirm(actor)
        await put_card(interaction, actor, profile, speaking(interaction, actor, profile)("profile.confirmed"))


class Resume(Action, template=r"profile:resume"):
    """Ends a pause."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """End it."""
        await end_pause(interaction, actor)


class Edit(Action, template=r"profile:edit:(?P<part>about|languages|topic)"):
    """Opens a form, filled with what there is."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Open it."""
        profile = await interaction.client.services.members.profile(actor)
        t = speaking(interaction, actor, profile)
        match self.match["part"]:
            case "about":
                form: Form = AboutForm(t, profile)
            case "languages":
                form = LanguagesForm(t, profile)
            case _:
                form = TopicForm(t)
        await interaction.response.send_modal(form)


class ChooseLanguages(Action, template=r"profile:languages"):
    """The select of the common languages."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Save those that were chosen; what the select did not offer stays."""
        members = interaction.client.services.members
        offered = render.offered(await members.profile(actor))
        profile = await members.save_languages(actor, self.values, offered)
        await put_card(interaction, actor, profile, speaking(interaction, actor, profile)("profile.saved"))


class ShowTopics(Action, template=r"profile:topics"):
    """Her topics."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show them."""
        await put_topics(interaction, actor, await interaction.client.services.members.profile(actor))


class ChooseTopic(Action, template=r"profile:topic"):
    """The select of her topics."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show one of them, to be changed or taken away."""
        services = interaction.client.services
        profile = await services.members.profile(actor)
        known = next((one for one in profile.topics if one.topic_id == self.values[0]), None)
        if known is None:
            raise Refusal("members.topic_missing")
        t = speaking(interaction, actor, profile)
        await put(interaction, *profile_topics.one(t, known, services.topics.index))


class SetLevel(Action, template=r"profile:level:(?P<level>interested|practitioner|expert):(?P<topic>.+)"):
    """Adds a topic at a level, or changes the level."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Save it."""
        await add_topic(interaction, actor, self.match["topic"], Level(self.match["level"]))


class DropTopic(Action, template=r"profile:drop:(?P<topic>.+)"):
    """Takes a topic away."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Take it away, and say which it was."""
        services = interaction.client.services
        profile = await services.members.remove_topic(actor, self.match["topic"])
        t = speaking(interaction, actor, profile)
        name = render.label(t, services.topics.index, self.match["topic"])
        await put_topics(interaction, actor, profile, t("profile.topic_removed", topic=name))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.add_dynamic_items(
        ShowCard, Confirm, Resume, Edit, ChooseLanguages, ShowTopics, ChooseTopic, SetLevel, DropTopic
    )

"""The permission matrix: who may use each command, menu, button, select and form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
import simcord

from bot.domain.access import Right
from tests.cogs.conftest import World

PERSONS = ("stranger", "alumna", "coordinator", "network_coordinator", "administrator")

# In the test's world, the coordinators are alumnae too; the administrator and the stranger are not.
ANYONE = frozenset(PERSONS)
MEMBERS = frozenset({"alumna", "coordinator", "network_coordinator"})
SERVER = frozenset({"coordinator", "network_coordinator"})
NETWORK = frozenset({"network_coordinator"})
MANAGERS = frozenset({"administrator"})
KEEPERS = SERVER | MANAGERS


@dataclass(frozen=True)
class Row:
    """Who may, and with which options a command is tried."""

    may: frozenset[str]
    options: Mapping[str, Any] = field(default_factory=dict)

    def value(self, world: World, value: Any) -> Any:
        """An option's value; a name in angle brackets is a thing of the world."""
        if isinstance(value, str) and value.startswith("<"):
            return getattr(world, value.strip("<>"))
        return value


@dataclass(frozen=True)
class ActionRow:
    """Who may, the `custom_id` with which it is tried, and what kind of component it is."""

    may: frozenset[str]
    custom_id: str
    kind: str = "button"
    chosen: str = "a"

    def item(self, world: World) -> discord.ui.Item[discord.ui.View]:
        """The component as a render module would make it."""
        match self.kind:
            case "button":
                return discord.ui.Button(label="x", custom_id=self.custom_id)
            case "select":
                return discord.ui.Select(
                    custom_id=self.custom_id, options=[discord.SelectOption(label="x", value=self.chosen)]
                )
            case "channel":
                return discord.ui.ChannelSelect(custom_id=self.custom_id)
            case "role":
                return discord.ui.RoleSelect(custom_id=self.custom_id)
            case _:
                return discord.ui.UserSelect(custom_id=self.custom_id)

    async def use(self, world: World, actor: simcord.MemberActor, message: discord.Message) -> Any:
        """Click it, or choose its one value."""
        if self.kind == "button":
            return await actor.click(message, custom_id=self.custom_id)
        things = {"channel": world.room, "role": world.alumni_role, "user": world.alumna}
        value = things.get(self.kind, self.chosen)
        return await actor.select(message, [value], custom_id=self.custom_id)


COMMANDS: Mapping[str, Row] = {
    "help": Row(ANYONE),
    "expert find": Row(MEMBERS, {"topic": "social-housing"}),
    "ask": Row(MEMBERS),
    "Mark as answer": Row(MEMBERS),
    "Thank": Row(MEMBERS),
    "Find people": Row(MEMBERS),
    "expert profile": Row(MEMBERS, {"member": "<coordinator>"}),
    "expert open": Row(MEMBERS, {"topic": "social-housing"}),
    "Endorse": Row(MEMBERS),
    "setup": Row(MANAGERS),
    "network invite": Row(NETWORK),
    "network servers": Row(NETWORK),
    "network appoint": Row(NETWORK, {"member": "<alumna>"}),
    "network dismiss": Row(NETWORK, {"member": "<alumna>"}),
    "network coordinators": Row(NETWORK),
    "topic add": Row(NETWORK, {"name": "Snow clearing", "division": "04"}),
    "topic alias": Row(NETWORK, {"topic": "social-housing", "name": "council flats"}),
    "topic merge": Row(NETWORK, {"topic": "social-housing", "into": "cycling-infrastructure"}),
    "topic hide": Row(NETWORK, {"topic": "social-housing"}),
    "topic show": Row(NETWORK, {"topic": "social-housing"}),
    "topic unmatched": Row(NETWORK),
    "report questions": Row(SERVER),
    "report topics": Row(SERVER),
    "report unmatched": Row(NETWORK),
    "city add": Row(KEEPERS, {"city": "2996944"}),
    "city remove": Row(KEEPERS, {"city": "Lyon"}),
    "city channels": Row(KEEPERS, {"city": "Lyon", "crisis": "<room>"}),
    "city list": Row(KEEPERS),
    "alert new": Row(SERVER, {"event": "flood", "audience": "server"}),
    "alert log": Row(SERVER, {"number": 1}),
    "alert imported": Row(SERVER, {"number": 1}),
    "drill new": Row(SERVER, {"event": "flood", "audience": "server"}),
    "drill log": Row(SERVER, {"number": 1}),
    "drill imported": Row(SERVER, {"number": 1}),
    "consent": Row(KEEPERS),
    "profile setup": Row(MEMBERS, {"city": "2996944"}),
    "profile show": Row(MEMBERS),
    "profile language": Row(MEMBERS, {"language": "fr"}),
    "profile timezone": Row(MEMBERS, {"zone": "Europe/Paris"}),
    "profile pause": Row(MEMBERS),
    "profile resume": Row(MEMBERS),
    "profile topics": Row(MEMBERS),
    "profile claim": Row(MEMBERS, {"code": "7K2M-9QXR-4TNB-0WVZ"}),
    "privacy info": Row(ANYONE),
    "privacy export": Row(ANYONE),
    "privacy delete": Row(ANYONE),
}

ACTIONS: Mapping[str, ActionRow] = {
    "OpenAgain": ActionRow(ANYONE, "form:again:abc123"),
    "ShowPage": ActionRow(MEMBERS, "expert:page:0:-:social-housing"),
    "Requests": ActionRow(MEMBERS, "expert:requests:social-housing"),
    "OpenToRequests": ActionRow(MEMBERS, "expert:open:1:social-housing"),
    "ChooseCap": ActionRow(MEMBERS, "expert:cap:social-housing", "select", "4"),
    "PauseTopic": ActionRow(MEMBERS, "expert:pause:social-housing", "select", "14"),
    "Still": ActionRow(MEMBERS, "expert:still:yes:social-housing"),
    "ChooseEndorsed": ActionRow(MEMBERS, "expert:endorse:100", "select", "social-housing"),
    "UndoEndorsement": ActionRow(MEMBERS, "expert:undo:100:social-housing"),
    "AskAbout": ActionRow(MEMBERS, "question:ask:social-housing"),
    "AskWhere": ActionRow(MEMBERS, "question:where:social-housing", "select", "1"),
    "PublishQuestion": ActionRow(MEMBERS, "question:publish:1"),
    "EditQuestion": ActionRow(MEMBERS, "question:edit:1"),
    "FindPeopleForQuestion": ActionRow(MEMBERS, "question:people:1"),
    "ChooseQuestionTopic": ActionRow(MEMBERS, "question:topic:1", "select", "social-housing"),
    "CloseQuestion": ActionRow(MEMBERS, "question:close:1"),
    "ReopenQuestion": ActionRow(MEMBERS, "question:reopen:1"),
    "ReplyNameless": ActionRow(MEMBERS, "question:reply:1"),
    "FollowQuestion": ActionRow(MEMBERS, "question:follow:1"),
    "UnfollowQuestion": ActionRow(MEMBERS, "question:unfollow:1"),
    "ShowPeople": ActionRow(MEMBERS, "chat:show:social-housing"),
    "UnmarkAnswer": ActionRow(MEMBERS, "question:unmark:1"),
    "HideTopic": ActionRow(NETWORK, "topic:hide:social-housing"),
    "RemoveName": ActionRow(NETWORK, "topic:unname:social-housing", "select", "1"),
    "UnmatchedPage": ActionRow(NETWORK, "topic:unmatched:0:="),
    "ChooseQuery": ActionRow(NETWORK, "topic:query", "select", "1"),
    "MatchQuery": ActionRow(NETWORK, "topic:match:1:social-housing"),
    "OtherWords": ActionRow(NETWORK, "topic:words:1"),
    "DismissQuery": ActionRow(NETWORK, "topic:dismiss:1"),
    "EnterCode": ActionRow(MANAGERS, "setup:join"),
    "SetupPanel": ActionRow(MANAGERS, "setup:panel"),
    "SetupPiece": ActionRow(MANAGERS, "setup:choose", "select", "crisis"),
    "SetupChannel": ActionRow(MANAGERS, "setup:channel:crisis", "channel"),
    "SetupRole": ActionRow(MANAGERS, "setup:role:alumni", "role"),
    "SetupClear": ActionRow(MANAGERS, "setup:clear:cases"),
    "SetupLanguage": ActionRow(MANAGERS, "setup:language", "select", "en"),
    "SetupMake": ActionRow(MANAGERS, "setup:make:checkin"),
    "CitySearch": ActionRow(KEEPERS, "city:search"),
    "CityOther": ActionRow(KEEPERS, "city:other"),
    "CityPick": ActionRow(KEEPERS, "city:pick", "select", "2996944"),
    "ShowCard": ActionRow(MEMBERS, "profile:show"),
    "Confirm": ActionRow(MEMBERS, "profile:confirm"),
    "Resume": ActionRow(MEMBERS, "profile:resume"),
    "Edit": ActionRow(MEMBERS, "profile:edit:about"),
    "ChooseLanguages": ActionRow(MEMBERS, "profile:languages", "select", "fr"),
    "ShowTopics": ActionRow(MEMBERS, "profile:topics"),
    "ChooseTopic": ActionRow(MEMBERS, "profile:topic", "select", "social-housing"),
    "SetLevel": ActionRow(MEMBERS, "profile:level:expert:social-housing"),
    "DropTopic": ActionRow(MEMBERS, "profile:drop:social-housing"),
    "SetAlertField": ActionRow(SERVER, "alert:severity:1", "select", "Severe"),
    "WriteAlert": ActionRow(SERVER, "alert:text:en:1"),
    "OtherLanguages": ActionRow(SERVER, "alert:languages:1"),
    "SendAlert": ActionRow(SERVER, "alert:send:1"),
    "DecideAlert": ActionRow(SERVER, "alert:approve:1"),
    "ReasonAlert": ActionRow(SERVER, "alert:return:1"),
    "FinishAlert": ActionRow(SERVER, "alert:cancel:1"),
    "AlertLog": ActionRow(SERVER, "alert:log:1"),
    "AlertCap": ActionRow(SERVER, "alert:cap:1"),
    "ReceivedAlert": ActionRow(MEMBERS, "alert:received:1"),
    "HelpAlert": ActionRow(MEMBERS, "alert:need:1"),
    "ConsentChoice": ActionRow(KEEPERS, "consent:ping", "select", "none"),
    "ConsentToggle": ActionRow(KEEPERS, "consent:drills"),
    "ConsentQuiet": ActionRow(KEEPERS, "consent:quiet"),
    "ExportData": ActionRow(ANYONE, "privacy:export"),
    "AskDelete": ActionRow(ANYONE, "privacy:delete"),
    "ReallyDelete": ActionRow(ANYONE, "privacy:delete:yes"),
    "KeepData": ActionRow(ANYONE, "privacy:keep"),
}

FORMS: Mapping[str, Right] = {
    "AskForm": Right.MEMBER,
    "EditForm": Right.MEMBER,
    "ReplyForm": Right.MEMBER,
    "WordsForm": Right.NETWORK_COORDINATOR,
    "JoinForm": Right.ADMINISTRATOR,
    "CitySearchForm": Right.COORDINATOR_OR_ADMINISTRATOR,
    "OtherCityForm": Right.COORDINATOR_OR_ADMINISTRATOR,
    "AboutForm": Right.MEMBER,
    "LanguagesForm": Right.MEMBER,
    "TopicForm": Right.MEMBER,
    "AlertForm": Right.SERVER_COORDINATOR,
    "AlertTextForm": Right.SERVER_COORDINATOR,
    "CountForm": Right.SERVER_COORDINATOR,
    "ReasonForm": Right.SERVER_COORDINATOR,
    "HelpForm": Right.MEMBER,
    "QuietForm": Right.COORDINATOR_OR_ADMINISTRATOR,
}

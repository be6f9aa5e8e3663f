"""The permission matrix: who may use each command, menu, button, select and form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
import simcord
from sqlalchemy import insert

from bot.domain.access import Right
from db.tables import AlertRow
from tests.cogs.conftest import World, join

PERSONS = ("stranger", "alumna", "coordinator", "author", "elsewhere", "network_coordinator", "administrator")
"""`author` wrote alert 1 and drill 2, drafts both; `elsewhere` coordinates another server, and acts in it."""

# In the test's world, the coordinators are alumnae too; the administrator and the stranger are not.
ANYONE = frozenset(PERSONS)
MEMBERS = frozenset({"alumna", "coordinator", "author", "elsewhere", "network_coordinator"})
SERVER = frozenset({"coordinator", "author", "elsewhere", "network_coordinator"})
HOME = SERVER - {"elsewhere"}
AUTHOR = frozenset({"author"})
NETWORK = frozenset({"network_coordinator"})
MANAGERS = frozenset({"administrator"})
KEEPERS = SERVER | MANAGERS


@dataclass(frozen=True)
class Place:
    """Who tries something, and where: her server, a room in it, and whom and what she finds there."""

    actor: simcord.MemberActor
    server: simcord.GuildHandle
    room: simcord.ChannelHandle
    alumni_role: simcord.RoleHandle
    alumna: simcord.MemberActor
    coordinator: simcord.MemberActor


async def place_of(world: World, who: str) -> Place:
    """The person and her place; the author's two drafts are there for everybody."""
    author = world.person("author", world.alumni_role, world.coordinator_role)
    for drill in (False, True):
        await add_alert(world, author_id=author.id, drill=drill)
    if who == "elsewhere":
        return await _elsewhere(world)
    actor = author if who == "author" else getattr(world, who)
    return Place(actor, world.server, world.room, world.alumni_role, world.alumna, world.coordinator)


async def _elsewhere(world: World) -> Place:
    other = world.env.create_guild("Porto alumni")
    alumni, coordinators = other.create_role("Alumni"), other.create_role("Coordinators")
    await join(world.application, other.id, alumni_role_id=alumni.id, coordinator_role_id=coordinators.id)
    actor, alumna, colleague = (
        other.add_member(world.env.create_user(name), roles=[alumni, *more])
        for name, more in (("elsewhere", [coordinators]), ("Rui", []), ("Ines", [coordinators]))
    )
    return Place(actor, other, other.create_text_channel("general"), alumni, alumna, colleague)


TEXT = {"event": "Flood", "headline": "Flood: Lyon", "description": "It rises.", "instruction": "Leave."}


async def add_alert(world: World, **columns: Any) -> int:
    """An alert of the world's server straight away, a draft to this server unless told otherwise; its number."""
    plain = {
        "drill": False,
        "imported": False,
        "state": "draft",
        "server_id": world.server.id,
        "hazard": "flood",
        "category": "Met",
        "place": "Lyon",
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
        "audience": "network",
        "language": "en",
        "hours": 12,
        "texts": {"en": TEXT},
        "frozen": {},
        "templated": False,
        "created_at": world.application.clock(),
    }
    async with world.application.database.begin() as session:
        number: int | None = await session.scalar(
            insert(AlertRow).values(**{**plain, **columns}).returning(AlertRow.id)
        )
    assert number is not None
    return number


@dataclass(frozen=True)
class Row:
    """Who may, and with which options a command is tried."""

    may: frozenset[str]
    options: Mapping[str, Any] = field(default_factory=dict)

    def value(self, place: Place, value: Any) -> Any:
        """An option's value; a name in angle brackets is a thing of the place."""
        if isinstance(value, str) and value.startswith("<"):
            return getattr(place, value.strip("<>"))
        return value


@dataclass(frozen=True)
class ActionRow:
    """Who may, the `custom_id` with which it is tried, and what kind of component it is."""

    may: frozenset[str]
    custom_id: str
    kind: str = "button"
    chosen: str = "a"

    def item(self) -> discord.ui.Item[discord.ui.View]:
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

    async def use(self, place: Place, message: discord.Message) -> Any:
        """Click it, or choose its one value."""
        if self.kind == "button":
            return await place.actor.click(message, custom_id=self.custom_id)
        things = {"channel": place.room, "role": place.alumni_role, "user": place.alumna}
        value = things.get(self.kind, self.chosen)
        return await place.actor.select(message, [value], custom_id=self.custom_id)


COMMANDS: Mapping[str, Row] = {
    "help": Row(ANYONE),
    "expert find": Row(MEMBERS, {"topic": "social-housing"}),
    "ask": Row(MEMBERS),
    "deliveries status": Row(SERVER),
    "deliveries retry": Row(SERVER),
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
    "campaign create": Row(SERVER, {"name": "Spring", "audience": "everyone"}),
    "campaign list": Row(SERVER),
    "campaign show": Row(SERVER, {"campaign": "1"}),
    "campaign preview": Row(SERVER, {"campaign": "1"}),
    "campaign resume": Row(SERVER, {"campaign": "1"}),
    "campaign pause": Row(SERVER, {"campaign": "1"}),
    "campaign run": Row(SERVER, {"campaign": "1"}),
    "campaign report": Row(SERVER, {"campaign": "1"}),
    "campaign quiet": Row(SERVER),
    "campaign delete": Row(SERVER, {"campaign": "1"}),
    "city add": Row(KEEPERS, {"city": "2996944"}),
    "city remove": Row(KEEPERS, {"city": "Lyon"}),
    "city channels": Row(KEEPERS, {"city": "Lyon", "crisis": "<room>"}),
    "city list": Row(KEEPERS),
    "alert new": Row(SERVER, {"event": "flood", "audience": "server"}),
    "alert update": Row(SERVER),
    "alert escalate": Row(SERVER),
    "alert report": Row(SERVER),
    "alert stands": Row(SERVER),
    "alert all-clear": Row(SERVER),
    "alert false-alarm": Row(SERVER),
    "drill update": Row(SERVER),
    "drill escalate": Row(SERVER),
    "drill report": Row(SERVER),
    "drill goes-on": Row(SERVER),
    "drill end": Row(SERVER),
    "alert log": Row(HOME, {"number": 1}),
    "alert templates": Row(SERVER),
    "alert imported": Row(SERVER, {"number": 1}),
    "drill new": Row(SERVER, {"event": "flood", "audience": "server"}),
    "drill log": Row(HOME, {"number": 2}),
    "drill imported": Row(SERVER, {"number": 1}),
    "consent": Row(KEEPERS),
    "readiness": Row(KEEPERS),
    "oncall": Row(SERVER),
    "case submit": Row(MEMBERS, {"topic": "social-housing"}),
    "case drafts": Row(MEMBERS),
    "case search": Row(MEMBERS, {"text": "fees"}),
    "case view": Row(MEMBERS, {"case": "1"}),
    "case export": Row(MEMBERS),
    "case map": Row(MEMBERS),
    "mirror": Row(KEEPERS, {"wanted": True}),
    "review": Row(SERVER),
    "follow": Row(MEMBERS, {"topic": "social-housing"}),
    "profile setup": Row(MEMBERS, {"city": "2996944"}),
    "profile show": Row(MEMBERS),
    "profile language": Row(MEMBERS, {"language": "fr"}),
    "profile timezone": Row(MEMBERS, {"zone": "Europe/Paris"}),
    "profile pause": Row(MEMBERS),
    "profile resume": Row(MEMBERS),
    "profile topics": Row(MEMBERS),
    "profile claim": Row(MEMBERS, {"code": "7K2M-9QXR-4TNB-0WVZ"}),
    "checkin now": Row(MEMBERS),
    "checkin history": Row(MEMBERS),
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
    "InvitePeople": ActionRow(MEMBERS, "question:invite:1", "select", "1"),
    "StillThinking": ActionRow(MEMBERS, "question:thinking:1"),
    "GoOnAsking": ActionRow(MEMBERS, "question:go_on:1"),
    "OpenInvitation": ActionRow(MEMBERS, "invitation:open:1:d5"),
    "AcceptInvitation": ActionRow(MEMBERS, "invitation:accept:1"),
    "DeclineInvitation": ActionRow(MEMBERS, "invitation:decline:1"),
    "ReferInvitation": ActionRow(MEMBERS, "invitation:refer:1"),
    "NameSuggested": ActionRow(MEMBERS, "invitation:named:1", "select", "1"),
    "NameMember": ActionRow(MEMBERS, "invitation:member:1", "user"),
    "AnswerElsewhere": ActionRow(MEMBERS, "invitation:answer:1"),
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
    "AskAboutStuck": ActionRow(MEMBERS, "question:stuck:1"),
    "AskStuckWhere": ActionRow(MEMBERS, "question:stuckwhere:1", "select", "1"),
    "AnswerCheckin": ActionRow(MEMBERS, "checkin:answer:1:d1"),
    "ChooseCheckin": ActionRow(MEMBERS, "checkin:choose", "select", "1"),
    "SkipCheckin": ActionRow(MEMBERS, "checkin:skip:1"),
    "SnoozeCheckin": ActionRow(MEMBERS, "checkin:snooze:1"),
    "SnoozeUntil": ActionRow(MEMBERS, "checkin:until:1", "select", "3"),
    "StopCheckin": ActionRow(MEMBERS, "checkin:stop:1"),
    "ResumeCheckin": ActionRow(MEMBERS, "checkin:resume:1"),
    "CheckinHistory": ActionRow(MEMBERS, "checkin:history:0"),
    "RetireTopics": ActionRow(MEMBERS, "checkin:retire", "select", "social-housing"),
    "ShareCheckin": ActionRow(MEMBERS, "checkin:share:named:1"),
    "ShareWhich": ActionRow(MEMBERS, "checkin:shared:named:1", "select", "1"),
    "UnshareCheckin": ActionRow(MEMBERS, "checkin:unshare:1"),
    "EnterCode": ActionRow(MANAGERS, "setup:join"),
    "SetupPanel": ActionRow(MANAGERS, "setup:panel"),
    "SetupPiece": ActionRow(MANAGERS, "setup:choose", "select", "crisis"),
    "SetupChannel": ActionRow(MANAGERS, "setup:channel:crisis", "channel"),
    "SetupRole": ActionRow(MANAGERS, "setup:role:alumni", "role"),
    "SetupClear": ActionRow(MANAGERS, "setup:clear:cases"),
    "SetupLanguage": ActionRow(MANAGERS, "setup:language", "select", "en"),
    "SetupMake": ActionRow(MANAGERS, "setup:make:checkin"),
    "ShowCampaign": ActionRow(SERVER, "campaign:show:1"),
    "PickCampaign": ActionRow(SERVER, "campaign:pick", "select", "1"),
    "MakeMonthly": ActionRow(SERVER, "campaign:monthly:here"),
    "ChangeCampaign": ActionRow(SERVER, "campaign:change:1", "select", "name"),
    "ChooseDigest": ActionRow(SERVER, "campaign:digest:1", "channel"),
    "DefaultDigest": ActionRow(SERVER, "campaign:digest_default:1"),
    "SwitchCampaign": ActionRow(SERVER, "campaign:on:1"),
    "PreviewCampaign": ActionRow(SERVER, "campaign:preview:1"),
    "RunCampaign": ActionRow(SERVER, "campaign:run:1"),
    "ReallyRun": ActionRow(SERVER, "campaign:go:1:0"),
    "DropCampaign": ActionRow(SERVER, "campaign:drop:1"),
    "ReallyDrop": ActionRow(SERVER, "campaign:gone:1:0"),
    "CitySearch": ActionRow(KEEPERS, "city:search"),
    "CityOther": ActionRow(KEEPERS, "city:other"),
    "CityPick": ActionRow(KEEPERS, "city:pick", "select", "2996944"),
    "ShowCard": ActionRow(MEMBERS, "profile:show"),
    "Confirm": ActionRow(MEMBERS, "profile:confirm"),
    "AllowDirect": ActionRow(MEMBERS, "direct:allow"),
    "StopDirect": ActionRow(ANYONE, "direct:stop"),
    "Resume": ActionRow(MEMBERS, "profile:resume"),
    "Edit": ActionRow(MEMBERS, "profile:edit:about"),
    "ChooseLanguages": ActionRow(MEMBERS, "profile:languages", "select", "fr"),
    "ShowTopics": ActionRow(MEMBERS, "profile:topics"),
    "ChooseTopic": ActionRow(MEMBERS, "profile:topic", "select", "social-housing"),
    "SetLevel": ActionRow(MEMBERS, "profile:level:expert:social-housing"),
    "DropTopic": ActionRow(MEMBERS, "profile:drop:social-housing"),
    "AdoptAlert": ActionRow(SERVER, "alert:adopt:1:d5"),
    "ListTemplates": ActionRow(SERVER, "template:list"),
    "ChooseTemplate": ActionRow(SERVER, "template:choose", "select", "flood"),
    "ShowTemplate": ActionRow(SERVER, "template:show:server:flood"),
    "ChangeTemplateFacts": ActionRow(SERVER, "template:facts:server:flood"),
    "WriteTemplate": ActionRow(NETWORK, "template:text:network:flood:en"),
    "RestoreTemplate": ActionRow(SERVER, "template:restore:server:flood"),
    "ReallyRestoreTemplate": ActionRow(NETWORK, "template:restored:network:flood"),
    "KeepDraft": ActionRow(HOME, "alert:keep:1"),
    "ReallyKeepDraft": ActionRow(NETWORK, "template:keep:network:1:0"),
    "ChooseSeverity": ActionRow(AUTHOR, "alert:severity:1", "select", "Severe"),
    "PreviewAlert": ActionRow(HOME, "alert:preview:1"),
    "ChangeFacts": ActionRow(AUTHOR, "alert:facts:1"),
    "ChangeWhere": ActionRow(AUTHOR, "alert:where:1"),
    "WriteAlert": ActionRow(AUTHOR, "alert:text:en:1"),
    "OtherLanguages": ActionRow(AUTHOR, "alert:languages:1"),
    "SendAlert": ActionRow(AUTHOR, "alert:send:1"),
    "DecideAlert": ActionRow(HOME, "alert:approve:1"),
    "ReasonAlert": ActionRow(HOME, "alert:return:1"),
    "FinishAlert": ActionRow(HOME, "alert:cancel:1"),
    "AlertLog": ActionRow(HOME, "alert:log:1"),
    "AlertCap": ActionRow(HOME, "alert:cap:1"),
    "BeginFollowUp": ActionRow(HOME, "alert:update:1"),
    "SayItStands": ActionRow(HOME, "alert:stands:yes:1"),
    "SetFollowUp": ActionRow(SERVER, "alert:chain:severity:1", "select", "Severe"),
    "WriteFollowUp": ActionRow(SERVER, "alert:chain:text:en:1"),
    "FollowUpLanguages": ActionRow(SERVER, "alert:chain:languages:1"),
    "SendFollowUp": ActionRow(SERVER, "alert:chain:send:1"),
    "DecideFollowUp": ActionRow(SERVER, "alert:chain:approve:1"),
    "ReasonFollowUp": ActionRow(SERVER, "alert:chain:return:1"),
    "ReceivedAlert": ActionRow(MEMBERS, "alert:received:1"),
    "HelpAlert": ActionRow(MEMBERS, "alert:need:1"),
    "OnCallWhichCity": ActionRow(SERVER, "oncall:city", "select", "1"),
    "OnCallPeople": ActionRow(SERVER, "oncall:on_call:1", "user"),
    "OnCallWhoLeft": ActionRow(SERVER, "oncall:left:1"),
    "TakeOnCities": ActionRow(MEMBERS, "alert:take:1:d1"),
    "OnCallStepBack": ActionRow(ANYONE, "oncall:back:1"),
    "ConsentCard": ActionRow(KEEPERS, "consent:card"),
    "ConsentChoice": ActionRow(KEEPERS, "consent:ping", "select", "none"),
    "ConsentToggle": ActionRow(KEEPERS, "consent:drills"),
    "ConsentQuiet": ActionRow(KEEPERS, "consent:quiet"),
    "ReadinessOne": ActionRow(KEEPERS, "readiness:one"),
    "ReadinessChoose": ActionRow(NETWORK, "readiness:choose", "select", "1"),
    "ReadinessAll": ActionRow(NETWORK, "readiness:all:0"),
    "SentToServer": ActionRow(KEEPERS, "consent:sent:alert:0"),
    "OpenCase": ActionRow(MEMBERS, "case:open", "select", "1"),
    "CaseCard": ActionRow(MEMBERS, "case:card:1"),
    "FillCase": ActionRow(MEMBERS, "case:fill:1", "select", "short"),
    "CaseTopics": ActionRow(MEMBERS, "case:topics:1", "select", "social-housing"),
    "SubmitCase": ActionRow(MEMBERS, "case:submit:1"),
    "RecallCase": ActionRow(MEMBERS, "case:recall:1"),
    "DiscardCase": ActionRow(MEMBERS, "case:discard:1"),
    "ReallyDiscardCase": ActionRow(MEMBERS, "case:really_discard:1"),
    "WithdrawCase": ActionRow(MEMBERS, "case:withdraw:1"),
    "ReallyWithdrawCase": ActionRow(MEMBERS, "case:really_withdraw:1"),
    "RetireCase": ActionRow(MEMBERS, "case:retire:1"),
    "ConfirmCase": ActionRow(MEMBERS, "case:confirm:1"),
    "PostCaseAgain": ActionRow(MEMBERS, "case:again:1"),
    "RemoveCaseFiles": ActionRow(MEMBERS, "case:nofiles:1"),
    "JudgeCase": ActionRow(SERVER, "case:judge", "select", "1"),
    "ReadJudging": ActionRow(SERVER, "case:judging:1:0"),
    "PublishCase": ActionRow(SERVER, "case:publish:1"),
    "JudgeWithWords": ActionRow(SERVER, "case:return:1"),
    "UsefulCase": ActionRow(MEMBERS, "case:useful:1"),
    "SimilarCases": ActionRow(MEMBERS, "case:similar:1"),
    "ReadCase": ActionRow(MEMBERS, "case:read:1:0"),
    "ShowCase": ActionRow(MEMBERS, "case:show", "select", "1"),
    "CaseVersions": ActionRow(MEMBERS, "case:versions:1:0"),
    "OpenCaseVersion": ActionRow(MEMBERS, "case:version:1", "select", "1"),
    "ReadCaseVersion": ActionRow(MEMBERS, "case:versioned:1:1:0"),
    "FindCases": ActionRow(MEMBERS, "case:find:0:b:---..."),
    "ShareCase": ActionRow(MEMBERS, "case:share:1"),
    "AdaptCase": ActionRow(MEMBERS, "case:adapt:1"),
    "AdaptationNews": ActionRow(MEMBERS, "case:news:1:6"),
    "TakeBackAdaptation": ActionRow(MEMBERS, "case:unadapt:1"),
    "GrowCase": ActionRow(MEMBERS, "case:grow:1"),
    "BeginCase": ActionRow(MEMBERS, "case:begin:1"),
    "OpenHandOver": ActionRow(SERVER, "handover:open:1"),
    "ChooseHandOverItem": ActionRow(SERVER, "handover:item", "select", "1"),
    "OfferHandOver": ActionRow(SERVER, "handover:to:1", "user"),
    "TakeHandOver": ActionRow(MEMBERS, "handover:take:1"),
    "DeclineHandOver": ActionRow(MEMBERS, "handover:decline:1"),
    "ExportData": ActionRow(ANYONE, "privacy:export"),
    "AskDelete": ActionRow(ANYONE, "privacy:delete"),
    "ReallyDelete": ActionRow(ANYONE, "privacy:delete:yes"),
    "KeepData": ActionRow(ANYONE, "privacy:keep"),
}

FORMS: Mapping[str, Right] = {
    "AskForm": Right.MEMBER,
    "EditForm": Right.MEMBER,
    "ReplyForm": Right.MEMBER,
    "CheckinForm": Right.MEMBER,
    "AnswerForm": Right.MEMBER,
    "CaseForm": Right.MEMBER,
    "FilesForm": Right.MEMBER,
    "JudgementForm": Right.SERVER_COORDINATOR,
    "AdaptForm": Right.MEMBER,
    "NewsForm": Right.MEMBER,
    "WordsForm": Right.NETWORK_COORDINATOR,
    "JoinForm": Right.ADMINISTRATOR,
    "CampaignNameForm": Right.SERVER_COORDINATOR,
    "CampaignWhenForm": Right.SERVER_COORDINATOR,
    "CampaignAudienceForm": Right.SERVER_COORDINATOR,
    "CampaignHowForm": Right.SERVER_COORDINATOR,
    "CampaignQuestionForm": Right.SERVER_COORDINATOR,
    "CitySearchForm": Right.COORDINATOR_OR_ADMINISTRATOR,
    "OtherCityForm": Right.COORDINATOR_OR_ADMINISTRATOR,
    "AboutForm": Right.MEMBER,
    "LanguagesForm": Right.MEMBER,
    "TopicForm": Right.MEMBER,
    "CampaignForm": Right.SERVER_COORDINATOR,
    "QuestionForm": Right.MEMBER,
    "AlertForm": Right.SERVER_COORDINATOR,
    "TemplateForm": Right.SERVER_COORDINATOR,
    "TemplateFactsForm": Right.SERVER_COORDINATOR,
    "TemplateTextForm": Right.SERVER_COORDINATOR,
    "DraftForm": Right.SERVER_COORDINATOR,
    "AlertFactsForm": Right.SERVER_COORDINATOR,
    "AlertWhereForm": Right.SERVER_COORDINATOR,
    "AlertTextForm": Right.SERVER_COORDINATOR,
    "FollowUpTextForm": Right.SERVER_COORDINATOR,
    "FollowUpCountForm": Right.SERVER_COORDINATOR,
    "FollowUpReasonForm": Right.SERVER_COORDINATOR,
    "CountForm": Right.SERVER_COORDINATOR,
    "ReasonForm": Right.SERVER_COORDINATOR,
    "HelpForm": Right.MEMBER,
    "QuietForm": Right.COORDINATOR_OR_ADMINISTRATOR,
    "PauseForm": Right.MEMBER,
}

"""From what the page sends to what simcord's actors take: ids to people, roles and rooms, text to numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcord import ChannelHandle, MemberActor, OptionError, RoleHandle, UserHandle
from simcord.components import walk_components
from simcord.enums import ComponentType, OptionType
from simcord.interactions import command_leaves, parse_option_input

from bot.demo.sandbox import Actor, Sandbox
from bot.demo.sentences import PageError

File = tuple[str, bytes]
Entity = MemberActor | UserHandle | RoleHandle | ChannelHandle
MULTIPLE = {*range(3, 4), *range(5, 9), ComponentType.CHECKBOX_GROUP}


@dataclass(frozen=True, slots=True)
class Request:
    """What a person did on the page: `do` names the action, `fields` are its particulars, `files` what she chose."""

    person: int
    room: int
    do: str
    fields: Mapping[str, Any]
    files: Sequence[File] = field(default_factory=tuple)

    def text(self, name: str) -> str:
        """A field that must be text. Raises `PageError` where it is not."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise PageError("not_understood")
        return value

    def number(self, name: str) -> int:
        """A field that must be an id. Raises `PageError` where it is not."""
        return as_id(self.fields.get(name))

    def chosen_files(self, indexes: Any) -> list[File]:
        """The uploaded files that a value points at by their place. Raises `PageError` where there are none such."""
        if not isinstance(indexes, list) or not all(isinstance(index, int) for index in indexes):
            raise PageError("not_understood")
        if not all(0 <= index < len(self.files) for index in indexes):
            raise PageError("not_understood")
        return [self.files[index] for index in indexes]


def as_id(value: Any) -> int:
    """An id as the page writes it: digits in text. Raises `PageError` for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 20:
        return int(value)
    raise PageError("not_understood")


def parse_request(body: Any, files: Iterable[File] = ()) -> Request:
    """Read a request of the page. Raises `PageError` where it is not one."""
    if not isinstance(body, dict) or not isinstance(body.get("do"), str):
        raise PageError("not_understood")
    return Request(as_id(body.get("person")), as_id(body.get("room")), body["do"], body, tuple(files))


class Values:
    """Turns the values of one person in one room into what the actors take."""

    def __init__(self, sandbox: Sandbox, actor: Actor, room: ChannelHandle, request: Request) -> None:
        self._sandbox = sandbox
        self._actor = actor
        self._room = room
        self._request = request

    def options(self, command: str, raw: Any, *, partial: bool = False) -> dict[str, Any]:
        """The options of a slash command, by name; those that do not parse are left out where `partial`."""
        if not isinstance(raw, dict):
            raise PageError("not_understood")
        declared = self._declared(command)
        values: dict[str, Any] = {}
        for name, value in raw.items():
            option = declared.get(name)
            if option is None:
                raise OptionError("option-unknown", str(name), f"no option {name}")
            try:
                values[name] = self._option(command, option, value)
            except (OptionError, PageError):
                if not partial:
                    raise OptionError("option-type", str(name), f"cannot read option {name}") from None
        return values

    def select(self, components: Sequence[Mapping[str, Any]], custom_id: str, raw: Any) -> list[Any]:
        """The chosen values of a select menu in a message."""
        for component in walk_components(list(components)):
            if component.get("custom_id") == custom_id:
                return self._chosen(component, raw)
        raise PageError("message")

    def modal(self, spec: Mapping[str, Any], raw: Any) -> dict[str, Any]:
        """The values of a form, by `custom_id`. What was left empty and may be is left out."""
        if not isinstance(raw, dict):
            raise PageError("not_understood")
        controls = {
            component["custom_id"]: component
            for component in walk_components(spec.get("components") or [])
            if component.get("custom_id")
        }
        values: dict[str, Any] = {}
        for custom_id, value in raw.items():
            component = controls.get(custom_id)
            if component is None:
                raise PageError("modal")
            read = self._control(component, value)
            if read is not None:
                values[custom_id] = read
        return values

    def _control(self, component: Mapping[str, Any], value: Any) -> Any:
        kind = component["type"]
        if kind == ComponentType.FILE_UPLOAD:
            return self._request.chosen_files(value) or None
        if kind in MULTIPLE:
            return self._chosen(component, value) or None
        if kind == ComponentType.CHECKBOX:
            return bool(value)
        if kind == ComponentType.RADIO_GROUP:
            return value or None
        return str(value)

    def _chosen(self, component: Mapping[str, Any], raw: Any) -> list[Any]:
        if not isinstance(raw, list):
            raise PageError("not_understood")
        if component["type"] in {ComponentType.STRING_SELECT, ComponentType.CHECKBOX_GROUP}:
            return [str(value) for value in raw]
        return [self.entity(ComponentType(component["type"]), as_id(value)) for value in raw]

    def entity(self, kind: ComponentType, wanted: int) -> Entity:
        """A person, role or room by id, for an entity select. Raises `PageError` where there is none."""
        if kind in {ComponentType.ROLE_SELECT, ComponentType.MENTIONABLE_SELECT} and self._is_role(wanted):
            return self.role(wanted)
        if kind == ComponentType.CHANNEL_SELECT:
            return self.channel(wanted)
        return self.person(wanted)

    def person(self, wanted: int) -> MemberActor | UserHandle:
        """A person: as a member of this server where she is one."""
        if wanted not in self._sandbox.env.backend.users:
            raise PageError("person")
        user = UserHandle(self._sandbox.env, self._sandbox.env.backend.get_user(wanted))
        guild = self._room.guild
        if guild is not None and wanted in guild.member_ids():
            return MemberActor(self._sandbox.env, guild, user)
        return user

    def role(self, wanted: int) -> RoleHandle:
        """A role of this server."""
        guild = self._room.guild
        if guild is None or not self._is_role(wanted):
            raise PageError("not_understood")
        return RoleHandle(self._sandbox.env, guild, self._sandbox.env.backend.get_role(guild.id, wanted))

    def channel(self, wanted: int) -> ChannelHandle:
        """A room that this person sees."""
        return self._sandbox.room(self._actor.id, wanted)

    def _is_role(self, wanted: int) -> bool:
        guild = self._room.guild
        return guild is not None and wanted in self._sandbox.env.backend.get_guild(guild.id).roles

    def _declared(self, command: str) -> dict[str, Any]:
        for root in self._sandbox.env.backend.visible_commands(user_id=self._actor.id, channel_id=self._room.id):
            for path, leaf in command_leaves(root):
                if " ".join(path) == command:
                    return {option["name"]: option for option in leaf.get("options") or []}
        raise PageError("command")

    def _option(self, command: str, option: dict[str, Any], value: Any) -> Any:
        kind = OptionType(option["type"])
        if kind == OptionType.USER:
            return self.person(as_id(value))
        if kind == OptionType.ROLE:
            return self.role(as_id(value))
        if kind == OptionType.CHANNEL:
            return self.channel(as_id(value))
        if kind == OptionType.MENTIONABLE:
            return self.entity(ComponentType.MENTIONABLE_SELECT, as_id(value))
        if kind == OptionType.ATTACHMENT:
            files = self._request.chosen_files(value)
            if len(files) != 1:
                raise PageError("not_understood")
            return files[0]
        return parse_option_input(command, option, value)

"""Who is asking, and what she may do.

A member is a person in a joined server who holds its alumni role (where one is set). A server coordinator holds
the coordinator role of the server she speaks in, and acts for that server alone. A network coordinator was
appointed by the host or by another one. An administrator has Discord's Manage Server permission: she sets the
bot up in her server, and that is all it gives her here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.errors import Forbidden


class Right(StrEnum):
    """What a command asks of the person who uses it."""

    ANYONE = "anyone"
    """Everyone, a stranger too: help, and what we keep about oneself."""
    MEMBER = "member"
    SERVER_COORDINATOR = "server_coordinator"
    """The coordinators of this server, and network coordinators."""
    NETWORK_COORDINATOR = "network_coordinator"
    COORDINATOR_OR_ADMINISTRATOR = "coordinator_or_administrator"
    """The coordinators of this server, network coordinators, and those who may manage this Discord server."""
    ADMINISTRATOR = "administrator"
    """Those who may manage this Discord server."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind one interaction, as far as our rules care.

    `server_id` is None in direct messages. `language` is the one to answer her in privately,
    `server_language` the one for what everybody in that channel reads.
    """

    user_id: int
    name: str
    language: str
    server_id: int | None = None
    server_language: str = "en"
    server_joined: bool = False
    member_id: int | None = None
    is_member: bool = False
    is_server_coordinator: bool = False
    is_network_coordinator: bool = False
    is_administrator: bool = False
    zone: str = "UTC"

    def may(self, right: Right) -> bool:
        """Whether she has this right, here and now."""
        match right:
            case Right.ANYONE:
                return True
            case Right.MEMBER:
                return self.is_member or self.is_network_coordinator
            case Right.SERVER_COORDINATOR:
                return self.server_joined and (self.is_server_coordinator or self.is_network_coordinator)
            case Right.COORDINATOR_OR_ADMINISTRATOR:
                return self.may(Right.SERVER_COORDINATOR) or (self.server_joined and self.is_administrator)
            case Right.NETWORK_COORDINATOR:
                return self.is_network_coordinator
            case Right.ADMINISTRATOR:
                return self.is_administrator

    def require(self, right: Right) -> None:
        """Raise `Forbidden`, with the sentence that says who may, unless she has this right."""
        if self.may(right):
            return
        if self.server_id is not None and not self.server_joined:
            raise Forbidden("access.server_not_joined")
        raise Forbidden(_SENTENCES[right])


_SENTENCES = {
    Right.ANYONE: "access.member_only",
    Right.MEMBER: "access.member_only",
    Right.SERVER_COORDINATOR: "access.server_coordinator_only",
    Right.COORDINATOR_OR_ADMINISTRATOR: "access.coordinator_or_administrator_only",
    Right.NETWORK_COORDINATOR: "access.network_coordinator_only",
    Right.ADMINISTRATOR: "access.administrator_only",
}


@dataclass(frozen=True, slots=True)
class Host:
    """The person at the command line of the machine that runs the bot. She may do everything."""

    user_id: None = field(default=None, init=False)

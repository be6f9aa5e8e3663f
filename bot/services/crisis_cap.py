"""CAP files of alerts: out as they were published, in as drafts that somebody takes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from bot.domain.access import Actor, Right
from bot.domain.alert_imports import ImportNews
from bot.domain.cap.reading import as_text
from bot.domain.cap.values import Message, MsgType, Status
from bot.domain.cap.writing import write
from bot.domain.crisis import Alert, AlertAudience, AlertState
from bot.domain.crisis_cap import message_of
from bot.domain.errors import Refusal
from bot.domain.hazards import HazardTerm
from bot.services import crisis_rows as rows
from bot.services.alert_imports import content, news, tell_coordinators
from bot.services.crisis import CrisisService
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit, crisis_messages
from db.queries import crisis as queries

EDITABLE = {AlertState.DRAFT, AlertState.RETURNED}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the alert that it made, or to which it was attached."""

    alert_id: int
    attached: bool


@dataclass(frozen=True, slots=True)
class CapService:
    """In and out."""

    work: Work
    clock: Clock
    crisis: CrisisService

    async def export(self, alert_id: int, number: int | None = None) -> bytes:
        """The newest CAP message of an alert, or the `number`th of its chain; a draft's as it would read now.

        Raises `Refusal` where there is none.
        """
        async with self.work.read() as session:
            alert = self.crisis.spoken(await rows.find(session, alert_id))
            found = await crisis_messages.messages(session, alert_id)
        if not found and number in {None, 1}:
            return write(message_of(alert, alert.frozen or alert.texts, MsgType.ALERT, alert.created_at))
        if number is not None and not 0 < number <= len(found):
            raise Refusal("crisis.no_message", number=str(number), count=str(len(found)))
        return found[(number or len(found)) - 1].document.encode()

    async def take_in(self, message: Message, document: bytes) -> Imported:
        """A valid message of somebody else's becomes a draft, or joins the chain that it refers to. Nothing is sent.

        Raises `Refusal` where it is here already, where it acknowledges or rejects something, and where a message that
        follows another one has none here to follow.
        """
        if message.msg_type in {MsgType.ACK, MsgType.ERROR}:
            raise Refusal("crisis.import_kind", kind=message.msg_type.value)
        async with self.work.begin() as session:
            sent = message.sent.astimezone(UTC)
            if await crisis_messages.message_by_reference(session, message.sender, message.identifier, sent):
                raise Refusal("crisis.import_again", identifier=message.identifier)
            attached = await self._chain(session, message)
            if attached is None and message.msg_type is not MsgType.ALERT:
                raise Refusal("crisis.import_unknown", kind=message.msg_type.value)
            alert_id = attached if attached is not None else await self._draft(session, message)
            await self._supersede(session, alert_id, message)
            await crisis_messages.add_message(
                session,
                {
                    "alert_id": alert_id,
                    "msg_type": message.msg_type.value,
                    "sender": message.sender,
                    "identifier": message.identifier,
                    "sent": sent,
                    "document": as_text(document),
                    "at": self.clock(),
                },
            )
            await queries.touch_card(session, alert_id, self.clock())
            await tell_coordinators(session, alert_id, self.clock())
            await audit.record(
                session,
                at=self.clock(),
                actor_id=None,
                action="alert.import",
                subject=str(alert_id),
                details={"identifier": message.identifier, "sender": message.sender, "type": message.msg_type.value},
            )
        return Imported(alert_id, attached is not None)

    async def _chain(self, session: AsyncSession, message: Message) -> int | None:
        for each in message.references:
            found = await crisis_messages.message_by_reference(
                session, each.sender, each.identifier, each.sent.astimezone(UTC)
            )
            if found is not None:
                return found.alert_id
        return None

    async def _draft(self, session: AsyncSession, message: Message) -> int:
        return await queries.create(
            session,
            {
                "drill": message.status is not Status.ACTUAL,  # a test must never be taken for the real thing
                "imported": True,
                "state": AlertState.DRAFT.value,
                "server_id": None,
                "author_id": None,
                "hazard": HazardTerm.OTHER.value,
                "audience": AlertAudience.SERVER.value,
                "audience_value": None,
                "templated": False,
                "frozen": {},
                "created_at": self.clock(),
                **content(self.crisis.catalogues, message, self.clock()),
            },
        )

    async def _supersede(self, session: AsyncSession, alert_id: int, message: Message) -> None:
        """A draft of what its sender has changed since says what it is now. What was confirmed stays as it is."""
        alert = await rows.find(session, alert_id)
        if message.msg_type is MsgType.UPDATE and alert.imported and alert.state in EDITABLE:
            await queries.change(session, alert_id, **content(self.crisis.catalogues, message, self.clock()))

    async def news(self, alert_id: int, number: int) -> ImportNews:
        """The `number`th message of an alert, as its coordinators are told of it. Raises `Refusal` for none."""
        async with self.work.read() as session:
            alert = self.crisis.spoken(await rows.find(session, alert_id))
            return await news(session, alert, number)

    async def adopt(self, actor: Actor, alert_id: int) -> Alert:
        """A coordinator takes an imported draft on: from now on it is hers, and goes the way of every draft.

        Raises `Refusal` where somebody was faster, and where its sender has called it off.
        """
        actor.require(Right.SERVER_COORDINATOR)
        async with self.work.begin() as session:
            alert = await rows.find(session, alert_id)
            if not alert.imported or alert.server_id is not None:
                raise Refusal("crisis.not_imported", number=str(alert_id))
            if (await crisis_messages.messages(session, alert_id))[-1].msg_type == MsgType.CANCEL:
                raise Refusal("alert_imports.called_off", number=str(alert_id))
            if not await queries.adopt(session, alert_id, actor.server_id, actor.user_id):
                raise Refusal("crisis.not_imported", number=str(alert_id))
            await audit.record(
                session,
                at=self.clock(),
                actor_id=actor.user_id,
                server_id=actor.server_id,
                action="alert.adopt",
                subject=str(alert_id),
            )
            return self.crisis.spoken(await rows.find(session, alert_id))

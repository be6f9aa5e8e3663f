"""What the bot says on its own: composed at the moment of sending, paced, and sent to Discord once."""

from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.messenger.pacing import Pacer, pacing
from bot.messenger.sender import Sender

__all__ = ["Compose", "Desk", "Outgoing", "Pacer", "Sender", "pacing"]

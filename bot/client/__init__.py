"""The Discord client, and what every command, button and form shares."""

from bot.client.errors import ErrorHandler
from bot.client.forms import Form
from bot.client.items import Action
from bot.client.twincord import Twincord, actor_of, reply

__all__ = ["Action", "ErrorHandler", "Form", "Twincord", "actor_of", "reply"]

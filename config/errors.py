"""What may be wrong with the settings."""

from __future__ import annotations


class SettingsError(Exception):
    """A setting that cannot be used: which, what is wrong, what to write.

    `message_id` and `parameters` are those of the sentence in the catalogues, like `bot.domain.errors.Refusal`.
    """

    def __init__(self, message_id: str, /, **parameters: object) -> None:
        super().__init__(message_id, parameters)
        self.message_id = message_id
        self.parameters = parameters

    def __str__(self) -> str:
        return f"{self.message_id} {self.parameters}" if self.parameters else self.message_id

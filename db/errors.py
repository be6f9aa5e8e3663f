"""What a database may do to us, as one tree.

DatabaseError              also by itself: an address that cannot be used, a migration that cannot be kept
├── DatabaseUnavailable    locked, gone, full, damaged or out of reach: nothing was changed
├── DatabaseNewer          made by a newer version of this program
├── DatabaseInUse          another bot already speaks for this database
└── BackupFailed           a backup or restore could not be made, and why

Each carries `message_id` and `parameters` of the sentence for the person, like `bot.domain.errors.Refusal`.
"""

from __future__ import annotations


class DatabaseError(Exception):
    """The root: a sentence's id in the catalogues and what fills its placeholders."""

    def __init__(self, message_id: str, /, **parameters: object) -> None:
        super().__init__(message_id, parameters)
        self.message_id = message_id
        self.parameters = parameters

    def __str__(self) -> str:
        return f"{self.message_id} {self.parameters}" if self.parameters else self.message_id


class DatabaseUnavailable(DatabaseError):
    """Locked, gone, full, damaged or out of reach; nothing was changed."""


class DatabaseNewer(DatabaseError):
    """Made by a newer version of this program."""


class DatabaseInUse(DatabaseError):
    """Another bot already speaks for this database."""


class BackupFailed(DatabaseError):
    """A backup or a restore could not be made."""

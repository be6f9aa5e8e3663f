"""What may go wrong, as one tree.

TwincordError
├── Refusal            what a person asked for cannot be done; carries the sentence she reads
│   ├── Forbidden      she may not do this
│   └── Unavailable    our fault, not hers: the database is locked or gone; worth trying again
└── (nothing else: whatever is not a TwincordError is a bug, and is answered as one)

The database (`db.errors`) and the settings (`config.errors`) have small trees of their own with the same two
attributes, `message_id` and `parameters`, because they stand below this house and may not import it.
"""

from __future__ import annotations


class TwincordError(Exception):
    """The root of everything this program raises on purpose."""


class Refusal(TwincordError):
    """What a person asked for cannot be done, and the sentence that says what to do instead.

    `message_id` names the sentence in the catalogues, `parameters` fill its placeholders. Parameters are plain
    text: what people typed is escaped where it is rendered, not here. `refused` is the text that it is about, where it
    is about one: a form says by it which of its fields is meant.
    """

    def __init__(self, message_id: str, /, *, refused: object = None, **parameters: object) -> None:
        super().__init__(message_id, parameters)
        self.message_id = message_id
        self.parameters = parameters
        self.refused = refused if isinstance(refused, str) else None

    def __str__(self) -> str:
        return f"{self.message_id} {self.parameters}" if self.parameters else self.message_id


class Forbidden(Refusal):
    """The person may not do this; the sentence says who may."""


class Unavailable(Refusal):
    """Something on our side is missing for the moment; nothing was changed."""

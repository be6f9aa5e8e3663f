"""One-time codes: a server joins the network with one, an imported person claims her row with one.

A code is sixteen characters of Crockford's base 32 (https://www.crockford.com/base32.html), which leaves out I, L, O
and U: 80 bits of chance, read out over the telephone without a doubt. Only its SHA-256 is kept. A plain hash is
enough for 80 random bits, where a password would need a slow one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.errors import Refusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
LIFETIME = timedelta(days=7)
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is shown, once, to whoever asked for it: "7K2M-…" in four groups of four."""

    text: str
    expires_at: datetime


def new_code(pick: Callable[[str], str], now: datetime) -> Code:
    """A fresh code, good for `LIFETIME`. `pick` chooses one character of a text: `secrets.choice`, but in tests."""
    letters = "".join(pick(ALPHABET) for _ in range(LENGTH))
    groups = (letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
    return Code("-".join(groups), now + LIFETIME)


def normal(typed: str) -> str:
    """A typed code as it was made: without blanks and dashes, upper case, misread letters put right.

    Raises `Refusal` for what cannot be a code.
    """
    letters = re.sub(r"[\W_]", "", typed).upper().translate(_MISREAD)
    if len(letters) != LENGTH or set(letters) - set(ALPHABET):
        raise Refusal("codes.malformed", length=LENGTH)
    return letters


def digest(typed: str) -> str:
    """The SHA-256, in hexadecimal, by which a code is kept and found. Raises `Refusal` like `normal`."""
    return hashlib.sha256(normal(typed).encode()).hexdigest()


@dataclass(slots=True)
class Guesses:
    """Wrong codes of the last minutes, by who tried (a server, a person), in memory.

    Against 80 bits nobody guesses anyway; this keeps one from hammering the database, and is forgotten at a restart.
    """

    limit: int = 5
    window: timedelta = timedelta(minutes=15)
    room: int = 10_000
    wrong: dict[int, list[datetime]] = field(default_factory=dict)

    def refuse_too_many(self, now: datetime, *who: int) -> None:
        """Raises `Refusal`, with the minutes to wait, where one of `who` was wrong `limit` times within `window`."""
        for each in who:
            recent = self._recent(each, now)
            if len(recent) >= self.limit:
                wait = recent[-self.limit] + self.window - now
                raise Refusal("codes.too_many_guesses", n=max(1, -(-int(wait.total_seconds()) // 60)))

    def remember(self, now: datetime, *who: int) -> None:
        """Each of `who` was wrong once more."""
        for each in who:
            self.wrong[each] = [*self._recent(each, now), now][-self.limit :]
        while len(self.wrong) > self.room:
            del self.wrong[next(iter(self.wrong))]

    def _recent(self, who: int, now: datetime) -> list[datetime]:
        return [moment for moment in self.wrong.get(who, []) if moment > now - self.window]

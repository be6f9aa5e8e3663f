"""Text as people type it, made comparable: other spellings, other cases, no accents."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that carry a stroke or a ligature have no decomposition in Unicode; people type them without.
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d",
                          "þ": "th", "ŧ": "t", "ґ": "г"})  # fmt: skip
_APOSTROPHES = "'’‘ʼʹ`´′"
# Ukrainian writes an apostrophe inside a word (здоров'я); French and Italian between two (l'eau).
_CYRILLIC_APOSTROPHE = re.compile(rf"(?<=[Ѐ-ӿ])[{_APOSTROPHES}](?=[Ѐ-ӿ])")
# Letters that folding leaves as they are; of Cyrillic those without a mark.
_PLAIN = re.compile(r"[a-z0-9а-зик-щьюяєі]+(?: [a-z0-9а-зик-щьюяєі]+)*\Z")
# Marks are stripped where a letter of one of these scripts carries them; elsewhere they are vowels.
_MARKED_SCRIPTS = re.compile(r"([A-Za-zÀ-ɏͰ-ϿЀ-ԯḀ-ỿἀ-῿])[̀-ͯ҃-҇᪰-᫿᷀-᷿]+")
_MAX_LENGTH = 1000


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    """What becomes of a character: itself, a space, or nothing."""
    category = unicodedata.category(character)
    if category[0] in "LNM":
        return character
    return "" if category in {"Cc", "Cf", "Cs", "Co", "Cn"} and not character.isspace() else " "


def _fold(text: str) -> str:
    if text.isascii():
        return " ".join("".join(map(_kind, text.lower())).split())
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(map(_kind, _CYRILLIC_APOSTROPHE.sub("", text)))
    text = _MARKED_SCRIPTS.sub(r"\1", unicodedata.normalize("NFD", text))
    return " ".join(unicodedata.normalize("NFKC", text).translate(_STROKES).split())


def normalise(text: str, *, limit: int | None = _MAX_LENGTH) -> str:
    """Return `text` for comparing: lower case, one space between words, no accents, no punctuation.

    Accents go in Latin, Greek and Cyrillic only; in other scripts the marks are vowels. Idempotent. Only the first
    `limit` characters are read: nobody names a topic or a city later than that.
    """
    text = text[:limit]
    if _PLAIN.match(text):
        return text
    folded = _fold(text)
    # Unicode's foldings can open a door for each other (a compatibility form that folds to an accented letter).
    while not folded.isascii() and (again := _fold(folded)) != folded:
        folded = again
    return folded

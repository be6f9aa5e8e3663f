"""Languages that people speak: ISO 639-1 codes, and what a roster or a person calls them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.domain.errors import Refusal

_ISO_639_1: Final = (
    "aa ab af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cv cy da de dv dz ee el en eo es et "
    "eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki "
    "kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn "
    "no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
CODES: Final = frozenset(_ISO_639_1.split())
"""All two-letter codes of ISO 639-1."""
COMMON: Final = (
    "en", "fr", "es", "de", "pt", "it", "pl", "uk", "ar", "cs", "el", "hi", "hu", "ja", "ko", "nl",
    "ro", "ru", "sv", "sw", "tr", "vi", "zh",
)  # fmt: skip
"""Those that a list offers first: the eight of the topics, then the widely spoken of the rest. At most 24, so that
"another" has room in one of Discord's selects."""

_SEPARATORS = re.compile(r"[,;|/\n]+")


def separate(text: str) -> list[str]:
    """The parts of a list that people separate with commas, semicolons, bars, slashes or line breaks."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def language_codes(text: str, named: Callable[[str], str | None]) -> tuple[str, ...]:
    """The ISO 639 codes of the languages that a text lists, in its order.

    `named` knows the codes of case-folded names, in as many languages as there are. A code may have a region ("pt-BR").
    Raises `Refusal` with the first part that names no language.
    """
    codes = []
    for part in separate(text):
        folded = part.casefold()
        code = folded.replace("_", "-").partition("-")[0]
        found = code if code in CODES else named(folded)
        if found is None:
            raise Refusal("members.language_unknown", language=part[:40])
        codes.append(found)
    return tuple(dict.fromkeys(codes))

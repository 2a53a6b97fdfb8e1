"""Words that people type, made safe to keep. They are shown as text, never as markup."""

from __future__ import annotations

import re

from coach_data.model import CoachError

LIMITS = {"name": 80, "unit": 24, "note": 2000, "reason": 120, "source": 40, "text": 120}
"""Characters a field may hold, by its name."""
LIMIT = 400

# Bidirectional overrides and isolates, zero-width characters, byte-order mark, and the other
# controls: none can be seen, all can make a text read as something it is not.
_HIDDEN = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x01-\x08\x0b-\x1f\x7f-\x9f]"
)


class BadText(CoachError):
    """That text cannot be kept."""


def clean(text: str, field: str = "") -> str:
    """``text`` without hidden characters and outer blanks.

    Refuses (BadText) a NUL, half of a surrogate pair, and more characters than the field holds:
    cutting silently would lose words. A joiner inside an emoji or a script that needs it is hidden
    too and goes: a name that looks like another one is the worse fault.
    """
    if "\x00" in text:
        raise BadText("The text holds a NUL character, which no text needs. Please take it out.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadText(
            "The text holds half a character (a lone surrogate). Type it again."
        ) from None
    text = _HIDDEN.sub("", text.replace("\r\n", "\n")).strip()
    limit = LIMITS.get(field, LIMIT)
    if len(text) > limit:
        raise BadText(
            f"That is {len(text):,} characters; {field or 'this field'} holds {limit:,}. "
            "Nothing was saved, your text is still here: please shorten it."
        )
    return text

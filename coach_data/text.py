"""Words that people type, made safe to keep. They are shown as text, never as markup."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from coach_data.model import CoachError

LIMITS = {
    "name": 80,
    "unit": 24,
    "note": 2000,
    "reason": 120,
    "source": 40,
    "text": 120,
    "commitment.text": 400,
    "session_note.text": 20_000,
    "coach_note.text": 20_000,
    "own_note.text": 20_000,
}
"""Characters a field may hold, by its name, or by its table and its name."""
LIMIT = 400
ONE_LINE = frozenset({"name", "unit", "reason", "source"})
"""Fields in which a line break would only push a list apart: it becomes a blank."""

# Bidirectional marks, overrides and isolates, zero-width characters, invisible fillers and tags,
# byte-order mark, and the other controls: none can be seen, all can make a text read as something
# it is not.
_HIDDEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f\x01-\x08\x0b-\x1f\x7f-\x9f]"
)
_BREAK = re.compile(r"[\n\t]+")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


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
    text = _visible(text)
    if field in ONE_LINE:
        text = _BREAK.sub(" ", text)
    limit = LIMITS.get(field, LIMIT)
    if len(text) > limit:
        where = field.removesuffix(".text").replace("_", " ") or "this field"
        raise BadText(
            f"That is {len(text):,} characters; {where} holds {limit:,}. "
            "Nothing was saved, your text is still here: please shorten it."
        )
    return text


def blank(text: str) -> bool:
    """Whether nothing in ``text`` can be seen."""
    return not _visible(text)


def same(text: str) -> str:
    """What two names have in common that a reader takes for the same one.

    Capitals, blanks, forms of a letter and what cannot be seen tell no two names apart.
    """
    return " ".join(unicodedata.normalize("NFKC", _visible(text)).casefold().split())


def _visible(text: str) -> str:
    return _HIDDEN.sub("", _LINE_END.sub("\n", text)).strip()


def sha256(text: str) -> str:
    """The hash under which a secret, or anything that should not be readable, is kept."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()

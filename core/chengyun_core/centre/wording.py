"""Free text from people: trimmed, limited, and without characters that forge what others see (RS10)."""

import unicodedata

from chengyun_core.model.failure import Refused

LONGEST_NOTE = 500
_FORGING = frozenset({"Cc", "Cs", "Co", "Cn"})
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str, *, field: str, most: int = LONGEST_NOTE, required: bool = False) -> str:
    """Return the text without surrounding space; raise Refused when it is missing, too long or holds controls."""
    trimmed = text.strip()
    if required and not trimmed:
        raise Refused(f"text.missing.{field}")
    if len(trimmed) > most:
        raise Refused("text.too_long", field=field, length=len(trimmed), most=most)
    if any(unicodedata.category(letter) in _FORGING or letter in _TURNING for letter in trimmed):
        raise Refused("text.control_characters", field=field)
    return trimmed

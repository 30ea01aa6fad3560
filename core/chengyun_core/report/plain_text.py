"""Text as it may stand on paper: what cannot be seen, or would move other signs about, is shown by its number."""

import unicodedata
from collections.abc import Container
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of Unicode that show nothing, steer the direction of writing, or mean something to one maker only."""
_LOOK_ALIKES = (range(0x2F00, 0x2FD6), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20), (0x2E9F, 0x2EF3))
"""Radicals and compatibility ideographs: they look as an ideograph does and are not found when one searches for it.
They come in from PDFs that were copied out of."""
_SELECTORS = range(0xFE00, 0xFE10)
_MORE_SELECTORS = range(0xE0100, 0xE01F0)
_T = TypeVar("_T")


class Everything:
    """Stands for a font that has every sign."""

    def __contains__(self, sign: object) -> bool:
        """Return whether it has a sign."""
        return True


def shown(text: str, drawable: Container[int] = Everything()) -> str:
    """Return a text every sign of which can be seen, and found by who searches for it.

    Control and format characters, marks of writing direction (a name with U+202E could turn a sentence round), lone
    surrogates, private signs, and signs no font at hand can draw, become `[U+202E]`. A tab is a blank; line ends are
    kept as `\\n`.

    Args:
        drawable: code points that can be drawn.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if unified.isascii() and unified.replace("\n", "").isprintable():
        return unified
    return "".join(_sign(sign, drawable) for sign in unified)


def shown_throughout(record: _T, drawable: Container[int] = Everything()) -> _T:
    """Return a record with every text in it, however deep, as `shown` has it."""
    done: Any = _throughout(record, drawable)
    return done  # type: ignore[no-any-return]


def _throughout(value: Any, drawable: Container[int]) -> Any:
    if isinstance(value, str):
        return value if type(value) is not str else shown(value, drawable)
    if isinstance(value, tuple):
        return tuple(_throughout(one, drawable) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _throughout(getattr(value, one.name), drawable) for one in fields(value)})
    return value


def _sign(sign: str, drawable: Container[int]) -> str:
    if any(ord(sign) in block for block in _LOOK_ALIKES):
        sign = unicodedata.normalize("NFKC", sign)
    code = ord(sign)
    if sign == "\n":
        return sign
    if code in _SELECTORS or code in _MORE_SELECTORS:
        # Which form of the sign before it is meant: the sign itself stands.
        return ""
    if unicodedata.category(sign) in _UNSEEN or code not in drawable:
        return f"[U+{code:04X}]"
    return sign

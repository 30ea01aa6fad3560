"""Texts of plans with what is known of the event filled in; nothing in a text is ever evaluated."""

import re
from collections.abc import Mapping

_BRACES = re.compile(r"\{([^{}]*)\}")
UNKNOWN = "——"
"""Stands for what is not known yet, so that the officer sees that something is to be filled in."""


def filled(text: str, words: Mapping[str, str], attributes: Mapping[str, str]) -> str:
    """Return a text with `{place}` and `{attribute:diameter_mm}` replaced; what is not known is shown as a dash.

    One pass: what was filled in is not looked at again, so that a narrative holding braces fills in nothing.
    """

    def word(found: re.Match[str]) -> str:
        name = found.group(1)
        kind, _, code = name.partition(":")
        value = attributes.get(code, "") if kind == "attribute" else words.get(name, "")
        return value or UNKNOWN

    return _BRACES.sub(word, text)


def lacking(text: str, words: Mapping[str, str], attributes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names in a text for which nothing is known."""
    names = dict.fromkeys(_BRACES.findall(text))
    return tuple(
        name
        for name in names
        if not (attributes.get(name.partition(":")[2]) if name.startswith("attribute:") else words.get(name))
    )

"""What kinds of official warnings there are: the words they are known by, their national codes, what they suggest."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("categories.toml")
OTHER = "other"
"""What is of no kind we know keeps its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One kind of warning."""

    code: str
    words: tuple[str, ...]
    """What its name holds in messages, in lower case; the longest that fits decides."""
    national: tuple[str, ...] = ()
    """Codes of GB/T 35561 as warnings carry them."""
    presets: tuple[str, ...] = ()
    """Codes, or words of the name, of presets of 急时 it suggests when it is orange or red; the first there is."""


@cache
def categories() -> Mapping[str, Category]:
    """Return the kinds by code, in the order in which an officer is shown them."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["category"]
    made = (
        Category(
            code=row["code"], words=tuple(row["words"]), national=tuple(row.get("national", ())),
            presets=tuple(row.get("presets", ())),
        )
        for row in rows
    )  # fmt: skip
    return {one.code: one for one in made}


def category_of(text: str) -> str:
    """Return the code of the kind a message names in words or by a national code, empty when it is none we know."""
    folded = text.strip().casefold()
    by_code = next((one.code for one in categories().values() if text.strip().upper() in one.national), "")
    if by_code:
        return by_code
    fits = [(len(word), one.code) for one in categories().values() for word in one.words if word in folded]
    return max(fits, default=(0, ""))[1]

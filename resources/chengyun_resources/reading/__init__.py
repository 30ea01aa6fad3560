"""Words of the language that narratives are read by: numerals, figures, addresses, what makes an event graver.

Patterns are regular expressions; `<name>` stands for a macro. Loaded here, understood by core (model.dispatch_grammar).
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "words.toml"
_MAP_FILE = Path(__file__).parent / "map_words.toml"


def words() -> dict[str, Any]:
    """Return the words as tables."""
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def map_headings() -> dict[str, tuple[str, ...]]:
    """Return column of a layer → how else people head it."""
    return {name: tuple(told) for name, told in _map_words()["headings"].items()}


@cache
def map_words(meaning: str) -> frozenset[str]:
    """Return the words in layers of others that mean source, valve, taker, shut, or true."""
    return frozenset(_map_words()["words"][meaning])


def _map_words() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = tomllib.loads(_MAP_FILE.read_text("utf-8"))
    return found

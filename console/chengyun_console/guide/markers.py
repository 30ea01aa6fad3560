"""Fills in what a chapter asks of the program's tables: a key, a deed with its key, who may do it, a whole table."""

import re
from collections.abc import Callable, Iterable

from chengyun_console.actions.table import BY_ID
from chengyun_console.guide.chain_tables import CHAIN_TABLES
from chengyun_console.guide.keycaps import keys_of
from chengyun_console.guide.posts import posts_of
from chengyun_console.guide.tables import TABLES
from chengyun_resources.texts import Texts

MARKER = re.compile(r"\{\{(\w+)(?: ([\w.]+))?\}\}")


def filled(source: str, texts: Texts) -> str:
    """Return a chapter's Markdown with every marker filled in.

    `{{key event.grade}}` is the key of an action, `{{deed event.grade}}` the key with what it does, `{{does …}}` only
    what it does, `{{who event.grade}}` the kinds of posts that may do it; `{{name}}` is a table.

    Raises:
        KeyError: no such action, permission or table; says which.
    """
    return MARKER.sub(lambda found: _said(found[1], found[2], texts), source)


def asked(source: str) -> Iterable[tuple[str, str]]:
    """Return every marker of a chapter: what it asks for, and of what."""
    return ((found[1], found[2] or "") for found in MARKER.finditer(source))


def _said(name: str, about: str | None, texts: Texts) -> str:
    if about is None:
        return (TABLES | CHAIN_TABLES)[name](texts)
    return OF_ONE[name](about, texts)


def _key(about: str, _texts: Texts) -> str:
    return keys_of(BY_ID[about])


def _deed(about: str, texts: Texts) -> str:
    return f"{_key(about, texts)} {texts.say(BY_ID[about].title)}"


def _does(about: str, texts: Texts) -> str:
    return texts.say(BY_ID[about].title)


OF_ONE: dict[str, Callable[[str, Texts], str]] = {"deed": _deed, "does": _does, "key": _key, "who": posts_of}
"""Marker that speaks of one action or permission → the function that makes its words."""

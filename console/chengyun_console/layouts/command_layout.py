"""The layout of F6: a table of layouts, the one for the post that sits here, and what an officer chose and moved."""

import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources

import msgspec
from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.layouts.arrangement import Arrangement, Split, arrangement, panes_of
from chengyun_core.model.holding import PostKind
from chengyun_core.model.permission import kind_of


class CommandPane(StrEnum):
    """The panes of F6 below its head."""

    MAP = "map"
    VIDEO = "video"
    PLAN = "plan"
    RECEIPTS = "receipts"
    TIMELINE = "timeline"
    CHARTS = "charts"


MAY_LACK = frozenset({CommandPane.CHARTS})
"""The alarms' charts are on F1, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One layout as it is written; see the head of command.toml."""

    code: str
    posts: tuple[str, ...]
    panes: dict[str, list[str]]
    wide: dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One layout, checked."""

    code: str
    posts: tuple[str, ...]
    panes: Arrangement
    wide: Arrangement

    def has(self, pane: CommandPane, *, wide: bool) -> bool:
        """Return whether a pane has a place in it."""
        return pane in panes_of(self.wide if wide else self.panes)


@cache
def shipped() -> tuple[Layout, ...]:
    """Return the layouts that ship, in the order of their keys.

    Raises:
        ValueError: the table is wrong; a test holds that it is not.
    """
    return read(resources.files("chengyun_resources.layouts").joinpath("command.toml").read_text("utf-8"))


def read(text: str) -> tuple[Layout, ...]:
    """Return the layouts of a table.

    Raises:
        ValueError: a layout is wrong, two have one code or one post, or none is for everybody; says which.
    """
    try:
        rows = msgspec.convert(tomllib.loads(text), dict[str, tuple[Row, ...]]).get("layout", ())
    except msgspec.ValidationError as fault:
        raise ValueError(str(fault)) from fault
    layouts = tuple(_layout(row) for row in rows)
    named = [*(one.code for one in layouts), *(post for one in layouts for post in one.posts)]
    doubled = sorted({name for name in named if named.count(name) > 1})
    unknown = sorted({post for one in layouts for post in one.posts} - set(PostKind))
    if doubled or unknown or all(one.posts for one in layouts):
        raise ValueError(f"twice: {doubled}; no such posts: {unknown}; one layout without posts is needed")
    return layouts


def _layout(row: Row) -> Layout:
    try:
        panes, wide = (arrangement(table, tuple(CommandPane), MAY_LACK) for table in (row.panes, row.wide))
    except ValueError as fault:
        raise ValueError(f"layout {row.code!r}: {fault}") from fault
    return Layout(code=row.code, posts=row.posts, panes=panes, wide=wide)


def of_post(kind: str) -> Layout:
    """Return the layout for a kind of post."""
    named = next((one for one in shipped() if kind in one.posts), None)
    return named or next(one for one in shipped() if not one.posts)


class CommandLayout(QObject):
    """What `ArrangedPanes` asks; kept in the preferences of the seat."""

    did_change = Signal()
    """Another layout: arrange everything anew."""
    locked: tuple[str, ...] = ()
    """Nothing on this page is locked."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._post = ""

    @property
    def layout(self) -> Layout:
        """Return the layout in force: the chosen one while there is one so called, else that of the post."""
        chosen = self._desk.preferences.command_layout
        return next((one for one in shipped() if one.code == chosen), of_post(self._post))

    def look(self) -> None:
        """Somebody sat down: take his post's layout, or what this seat chose."""
        signed_on = self._desk.session.signed_on
        kinds = [kind for post in (signed_on.posts if signed_on else ()) if (kind := kind_of(post)) is not None]
        self._post = kinds[0].value if kinds else ""
        self.did_change.emit()

    def choose(self, at: int) -> None:
        """Take the layout of a place in the table; its post's own is no choice that has to be kept."""
        code = shipped()[at].code
        kept = "" if code == of_post(self._post).code else code
        self._desk.keep(replace(self._desk.preferences, command_layout=kept))
        self.did_change.emit()

    def arranged(self, *, wide: bool) -> Arrangement:
        """Return how the panes nest."""
        return self.layout.wide if wide else self.layout.panes

    def sizes(self, split: Split, *, wide: bool) -> tuple[int, ...]:
        """Return the sizes an officer gave a split, or its shares."""
        kept = self._desk.preferences.splitters.get(self._key(split.name, wide=wide), ())
        return kept if len(kept) == len(split.shares) and sum(kept) > 0 else split.shares

    def keep_sizes(self, split: str, sizes: tuple[int, ...], *, wide: bool) -> None:
        """Keep how an officer divided a split; written down with the next thing that is kept."""
        kept = {**self._desk.preferences.splitters, self._key(split, wide=wide): sizes}
        self._desk.preferences = replace(self._desk.preferences, splitters=kept)

    def reset(self) -> None:
        """Take the post's layout with its own shares again."""
        kept = {name: sizes for name, sizes in self._desk.preferences.splitters.items() if not name.startswith(_OWN)}
        self._desk.keep(replace(self._desk.preferences, splitters=kept, command_layout=""))
        self.did_change.emit()

    def _key(self, split: str, *, wide: bool) -> str:
        return f"{_OWN}{self.layout.code}.{'wide.' if wide else ''}{split}"


_OWN = "command."

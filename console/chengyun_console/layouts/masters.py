"""The masters of the cockpit: read from their table, checked, and the one that fits best chosen."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec

from chengyun_console.layouts import labels
from chengyun_console.layouts.arrangement import Arrangement, arrangement, panes_of
from chengyun_console.layouts.overlay import MOST_PINS
from chengyun_console.preferences import RANGE_MINUTES
from chengyun_core.model.holding import PostKind
from chengyun_core.model.scales import Level, Mode

OWN_FILE = "cockpit.toml"
"""In the profile's folder: masters and wall labels of this city, over those that ship."""
ANY_SECTOR = "*"
RANGE = "range"
PINNED_FROM = ("catalogue", "area", "sector")
OPENS = ("overview", "sector")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """For whom a master is sought. `sector` and `post` are empty when the officer has none."""

    level: Level
    sector: str = ""
    post: str = ""
    mode: Mode = Mode.PEACETIME


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRow:
    """One row of the table as it is written; see the head of cockpit.toml."""

    code: str
    charts: int
    kept: int
    pinned: str
    range_minutes: int
    front: str
    opens: str
    locked: tuple[str, ...]
    panes: dict[str, list[str]]
    wide: dict[str, list[str]]
    level: str = ""
    sector: str = ""
    post: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """One master, checked."""

    row: MasterRow
    panes: Arrangement
    wide: Arrangement

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Level, sector, post and mode it names; empty for all."""
        row = self.row
        return row.level, row.sector, row.post, row.mode

    def is_locked(self, part: str) -> bool:
        """Whether an officer may not change a split, or the range."""
        return part in self.row.locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The masters, and the labels of the wall (key → normal, dim or hide)."""

    masters: tuple[Master, ...]
    wall: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    master: tuple[MasterRow, ...] = ()
    wall: dict[str, str] = field(default_factory=dict)


@cache
def shipped() -> Table:
    """Return the table that ships; read once, for each window asks for it.

    Raises:
        ValueError: it is wrong; a test holds that it is not.
    """
    return _table(resources.files("chengyun_resources.layouts").joinpath("cockpit.toml").read_text("utf-8"))


def of_profile(profile: Path) -> Table:
    """Return the shipped table with the profile's own rows over it: the same key replaces, another one is added.

    Raises:
        ValueError: the profile's file is wrong; says where and what.
    """
    file = profile / OWN_FILE
    table = shipped()
    if not file.exists():
        return table
    try:
        own = _table(file.read_text("utf-8"), needs_any=False)
    except (OSError, ValueError) as fault:
        raise ValueError(f"{file}: {fault}") from fault
    keys = {master.key for master in own.masters}
    kept = tuple(master for master in table.masters if master.key not in keys)
    return Table(masters=(*kept, *own.masters), wall={**table.wall, **own.wall})


def fitting(masters: Iterable[Master], standing: Standing) -> Master:
    """Return the master that fits best: one that names the mode before all others, then the one that names most.

    Between equals post, sector, level decide in that order, and a sector by its code before any sector.

    Two with the same rank name the same fields with the same values, which `shipped` refuses: there is always one.
    """
    return max((master for master in masters if _fits(master.row, standing)), key=_rank)


def brought_up(masters: Iterable[Master], code: str, standing: Standing) -> Master | None:
    """Return the master that a preset of 急时 names, the one for this level first; None where none is so called."""
    named = [one for one in masters if one.row.code == code or one.row.code.endswith(f".{code}")]
    fits = [one for one in named if _fits(one.row, standing)]
    return max(fits, key=_rank, default=None)


def _fits(row: MasterRow, standing: Standing) -> bool:
    sector = row.sector in ("", standing.sector) or (row.sector == ANY_SECTOR and standing.sector != "")
    return (
        sector
        and row.level in ("", standing.level)
        and row.post in ("", standing.post)
        and row.mode in ("", standing.mode)
    )


def _rank(master: Master) -> tuple[int, ...]:
    row = master.row
    named = (row.mode != "", row.post != "", row.sector != "", row.level != "")
    return int(named[0]), sum(named), *map(int, named), int(row.sector not in ("", ANY_SECTOR))


def _table(text: str, *, needs_any: bool = True) -> Table:
    try:
        data = tomllib.loads(text)
        written = msgspec.convert(data, _Written)
    except msgspec.ValidationError as fault:
        raise ValueError(str(fault)) from fault
    _refuse_unknown(data)
    labels.check(written.wall)
    masters = tuple(_master(row) for row in written.master)
    keys = [master.key for master in masters]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise ValueError(f"two masters for the same level, sector, post and mode: {doubled}")
    if needs_any and ("", "", "", "") not in keys:
        raise ValueError("no master holds for everybody: one without level, sector, post and mode is needed")
    return Table(masters=masters, wall=written.wall)


def _refuse_unknown(data: dict[str, object]) -> None:
    """A word misspelt would silently be the default otherwise."""
    rows = data.get("master", [])
    known = set(MasterRow.__dataclass_fields__)
    given = {key for row in rows if isinstance(row, dict) for key in row} if isinstance(rows, list) else set()
    unknown = sorted((given - known) | (set(data) - {"master", "wall"}))
    if unknown:
        raise ValueError(f"unknown words {unknown}; known are {sorted(known)}")


def _master(row: MasterRow) -> Master:
    try:
        made = Master(row=row, panes=arrangement(row.panes), wide=arrangement(row.wide))
        _check(made)
    except ValueError as fault:
        raise ValueError(f"master {row.code!r}: {fault}") from fault
    return made


def _check(master: Master) -> None:
    row = master.row
    choices: tuple[tuple[str, object, Iterable[object]], ...] = (
        ("level", row.level, ("", *Level)),
        ("post", row.post, ("", *PostKind)),
        ("mode", row.mode, ("", *Mode)),
        ("pinned", row.pinned, PINNED_FROM),
        ("opens", row.opens, OPENS),
        ("range_minutes", row.range_minutes, RANGE_MINUTES),
        ("front", row.front, panes_of(master.panes)),
    )
    for name, value, allowed in choices:
        if value not in tuple(allowed):
            raise ValueError(f"{name} is {value!r}; one of {[str(choice) for choice in allowed]}")
    if set(panes_of(master.panes)) != set(panes_of(master.wide)):
        raise ValueError("panes and wide do not show the same panes")
    if not 1 <= row.charts <= MOST_PINS or not 0 <= row.kept <= MOST_PINS:
        raise ValueError(f"charts is {row.charts} and kept {row.kept}; at most {MOST_PINS}, and one chart at least")
    unknown = sorted(set(row.locked) - {RANGE, *master.panes, *master.wide})
    if unknown:
        raise ValueError(f"locked names {unknown}: neither a split nor {RANGE!r}")

"""How panes nest: named splits, each across or down, with shares; read from a table and checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """Which way a split lies."""

    ACROSS = "across"
    DOWN = "down"


class Pane(StrEnum):
    """The panes of the cockpit below the row of sectors."""

    CHARTS = "charts"
    HEAT = "heat"
    EXPLAIN = "explain"
    ALARMS = "alarms"


ROOT = "whole"
LEFT_OUT = frozenset({Pane.EXPLAIN})
"""Panes a master may leave out: explaining needs somebody who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One split: `parts` are panes or names of other splits, `shares` their parts of the room."""

    name: str
    way: Way
    parts: tuple[str, ...]
    shares: tuple[int, ...]


Arrangement = Mapping[str, Split]


def arrangement(
    rows: Mapping[str, list[str]],
    panes: Collection[str] = tuple(Pane),
    may_lack: Collection[str] = LEFT_OUT,
) -> dict[str, Split]:
    """Return the splits of a table `name = ["across", "part share", …]`.

    Args:
        rows: the table.
        panes: what there is to be placed.
        may_lack: panes that need no place.

    Raises:
        ValueError: a pane is missing or twice, a split is unknown, unused or inside itself; says which.
    """
    splits = {name: _split(name, row) for name, row in rows.items()}
    if ROOT not in splits:
        raise ValueError(f"no split is called {ROOT!r}")
    seen: list[str] = []
    _walk(splits, ROOT, seen)
    unknown = sorted(set(seen) - set(splits) - set(panes))
    if unknown:
        raise ValueError(f"neither a pane {sorted(map(str, panes))} nor a split: {unknown}")
    doubled = sorted({part for part in seen if seen.count(part) > 1})
    missing = sorted(set(map(str, panes)) - set(may_lack) - set(seen))
    unused = sorted(set(splits) - set(seen))
    if doubled or missing or unused:
        raise ValueError(f"more than once: {doubled}; missing panes: {missing}; unused splits: {unused}")
    return splits


def panes_of(arranged: Arrangement) -> tuple[str, ...]:
    """Return the panes that have a place, in reading order."""
    seen: list[str] = []
    _walk(arranged, ROOT, seen)
    return tuple(part for part in seen if part not in arranged)


def _walk(splits: Arrangement, name: str, seen: list[str]) -> None:
    if name in seen:
        raise ValueError(f"split {name!r} lies inside itself or in two places")
    seen.append(name)
    for part in splits[name].parts:
        if part in splits:
            _walk(splits, part, seen)
        else:
            seen.append(part)


def _split(name: str, row: list[str]) -> Split:
    if len(row) < 3 or row[0] not in set(Way):
        raise ValueError(f'{name!r} is {row}: "across" or "down" and at least two parts are needed')
    pairs = [_part(name, text) for text in row[1:]]
    return Split(
        name=name, way=Way(row[0]), parts=tuple(part for part, _ in pairs), shares=tuple(share for _, share in pairs)
    )


def _part(name: str, text: str) -> tuple[str, int]:
    part, _, share = text.partition(" ")
    if not share.isdigit() or not 0 < int(share) <= 100:
        raise ValueError(f"{name!r} has the part {text!r}: a name and a share of 1 to 100 are needed")
    return part, int(share)

"""What is measured in the reference city: tracks, sub-tracks and the measure of each, from measures.csv."""

from dataclasses import dataclass
from functools import cache

from chengyun_resources.reference import facts_files

Limits = tuple[float | None, float | None, float | None, float | None]
"""Blue, yellow, orange, red."""
NO_LIMITS: Limits = (None, None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A track or sub-track."""

    code: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One kind of vital: its formula's function over `members` channels, its usual course and its limits."""

    subtrack: str
    sector: str
    name: str
    unit: str
    decimals: int
    period_s: float
    function: str
    members: int
    argument: str
    kind: str
    quantity: str
    spread: str
    mean: float
    daily: float
    noise: float
    low: float
    high: float
    up: Limits
    down: Limits
    flood: str
    """How the limits move in 汛期: `x0.8` times, `-0.5` plus; empty: not at all."""
    more: dict[str, float]
    """rate, stuck: further rules; datum: the site's zero lies somewhere between 160 and 380 m."""


@cache
def tracks() -> tuple[Node, ...]:
    """Return the tracks in order; `parent` is the sector's code."""
    return _tree()[0]


@cache
def subtracks() -> tuple[Node, ...]:
    """Return the sub-tracks in order; `parent` is the track's code."""
    return _tree()[1]


@cache
def measures() -> tuple[Measure, ...]:
    """Return the measures, one for each sub-track, in their order."""
    parents = {node.code: node.parent for node in tracks()}
    rows = facts_files.rows("measures.csv")
    return tuple(_measure(row, node, parents[node.parent]) for row, node in zip(rows, subtracks(), strict=True))


def code_of(subtrack: str) -> str:
    """Return the code of a sub-track by its name."""
    return next(node.code for node in subtracks() if node.name == subtrack)


def limits_of(text: str) -> Limits:
    """Return the limits in `16/32/-/80`; an empty text has none."""
    if not text:
        return NO_LIMITS
    blue, yellow, orange, red = (None if part == "-" else float(part) for part in text.split("/"))
    return blue, yellow, orange, red


def _tree() -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return tracks and sub-tracks; a cell left empty repeats the one above."""
    sectors = {row["name"]: row["code"] for row in facts_files.rows("sectors.csv") if row["scheme"] == "full"}
    tracks: list[Node] = []
    subtracks: list[Node] = []
    sector = ""
    for row in facts_files.rows("measures.csv"):
        sector = sectors[row["sector"]] if row["sector"] else sector
        if row["track"]:
            number = 1 + sum(node.parent == sector for node in tracks)
            tracks.append(Node(code=f"{sector}{number:02d}", name=row["track"], parent=sector))
        track = tracks[-1].code
        letter = chr(ord("A") + sum(node.parent == track for node in subtracks))
        subtracks.append(Node(code=f"{track}{letter}", name=row["subtrack"], parent=track))
    return tuple(tracks), tuple(subtracks)


def _measure(row: dict[str, str], node: Node, sector: str) -> Measure:
    function, _, argument = row["function"].partition("@")
    function, _, members = function.partition("*")
    figures = {name: float(row[name]) for name in ("period_s", "mean", "daily", "noise", "low", "high")}
    return Measure(
        subtrack=node.code,
        sector=sector,
        name=row["measure"],
        unit=row["unit"],
        decimals=int(row["decimals"]),
        function=function,
        members=int(members or 1),
        argument=argument,
        kind=row["kind"],
        quantity=row["quantity"],
        spread=row["spread"],
        up=limits_of(row["up"]),
        down=limits_of(row["down"]),
        flood=row["flood"],
        more=_more(row["more"]),
        **figures,
    )


def _more(text: str) -> dict[str, float]:
    parts = (part.partition("=") for part in text.split(";") if part)
    return {name: float(value or 1) for name, _, value in parts}

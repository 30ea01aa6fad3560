"""Two CSV tables of a network → rows: nodes (valves, sources, takers, crossings) as points, edges as lines between.

A pipeline is `pipes.csv` and `valves.csv`, a road graph `edges.csv` and `nodes.csv`. An edge names its ends in `from`
and `to`; its way is a column `wkt`, or straight.
"""

from pathlib import Path
from typing import Any

import shapely

from chengyun_core.geo.readers import table
from chengyun_core.geo.rows import Row, Source, note
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import NoteGrade
from chengyun_resources.reading import map_headings

EDGE_FILES, NODE_FILES = ("pipes.csv", "edges.csv"), ("valves.csv", "nodes.csv")
PART = "part"
"""Attribute that says what a feature of a network is: `edge` or `node`."""
EDGE, NODE = "edge", "node"


def is_network(names: set[str]) -> bool:
    """Return whether files are the two tables of a network."""
    return bool(names & set(EDGE_FILES)) and bool(names & set(NODE_FILES))


def read(edges: Path, nodes: Path, *, encoding: str = "") -> Source:
    """Return nodes, then edges, numbered through. Raises Refused as `table.records`, and `map.no_column`."""
    named = _named()
    found, columns, _ = table.records(nodes.read_bytes(), encoding)
    _expect(columns, ("code", "longitude", "latitude"), nodes.name)
    rows = [_node(number, line, _ours(cells, named)) for number, (line, cells) in enumerate(found, start=1)]
    places = {row.values["code"]: row.geometry for row in rows if row.geometry is not None}
    ways, columns, codec = table.records(edges.read_bytes(), encoding)
    _expect(columns, ("from", "to"), edges.name)
    rows += [
        _edge(number, line, _ours(cells, named), places)
        for number, (line, cells) in enumerate(ways, start=len(rows) + 1)
    ]
    notes = () if codec == "utf-8" else (note(NoteGrade.TOLD, "map.note_encoding", params={"encoding": codec}),)
    return Source(rows=rows, notes=notes)


def _named() -> dict[str, str]:
    """Return headings people write → ours."""
    return {told: ours for ours, every in map_headings().items() for told in every}


def _ours(cells: dict[str, str], named: dict[str, str]) -> dict[str, str]:
    return {named.get(name, name): cell for name, cell in cells.items()}


def _expect(columns: list[str], wanted: tuple[str, ...], file: str) -> None:
    named = _named()
    have = {named.get(name, name) for name in columns}
    missing = [name for name in wanted if name not in have]
    if missing:
        raise Refused("map.no_column", column=", ".join(missing), columns=f"{file}: {', '.join(columns)}"[:120])


def _node(number: int, line: int, cells: dict[str, str]) -> Row:
    geometry, fault = table.point_of(cells["longitude"], cells["latitude"])
    values = {name: cell for name, cell in cells.items() if name not in ("longitude", "latitude")} | {PART: NODE}
    params = {"value": f"{cells['longitude']}, {cells['latitude']}"[:80]} if fault else {}
    return Row(number=number, line=line, geometry=geometry, values=values, fault=fault, params=params)


def _edge(number: int, line: int, cells: dict[str, str], places: dict[str, Any]) -> Row:
    values = {name: cell for name, cell in cells.items() if name != "wkt"} | {PART: EDGE}
    ends = [places.get(cells[end]) for end in ("from", "to")]
    lost = next((cells[end] for end, place in zip(("from", "to"), ends, strict=True) if place is None), None)
    if lost is not None:
        return Row(number=number, line=line, values=values, fault="map.note_no_node", params={"value": lost})
    if cells.get("wkt"):
        geometry, fault = table.line_of(cells["wkt"])
        return Row(number=number, line=line, geometry=geometry, values=values, fault=fault)
    if shapely.equals(*ends):
        return Row(number=number, line=line, values=values, fault="map.note_no_length")
    straight = shapely.linestrings([shapely.get_coordinates(end)[0] for end in ends])
    return Row(number=number, line=line, geometry=straight, values=values)

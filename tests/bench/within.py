"""65 000 risk points in a file: what of them, and of units and cameras, lies within an area; told by `bench map`."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chengyun_core.centre import map_within
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.plan_commands import ImportPlans
from chengyun_core.wire import codec
from chengyun_core.wire.map_asks import AskWithin, Within
from chengyun_resources import boundaries
from chengyun_resources.reference import plans
from chengyun_resources.reference.city import tables
from tests.bench.event_timing import Clock
from tests.core.centre.room import ADMIN_KEY, Room

POINTS = 65_000
ROUNDS = 20
GOAL_MS = 50.0
"""Of a district and of the whole city, by the median of processor time."""
WHOLE = ((105.0, 28.0), (110.5, 28.0), (110.5, 32.5), (105.0, 32.5))


def measured() -> bool:
    """Print the figures; return whether the goal is reached."""
    with tempfile.TemporaryDirectory() as folder, _city(Path(folder)) as room:
        print(f"{POINTS:,} risk points in a file, with {len(room.desk.city.units):,} units")
        reached = [_asked(room, name, ask) for name, ask in _asks().items()]
        return all(reached)


def _asks() -> dict[str, AskWithin]:
    """The whole city, the most crooked district, one with very much in it, five km round a place."""
    rings = _districts()
    crooked = max(rings, key=lambda name: len(rings[name]))
    return {
        "the whole city": AskWithin(ring=WHOLE),
        f"{crooked}, {len(rings[crooked])} corners": AskWithin(ring=rings[crooked]),
        f"万州区, {len(rings['万州区'])} corners": AskWithin(ring=rings["万州区"]),
        "5 km round a place": AskWithin(longitude=106.55, latitude=29.56, radius_m=5000.0),
    }


def _asked(room: Room, name: str, ask: AskWithin) -> bool:
    answers: list[bytes] = []

    def answer() -> None:
        with room.ledger.reading() as connection:
            answers.append(map_within.within(room.desk, connection, ask))

    # The very first question reads the library: it is told as the first one of the whole city, and not counted.
    taken = Clock(room.ledger.reading).rounds(answer, ROUNDS)
    counts = codec.unpack(answers[-1], Within).counts
    held = ", ".join(f"{counts[kind]:,} {kind}s" for kind in ("risk_point", "unit", "camera"))
    print(f"  {name}: {held}; {taken.told(0.9)}, goal {GOAL_MS:.0f}", flush=True)
    return taken.cpu(0.5) <= GOAL_MS


@contextmanager
def _city(folder: Path) -> Iterator[Room]:
    catalogue, _ = build(tables(), Numbers(), 1)
    with Room(folder) as room:
        room.adopt(catalogue)
        sent = room.bytes_of("plan.import", ImportPlans(tables=plans.tables(POINTS), origin={}), ADMIN_KEY)
        room.raw(sent)
        yield room


def _districts() -> dict[str, tuple[tuple[float, float], ...]]:
    """Return the longest outline of each district that ships, degrees."""
    held = json.loads((Path(boundaries.__file__).parent / "districts_2023.geojson").read_text("utf-8"))
    found = {}
    for feature in held["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        ring = max((one[0] for one in polygons), key=len)
        found[feature["properties"]["name"]] = tuple((float(x), float(y)) for x, y in ring)
    return found

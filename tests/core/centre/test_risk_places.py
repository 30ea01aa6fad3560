"""Risk points as columns: what is asked about an area is answered from them, and they follow every change at once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.centre import risk_places
from chengyun_core.centre.map_within import _nearest
from chengyun_core.centre.risk_places import NOBODY_SAID
from chengyun_core.model.plan import RiskPoint
from chengyun_core.model.plan_commands import DropPoint, SavePoint
from chengyun_core.wire.map_asks import AskWithin, Within
from chengyun_core.wire.plan_asks import AskPoint, PointTold
from tests.core.centre.event_room import asked, peopled_city
from tests.core.centre.room import Room

EAST, NORTH = 106.5443, 29.5628
HERE = AskWithin(longitude=EAST, latitude=NORTH, radius_m=1000.0)


def _point(code: str, **told: object) -> RiskPoint:
    held = RiskPoint(code=code, name=f"点{code}", centre="500103", kind="pipe", longitude=EAST, latitude=NORTH)
    return replace(held, **told)  # type: ignore[arg-type]


def _stamp(room: Room, session: str, code: str) -> str:
    return asked(room, session, "risk_point.get", AskPoint(code=code), PointTold).stamp


def test_that_a_point_that_is_saved_moved_or_taken_away_is_within_or_not_at_once(room: Room) -> None:
    room.adopt(peopled_city())
    planner = room.officer("planner", "500000.plan_editor")

    def count() -> int:
        return asked(room, planner, "map.within", HERE, Within).counts["risk_point"]

    assert count() == 0
    room.done(SavePoint(point=_point("P1")), planner)
    room.done(SavePoint(point=_point("P2", attributes={"人数": "30"})), planner)
    found = asked(room, planner, "map.within", HERE, Within)
    assert (found.counts["risk_point"], found.people, found.people_known) == (2, 30, 1)
    room.done(SavePoint(point=_point("P1", latitude=NORTH + 1), stamp=_stamp(room, planner, "P1")), planner)
    assert count() == 1
    room.done(DropPoint(code="P2", stamp=_stamp(room, planner, "P2"), reason="已填平"), planner)
    assert count() == 0


def test_that_the_library_is_read_once_until_it_changes_and_anew_by_a_centre_opened_anew(room: Room) -> None:
    room.adopt(peopled_city())
    planner = room.officer("planner", "500000.plan_editor")
    room.done(SavePoint(point=_point("P1", attributes={"people": "很多"})), planner)
    room.done(SavePoint(point=_point("P0", longitude=None, latitude=None)), planner)
    with room.ledger.reading() as connection:
        held = room.desk.risk_places.places(connection)
        assert room.desk.risk_places.places(connection) is held
    assert (held.codes, held.people.tolist(), held.unplaced) == (("P1",), [NOBODY_SAID], 1)
    room.restart()
    assert asked(room, planner, "map.within", HERE, Within).counts["risk_point"] == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), max_size=30), st.integers(1, 12))
def test_that_the_nearest_are_kept_with_all_as_far_as_the_last_of_them(away: list[int], limit: int) -> None:
    kept = _nearest(np.array(away, np.float64), limit)
    last = sorted(away)[min(limit, len(away)) - 1] if away else 0
    assert kept.tolist() == [at for at, metres in enumerate(away) if metres <= last]


@pytest.mark.parametrize(
    ("told", "known"),
    [("30", 30), ("", NOBODY_SAID), ("-3", NOBODY_SAID), ("²", NOBODY_SAID), ("9" * 18, 10_000_000),
     ("9" * 5000, NOBODY_SAID)],
)  # fmt: skip
def test_that_what_is_no_number_of_people_states_none(told: str, known: int) -> None:
    assert risk_places._people({"people": told}) == known

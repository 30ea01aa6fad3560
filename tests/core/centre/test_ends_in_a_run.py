"""Alarms that end in the very run in which others gather around them: an end is final, whatever follows it in the run.

Found by `./dev soak kills`: a backlog told after a kill is such a run, and the centre refused it for ever.
"""

from dataclasses import replace

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire.envelope import SendActivations
from tests.core.centre.room import INGEST_KEY, NOON_NS, Room, activation, city, vital

YELLOW, NONE = WarningColour.YELLOW, WarningColour.NONE


def _run(room: Room, *seen: tuple[int, WarningColour, int]) -> None:
    """Send one run: vital, band, seconds after noon."""
    sent = []
    for number, band, second in seen:
        room.seq += 1
        sent.append(activation(room.seq, number, band, at_ns=NOON_NS + second * NS_PER_S))
    assert room.ask("ingest.activations", SendActivations(activations=tuple(sent)), INGEST_KEY).outcome == "done"


def test_that_a_situation_begun_in_the_run_in_which_one_of_its_alarms_ends_does_not_revive_it(room: Room) -> None:
    room.adopt(replace(city(), vitals=tuple(vital(n, f"W{n}", "500103") for n in range(3))))
    session = room.officer()
    _run(room, (0, YELLOW, 0), (1, YELLOW, 0))
    first = room.living()[0]
    room.done(AcknowledgeAlarm(alarm=first.number, version=first.version), session)
    # The third brings the three together; the first, acknowledged, ends and begins anew behind it.
    _run(room, (2, YELLOW, 30), (0, NONE, 31), (0, YELLOW, 32))
    assert room.living()[0].number > first.number
    assert room.living()[0].raised_at == NOON_NS + 32 * NS_PER_S


def test_that_it_stays_ended_when_nothing_follows(room: Room) -> None:
    room.adopt(replace(city(), vitals=tuple(vital(n, f"W{n}", "500103") for n in range(3))))
    session = room.officer()
    _run(room, (0, YELLOW, 0), (1, YELLOW, 0))
    first = room.living()[0]
    room.done(AcknowledgeAlarm(alarm=first.number, version=first.version), session)
    _run(room, (2, YELLOW, 30), (0, NONE, 31))
    assert set(room.living()) == {1, 2}

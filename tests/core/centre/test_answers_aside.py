"""Questions that take long are answered by a worker, from one snapshot, and nobody waits for them in the loop."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre.handlers import ANSWERS_LANE, ASIDE
from chengyun_core.model.duty import LogKind
from chengyun_core.model.duty_commands import WriteLogLine
from chengyun_core.model.failure import Trouble
from chengyun_core.model.scales import WarningColour
from chengyun_core.report.daily import DailyFacts
from chengyun_core.wire import codec
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.duty_asks import AskHandover, HandoverTold
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.paper_asks import AskDaily
from tests.core.centre.duty_stand import HOUR_NS, SEAT, DutyStand
from tests.core.centre.room import NOON_NS, Lane, Room

DAY = AskDaily(from_ns=NOON_NS - HOUR_NS, to_ns=NOON_NS + HOUR_NS, seat=SEAT)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[DutyStand]:
    """Return a centre with an alarm and a sheet."""
    with DutyStand(tmp_path) as made:
        made.room.observe(0, WarningColour.RED)
        made.open()
        yield made


def _lane(room: Room) -> Lane:
    lane = room.lanes[ANSWERS_LANE]
    assert isinstance(lane, Lane)
    return lane


def _later(room: Room, kind: str, body: object, session: str) -> None:
    assert room.door.take(b"peer", room.bytes_of(kind, body, session)) is None


def _answer(room: Room) -> Reply:
    (answer,) = room.work()
    return codec.unpack(answer.data, Reply)


def test_that_what_is_answered_aside_is_asked_and_not_done() -> None:
    assert CENTRE_ASKS.keys() >= ASIDE
    assert {"paper.daily", "paper.event", "paper.handover", "roster.check", "handover.get"} <= ASIDE


def test_that_the_loop_goes_on_while_a_worker_answers(stand: DutyStand) -> None:
    _later(stand.room, "paper.daily", DAY, stand.li)
    assert stand.room.door.waiting() == 1
    line = stand.room.done(WriteLogLine(text="x", kind=LogKind.NOTICE), stand.li)
    assert line.change > 0
    facts = codec.unpack(_answer(stand.room).body, DailyFacts)
    assert facts.figures.of_seat != {}
    assert stand.room.door.waiting() == 0


def test_that_an_answer_is_of_the_desk_as_it_was_when_it_was_asked(stand: DutyStand) -> None:
    _later(stand.room, "handover.get", AskHandover(handover=1), stand.li)
    (job,) = _lane(stand.room).jobs
    stand.room.observe(1, WarningColour.RED)
    told = codec.unpack(_answer(stand.room).body, HandoverTold)
    assert [item.key for item in told.handover.items] == ["1"]
    again = stand.told()
    assert [item.key for item in again.handover.items] == ["1", "2"]
    assert job


def test_that_who_may_not_ask_is_refused_before_a_worker_is_asked(stand: DutyStand) -> None:
    assert stand.room.ask("paper.daily", DAY, "").outcome == "refused"
    assert stand.room.ask("handover.get", AskHandover(handover=1), "f" * 64).outcome == "refused"
    assert _lane(stand.room).jobs == []


def test_that_a_refusal_of_the_worker_is_the_answer(stand: DutyStand) -> None:
    reply = stand.room.ask("handover.get", AskHandover(handover=99), stand.li)
    assert (reply.outcome, reply.code) == ("refused", "handover.unknown")


def test_that_a_full_lane_is_told_as_busy_and_the_question_can_be_asked_again(stand: DutyStand) -> None:
    _lane(stand.room).full = True
    assert stand.room.ask("paper.daily", DAY, stand.li).code == "centre.busy"
    _lane(stand.room).full = False
    assert stand.room.ask("paper.daily", DAY, stand.li).outcome == "done"


def test_that_a_damaged_file_a_worker_meets_is_known_to_the_centre(
    stand: DutyStand, caplog: pytest.LogCaptureFixture
) -> None:
    _later(stand.room, "handover.get", AskHandover(handover=1), stand.li)
    lane = _lane(stand.room)

    def broken() -> object:
        raise Trouble("store.damaged", file="x", reason="y")

    lane.jobs = [(ticket, broken) for ticket, _ in lane.jobs]
    assert _answer(stand.room).code == "store.damaged"
    assert stand.room.ledger.light == "store.damaged"
    assert "the database failed" in caplog.text


def test_that_a_database_of_one_connection_is_read_in_the_loop(
    stand: DutyStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand.room.ledger, "beside", lambda: None)
    monkeypatch.setattr(stand.room.desk, "beside", lambda: None)
    answer = stand.room.door.take(b"peer", stand.room.bytes_of("paper.daily", DAY, stand.li))
    assert answer is not None
    assert codec.unpack(answer.data, Reply).outcome == "done"
    stand.room.clock.advance(60)
    stand.room.done(WriteLogLine(text="x", kind=LogKind.NOTICE), stand.li)
    stand.open()
    assert stand.sheet().figures_until == stand.room.clock.utc_ns()
    assert _lane(stand.room).jobs == []

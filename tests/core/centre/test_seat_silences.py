"""席位无响应 (RF27): a held seat whose console is not heard is told once, and told again when it is heard or left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre import duty_clock, seat_silences
from chengyun_core.centre.seat_silences import SilenceKeeper
from chengyun_core.mirror.records import fact_of, is_living
from chengyun_core.model.command import SignOff
from chengyun_core.wire.envelope import Hello
from tests.core.centre.room import Room

HELLO = Hello(protocol=1, client="console")


class Watched:
    """A centre with two officers, and the keeper the loop calls."""

    def __init__(self, folder: Path) -> None:
        self.room = Room(folder)
        self.li, self.wang = self.room.officer("li"), self.room.officer("wang", seat="A-02")
        self.keeper = SilenceKeeper(self.room.desk, self.room.ledger)
        self.keeper.tend()
        self.room.desk.here.clear()

    def here(self, *sessions: str) -> None:
        """Let consoles say that they live."""
        for session in sessions:
            assert self.room.ask("session.here", HELLO, session).outcome == "done"

    def pass_by(self, seconds: float, *sessions: str) -> None:
        """Let time pass, second by second, with these consoles heard every fourth."""
        for second in range(round(seconds)):
            self.room.clock.advance(1.0)
            if second % 4 == 0:
                self.here(*sessions)
            self.keeper.tend()

    def told(self) -> list[tuple[str, str]]:
        """Return what was told of silences, oldest first."""
        return [(one.action, one.key) for one in self.room.published if one.kind == "seat_silence"]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    with made.room:
        yield made


def test_that_a_console_that_falls_silent_is_told_once_with_its_last_sign_of_life(watched: Watched) -> None:
    watched.here(watched.li, watched.wang)
    heard_ns = watched.room.clock.utc_ns()
    watched.pass_by(60, watched.li)
    assert watched.told() == [("seat.silent", "A-02")]
    (change,) = [one for one in watched.room.published if one.kind == "seat_silence"]
    fact = fact_of(change)
    assert fact is not None
    assert is_living(fact)
    assert (fact.record.account, fact.record.since, fact.record.ended_at) == ("wang", heard_ns, None)  # type: ignore[union-attr]
    assert change.params["seconds"] == "15"


def test_that_it_is_told_when_it_is_heard_again(watched: Watched) -> None:
    watched.here(watched.wang)
    watched.pass_by(20)
    watched.pass_by(5, watched.wang)
    assert watched.told() == [("seat.silent", "A-02"), ("seat.heard", "A-02")]
    watched.pass_by(20)
    assert watched.told()[2:] == [("seat.silent", "A-02")]
    versions = [one.version for one in watched.room.published if one.kind == "seat_silence"]
    assert versions == [1, 2, 3]


def test_that_a_seat_that_is_left_is_silent_no_more(watched: Watched) -> None:
    watched.here(watched.wang)
    watched.pass_by(20)
    watched.room.done(SignOff(), watched.wang)
    watched.pass_by(2)
    assert watched.told() == [("seat.silent", "A-02"), ("seat.heard", "A-02")]
    assert watched.room.desk.here == {}


def test_that_programs_that_never_said_they_are_a_console_are_not_judged(watched: Watched) -> None:
    watched.pass_by(120)
    assert watched.told() == []


def test_that_who_takes_the_seat_next_does_not_inherit_the_silence(watched: Watched) -> None:
    watched.here(watched.wang)
    watched.pass_by(20)
    watched.room.done(SignOff(), watched.wang)
    watched.room.signed_on("wang", "A-02")
    watched.pass_by(30)
    assert watched.told() == [("seat.silent", "A-02"), ("seat.heard", "A-02")]


def test_that_a_centre_restarted_gives_every_seat_its_time_and_keeps_what_was_silent(watched: Watched) -> None:
    watched.here(watched.li, watched.wang)
    watched.pass_by(20, watched.li)
    watched.room.restart()
    watched.keeper = SilenceKeeper(watched.room.desk, watched.room.ledger)
    watched.pass_by(10)
    assert watched.told() == [("seat.silent", "A-02")]
    watched.pass_by(10, watched.wang)
    assert watched.told()[1:] == [("seat.heard", "A-02"), ("seat.silent", "A-01")]


def test_that_a_screen_that_joins_is_told_of_it(watched: Watched) -> None:
    watched.here(watched.wang)
    watched.pass_by(20)
    with watched.room.ledger.reading() as connection:
        kinds = {(one.kind, one.key) for one in duty_clock.told(watched.room.desk, connection)}
        ((silence, _number),) = seat_silences.standing(connection)
    assert ("seat_silence", "A-02") in kinds
    assert silence.ended_at is None

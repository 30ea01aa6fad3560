"""The alarm list: its order, its figures, and the next one to acknowledge."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.mirror.alarms import AlarmBoard, awaits
from chengyun_core.mirror.facts import HISTORY, FactMirror
from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.scales import WarningColour
from tests.support.news_from import alarm, change

RED, BLUE, NONE = WarningColour.RED, WarningColour.BLUE, WarningColour.NONE


def test_that_unacknowledged_come_first_then_the_gravest_then_the_newest() -> None:
    acked_red = alarm(1, colour=RED, acked_at=5)
    old_blue, new_blue = alarm(2, colour=BLUE, raised_at=10), alarm(3, colour=BLUE, raised_at=20)
    red = alarm(4, colour=RED, raised_at=1)
    board = AlarmBoard.of([acked_red, old_blue, new_blue, red])
    assert [row.number for row in board.alarms] == [4, 3, 2, 1]
    assert board.counts == (0, 2, 0, 0, 2)
    assert board.unacknowledged == 3


def test_that_an_alarm_that_returned_unacknowledged_still_awaits() -> None:
    assert AlarmBoard.of([alarm(1, band=NONE)]).unacknowledged == 1


def test_that_shelved_alarms_are_a_list_of_their_own_and_not_counted() -> None:
    soon = alarm(1, shelved_at=1, shelved_until=50)
    once = alarm(2, shelved_at=1)
    later = alarm(3, shelved_at=1, shelved_until=90)
    board = AlarmBoard.of([once, later, soon])
    assert [row.number for row in board.shelved] == [1, 3, 2]
    assert (board.alarms, board.counts, board.unacknowledged) == ((), (0, 0, 0, 0, 0), 0)


def test_that_next_goes_down_the_list_and_begins_again_at_the_top() -> None:
    board = AlarmBoard.of([alarm(1, colour=RED), alarm(2, colour=BLUE), alarm(3, colour=RED, acked_at=1)])
    first = board.next_unacknowledged()
    assert first is not None
    assert first.number == 1
    second = board.next_unacknowledged(after=1)
    assert second is not None
    assert second.number == 2
    assert board.next_unacknowledged(after=2) == first
    assert board.next_unacknowledged(after=99) == first
    assert AlarmBoard.of([]).next_unacknowledged() is None


ALARMS = st.lists(
    st.builds(
        lambda number, colour, at, acked, active: alarm(
            number, colour=colour, raised_at=at, acked_at=1 if acked else None, band=colour if active else NONE
        ),
        st.integers(1, 99),
        st.sampled_from([colour for colour in WarningColour if colour]),
        st.integers(0, 9),
        st.booleans(),
        st.booleans(),
    ),
    unique_by=lambda row: row.number,
)


@given(ALARMS)
def test_that_the_order_is_total_and_pressing_next_visits_every_waiting_alarm_once(alarms: list[Alarm]) -> None:
    board = AlarmBoard.of(alarms)
    assert board == AlarmBoard.of(reversed(alarms))
    waiting = [row for row in board.alarms if awaits(row)]
    visited, at = [], None
    for _ in waiting:
        row = board.next_unacknowledged(at)
        assert row is not None
        visited.append(row)
        at = row.number
    assert visited == waiting == list(board.alarms[: len(waiting)])


def applied(mirror: FactMirror, *facts: Fact, gone: tuple[tuple[str, str], ...] = ()) -> None:
    mirror.apply(FactNews(facts=facts, gone=gone, changes=(), through=0, tail=0, complete=True))


def test_that_the_board_follows_the_facts_and_a_vital_finds_its_alarm() -> None:
    mirror = FactMirror()
    fact = fact_of(change(1, alarm(7)))
    assert fact is not None
    applied(mirror, fact)
    assert mirror.board.unacknowledged == 1
    assert mirror.alarm_of_vital(7) == alarm(7)
    applied(mirror, replace(fact, record=alarm(7, acked_at=3)))
    assert mirror.board.unacknowledged == 0
    applied(mirror, gone=(("alarm", "7"),))
    assert mirror.alarm_of_vital(7) is None
    assert mirror.board.alarms == ()


def test_that_an_alarms_history_is_in_journal_order_and_bounded() -> None:
    mirror = FactMirror()
    rows = tuple(change(number, alarm(1 + number % 2, version=number)) for number in range(HISTORY + 50, 0, -1))
    mirror.apply(FactNews(facts=(), gone=(), changes=rows, through=0, tail=0, complete=True))
    numbers = [row.number for row in mirror.history_of(1)]
    assert numbers == list(range(52, HISTORY + 51, 2))

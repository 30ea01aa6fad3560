"""The fact stream against a journal whose hints are lost, repeated, reordered, put back: it comes to the truth."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.mirror.alarms import AlarmBoard
from chengyun_core.mirror.fact_stream import ANSWER_WITHIN_NS, ASK_EVERY_NS, MOST_BY_RANGE, FactAsk, FactStream
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.change import Change
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire.envelope import Changes, Snapshot
from tests.support.news_from import S, alarm, beat, change


@dataclass
class Journal:
    """A centre's journal of alarms, and the pipe of hints to a listener."""

    epoch: int = 1
    rows: list[Change] = field(default_factory=list)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    pipe: list[Change] = field(default_factory=list)
    page: int = 3

    def put(self, number: int, *, closed: bool = False, fate: str = "sent") -> None:
        before = self.alarms.get(number)
        record = alarm(number, version=1 if before is None else before.version + 1, closed=closed)
        self.alarms[number] = record
        row = change(len(self.rows) + 1, record)
        self.rows.append(row)
        match fate:
            case "lost":
                return
            case "twice":
                self.pipe += [row, row]
            case "overtaken" if self.pipe:
                self.pipe.insert(-1, row)
            case _:
                self.pipe.append(row)

    def restart(self, *, lose: int = 0) -> None:
        """Come back, with the last rows gone when a backup was put back."""
        self.epoch += 1
        del self.rows[len(self.rows) - min(lose, len(self.rows)) :]
        self.pipe.clear()
        self.alarms = {}
        for row in self.rows:
            self.alarms[int(row.key)] = alarm(int(row.key), version=row.version, closed=is_closed(row))

    def living(self) -> dict[int, Alarm]:
        return {number: record for number, record in self.alarms.items() if not record.closed}

    def answer(self, stream: FactStream, ask: FactAsk) -> None:
        if ask.since is None:
            newest = {row.key: row for row in self.rows}
            living = tuple(row for row in newest.values() if not is_closed(row))
            stream.snapped(ask.id, Snapshot(through=len(self.rows), records=living))
            return
        page = tuple(self.rows[ask.since.after : ask.since.after + self.page])
        through = page[-1].number if page else len(self.rows)
        stream.ranged(ask.id, Changes(through=through, tail=len(self.rows), changes=page))


def is_closed(row: Change) -> bool:
    from chengyun_core.wire.codec import unpack

    return unpack(row.record, Alarm).closed


def begun(journal: Journal) -> FactStream:
    stream = FactStream()
    stream.allow(allowed=True)
    stream.heard(beat(daemon="centre", epoch=journal.epoch, tail=len(journal.rows)))
    return stream


def settle(journal: Journal, stream: FactStream, now: int) -> int:
    """Heartbeat, then answers until nothing is asked any more; return how many were needed."""
    for row in journal.pipe:
        stream.hinted(row)
    journal.pipe.clear()
    stream.heard(beat(daemon="centre", epoch=journal.epoch, tail=len(journal.rows)))
    asked = 0
    now += ANSWER_WITHIN_NS
    while (ask := stream.asks(now)) is not None:
        journal.answer(stream, ask)
        asked += 1
        now += ASK_EVERY_NS
        assert asked < 200
    return asked


def shown(stream: FactStream, screen: FactMirror) -> FactMirror:
    news = stream.news()
    if news is not None:
        screen.apply(news)
    return screen


def test_that_nothing_is_asked_before_sign_on() -> None:
    stream = FactStream()
    stream.heard(beat(daemon="centre", tail=5))
    assert stream.asks(S) is None
    stream.allow(allowed=True)
    ask = stream.asks(S)
    assert ask is not None
    assert ask.since is None


def test_that_a_hint_beyond_a_gap_is_shown_at_once_and_the_gap_asked_by_range() -> None:
    journal = Journal()
    stream = begun(journal)
    settle(journal, stream, S)
    journal.put(1, fate="lost")
    journal.put(2)
    stream.hinted(journal.pipe.pop())
    assert set(shown(stream, FactMirror()).alarms) == {2}
    ask = stream.asks(100 * S)
    assert ask is not None
    assert ask.since is not None
    assert ask.since.after == 0
    journal.answer(stream, ask)
    assert stream.complete
    assert stream.through == 2


def test_that_a_hole_in_the_journal_is_final_when_the_answer_says_through() -> None:
    journal = Journal()
    stream = begun(journal)
    settle(journal, stream, S)
    stream.hinted(change(3, alarm(1)))
    ask = stream.asks(100 * S)
    assert ask is not None
    stream.ranged(ask.id, Changes(through=3, tail=3, changes=(change(3, alarm(1)),)))
    assert stream.complete


def test_that_a_snapshot_does_not_revive_an_alarm_that_closed_while_it_was_under_way() -> None:
    journal = Journal()
    journal.put(1)
    stream = begun(journal)
    ask = stream.asks(100 * S)
    assert ask is not None
    old = Snapshot(through=1, records=(journal.rows[0],))
    journal.put(1, closed=True)
    stream.hinted(journal.rows[1])
    stream.snapped(ask.id, old)
    assert shown(stream, FactMirror()).alarms == {}
    assert stream.complete


def test_that_the_answer_to_an_ask_of_an_earlier_run_is_ignored() -> None:
    journal = Journal()
    stream = begun(journal)
    ask = stream.asks(100 * S)
    assert ask is not None
    journal.restart()
    stream.heard(beat(daemon="centre", epoch=journal.epoch))
    stream.snapped(ask.id, Snapshot(through=9, records=(change(9, alarm(4)),)))
    assert shown(stream, FactMirror()).alarms == {}


def test_that_a_journal_put_back_to_an_older_state_wins_over_what_was_known() -> None:
    journal = Journal()
    for number in (1, 2, 3):
        journal.put(number)
    stream, screen = begun(journal), FactMirror()
    settle(journal, stream, S)
    assert set(shown(stream, screen).alarms) == {1, 2, 3}
    journal.restart(lose=2)
    settle(journal, stream, 10 * S)
    assert set(shown(stream, screen).alarms) == {1}
    assert stream.through == 1


def test_that_a_hint_with_an_absurd_number_and_version_is_undone_by_the_next_heartbeat() -> None:
    journal, screen = Journal(), FactMirror()
    journal.put(1, closed=False, fate="sent")
    stream = begun(journal)
    settle(journal, stream, S)
    stream.hinted(change(2**40, alarm(1, version=2**40, colour=WarningColour.YELLOW)))
    assert shown(stream, screen).alarms[1].colour is WarningColour.YELLOW
    journal.put(1, closed=False, fate="sent")
    settle(journal, stream, 100 * S)
    assert stream.counters["disowned"] == 1
    assert shown(stream, screen).alarms == journal.living()
    assert stream.complete


def test_that_a_tail_that_was_a_lie_ends_with_a_snapshot() -> None:
    journal = Journal()
    journal.put(1, closed=False, fate="sent")
    stream = begun(journal)
    stream.heard(beat(daemon="centre", epoch=journal.epoch, tail=2**62))
    settle(journal, stream, S)
    assert (stream.complete, stream.tail) == (True, 1)


def test_that_a_very_long_gap_is_closed_by_a_snapshot() -> None:
    journal = Journal()
    stream = begun(journal)
    settle(journal, stream, S)
    stream.heard(beat(daemon="centre", tail=MOST_BY_RANGE + 1))
    ask = stream.asks(100 * S)
    assert ask is not None
    assert ask.since is None


def test_that_a_snapshot_after_a_long_gap_ends_what_it_does_not_name_but_not_what_came_after_it() -> None:
    journal, screen = Journal(), FactMirror()
    journal.put(1)
    journal.put(2)
    stream = begun(journal)
    settle(journal, stream, S)
    shown(stream, screen)
    last = MOST_BY_RANGE + 10
    stream.heard(beat(daemon="centre", tail=last))
    stream.hinted(change(last + 1, alarm(3)))
    ask = stream.asks(100 * S)
    assert ask is not None
    stream.snapped(ask.id, Snapshot(through=last, records=(change(2, alarm(2)),)))
    assert set(shown(stream, screen).alarms) == {2, 3}


def test_that_a_change_with_an_unreadable_record_is_counted_and_the_rest_goes_on() -> None:
    journal = Journal()
    stream = begun(journal)
    settle(journal, stream, S)
    broken = Change(number=1, at_ns=1, action="x", kind="alarm", key="1", version=1, record=b"\x81\xa1x\x01")
    stream.hinted(broken)
    stream.hinted(change(2, alarm(2)))
    assert stream.complete
    assert stream.counters["bad_records"] == 1
    assert set(shown(stream, FactMirror()).alarms) == {2}


DEEDS = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"), st.integers(1, 5), st.booleans(), st.sampled_from(["sent", "lost", "twice", "overtaken"])
        ),
        st.tuples(st.sampled_from(["deliver", "beat", "ask", "answer", "look"])),
        st.tuples(st.just("restart"), st.integers(0, 3)),
    ),
    max_size=60,
)


@given(DEEDS)
def test_that_any_losses_repetitions_delays_and_restarts_end_with_the_living_alarms(deeds: list[tuple]) -> None:
    journal, screen = Journal(), FactMirror()
    stream, now, asked = begun(journal), S, []
    for deed in deeds:
        now += ASK_EVERY_NS
        match deed:
            case ("put", number, closed, fate):
                journal.put(number, closed=closed, fate=fate)
            case ("deliver",) if journal.pipe:
                stream.hinted(journal.pipe.pop(0))
            case ("beat",):
                for row in journal.pipe:
                    stream.hinted(row)
                journal.pipe.clear()
                stream.heard(beat(daemon="centre", epoch=journal.epoch, tail=len(journal.rows)))
            case ("ask",) if (ask := stream.asks(now)) is not None:
                asked.append(ask)
            case ("answer",) if asked:
                journal.answer(stream, asked.pop(0))
            case ("look",):
                shown(stream, screen)
            case ("restart", lose):
                journal.restart(lose=lose)
    settle(journal, stream, now)
    shown(stream, screen)
    assert screen.alarms == journal.living()
    assert screen.board == AlarmBoard.of(journal.living().values())
    assert (screen.complete, screen.through) == (True, len(journal.rows))

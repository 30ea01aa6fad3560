"""The state stream against a publisher that loses, repeats, reorders and dies: it always comes to the truth."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.mirror.run_watch import DEAD_AFTER_NS
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.mirror.state_stream import ANSWER_WITHIN_NS, ASK_EVERY_NS, StateStream
from chengyun_core.model.scales import Quality
from chengyun_core.wire.frames import Frame, FrameKind
from tests.support.news_from import S, beat, frame

VITALS = 6
EVERY = list(range(VITALS))


def adopted(vitals: int = VITALS) -> StateStream:
    stream = StateStream()
    stream.adopt(1, vitals, confirmed=True)
    return stream


def paid(stream: StateStream, snapshot: Frame, *, at_ns: int = 100 * S) -> None:
    """Let the stream ask, and answer it."""
    assert stream.asks(at_ns) is not None
    stream.answered(snapshot, at_ns)


def test_that_nothing_is_asked_before_the_first_heartbeat() -> None:
    stream = adopted()
    assert stream.asks(S) is None
    stream.heard(beat())
    assert stream.asks(S) == "state-1"


def test_that_a_frame_is_applied_although_the_one_before_it_was_lost() -> None:
    stream = adopted()
    stream.heard(beat())
    paid(stream, frame(EVERY, [0.0] * VITALS, seq=0, kind=FrameKind.SNAPSHOT))
    stream.news()
    stream.took(frame([2], [5.0], seq=2), S)
    rows = stream.news()
    assert rows is not None
    assert list(rows.vital) == [2]
    assert stream.owes


def test_that_a_heartbeat_shows_the_loss_of_the_last_frame_before_a_silence() -> None:
    stream = adopted()
    stream.heard(beat())
    paid(stream, frame(EVERY, [0.0] * VITALS, seq=0, kind=FrameKind.SNAPSHOT))
    assert not stream.owes
    stream.heard(beat(tail=1))
    assert stream.owes


def test_that_a_snapshot_older_than_a_frame_does_not_undo_it() -> None:
    stream = adopted()
    stream.heard(beat())
    stream.took(frame([1], [7.0], seq=9), S)
    paid(stream, frame(EVERY, [1.0] * VITALS, seq=8, kind=FrameKind.SNAPSHOT))
    rows = stream.news()
    assert rows is not None
    assert list(rows.value) == [1.0, 7.0, 1.0, 1.0, 1.0, 1.0]


def test_that_a_snapshot_too_old_for_the_gap_leaves_the_debt_standing() -> None:
    stream = adopted()
    stream.heard(beat(tail=5))
    paid(stream, frame(EVERY, [1.0] * VITALS, seq=4, kind=FrameKind.SNAPSHOT))
    assert stream.owes


def test_that_after_a_restart_an_untouched_key_takes_the_snapshot_although_its_number_is_lower() -> None:
    stream = adopted()
    stream.heard(beat(epoch=1))
    stream.took(frame(EVERY, [9.0] * VITALS, seq=700, epoch=1), S)
    stream.heard(beat(epoch=2))
    paid(stream, frame(EVERY, [3.0] * VITALS, seq=0, epoch=2, kind=FrameKind.SNAPSHOT))
    rows = stream.news()
    assert rows is not None
    assert rows.new_epoch
    assert list(rows.value) == [3.0] * VITALS


def test_that_a_frame_of_an_earlier_run_is_left_and_counted() -> None:
    stream = adopted()
    stream.heard(beat(epoch=2))
    stream.news()
    stream.took(frame([0], [1.0], seq=5, epoch=1), S)
    assert stream.news() is None
    assert stream.counters["old_epoch"] == 1


def test_that_a_value_survives_a_restart_hollow_while_its_band_is_already_the_restored_one() -> None:
    stream, screen = adopted(2), StateMirror()
    screen.resize(np.full(2, 5.0))
    screen.silent = False
    stream.heard(beat(epoch=1))
    stream.took(frame([0, 1], [9.0, 8.0], seq=1, time_ns=S), S)
    screen.apply(stream.news())
    stream.heard(beat(epoch=2))
    never = int(Quality.NEVER)
    paid(
        stream,
        frame([0, 1], [float("nan")] * 2, seq=0, epoch=2, kind=FrameKind.SNAPSHOT, quality=never, band=[4, 0]),
    )
    screen.apply(stream.news())
    assert list(screen.value) == [9.0, 8.0]
    assert list(screen.band) == [4, 0]
    assert set(screen.freshness(2 * S)) == {Freshness.OUTDATED}


def test_that_snapshots_are_asked_one_at_a_time_and_at_most_four_a_second() -> None:
    stream = adopted()
    stream.heard(beat(tail=3))
    asked = [at for at in range(0, 4 * S, S // 100) if stream.asks(S + at) is not None]
    assert asked == [0, ANSWER_WITHIN_NS]
    stream.unanswered()
    again = [at for at in range(0, S, S // 100) if stream.asks(5 * S + at) is not None and stream.unanswered() is None]
    assert len(again) == S // ASK_EVERY_NS


def test_that_frames_of_an_unknown_catalogue_wait_until_it_arrives() -> None:
    stream = adopted(2)
    stream.heard(beat())
    paid(stream, frame([0, 1], [0.0, 0.0], seq=0, kind=FrameKind.SNAPSHOT))
    stream.news()
    stream.took(frame([2], [5.0], seq=1, catalogue=2), S)
    assert stream.news() is None
    assert stream.awaits_catalogue == 2
    assert stream.asks(200 * S) is None
    stream.adopt(2, 3, confirmed=True)
    assert stream.awaits_catalogue is None
    paid(stream, frame([0, 1, 2], [0.0, 0.0, 5.0], seq=1, catalogue=2, kind=FrameKind.SNAPSHOT), at_ns=200 * S)
    rows = stream.news()
    assert rows is not None
    assert rows.value[rows.vital == 2] == 5.0


def test_that_frames_of_an_older_version_stay_usable_once_the_centre_has_named_ours() -> None:
    stream = StateStream()
    stream.adopt(2, 3, confirmed=True)
    stream.heard(beat())
    stream.took(frame([0], [5.0], seq=1, catalogue=1), S)
    assert stream.awaits_catalogue is None
    stream.adopt(2, 3, confirmed=False)
    stream.took(frame([0], [6.0], seq=2, catalogue=1), S)
    assert stream.awaits_catalogue == 1


def test_that_a_frame_naming_vitals_beyond_the_catalogue_is_left_and_counted() -> None:
    stream = adopted(2)
    stream.heard(beat())
    stream.took(frame([0, 7], [1.0, 2.0], seq=1), S)
    assert stream.counters["foreign_rows"] == 1


ABSURD = 2**63 + 5


def test_that_an_absurd_number_blocks_its_vitals_only_until_the_next_heartbeat() -> None:
    stream = adopted()
    stream.heard(beat(tail=3), S)
    paid(stream, frame(EVERY, [0.0] * VITALS, seq=3, kind=FrameKind.SNAPSHOT))
    stream.took(frame([1], [666.0], seq=ABSURD), S)
    stream.took(frame([1], [4.0], seq=4), S)
    stream.heard(beat(tail=4), 2 * S)
    assert stream.counters["disowned"] == 1
    paid(stream, frame(EVERY, [0.0, 4.0, 0.0, 0.0, 0.0, 0.0], seq=4, kind=FrameKind.SNAPSHOT), at_ns=200 * S)
    assert not stream.owes
    stream.took(frame([1], [5.0], seq=5), 201 * S)
    rows = stream.news()
    assert rows is not None
    assert rows.value[list(rows.vital).index(1)] == 5.0
    stream.heard(beat(tail=5), 202 * S)
    assert not stream.owes


def test_that_a_snapshot_ahead_of_the_heartbeat_is_no_lie() -> None:
    stream = adopted()
    stream.heard(beat(tail=3), S)
    paid(stream, frame(EVERY, [0.0] * VITALS, seq=9, kind=FrameKind.SNAPSHOT))
    stream.heard(beat(tail=8), 2 * S)
    assert not stream.owes
    assert not stream.counters["disowned"]


def test_that_a_snapshot_that_stays_ahead_of_the_heartbeats_was_a_lie() -> None:
    stream = adopted()
    stream.heard(beat(tail=3), S)
    paid(stream, frame(EVERY, [0.0] * VITALS, seq=ABSURD, kind=FrameKind.SNAPSHOT))
    for at_ns in (2 * S, 3 * S):
        stream.heard(beat(tail=3), at_ns)
        assert not stream.owes
    stream.heard(beat(tail=3), 2 * S + DEAD_AFTER_NS)
    paid(stream, frame(EVERY, [1.0] * VITALS, seq=3, kind=FrameKind.SNAPSHOT), at_ns=200 * S)
    rows = stream.news()
    assert rows is not None
    assert list(rows.value) == [1.0] * VITALS


def test_that_a_catalogue_only_a_damaged_frame_named_is_not_waited_for() -> None:
    stream = adopted()
    stream.heard(beat(), S)
    stream.took(frame([0], [1.0], seq=ABSURD, catalogue=2**30), S)
    assert stream.awaits_catalogue == 2**30
    stream.heard(beat(tail=1), 2 * S)
    assert stream.awaits_catalogue is None
    paid(stream, frame(EVERY, [1.0] * VITALS, seq=1, kind=FrameKind.SNAPSHOT))
    assert not stream.owes


def test_that_a_tail_that_was_a_lie_is_owed_only_until_the_next_heartbeat() -> None:
    stream = adopted()
    stream.heard(beat(tail=ABSURD), S)
    stream.heard(beat(tail=2), 2 * S)
    paid(stream, frame(EVERY, [0.0] * VITALS, seq=2, kind=FrameKind.SNAPSHOT))
    assert not stream.owes


def test_that_only_a_heartbeat_begins_a_run() -> None:
    stream = adopted()
    stream.heard(beat(epoch=5), S)
    paid(stream, frame(EVERY, [1.0] * VITALS, seq=0, epoch=5, kind=FrameKind.SNAPSHOT))
    stream.news()
    stream.took(frame([0], [666.0], seq=1, epoch=ABSURD), S)
    stream.answered(frame([0], [666.0], seq=1, epoch=ABSURD, kind=FrameKind.SNAPSHOT), S)
    assert (stream.epoch, stream.counters["unannounced"]) == (5, 2)
    assert stream.news() is None
    stream.took(frame([0], [2.0], seq=1, epoch=5), S)
    assert stream.news() is not None


def test_that_a_run_nobody_goes_on_with_is_outlived_by_the_true_one() -> None:
    stream = adopted()
    stream.heard(beat(epoch=5), S)
    stream.heard(beat(epoch=ABSURD), S)
    stream.heard(beat(epoch=5), S + DEAD_AFTER_NS - 1)
    assert stream.epoch == ABSURD, "it may be the last word of the run before"
    stream.heard(beat(epoch=5, tail=1), S + DEAD_AFTER_NS)
    assert stream.epoch == 5
    paid(stream, frame(EVERY, [1.0] * VITALS, seq=1, epoch=5, kind=FrameKind.SNAPSHOT))
    assert not stream.owes


@dataclass
class Publisher:
    """A daemon's truth, its numbers, and the pipe to a listener that may lose, repeat and reorder."""

    epoch: int = 1
    seq: int = 0
    value: list[float] = field(default_factory=lambda: [float("nan")] * VITALS)
    pipe: list[Frame | None] = field(default_factory=list)
    written: int = 0

    def put(self, vitals: list[int], fate: str) -> None:
        for vital in vitals:
            self.written += 1
            self.value[vital] = float(self.written)
        self.seq += 1
        sent = frame(
            vitals, [self.value[vital] for vital in vitals], seq=self.seq, epoch=self.epoch, time_ns=self.written
        )
        match fate:
            case "lost":
                return
            case "twice":
                self.pipe += [sent, sent]
            case "overtaken" if self.pipe:
                self.pipe.insert(-1, sent)
            case _:
                self.pipe.append(sent)

    def restart(self) -> None:
        self.epoch, self.seq = self.epoch + 1, 0
        self.value = [float("nan")] * VITALS

    def snapshot(self) -> Frame:
        quality = [int(Quality.NEVER) if np.isnan(value) else 0 for value in self.value]
        return frame(EVERY, self.value, seq=self.seq, epoch=self.epoch, kind=FrameKind.SNAPSHOT, quality=quality)


SOME = st.lists(st.sampled_from(EVERY), min_size=1, max_size=VITALS, unique=True)
FATES = st.sampled_from(["sent", "sent", "lost", "twice", "overtaken"])
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), SOME, FATES),
        st.tuples(st.sampled_from(["deliver", "beat", "ask", "answer", "restart", "look"])),
    ),
    max_size=60,
)


@given(DEEDS)
def test_that_any_losses_repetitions_delays_and_restarts_end_with_no_wrong_key(deeds: list[tuple]) -> None:
    publisher, stream, screen = Publisher(), adopted(), StateMirror()
    screen.resize(np.full(VITALS, 5.0))
    screen.silent = False
    now, answers = S, []
    for deed in deeds:
        now += ASK_EVERY_NS
        match deed:
            case ("put", vitals, fate):
                publisher.put(vitals, fate)
            case ("deliver",) if publisher.pipe:
                stream.took(publisher.pipe.pop(0), now)
            case ("beat",):
                deliver_all(publisher, stream, now)
                stream.heard(beat(epoch=publisher.epoch, tail=publisher.seq))
            case ("ask",) if stream.asks(now) is not None:
                answers.append(publisher.snapshot())
            case ("answer",) if answers:
                stream.answered(answers.pop(0), now)
            case ("restart",):
                publisher.restart()
            case ("look",):
                look(stream, screen)
    settle(publisher, stream, now)
    look(stream, screen)
    never = np.isnan(publisher.value)
    assert list(screen.value[~never]) == [value for value in publisher.value if not np.isnan(value)]
    fresh = screen.freshness(0)
    assert set(fresh[~never]) <= {Freshness.FRESH}
    assert set(fresh[never]) <= {Freshness.OUTDATED, Freshness.NEVER}


def deliver_all(publisher: Publisher, stream: StateStream, now: int) -> None:
    """A heartbeat comes on the same socket, so whatever was sent before it has arrived or is lost."""
    for sent in publisher.pipe:
        stream.took(sent, now)
    publisher.pipe.clear()


def look(stream: StateStream, screen: StateMirror) -> None:
    rows = stream.news()
    if rows is not None:
        screen.apply(rows)


def settle(publisher: Publisher, stream: StateStream, now: int) -> None:
    """One heartbeat and one answered ask must be enough, whatever went before."""
    deliver_all(publisher, stream, now)
    stream.heard(beat(epoch=publisher.epoch, tail=publisher.seq))
    if stream.asks(now + ANSWER_WITHIN_NS) is not None:
        stream.answered(publisher.snapshot(), now)
    assert not stream.owes

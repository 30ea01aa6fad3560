"""Frames: merged by vital, at most every few ms, numbered densely."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.publisher import WATCHED_ROWS, Publisher
from chengyun_core.ingest.state import VitalState
from chengyun_core.model.clock import ManualClock
from chengyun_core.wire import frames
from chengyun_core.wire.endpoints import TOPIC_STATE, TOPIC_WATCH
from tests.core.ingest.daemon.building import batch


class Stand:
    """A publisher with a clock that stands, and what it sent."""

    def __init__(self, vitals=4):
        self.clock = ManualClock(10**18)
        self.sent = []
        self.state = VitalState(vitals)
        self.publisher = Publisher(
            lambda topic, payload: self.sent.append((topic, frames.decode(payload))),
            profile=self.clock, machine=self.clock,
            epoch=9, shard=2, every_ms=5.0,
        )  # fmt: skip
        self.publisher.adopt(7, vitals)
        self.publisher.flush(self.state)
        self.sent.clear()
        self.clock.advance(0.005)

    def change(self, vital, value):
        self.state.put(
            np.array([vital]), np.array([self.clock.now_ns]), np.array([float(value)]), np.zeros(1, np.uint8)
        )
        self.publisher.changed(
            np.array([vital], np.uint32), arrived_mono_ns=self.clock.now_ns, arrived_utc_ns=self.clock.now_ns
        )


@pytest.mark.parametrize("vitals", [4, 10_000], ids=["marks looked through", "few of many sorted"])
def test_that_changes_within_five_milliseconds_go_out_as_one_frame_with_the_newest_values(vitals):
    stand = Stand(vitals)
    stand.change(1, 1)
    stand.publisher.flush(stand.state)
    for value in range(10):
        stand.change(1, value)
        stand.change(3, value)
        stand.publisher.flush(stand.state)
    assert len(stand.sent) == 1
    stand.clock.advance(0.005)
    stand.publisher.flush(stand.state)
    topic, frame = stand.sent[1]
    assert topic == TOPIC_STATE
    assert frame.columns["vital"].dtype == np.uint32
    assert frame.columns["vital"].tolist() == [1, 3]
    assert frame.columns["value"].tolist() == [9.0, 9.0]
    assert (frame.head.seq, frame.head.epoch, frame.head.shard, frame.head.catalogue) == (3, 9, 2, 7)


def test_that_nothing_is_sent_when_nothing_changed():
    stand = Stand()
    assert stand.publisher.due_in_ns() is None
    stand.publisher.flush(stand.state)
    assert stand.sent == []


def test_that_all_vitals_count_as_changed_under_a_new_catalogue():
    stand = Stand()
    stand.publisher.adopt(8, 4)
    stand.publisher.flush(stand.state)
    assert stand.sent[0][1].head.count == 4
    assert stand.sent[0][1].head.catalogue == 8


def test_that_latency_is_that_of_the_oldest_sample_in_a_frame():
    stand = Stand()
    stand.change(0, 1)
    stand.publisher.flush(stand.state)
    stand.change(0, 2)
    stand.clock.advance(0.004)
    stand.change(0, 3)
    stand.clock.advance(0.003)
    stand.publisher.flush(stand.state)
    stand.clock.advance(9.99)
    assert 6.5 < stand.publisher.latency_p99_ms() <= 7.0
    stand.clock.advance(1)
    assert stand.publisher.latency_p99_ms() == 0.0


def test_that_a_snapshot_holds_every_vital_and_the_number_of_the_last_frame():
    stand = Stand()
    stand.change(2, 5)
    stand.publisher.flush(stand.state)
    frame = frames.decode(stand.publisher.snapshot(stand.state))
    assert frame.head.kind is frames.FrameKind.SNAPSHOT
    assert frame.head.seq == stand.publisher.seq == stand.sent[-1][1].head.seq
    assert frame.columns["vital"].tolist() == [0, 1, 2, 3]
    assert frame.columns["quality"].tolist() == [4, 4, 0, 4]


def test_that_watched_samples_go_out_raw_with_numbers_of_their_own():
    stand = Stand()
    samples = batch((0, 0, 1.0), (5, 0, 2.0), (0, 1, 3.0))
    stand.publisher.watched(samples, np.array([0], np.uint32))
    stand.publisher.flush(stand.state)
    topic, frame = stand.sent[0]
    assert topic == TOPIC_WATCH
    assert frame.columns["value"].tolist() == [1.0, 3.0]
    assert frame.head.seq == 1
    assert stand.publisher.seq == 1, "the stream of states has no gap"


def test_that_too_many_watched_samples_are_cut_and_counted():
    stand = Stand()
    many = batch(*[(0, 0, 1.0)] * 1000)
    for _ in range(WATCHED_ROWS // 1000 + 2):
        stand.publisher.watched(many, np.array([0], np.uint32))
    assert stand.publisher.watch_cut == 2000


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5), st.integers(0, 7)), max_size=60),
    st.sampled_from([4, 500]),
)
def test_that_a_listener_who_applies_every_frame_ends_with_the_truth(changes, vitals):
    stand = Stand(vitals)
    for vital, value, wait_ms in changes:
        stand.change(vital, value)
        stand.clock.advance(wait_ms / 1000)
        stand.publisher.flush(stand.state)
    stand.clock.advance(0.01)
    stand.publisher.flush(stand.state)
    seen = np.full(vitals, np.nan)
    for _, frame in stand.sent:
        seen[frame.columns["vital"]] = frame.columns["value"]
    np.testing.assert_array_equal(seen, stand.state.value)
    numbers = [frame.head.seq for _, frame in stand.sent]
    assert numbers == list(range(2, 2 + len(numbers)))

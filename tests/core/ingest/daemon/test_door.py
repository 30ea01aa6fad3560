"""The ingest door: every ask answered, every stranger survived."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.batch import Limits
from chengyun_core.ingest.door import Door
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.watching import VITALS_PER_WATCH, WATCHERS, Watching
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import (
    INGEST_ASKS,
    AskPreview,
    AskQuality,
    AskWatch,
    AskWindow,
    Done,
    Hello,
    IngestStatus,
    Preview,
    QualityTold,
    Reply,
    Request,
    Welcome,
    Window,
)
from tests.core.ingest.daemon.building import SECOND, START, batch, city

HELLO = Hello(protocol=PROTOCOL_VERSION, client="test")


class Stand:
    def __init__(self):
        self.engine = Engine(city(), ring_capacity=1 << 12, limits=Limits(past_days=20_000))
        self.engine.take(batch((0, 0, 1.0), (0, 1, 12.0), (1, 1, 6.0)), now_ns=START + SECOND)
        self.watching = Watching(10.0)
        self.now_ns = 0
        self.door = Door(
            engine=lambda: self.engine, snapshot=lambda: b"SNAPSHOT", status=IngestStatus, watching=self.watching,
            monotonic_ns=lambda: self.now_ns, epoch=9, realm="live", threshold_sets=lambda: ("PT", "XQ"),
        )  # fmt: skip

    def ask(self, kind, body, client=b"me"):
        request = Request(id="1", kind=kind, body=body if isinstance(body, bytes) else codec.pack(body))
        return codec.unpack(self.door.answer(client, codec.pack(request)), Reply)

    def done(self, kind, body, record):
        reply = self.ask(kind, body)
        assert reply.outcome == "done", reply
        return codec.unpack(reply.body, record)


def test_that_hello_names_epoch_and_realm_and_another_protocol_is_refused():
    stand = Stand()
    assert stand.done("hello", HELLO, Welcome) == Welcome(
        protocol=PROTOCOL_VERSION, daemon="ingest", epoch=9, realm="live"
    )
    assert stand.ask("hello", Hello(protocol=99, client="new")).code == "ingest.protocol"


def test_that_snapshot_and_status_are_answered():
    stand = Stand()
    assert stand.ask("snapshot", HELLO).body == b"SNAPSHOT"
    assert stand.done("status", HELLO, IngestStatus) == IngestStatus()


def test_that_quality_comes_as_columns_of_bytes_for_the_vitals_asked_for_or_all():
    stand = Stand()
    stand.engine.take(batch((0, 2, 1.0), (0, 3, 3.0)), now_ns=START + 9 * SECOND)
    one = stand.done("quality", AskQuality(vitals=(0,)), QualityTold)
    assert np.frombuffer(one.vital, "<u4").tolist() == [0]
    # Counting began at one second: the stand's sample of second 0 is older, that of second 1 is not.
    assert np.frombuffer(one.received, "<i8").tolist() == [3]
    assert np.frombuffer(one.late, "<i8").tolist() == [0]
    assert np.frombuffer(one.expected, "<f8")[0] > 0
    assert (one.from_ns, one.until_ns) == (START + SECOND, START + 9 * SECOND)
    everything = stand.done("quality", AskQuality(), QualityTold)
    vitals = len(stand.engine.state.time)
    columns = (everything.expected, everything.present, everything.received, everything.late, everything.bad)
    assert np.frombuffer(everything.vital, "<u4").tolist() == list(range(vitals))
    assert {len(column) for column in columns} == {8 * vitals}
    assert stand.ask("quality", AskQuality(vitals=(vitals,))).code == "ingest.unknown_vital"


def test_that_a_window_comes_as_columns_of_bytes():
    window = Stand().done(
        "window", AskWindow(vital=0, from_ns=START - SECOND, to_ns=START + 9 * SECOND, pixels=100), Window
    )
    assert np.frombuffer(window.time, "<i8").tolist() == [START, START + SECOND]
    assert np.frombuffer(window.value, "<f8").tolist() == [1.0, 12.0]
    assert window.raw
    assert window.oldest_ns == START


@pytest.mark.parametrize(
    "ask",
    [
        AskWindow(vital=0, from_ns=5, to_ns=5, pixels=100),
        AskWindow(vital=0, from_ns=0, to_ns=5, pixels=0),
        AskWindow(vital=0, from_ns=0, to_ns=5, pixels=10**9),
        AskWindow(vital=0, from_ns=-(2**63), to_ns=2**63 - 1, pixels=100),
    ],
)
def test_that_an_impossible_window_is_refused(ask):
    assert Stand().ask("window", ask).code == "ingest.window"


@pytest.mark.parametrize("vital", [-1, 3, 2**40])
def test_that_an_unknown_vital_is_refused_by_number(vital):
    stand = Stand()
    assert stand.ask("window", AskWindow(vital=vital, from_ns=0, to_ns=5, pixels=10)).code == "ingest.unknown_vital"
    assert stand.ask("watch", AskWatch(vitals=(vital,))).code == "ingest.unknown_vital"


def test_that_a_preview_tells_what_would_alarm_under_another_set():
    stand = Stand()
    assert stand.done("preview", AskPreview(threshold_set="PT"), Preview).would_alarm == ((0, 2),)
    assert stand.done("preview", AskPreview(threshold_set="XQ"), Preview).would_alarm == ((0, 4), (1, 2))
    assert stand.ask("preview", AskPreview(threshold_set="none")).code == "ingest.unknown_set"


def test_that_a_watch_is_a_lease_that_ends_unless_renewed():
    stand = Stand()
    stand.done("watch", AskWatch(vitals=(0, 2)), Done)
    assert stand.watching.channels.tolist() == [0, 10, 11, 12, 13, 14]
    stand.now_ns = 9 * SECOND
    stand.done("watch", AskWatch(vitals=(0,)), Done)
    stand.watching.expire(12 * SECOND)
    assert stand.watching.channels.tolist() == [0]
    stand.watching.expire(19 * SECOND)
    assert stand.watching.channels.tolist() == []


def test_that_watches_are_bounded_in_size_and_number():
    stand = Stand()
    assert stand.ask("watch", AskWatch(vitals=(0,) * (VITALS_PER_WATCH + 1))).code == "ingest.watch_too_many"
    for client in range(WATCHERS + 10):
        stand.ask("watch", AskWatch(vitals=(1,)), client=b"%d" % client)
    assert len(stand.watching._leases) == WATCHERS


def test_that_unknown_asks_and_wrong_bodies_are_refused_with_a_code():
    stand = Stand()
    assert stand.ask("alarm.acknowledge", b"").code == "ingest.unknown_ask"
    assert stand.ask("window", b"\xc1").code == "wire.bad_message"
    assert stand.ask("window", HELLO).code == "wire.bad_message"
    assert stand.door.answering.refused == 3


def test_that_bytes_which_are_no_request_get_no_answer_and_are_counted():
    stand = Stand()
    assert stand.door.answer(b"x", b"GET / HTTP/1.1") is None
    assert stand.door.answer(b"x", b"") is None
    assert stand.door.answering.strangers == 2


def a_request(kind, body):
    return codec.pack(Request(id="x", kind=kind, body=body))


def a_window(vital, begin, end, pixels):
    return a_request("window", codec.pack(AskWindow(vital=vital, from_ns=begin, to_ns=end, pixels=pixels)))


TIMES = st.integers(-(2**63), 2**63 - 1)
BODIES = st.one_of(st.binary(max_size=60), st.just(codec.pack(HELLO)))
MESSAGES = st.one_of(
    st.binary(max_size=200),
    st.builds(a_request, st.sampled_from([*INGEST_ASKS, "rubbish"]), BODIES),
    st.builds(a_window, st.integers(-2, 5), TIMES, TIMES, st.integers(-5, 10_000)),
)


@given(MESSAGES)
def test_that_no_message_brings_the_door_down(data):
    stand = Stand()
    answer = stand.door.answer(b"stranger", data)
    if answer is None:
        assert stand.door.answering.strangers == 1
    else:
        assert codec.unpack(answer, Reply).outcome in ("done", "refused")

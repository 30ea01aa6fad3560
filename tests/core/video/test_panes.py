"""Who has which pane, which worker hangs, and what goes through the pipe."""

import io
import os
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.clock import NS_PER_S, ManualClock
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.video import orders
from chengyun_core.video.fence import Fence
from chengyun_core.video.fleet import VideoFleet
from chengyun_core.video.guardian import CLOSING_NS, Place, hung_pane
from chengyun_core.video.orders import Answer, Begin, Failed, Grab, Made, Order, Watch
from chengyun_core.video.panes import NOWHERE, Panes
from chengyun_core.video.port import SPARE, PaneState, StreamSource
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire.pane_memory import PaneMemory, PaneWriter

SOURCE = StreamSource(code="CAM-1", address="rtsp://10.66.1.1/a?token=open", user="duty", password="open sesame")
SECOND = NS_PER_S


@pytest.fixture
def place() -> Iterator[Place]:
    memory = PaneMemory.made(4)
    yield Place(number=0, memory=memory)
    memory.close()


@pytest.fixture
def writing(place: Place) -> Iterator[PaneMemory]:
    memory = PaneMemory(os.dup(place.memory.descriptor), 4, is_writer=True)
    yield memory
    memory.close()


def test_that_a_source_shows_neither_password_nor_query() -> None:
    assert repr(SOURCE) == str(SOURCE) == "StreamSource(CAM-1)"
    assert SOURCE.chosen(main=False) == SOURCE.address


def test_that_no_more_panes_are_given_than_there_are() -> None:
    panes = Panes(most=2)
    first = panes.watched("a", SOURCE, (10, 10), 1, is_main=True)
    panes.watched("b", SOURCE, (10, 10), 2, is_main=True)
    with pytest.raises(Refused, match=r"video\.no_pane"):
        panes.watched("c", SOURCE, (10, 10), 3, is_main=True)
    assert panes.watched("a", SOURCE, (10, 10), 4, is_main=False).generation > first.generation
    for number in range(SPARE):
        panes.watched(f"beside {number}", SOURCE, (10, 10), 5, is_main=True, is_beside=True)
    with pytest.raises(Refused, match=r"video\.no_pane"):
        panes.watched("one more", SOURCE, (10, 10), 6, is_main=True, is_beside=True)
    for number in range(SPARE):
        panes.left(f"beside {number}")
    assert panes.left("a") is not None
    assert panes.left("a") is None
    assert [pane.name for pane in panes] == ["b"]


def test_that_the_worker_with_the_fewest_panes_gets_the_next() -> None:
    panes = Panes(most=9)
    for number, worker in enumerate((0, 0, 1)):
        panes.watched(str(number), SOURCE, (1, 1), 0, is_main=True).worker = worker
    assert panes.least_busy([0, 1]) == 1
    assert panes.least_busy([0]) == 0
    assert len(panes.of_worker(0)) == 2


def test_that_a_thread_without_a_sign_of_life_is_found_and_a_dated_one_is_not(
    place: Place, writing: PaneMemory
) -> None:
    one, two = PaneWriter(writing, 0, 1), PaneWriter(writing, 1, 2)
    place.begun_ns.update({0: 10 * SECOND, 1: 10 * SECOND})
    assert hung_pane(place, 0, 11 * SECOND, 2 * SECOND) == NOWHERE  # ordered just now: it may still be starting
    one.beat(14 * SECOND)
    two.beat(18 * SECOND)  # dated ahead: it connects
    assert hung_pane(place, 0, 15 * SECOND, 2 * SECOND) == NOWHERE
    assert hung_pane(place, 0, 17 * SECOND, 2 * SECOND) == 0
    assert hung_pane(place, 16 * SECOND, 17 * SECOND, 2 * SECOND) == NOWHERE  # the machine stood still until now
    one.beat(17 * SECOND)
    assert hung_pane(place, 0, 21 * SECOND, 2 * SECOND) in {0, 1}


def test_that_a_pane_of_the_memory_is_given_again_only_when_its_writer_let_it_go(
    place: Place, writing: PaneMemory
) -> None:
    writer = PaneWriter(writing, 0, 7)
    place.used[0] = 7
    assert place.free_index() == 1
    writer.end()
    assert place.free_index() == 0
    place.used.update({0: 8, 1: 9, 2: 10})
    assert place.free_index() == NOWHERE  # the last one is the worker's own


def test_that_a_stream_that_was_left_is_closing_until_its_thread_let_go_but_not_for_ever(
    place: Place, writing: PaneMemory
) -> None:
    writer = PaneWriter(writing, 0, 7)
    place.used[0] = 7
    place.left[0] = Watch(pane=0, generation=7, source=SOURCE, is_main=True, width=3, height=4), 10 * SECOND
    other = StreamSource(code="CAM-1", address="rtsp://10.66.1.1/b")
    assert place.is_closing(SOURCE, 11 * SECOND, main=True)
    assert not place.is_closing(other, 11 * SECOND, main=True), "the other stream of the camera"
    assert not place.is_closing(SOURCE, 10 * SECOND + CLOSING_NS, main=True), "it hangs: nobody waits for it for ever"
    writer.end()
    assert not place.is_closing(SOURCE, 11 * SECOND, main=True)


@given(st.binary(max_size=300))
def test_that_any_bytes_end_as_messages_or_nothing(data: bytes) -> None:
    for message in orders.messages(io.BytesIO(data).read):
        try:
            msgspec.msgpack.decode(message, type=Answer)
        except msgspec.MsgspecError:
            continue


def test_that_orders_and_answers_come_out_as_they_went_in() -> None:
    watch = Watch(pane=1, generation=2, source=SOURCE, is_main=True, width=3, height=4)
    sent: list[Order | Answer] = [
        watch,
        Grab(number=1, pane=1),
        Made(number=1, data=b"x", begin_ns=1, end_ns=2, width=3, height=4),
    ]
    pipe = io.BytesIO(b"".join(orders.packed(message) for message in sent))
    kinds = Order | Answer
    assert [msgspec.msgpack.decode(message, type=kinds) for message in orders.messages(pipe.read)] == sent
    assert issubclass(Begin, msgspec.Struct)


def test_that_a_message_beyond_all_measure_ends_the_pipe() -> None:
    assert list(orders.messages(io.BytesIO(b"\xff\xff\xff\xff" + bytes(100)).read)) == []


@pytest.fixture
def fleet() -> Iterator[VideoFleet]:
    """A fleet whose workers were never started."""
    made = VideoFleet(Fence(), VideoSettings(panes=2), ManualClock(10**18))
    yield made
    made.stop()


def test_that_an_unknown_pane_is_dead_and_gives_nothing(fleet: VideoFleet) -> None:
    assert fleet.look("nobody").state is PaneState.DEAD
    assert not fleet.is_whole("nobody", 1)
    fleet.leave("nobody")
    fleet.resize("nobody", 1, 1)
    for asked in (fleet.grab("nobody"), fleet.clip("nobody", 1, 1)):
        with pytest.raises(Trouble, match=r"video\.left"):
            asked.result(0)


def test_that_a_pane_before_any_worker_is_connecting_and_its_asks_end_with_the_fleet(fleet: VideoFleet) -> None:
    fleet.watch("a", SOURCE, 100, 100, main=True)
    assert fleet.look("a").state is PaneState.CONNECTING
    asked = fleet.grab("a")
    assert not asked.done()
    fleet.stop()
    with pytest.raises(Trouble, match=r"video\.left"):
        asked.result(0)
    assert fleet.look("a").state is PaneState.DEAD


def test_that_an_answer_nobody_awaits_is_passed_over(fleet: VideoFleet) -> None:
    fleet._answered(Failed(number=99, reason=Reason(code="video.left")))
    fleet.watch("a", SOURCE, 100, 100, main=True)
    asked = fleet.grab("a")
    assert asked.cancel()
    fleet._answered(Made(number=1, data=b"", begin_ns=0, end_ns=0, width=1, height=1))

"""A look promises nothing that time and memory do not show."""

import pytest

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.video.looks import Expected, look
from chengyun_core.video.orders import Told
from chengyun_core.video.port import STATES, PaneLook, PaneState
from chengyun_core.wire.pane_memory import Seen

NOW = 1000 * NS_PER_S
LATE = 3 * NS_PER_S // 2
EXPECTED = Expected(generation=3, watched_ns=NOW - 10 * NS_PER_S, epoch=2)
FRAME = memoryview(b"abcd")


def seen(age_s: float = 0.1, generation: int = 3, sequence: int = 9) -> Seen:
    return Seen(
        generation=generation, beat_ns=NOW, sequence=sequence, arrived_ns=NOW - round(age_s * NS_PER_S), width=1,
        height=1, stride=4, frame=FRAME,
    )  # fmt: skip


def told(state: PaneState = PaneState.LIVE, **more: object) -> Told:
    return Told(**{"epoch": 2, "generation": 3, "state": state, "since_ns": NOW - NS_PER_S, "fps": 25.0, **more})  # type: ignore[arg-type]


def looked(seen: Seen | None, told: Told | None, expected: Expected = EXPECTED) -> PaneLook:
    return look(expected, seen, told, now_ns=NOW, utc_ns=5 * 10**18, late_ns=LATE)


def test_that_a_fresh_picture_of_a_live_stream_is_live_with_its_time() -> None:
    made = looked(seen(0.1), told())
    assert (made.state, made.sequence, made.frame, made.fps) == (PaneState.LIVE, 9, FRAME, 25.0)
    assert made.age_ms == pytest.approx(100)
    assert made.taken_utc_ns == 5 * 10**18 - NS_PER_S // 10


@pytest.mark.parametrize("state", [PaneState.LIVE, PaneState.FROZEN, PaneState.BLACK])
def test_that_an_old_picture_is_late_whatever_its_worker_told(state: PaneState) -> None:
    made = looked(seen(1.6), told(state))
    assert made.state is PaneState.LATE
    assert made.reason == Reason(code="video.late")
    assert made.frame is FRAME
    assert made.fps == 0.0
    assert made.since_s == pytest.approx(1.6)
    assert looked(seen(1.4), told(state)).state is state


def test_that_another_camera_s_picture_is_not_shown_under_this_one_s_name() -> None:
    made = looked(seen(0.1, generation=2), told(generation=2))
    assert (made.frame, made.sequence) == (None, 0)
    assert made.state is not PaneState.LIVE


def test_that_what_a_dead_worker_told_is_out_of_date() -> None:
    lost = Expected(generation=3, watched_ns=NOW - NS_PER_S, epoch=0, is_alone=Reason(code="video.worker_lost"))
    made = looked(seen(0.5), told(), lost)
    assert (made.state, made.reason) == (PaneState.RETRYING, Reason(code="video.worker_lost"))
    assert made.frame is FRAME


def test_that_waiting_long_for_the_first_picture_is_said() -> None:
    made = looked(None, told(PaneState.CONNECTING))
    assert (made.state, made.reason) == (PaneState.LATE, Reason(code="video.no_answer_yet"))
    soon = Expected(generation=3, watched_ns=NOW - NS_PER_S, epoch=2)
    assert looked(None, told(PaneState.CONNECTING), soon).state is PaneState.CONNECTING
    assert looked(None, None, soon).state is PaneState.CONNECTING


@pytest.mark.parametrize("state", list(PaneState))
def test_that_a_state_keeps_its_picture_only_where_its_rule_says_so(state: PaneState) -> None:
    soon = Expected(generation=3, watched_ns=NOW - NS_PER_S, epoch=2)
    made = looked(seen(0.1), told(state), soon)
    kept = STATES[state].keeps_picture or state is PaneState.CONNECTING
    assert (made.frame is FRAME) == kept
    assert made.state is state


def test_that_a_pause_is_counted_down() -> None:
    made = looked(seen(9), told(PaneState.DEAD, next_try_ns=NOW + 3 * NS_PER_S, attempt=2))
    assert (made.state, made.attempt) == (PaneState.DEAD, 2)
    assert made.next_try_s == pytest.approx(3)
    assert looked(seen(9), told(PaneState.DEAD, next_try_ns=NOW - 1)).next_try_s == 0.0

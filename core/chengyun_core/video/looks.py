"""Makes a look of what shared memory holds and what time it is: a pane is live only as long as that can be shown."""

from dataclasses import dataclass, replace

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.video.orders import Told
from chengyun_core.video.port import PROMISES, STATES, PaneLook, PaneState
from chengyun_core.wire.pane_memory import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the console knows of a pane by itself. Times are monotonic ns."""

    generation: int
    watched_ns: int
    """When the pane got its source."""
    epoch: int
    """Of the worker that has it now; 0: none has."""
    is_alone: Reason | None = None
    """Why no worker has it: one was just lost, or is being started."""


def look(
    expected: Expected, seen: Seen | None, told: Told | None, *, now_ns: int, utc_ns: int, late_ns: int
) -> PaneLook:
    """Return the pane at this instant.

    Args:
        expected: what the console knows.
        seen: its newest picture; of another generation it is another camera's, and is not shown.
        told: what its worker told last; of another epoch it is a dead worker's.
        now_ns: monotonic, for ages.
        utc_ns: profile time at the same instant.
        late_ns: how long a picture may be awaited.
    """
    if seen is None or seen.generation != expected.generation:
        seen = None
    if told is not None and (told.generation != expected.generation or told.epoch != expected.epoch):
        told = None
    made = _with_picture(_told(expected, told, has_picture=bool(seen and seen.sequence), now_ns=now_ns), seen, now_ns)
    made = replace(made, taken_utc_ns=utc_ns - (now_ns - seen.arrived_ns) if seen and seen.sequence else 0)
    if seen is None or not seen.sequence:
        made = replace(made, age_ms=(now_ns - expected.watched_ns) / 1e6)
    return _judged(made, late_ns, waited_ns=now_ns - expected.watched_ns)


def _told(expected: Expected, told: Told | None, *, has_picture: bool, now_ns: int) -> PaneLook:
    if told is None:
        state = PaneState.RETRYING if has_picture or expected.is_alone else PaneState.CONNECTING
        return PaneLook(state=state, reason=expected.is_alone, since_s=(now_ns - expected.watched_ns) / NS_PER_S)
    return PaneLook(
        state=told.state, reason=told.reason, since_s=max(0, now_ns - told.since_ns) / NS_PER_S, fps=told.fps,
        codec=told.codec, width=told.width, height=told.height, latency_ms=told.latency_ms, attempt=told.attempt,
        next_try_s=max(0, told.next_try_ns - now_ns) / NS_PER_S if told.next_try_ns else 0.0,
    )  # fmt: skip


def _with_picture(made: PaneLook, seen: Seen | None, now_ns: int) -> PaneLook:
    if seen is None or not seen.sequence:
        return made
    keeps = STATES[made.state].keeps_picture or made.state is PaneState.CONNECTING
    return replace(
        made, sequence=seen.sequence, age_ms=max(0, now_ns - seen.arrived_ns) / 1e6,
        frame=seen.frame if keeps else None, frame_width=seen.width, frame_height=seen.height, stride=seen.stride,
    )  # fmt: skip


def _judged(made: PaneLook, late_ns: int, *, waited_ns: int) -> PaneLook:
    """Call late what waits too long for a picture, whatever its worker told: it may be hung itself."""
    is_late = made.state in PROMISES and made.age_ms * 1e6 > late_ns
    is_slow = made.state is PaneState.CONNECTING and waited_ns > late_ns
    if not is_late and not is_slow:
        return made
    reason = Reason(code="video.late" if is_late else "video.no_answer_yet")
    since_s = (made.age_ms * 1e6 if is_late else waited_ns) / NS_PER_S
    return replace(made, state=PaneState.LATE, reason=reason, since_s=since_s, fps=0.0, latency_ms=None)

"""Reading heartbeats strictly: no number gets through that ends who follows it."""

import math

from chengyun_core.model.clock import ClockLaw
from chengyun_core.wire import codec
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.envelope import Heartbeat

FARTHEST_NS = 2**62
"""As of source times in frames: differences of two times within it never overflow an int64."""
GREATEST_RATE = 1e6
"""Seven days in less than a second; a clock faster than that is a damaged number."""
GREATEST_LAW = 2**31
"""Laws are counted one by one, when somebody changes a setting."""


def read(data: bytes) -> Heartbeat:
    """Return the heartbeat; raise BadMessage for what is none, or holds a time, rate or gauge that cannot be meant.

    A single clock law with an infinite rate would end every process that follows it.
    """
    beat = codec.unpack(data, Heartbeat)
    if min(beat.epoch, beat.tail) < 0:
        raise _bad("epoch and tail count from 0")
    if not all(math.isfinite(value) for value in beat.gauges.values()):
        raise _bad("a gauge is no number")
    if not all(_is_time(time_ns) for time_ns in (beat.clock_ns, beat.sent_ns)):
        raise _bad("its times are none")
    if not _is_lawful(beat.law) or not _is_time(beat.law.profile_ns(beat.sent_ns)):
        raise _bad(f"no clock follows {beat.law}")
    return beat


def _is_lawful(law: ClockLaw) -> bool:
    anchored = _is_time(law.machine_anchor_ns) and _is_time(law.profile_anchor_ns)
    # 0: a clock that stands, as that of a paused drill does
    return anchored and 0 <= law.rate <= GREATEST_RATE and 0 <= law.epoch < GREATEST_LAW


def _is_time(time_ns: int) -> bool:
    return -FARTHEST_NS < time_ns < FARTHEST_NS


def _bad(reason: str) -> BadMessage:
    return BadMessage("wire.bad_message", record=Heartbeat.__name__, reason=reason)

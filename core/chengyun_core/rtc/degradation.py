"""What is given up first on a bad link (Y8): pictures by steps, sound never. A table and one function; no clock."""

from dataclasses import dataclass, replace
from enum import IntEnum


class Level(IntEnum):
    """What of our picture is sent; sound is sent at every level."""

    FULL = 0
    REDUCED = 1
    STILLS = 2
    SOUND_ONLY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One level and what drives from the level above down to it. Printed in docs/rooms.md."""

    width: int
    height: int
    fps: float
    loss: float
    """Share of packets that did not arrive, from which on."""
    round_trip_ms: float
    late_ms: float
    """How far our own machine is behind with sound: it is no use to encode pictures that take the voice's time."""


STEPS: dict[Level, Step] = {
    Level.FULL: Step(width=640, height=360, fps=15.0, loss=0.0, round_trip_ms=0.0, late_ms=0.0),
    Level.REDUCED: Step(width=320, height=180, fps=10.0, loss=0.03, round_trip_ms=300.0, late_ms=60.0),
    Level.STILLS: Step(width=320, height=180, fps=1.0, loss=0.08, round_trip_ms=600.0, late_ms=120.0),
    Level.SOUND_ONLY: Step(width=0, height=0, fps=0.0, loss=0.15, round_trip_ms=1200.0, late_ms=240.0),
}
"""Loss from which speech with Opus still is understood lies above all of these: it is the last that is touched."""
CALM_NS = 10 * 10**9
"""How long the link has to be better than the level it is on, before one level is given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it was judged last."""

    level: Level = Level.FULL
    calm_since_ns: int | None = None
    """Since when it would bear the level above, monotonic; None: it would not."""


def wanted(loss: float, round_trip_ms: float, late_ms: float) -> Level:
    """Return the level that figures ask for: the lowest one any of them drives to."""
    driven = [
        level for level, step in STEPS.items()
        if level is not Level.FULL
        and (loss >= step.loss or round_trip_ms >= step.round_trip_ms or late_ms >= step.late_ms)
    ]  # fmt: skip
    return max(driven, default=Level.FULL)


def judged(link: Link, loss: float, round_trip_ms: float, late_ms: float, now_ns: int) -> Link:
    """Return a link after a look at its figures: down at once, up by one level after ten calm seconds."""
    aim = wanted(loss, round_trip_ms, late_ms)
    if aim >= link.level:
        return Link(level=aim, calm_since_ns=None)
    since = now_ns if link.calm_since_ns is None else link.calm_since_ns
    if now_ns - since < CALM_NS:
        return replace(link, calm_since_ns=since)
    return Link(level=Level(link.level - 1), calm_since_ns=now_ns)

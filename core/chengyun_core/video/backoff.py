"""How long to wait before a stream is tried again, by what happened to it."""

import random

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.port import CAMERA_REFUSED_S, PaneState

PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
JITTER = 0.25
"""So much of a pause may be left out, by chance: a switch that comes back is not asked by all screens at once."""
UNSUPPORTED_S = 30.0
_UNSUPPORTED = frozenset({"video.no_video", "video.too_large", "video.no_interleaving"})


def state_after(failure: Refused | Trouble) -> PaneState:
    """Return what a pane is after a failed attempt."""
    if isinstance(failure, Trouble):
        return PaneState.DEAD
    return PaneState.UNSUPPORTED if failure.reason.code in _UNSUPPORTED else PaneState.REFUSED


def pause_s(failure: Refused | Trouble, attempt: int, chance: random.Random) -> float | None:
    """Return seconds until the next attempt; None: not before the source is another.

    Args:
        failure: of the last attempt.
        attempt: how many have failed since a connection was steady, this one included.
        chance: for the jitter.
    """
    if failure.reason.code.startswith("video.fence."):
        return None
    match state_after(failure):
        case PaneState.UNSUPPORTED:
            return UNSUPPORTED_S
        case PaneState.REFUSED:
            return CAMERA_REFUSED_S
        case _:
            pause = PAUSES_S[min(max(attempt, 1), len(PAUSES_S)) - 1]
            return pause * (1 - JITTER * chance.random())

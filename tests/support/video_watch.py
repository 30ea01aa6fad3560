"""Watches panes of a fleet as a screen does, and keeps what each said when."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chengyun_core.model.clock import ProfileClock
from chengyun_core.video.fence import DEMO_HOST, Fence
from chengyun_core.video.fleet import VideoFleet
from chengyun_core.video.port import PaneLook, PaneState, StreamSource
from chengyun_core.video.settings import VideoSettings

LOOK_EVERY_S = 0.02


@dataclass(slots=True)
class Said:
    """One pane's story: each change of state or reason with its time since the beginning, and the worst ages."""

    changes: list[tuple[float, PaneState, str]] = field(default_factory=list)
    oldest_ms: float = 0.0
    """Of a picture of a pane that was said to be live."""
    last: PaneLook | None = None

    def first(self, state: PaneState, after_s: float = 0.0) -> float:
        """Return when a state was said first."""
        return next(at for at, said, _ in self.changes if said is state and at >= after_s)

    def states(self) -> set[PaneState]:
        return {state for _, state, _ in self.changes}

    def reasons(self) -> set[str]:
        return {reason for _, _, reason in self.changes}


def source(name: str, **more: str) -> StreamSource:
    return StreamSource(code=name, address=f"rtsp://{DEMO_HOST}/cam/{name}", **more)


@contextmanager
def fleet_of(place: str, **more: object) -> Iterator[VideoFleet]:
    """Run a fleet that may reach one server."""
    settings = VideoSettings(demo_server=place, **more)  # type: ignore[arg-type]
    made = VideoFleet(Fence.of(settings), settings, ProfileClock())
    made.start()
    try:
        yield made
    finally:
        made.stop()


def watched(
    fleet: VideoFleet, panes: list[str], seconds: float, until: Callable[[dict[str, Said]], bool] | None = None
) -> dict[str, Said]:
    """Look at panes for so long, or until something holds."""
    begun = time.monotonic()
    told = {pane: Said() for pane in panes}
    while (at := time.monotonic() - begun) < seconds and not (until and until(told)):
        for pane, said in told.items():
            look = fleet.look(pane)
            reason = look.reason.code if look.reason else ""
            if not said.changes or said.changes[-1][1:] != (look.state, reason):
                said.changes.append((at, look.state, reason))
            if look.state is PaneState.LIVE:
                said.oldest_ms = max(said.oldest_ms, look.age_ms)
            said.last = look
        time.sleep(LOOK_EVERY_S)
    return told


def is_live(pane: str) -> Callable[[dict[str, Said]], bool]:
    def holds(told: dict[str, Said]) -> bool:
        return bool(told[pane].changes) and told[pane].changes[-1][1] is PaneState.LIVE

    return holds

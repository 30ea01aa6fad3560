"""Tells the centre how the cameras shown here look: what changed at once, all of it once a minute."""

from collections.abc import Mapping

from chengyun_console.desk import Desk
from chengyun_core.model.camera import CameraLook, CameraState
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.video.port import PaneLook, PaneState
from chengyun_core.wire.camera_asks import TellCameras

EVERY_S = 2.0
"""Changes are gathered so long: a camera that comes and goes ten times in a second is told once."""
AGAIN_S = 60.0
MOST = 64
"""Looks the centre takes in one message."""
_STATES = {
    PaneState.LIVE: CameraState.ONLINE, PaneState.LATE: CameraState.LATE, PaneState.FROZEN: CameraState.FROZEN,
    PaneState.BLACK: CameraState.BLACK, PaneState.DEAD: CameraState.DEAD, PaneState.RETRYING: CameraState.DEAD,
    PaneState.REFUSED: CameraState.REFUSED, PaneState.UNSUPPORTED: CameraState.UNSUPPORTED,
}  # fmt: skip
"""A first connection says nothing of a camera yet."""


class Telling:
    """What was told last, and when."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: dict[str, CameraState] = {}
        self._next_s = self._all_s = 0.0

    def is_due(self, now_s: float) -> bool:
        """Return whether it is time to look for what changed."""
        return now_s >= self._next_s

    def tell(self, looks: Mapping[str, PaneLook], now_s: float) -> None:
        """Tell what changed among the cameras shown (code → look); monotonic seconds."""
        self._next_s = now_s + EVERY_S
        if now_s >= self._all_s:
            self._all_s = now_s + AGAIN_S
            self._told = {}
        states = {code: _STATES[look.state] for code, look in looks.items() if look.state in _STATES}
        self._told = {code: state for code, state in self._told.items() if code in looks}
        changed = [code for code, state in states.items() if self._told.get(code) is not state][:MOST]
        if changed and self._desk.session.signed_on is not None:
            # The rest of more than one message's worth goes with the next.
            self._told |= {code: states[code] for code in changed}
            told = TellCameras(looks=tuple(self._look(code, looks[code], states[code]) for code in changed))
            self._desk.session.ask("camera.told", told, self._on_heard, slot="camera.told")

    def _look(self, code: str, look: PaneLook, state: CameraState) -> CameraLook:
        since = self._desk.now_ns() - int(look.since_s * NS_PER_S)
        reason = look.reason.code if look.reason is not None else ""
        return CameraLook(camera=code, state=state, reason=reason, since=since)

    def _on_heard(self, _told: object) -> None:
        """Nothing hangs on it: what the centre did not hear it hears within a minute."""

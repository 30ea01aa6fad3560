"""How the cameras are, as far as anybody looked: asked of the centre while a list of cameras is in front."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from chengyun_console.desk import Desk
from chengyun_core.model.camera import CameraLook, CameraState
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.wire.camera_asks import AskCameraHealth, CameraHealth

EVERY_MS = 20_000
COUNTS_NS = 24 * 3600 * NS_PER_S
"""A look that is older says nothing of how a camera is; as the centre counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What was seen last, by camera."""

    by_code: dict[str, CameraLook] = field(default_factory=dict)

    def of(self, code: str, now_ns: int) -> CameraLook | None:
        """Return the last look at a camera; None: nobody looked within a day."""
        look = self.by_code.get(code)
        return look if look is not None and look.told_at > now_ns - COUNTS_NS else None

    def online(self, codes: Iterable[str], now_ns: int) -> tuple[int, int]:
        """Return how many of some cameras were online, and how many were looked at."""
        looks = [look for code in codes if (look := self.of(code, now_ns)) is not None]
        return sum(look.state is CameraState.ONLINE for look in looks), len(looks)


class HealthWatch(QObject):
    """Asks when it is begun and again every twenty seconds until it is ended."""

    did_change = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.looks = Looks()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._ask)

    def begin(self) -> None:
        """Ask now, and go on asking."""
        self._timer.start()
        self._ask()

    def end(self) -> None:
        """Ask no more: nobody looks."""
        self._timer.stop()

    def _ask(self) -> None:
        if self._desk.session.signed_on is not None:
            self._desk.session.ask("camera.health", AskCameraHealth(), self._on_health, slot="camera.health")

    def _on_health(self, told: object) -> None:
        """What was known stays when nobody answers: every look carries its own time."""
        if isinstance(told, CameraHealth):
            looks = Looks(by_code={look.camera: look for look in told.looks})
            if looks != self.looks:
                self.looks = looks
                self.did_change.emit()

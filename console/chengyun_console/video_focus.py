"""Which camera keys are about at this desk, and the panes it is shown in."""

from PySide6.QtCore import QObject, Signal

from chengyun_console.actions.video_subject import VideoSubject
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.camera import Camera, CameraRound


class VideoFocus(QObject):
    """Written by the panes that were used last; read by actions and by pages that follow."""

    did_change = Signal()
    """Another camera is in focus, or none."""

    def __init__(self, facts: FactMirror) -> None:
        super().__init__()
        self._facts = facts
        self.camera: Camera | None = None
        self.cameras: tuple[str, ...] = ()
        """Codes of all that the panes page through."""
        self.grid = 4
        self.round: CameraRound | None = None
        """The round that runs in the panes."""

    def take(self, camera: Camera | None, cameras: tuple[str, ...], grid: int, running: CameraRound | None) -> None:
        """Put a camera in focus, with the panes it is in."""
        self.cameras, self.grid, self.round = cameras, grid, running
        if camera != self.camera:
            self.camera = camera
            self.did_change.emit()

    def subject(self, centre: str) -> VideoSubject:
        """Return what a deed is about now; `centre`: the own one."""
        lock = self._facts.cameras.locks.get(self.camera.code) if self.camera is not None else None
        return VideoSubject(
            camera=self.camera, lock=lock, cameras=self.cameras, grid=self.grid, round=self.round, centre=centre
        )  # fmt: skip

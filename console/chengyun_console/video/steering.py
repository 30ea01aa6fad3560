"""Moving a camera by keys (PTZ): taken from the centre first, given back at once, and who has it said by name."""

from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from chengyun_console.desk import Desk
from chengyun_console.video.pane_keys import DIGITS, DIRECTIONS, digit_of
from chengyun_core.model.camera import Camera, Preset, PtzLock, presets_of
from chengyun_core.model.camera_commands import GivePtz
from chengyun_core.model.failure import Reason
from chengyun_core.wire.camera_asks import AskPresets, MovePtz, Presets, PtzMoved, SendToPreset

REPEAT_MS = 200
"""A camera stops by itself 0.5 s after the last word: two of these may be lost on the way."""
_SPEED, _FAST = 0.4, 1.0
_Motion = tuple[float, float, float]
_STILL: _Motion = (0.0, 0.0, 0.0)
_SAME_KEYS = {int(Qt.Key.Key_Equal): int(Qt.Key.Key_Plus), int(Qt.Key.Key_Underscore): int(Qt.Key.Key_Minus)}
"""What one key is with and without Shift: let go of after Shift it has another name than when it was pressed."""


class Steering(QObject):
    """One camera at a time, for as long as the centre says it is ours."""

    did_change = Signal()
    """Taken, given back, or lost: the head says what keys mean now."""
    fault_came = Signal(object)
    """Reason: the camera, or the centre, did not do it."""
    keep_was_asked = Signal()
    """Where the camera looks is to become a position."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._camera: Camera | None = None
        self._wanted: Camera | None = None
        """The one whose movement was asked of the centre."""
        self.presets: tuple[Preset, ...] = ()
        """Positions it can be sent to: those of its row, and those it told of itself."""
        self._pressed: dict[int, _Motion] = {}
        self._is_fast = False
        self._told: _Motion = _STILL
        self._timer = QTimer(self, interval=REPEAT_MS)
        self._timer.timeout.connect(self._say)
        desk.session.facts_came.connect(self._on_facts)

    @property
    def is_held(self) -> bool:
        """Whether arrows move a camera now."""
        return self._camera is not None

    @property
    def camera(self) -> Camera | None:
        """Return the camera that is steered."""
        return self._camera

    def lock_of(self, code: str) -> PtzLock | None:
        """Return who moves a camera; None: nobody."""
        lock = self._desk.session.facts.cameras.locks.get(code)
        return lock if lock is not None and lock.ended_at is None else None

    def is_ours(self, code: str) -> bool:
        """Return whether this session moves a camera."""
        lock, own = self.lock_of(code), self._desk.session.signed_on
        return lock is not None and own is not None and (lock.account, lock.seat) == (own.account, own.seat)

    def want(self, camera: Camera) -> None:
        """Begin as soon as the centre says that this camera is ours."""
        self._wanted = camera

    def begin(self, camera: Camera) -> None:
        """Let keys move a camera that the centre has given us."""
        self._camera, self._wanted = camera, None
        self.presets = presets_of(camera)
        self._pressed.clear()
        self.ask_presets()
        self.did_change.emit()

    def give(self) -> bool:
        """Give the camera back, standing still; return whether there was one."""
        camera, self._wanted = self._camera, None
        if camera is None:
            return False
        self._stop()
        self._camera = None
        self._desk.session.send(GivePtz(camera=camera.code))
        self.did_change.emit()
        return True

    def ask_presets(self) -> None:
        """Ask the camera which positions it knows; until it answers those of its row are told."""
        if (camera := self._camera) is not None:
            answer = partial(self._on_presets, camera.code)
            self._desk.session.ask("ptz.presets", AskPresets(camera=camera.code), answer, slot="ptz.presets")

    def press(self, event: QKeyEvent) -> None:
        """Move for as long as the key is down; with Shift at full speed."""
        self._is_fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not event.isAutoRepeat():
            self._pressed[_key_of(event)] = DIRECTIONS[Qt.Key(event.key())]
            self._say()
            self._timer.start()

    def let_go(self, event: QKeyEvent) -> bool:
        """Stop what a key began; return whether it had begun something."""
        if event.isAutoRepeat():
            return _key_of(event) in self._pressed
        was = self._pressed.pop(_key_of(event), None) is not None
        if was:
            self._say()
            if not self._pressed:
                self._timer.stop()
        return was

    def stand_still(self) -> None:
        """Stop the camera and keep it: the keyboard went elsewhere, so nobody will tell that its keys are let go."""
        if self._pressed:
            self._stop()

    def send_to(self, event: QKeyEvent) -> None:
        """Send it to the position whose digit was pressed."""
        camera, digit = self._camera, digit_of(event)
        if camera is None or digit is None or event.isAutoRepeat():
            return
        ask = SendToPreset(camera=camera.code, preset=digit)
        self._desk.session.ask("ptz.preset", ask, self._on_moved, slot="ptz.preset")

    def head(self) -> str:
        """Return what keys do while a camera is steered; nothing while none is."""
        if self._camera is None:
            return ""
        presets = tuple(one for one in self.presets if one.number in DIGITS)
        code = "panes.steering_presets" if presets else "panes.steering"
        return self._desk.say(code, camera=self._camera.name, presets=self._written(presets))

    def note(self, code: str) -> str:
        """Return who moves a camera, for the foot of its pane; nothing when nobody does."""
        lock = self.lock_of(code)
        if lock is None:
            return ""
        if self.is_ours(code):
            return self._desk.say("panes.ptz_own")
        return self._desk.say("panes.ptz_of", name=lock.name, since=self._desk.figures.clock(lock.since))

    def _written(self, presets: tuple[Preset, ...]) -> str:
        between = self._desk.say("panes.presets_between")
        return between.join(self._desk.say("panes.preset", number=one.number, name=one.name) for one in presets)

    def _motion(self) -> _Motion:
        speed = _FAST if self._is_fast else _SPEED
        x, y, zoom = (
            speed * max(-1.0, min(1.0, sum(part))) for part in zip(_STILL, *self._pressed.values(), strict=True)
        )
        return x, y, zoom

    def _say(self) -> None:
        """Tell the camera how to move; standing still is said once."""
        camera, motion = self._camera, self._motion()
        if camera is None or (motion == self._told == _STILL):
            return
        self._told = motion
        ask = MovePtz(camera=camera.code, x=motion[0], y=motion[1], zoom=motion[2])
        self._desk.session.ask("ptz.move", ask, self._on_moved, slot="ptz.move")

    def _stop(self) -> None:
        self._pressed.clear()
        self._timer.stop()
        self._say()

    def _on_presets(self, code: str, told: object) -> None:
        """A camera that cannot be asked just now says so when it is moved; its row's positions stay."""
        if isinstance(told, Presets) and self._camera is not None and self._camera.code == code:
            self.presets = told.presets
            self.did_change.emit()

    def _on_moved(self, told: object) -> None:
        if isinstance(told, Reason):
            self.fault_came.emit(told)
        elif isinstance(told, PtzMoved) and told.fault:
            self.fault_came.emit(Reason(code=told.fault))

    def _on_facts(self, _news: object) -> None:
        """Begin when the camera became ours; stop when it is somebody else's, or went back by itself."""
        if self._wanted is not None and self.is_ours(self._wanted.code):
            self.begin(self._wanted)
        camera = self._camera
        if camera is not None and not self.is_ours(camera.code):
            self._pressed.clear()
            self._timer.stop()
            self._camera = None
            self.fault_came.emit(Reason(code="panes.ptz_lost", params={"camera": camera.name}))
            self.did_change.emit()


def _key_of(event: QKeyEvent) -> int:
    return _SAME_KEYS.get(event.key(), event.key())

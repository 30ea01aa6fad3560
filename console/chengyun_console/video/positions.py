"""P while a camera is steered: where it looks becomes one of its positions, with a digit and a name."""

from functools import partial

from PySide6.QtCore import QObject

from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_console.video.pane_keys import DIGITS
from chengyun_console.video.steering import Steering
from chengyun_core.model.camera import LONGEST_PRESET, Camera
from chengyun_core.model.failure import Reason
from chengyun_core.wire.camera_asks import PtzMoved, SendToPreset
from chengyun_widgets.toast import MessageTone


class PositionKeeper(QObject):
    """Made once by the room of cameras. The camera is asked through the centre, which writes it down first."""

    def __init__(self, desk: Desk, deeds: Deeds, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._deeds = desk, deeds

    def keep(self, steering: Steering) -> None:
        """Ask under which digit; what has a name already says which it would write over."""
        camera = steering.camera
        if camera is None:
            return
        known = {one.number: one.name for one in steering.presets}
        notes = [self._noted(number, known.get(number, "")) for number in DIGITS]
        asked = self._desk.say("panes.question.preset", camera=camera.name)
        self._deeds.ask(asked, notes, lambda at: self._name(steering, camera, DIGITS[at]))

    def _noted(self, number: int, name: str) -> str:
        code = "panes.preset_over" if name else "panes.preset_free"
        return self._desk.say(code, number=number, name=name)

    def _name(self, steering: Steering, camera: Camera, number: int) -> None:
        asked = self._desk.say("panes.question.preset_name", camera=camera.name, number=number)
        self._deeds.ask_text(
            asked, f"preset:{camera.code}:{number}", partial(self._send, steering, camera, number)
        )  # fmt: skip

    def _send(self, steering: Steering, camera: Camera, number: int, text: str) -> None:
        name = " ".join(text.split())
        if len(name) > LONGEST_PRESET:
            self._tell(MessageTone.REFUSED, "panes.preset_long", most=LONGEST_PRESET, length=len(name))
            return
        ask = SendToPreset(camera=camera.code, preset=number, keep=True, name=name)
        answer = partial(self._on_kept, steering, camera, number, name)
        self._desk.session.ask("ptz.preset", ask, answer, slot="ptz.keep")

    def _on_kept(self, steering: Steering, camera: Camera, number: int, name: str, told: object) -> None:
        if isinstance(told, PtzMoved):
            self._tell(MessageTone.DONE, "panes.preset_kept", camera=camera.name, number=number, name=name)
            steering.ask_presets()
        elif isinstance(told, Reason):
            self._deeds.tell(MessageTone.TROUBLE, self._desk.refusal(told))

    def _tell(self, tone: MessageTone, code: str, **params: object) -> None:
        self._deeds.tell(tone, self._desk.say(code, **params))

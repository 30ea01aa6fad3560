"""The map at another time (M5): facts are asked of the centre for it, and what cannot be shown is said."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.maps.scene import Scene, scene_then
from chengyun_console.session.background import Background
from chengyun_core.model.failure import Reason
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.drawing_asks import AskPast, PastFacts

ASK = "past.facts"


class PastKeeper(QObject):
    """One per map. While a time is being fetched the scene before it stays, and `is_waiting` says so."""

    did_change = Signal()

    def __init__(self, desk: Desk, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._slot = desk, f"{ASK}.{name}"
        self._background = Background(self)
        self.at_ns: int | None = None
        """The time that is wanted; None: now."""
        self.scene: Scene | None = None
        """What stood then, once it came."""
        self.begins_at = 0
        """Before this the journal holds nothing."""
        self.left_out = 0
        self.fault: Reason | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the scene shown is not that of the time wanted yet."""
        return self.at_ns is not None and (self.scene is None or self.scene.at_ns != self.at_ns) and self.fault is None

    def go_to(self, at_ns: int | None) -> None:
        """Want another time; None: now."""
        if at_ns == self.at_ns:
            return
        self.at_ns, self.fault = at_ns, None
        if at_ns is None:
            self.scene = None
        else:
            self._desk.session.ask(ASK, AskPast(at=at_ns), partial(self._on_facts, at_ns), slot=self._slot)
        self.did_change.emit()

    def _on_facts(self, at_ns: int, told: object) -> None:
        if at_ns != self.at_ns:
            return
        if isinstance(told, PastFacts):
            self.begins_at, self.left_out = told.begins_at, told.left_out
            self._background.run("scene", partial(_read, told, at_ns), partial(self._on_scene, at_ns))
        elif isinstance(told, Reason):
            self.fault = told
            self.did_change.emit()

    def _on_scene(self, at_ns: int, made: object) -> None:
        if at_ns != self.at_ns:
            return
        if isinstance(made, Scene):
            self.scene = made
        elif isinstance(made, Reason):
            self.fault = made
        self.did_change.emit()


def _read(told: PastFacts, at_ns: int) -> Scene | Reason:
    try:
        return scene_then(told, at_ns)
    except BadMessage as fault:
        return fault.reason

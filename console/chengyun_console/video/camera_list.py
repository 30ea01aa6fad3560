"""The cameras beside the panes: the nearest, the tree by place, what is typed, or the evidence that was kept."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.video.cameras import Spot
from chengyun_console.video.desk import VideoDesk
from chengyun_console.video.health import HealthWatch
from chengyun_console.wording.camera_rows import CameraRows
from chengyun_core.model.camera import Evidence
from chengyun_core.model.failure import Reason
from chengyun_core.wire.camera_asks import AskEvidence, EvidencePage
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.field import SearchField
from chengyun_widgets.presence import Presence

NEAREST = 16
WIDTH_PX = 320


class CameraList(QWidget):
    """Enter puts a camera into the current pane; on a place of the tree it shows all of its cameras."""

    camera_was_chosen = Signal(str)
    place_was_chosen = Signal(str)
    """Path of the tree."""
    evidence_was_chosen = Signal(object, object)
    """The Evidence, and the tuple of those listed."""
    was_left = Signal()

    def __init__(self, desk: Desk, video: VideoDesk) -> None:
        super().__init__()
        self._desk, self._video = desk, video
        self._rows = CameraRows(desk)
        self._health = HealthWatch(desk, self)
        self._spot: Spot | None = None
        self._open: set[str] = set()
        self._shown: tuple[str, ...] = ()
        self._evidence: tuple[Evidence, ...] | None = None
        """What is listed in place of cameras; None: cameras are."""
        self.field = SearchField(desk.theme, desk.say("panes.search_hint"), "S")
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("panes.list"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        self.setFixedWidth(WIDTH_PX)
        self.field.search_did_change.connect(self._on_typed)
        self.field.was_submitted.connect(self._on_submitted)
        self.field.row_was_asked.connect(self._on_row_asked)
        self.field.was_left.connect(self.was_left)
        self.list.row_was_opened.connect(self._on_opened)
        self.list.fold_was_asked.connect(self._on_fold)
        video.book_did_change.connect(self.refresh)
        self._health.did_change.connect(self.refresh)

    def show_spot(self, spot: Spot | None) -> None:
        """List the cameras nearest to a spot before the tree."""
        self._spot, self._evidence = spot, None
        self._video.spell()
        self.refresh()

    def show_panes(self, shown: tuple[str, ...]) -> None:
        """Say at each camera in which pane it is shown."""
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def ask_evidence(self) -> None:
        """List what was kept of what is in focus; asked for a second time, cameras are listed again."""
        if self._evidence is not None:
            self._evidence = None
            self.refresh()
            return
        spot, focus = self._spot, self._desk.event_focus
        event = spot.event if spot is not None else focus.number
        alarm = spot.alarm if spot is not None else None
        camera = self._desk.video_focus.camera
        ask = AskEvidence(event=event, alarm=alarm, camera="" if event or alarm or camera is None else camera.code)
        self._evidence = ()
        self.list.set_rows([])
        self.list.show_notice(Presence.EMPTY, self._desk.say("panes.asking_evidence"))
        self._desk.session.ask("evidence.page", ask, self._on_evidence, slot="evidence.page")

    def step_back(self) -> bool:
        """Leave the nearest thing while the keyboard is here: the text, the evidence, the list itself."""
        if not (self.field.hasFocus() or self.list.hasFocus()):
            return False
        if self.field.text():
            self.field.clear()
        elif self._evidence is not None:
            self._evidence = None
            self.refresh()
        else:
            self.was_left.emit()
        return True

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._health.begin()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._health.end()
        super().hideEvent(event)

    def refresh(self) -> None:
        """List again: cameras, words or the evidence are other ones."""
        book = self._video.book
        self._rows.looks = self._health.looks
        if self._evidence is not None:
            rows = self._rows.evidence(self._evidence)
            empty = self._desk.say("panes.no_evidence")
        elif book is None:
            rows, empty = [], self._desk.say("panes.none")
        elif text := self.field.text().strip():
            rows, empty = self._rows.found(book, text, self._shown), self._desk.say("panes.not_found")
        else:
            near = book.nearest(self._spot, NEAREST) if self._spot is not None else ()
            rows, empty = self._rows.tree(book, near, self._open, self._shown), self._desk.say("panes.none")
        self.list.set_rows(rows)
        self.list.show_notice(Presence.EMPTY if not rows else Presence.FRESH, "" if rows else empty)

    def _on_evidence(self, told: object) -> None:
        if self._evidence is None:
            return
        if isinstance(told, EvidencePage):
            self._evidence = told.evidence
            self.refresh()
            self.list.setFocus()
        elif isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))

    def _on_typed(self, _text: str) -> None:
        self._evidence = None
        self.refresh()

    def _on_submitted(self, _text: str) -> None:
        rows = self.list.rows()
        if rows:
            self._on_opened(self.list.current_key() or rows[0].key)

    def _on_row_asked(self, step: int) -> None:
        keys = [row.key for row in self.list.rows() if not row.is_heading]
        if keys:
            current = self.list.current_key()
            at = keys.index(current) + step if current in keys else 0
            self.list.select(keys[max(0, min(len(keys) - 1, at))])

    def _on_opened(self, key: str) -> None:
        kind, _, what = key.partition(":")
        if kind in ("near", "cam"):
            self.camera_was_chosen.emit(what)
        elif kind == "path":
            self.place_was_chosen.emit(what)
        elif kind == "evidence" and self._evidence:
            chosen = next((row for row in self._evidence if str(row.number) == what), None)
            if chosen is not None:
                self.evidence_was_chosen.emit(chosen, self._evidence)

    def _on_fold(self, key: str, is_open: bool) -> None:
        path = key.partition(":")[2]
        (self._open.add if is_open else self._open.discard)(path)
        self.refresh()

"""The sheet of cameras over a page: panes at the left, the nearest cameras, the tree or the evidence at the right."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.shell.overlay import Overlay
from chengyun_console.video.area import VideoArea
from chengyun_console.video.camera_list import CameraList
from chengyun_console.video.cameras import Spot
from chengyun_console.video.panes import VideoPanes
from chengyun_core.model.camera import Evidence
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.presence import Presence

CLOSE = "back"
DEEDS = ("video.grab", "video.clip", "video.evidence", "video.consult", CLOSE)
"""Actions of the head's buttons: who has the mouse in his hand keeps what he sees, too."""
_KEYS = {"Escape": "Esc"}
_MARGIN_PX = SPACE_PX * 2


class VideoSheet(Overlay):
    """`V` on an alarm or an event: the nearest cameras in one key. Esc leaves the nearest thing, at last the sheet."""

    evidence_was_opened = Signal(object, object)
    """The Evidence, and the tuple of those listed with it."""

    def __init__(self, desk: Desk, parent: QWidget, slot: str = "sheet") -> None:
        super().__init__(desk.theme, desk.say("panes.sheet"), "", parent)
        self._desk, self._is_full = desk, False
        video = desk.video.of(desk)
        self.panes, self.list = VideoPanes(desk, video, slot), CameraList(desk, video)
        body = VideoArea()
        row = QHBoxLayout(body)
        row.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, SPACE_PX)
        row.setSpacing(_MARGIN_PX)
        row.addWidget(self.panes, 1)
        row.addWidget(self.list)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.cover()
        for name in DEEDS:
            self._add_button(name)
        self.panes.did_change.connect(self._show_head)
        self.list.camera_was_chosen.connect(self._put)
        self.list.place_was_chosen.connect(self._show_place)
        self.list.evidence_was_chosen.connect(self.evidence_was_opened)
        self.list.was_left.connect(self.panes.grid.setFocus)

    def open_at(self, spot: Spot | None, area: QRect) -> None:
        """Show the cameras nearest to a spot; None: the tree of all, the panes as they were."""
        self.set_title(self._desk.say("panes.sheet_at", title=spot.title) if spot is not None else
                       self._desk.say("panes.sheet"))  # fmt: skip
        self._is_full = False
        self.list.show()
        self.open_over(area)
        if spot is not None:
            self.panes.follow(spot)
        self.list.show_spot(spot if spot is not None else self.panes.spot)
        (self.panes.grid if spot is not None else self.list.field).setFocus()

    def open_full(self, panes: VideoPanes, area: QRect) -> None:
        """Show the current camera of other panes as large as the page; Esc goes back to them."""
        camera = panes.camera()
        self.set_title(self._desk.say("panes.sheet_named", title=camera.name) if camera is not None else
                       self._desk.say("panes.sheet"))  # fmt: skip
        self._is_full = True
        self.list.hide()
        self.open_over(area)
        self.panes.show_like(panes)
        self.panes.grid.setFocus()

    def choose(self) -> None:
        """S: go to the list of cameras, or back to the panes."""
        self.list.show()
        if any(one.hasFocus() for one in (self.list.field, self.list.list)):
            self.panes.grid.setFocus()
        else:
            self.list.field.setFocus()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(area.adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX))

    @override
    def close_over(self) -> bool:
        steps = (self.panes.steering.give,) if self._is_full else (self.list.step_back, self.panes.step_back)
        if self.isVisible() and any(step() for step in steps):
            return True
        self.panes.rounds.stop()
        return super().close_over()

    @override
    def give_way(self) -> None:
        self.panes.steering.give()
        self.panes.rounds.stop()
        super().close_over()

    @override
    def carried(self) -> object:
        return (self.panes.spot, self.panes.cameras, self.panes.grid.count) if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        match kept:
            case (Spot() | None as spot, tuple(cameras), int(count)):
                self.panes.show_count(count)
                self.open_at(spot, self.window().rect())
                self.panes.cameras = cameras
                self.panes.sync()

    def _add_button(self, name: str) -> None:
        action = BY_ID[name]
        button = self.add_action(name, f"{_KEYS.get(action.keys[0], action.keys[0])} {self._desk.say(action.title)}")
        # A click leaves the keyboard in the panes: letters are about them.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _put(self, code: str) -> None:
        """Show a camera in the current pane; the next one chosen goes into the next pane."""
        self.panes.put(code)
        self.panes.grid.set_current((self.panes.grid.current + 1) % self.panes.grid.count)

    def _show_place(self, path: str) -> None:
        book = self._desk.video.of(self._desk).book
        if book is not None:
            self.panes.show_cameras(tuple(camera.code for camera in book.beneath(path)))
            self.panes.grid.setFocus()

    def _show_head(self) -> None:
        running = self.panes.rounds.running
        if running is not None:
            self.set_title(self._desk.say("panes.sheet_named", title=running.name))
        self.set_note(self.panes.head("panes.sheet_head"))
        self.list.show_panes(self.panes.shown())


def attachment_name(desk: Desk, kept: Evidence) -> str:
    """Return what a kept picture or clip is called as a file."""
    return desk.say(f"panes.file.{kept.kind.value}", camera=kept.camera)

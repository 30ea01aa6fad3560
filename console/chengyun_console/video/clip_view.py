"""A kept clip on the screen: its picture, a line of its time, and what the keys do."""

from collections.abc import Callable
from enum import Enum
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.video.clip_player import JUMP_S, ClipPlayer, MakeViewer
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.video.clip_orders import PictureShown
from chengyun_core.video.clip_viewer import ClipViewer
from chengyun_resources.theme.tokens import SPACE_PX, TypeSize
from chengyun_widgets.picture_view import PictureView
from chengyun_widgets.time_slider import SliderRecord, TimeSlider

_SETTLE_MS = 80
_STEP_NS = NS_PER_S // 10
_TICKS = 5


class _Deed(Enum):
    PLAY = "play"
    ON = "on"
    BACK = "back"
    FAR_ON = "far_on"
    FAR_BACK = "far_back"
    BEGIN = "begin"
    END = "end"


_PLAIN = {
    Qt.Key.Key_Space: _Deed.PLAY, Qt.Key.Key_Period: _Deed.ON, Qt.Key.Key_Comma: _Deed.BACK,
    Qt.Key.Key_Home: _Deed.BEGIN, Qt.Key.Key_End: _Deed.END,
}  # fmt: skip
_SHIFTED = {Qt.Key.Key_Right: _Deed.FAR_ON, Qt.Key.Key_Left: _Deed.FAR_BACK}


class ClipView(QWidget):
    """Space plays and rests, comma and full stop go by single pictures, Shift with the arrows by five seconds."""

    did_fail = Signal(object)
    """Reason; the view says it, too."""

    def __init__(self, desk: Desk, make_viewer: MakeViewer = ClipViewer) -> None:
        super().__init__()
        self._desk, self._begins_at = desk, 0
        self.player = ClipPlayer(desk.session.clock, self, make_viewer)
        self.picture, self.line = PictureView(desk.theme), TimeSlider(desk.theme)
        self.words = Lettered(desk.theme, TypeSize.BODY)
        # Keys are the view's: the line is for the mouse.
        for part in (self.picture, self.line):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(desk.say("clips.view"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.picture, 1)
        column.addWidget(self.line)
        column.addWidget(self.words)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._fit)
        self.player.did_open.connect(self._show_words)
        self.player.did_change.connect(self._show_words)
        self.player.picture_came.connect(self._on_picture)
        self.player.did_fail.connect(self._on_failed)
        self.line.time_was_chosen.connect(self._on_time)

    def open(self, data: bytes, media: str, begins_at: int) -> None:
        """Show a clip's first picture; `begins_at`: profile ns UTC when it was taken, 0: not known."""
        self._begins_at = begins_at
        self.picture.show_picture(None, self._desk.say("clips.opening"))
        self.words.show_text("")
        self.line.hide()
        self.player.open(data, media, self._room())

    @override
    def event(self, event: QEvent) -> bool:
        # A key of some page's is ours while a clip has the keyboard.
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _deed(event) is not None:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._do(event):
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks at it: the process that reads it ends."""
        self.player.stop()
        super().hideEvent(event)

    def _do(self, event: QKeyEvent) -> bool:
        player, deed = self.player, _deed(event)
        ways: dict[_Deed, Callable[[], None]] = {
            _Deed.PLAY: player.toggle, _Deed.ON: partial(player.step, 1), _Deed.BACK: partial(player.step, -1),
            _Deed.FAR_ON: partial(player.jump, JUMP_S), _Deed.FAR_BACK: partial(player.jump, -JUMP_S),
            _Deed.BEGIN: partial(player.show_time, 0.0), _Deed.END: lambda: player.show_time(player.lasts_s),
        }  # fmt: skip
        if deed is None:
            return False
        if deed is not _Deed.PLAY or not event.isAutoRepeat():
            ways[deed]()
        return True

    def _room(self) -> tuple[int, int]:
        ratio, inner = self.devicePixelRatioF(), self.picture.size()
        return max(16, round((inner.width() - 2 * SPACE_PX) * ratio)), max(
            16, round((inner.height() - 2 * SPACE_PX) * ratio)
        )

    def _fit(self) -> None:
        self.player.resize(self._room())

    def _on_time(self, at_ns: object) -> None:
        self.player.show_time(at_ns / NS_PER_S if isinstance(at_ns, int) else self.player.lasts_s)

    def _on_picture(self, shown: object) -> None:
        assert isinstance(shown, PictureShown)
        image = QImage(shown.data, shown.width, shown.height, shown.stride, QImage.Format.Format_RGB32).copy()
        self.picture.show_picture(image, self.words.text())

    def _on_failed(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self.picture.show_picture(None, self._desk.refusal(reason))
        self.words.show_text("")
        self.line.hide()
        self.did_fail.emit(reason)

    def _show_words(self) -> None:
        player, say, figures = self.player, self._desk.say, self._desk.figures
        if player.clip is None:
            return
        told = {
            "at": figures.short_duration(player.at_s), "lasts": figures.short_duration(player.lasts_s),
            "picture": player.at + 1, "pictures": len(player.clip.times_s), "lines": player.clip.height,
        }  # fmt: skip
        told["clock"] = self._clock(player.at_s)
        self.words.show_text(say("clips.playing" if player.is_playing else "clips.resting", **told))
        self.line.show_record(self._line_of(player.at_s, player.lasts_s))
        self.line.setVisible(player.lasts_s > 0.0)

    def _clock(self, at_s: float) -> str:
        """Return when the picture was taken; nothing when nobody knows."""
        if not self._begins_at:
            return self._desk.say("clips.no_clock")
        return self._desk.figures.stamp(self._begins_at + round(at_s * NS_PER_S))

    def _line_of(self, at_s: float, lasts_s: float) -> SliderRecord:
        figures, end = self._desk.figures, max(1, round(lasts_s * NS_PER_S))
        ticks = tuple(
            (end * tick // (_TICKS - 1), figures.short_duration(lasts_s * tick / (_TICKS - 1)))
            for tick in range(_TICKS)
        )  # fmt: skip
        at = min(end, round(at_s * NS_PER_S))
        return SliderRecord(end_ns=end, at_ns=at, step_ns=_STEP_NS, text=figures.short_duration(at_s), ticks=ticks)


def _deed(event: QKeyEvent) -> _Deed | None:
    """Return what a key asks of a clip; None: it is not the clip's."""
    key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if modifiers == Qt.KeyboardModifier.ShiftModifier:
        return _SHIFTED.get(key)
    return _PLAIN.get(key) if modifiers == Qt.KeyboardModifier.NoModifier else None

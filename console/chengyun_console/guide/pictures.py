"""The handbook's pictures: how large they stand in the pane at once, and what is on them once a thread has read it."""

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from chengyun_console.session.background import Background
from chengyun_resources import handbook

WIDEST_PX = 1_200
"""No picture stands wider than it was taken: letters would blur."""


class Pictures(QObject):
    """Reads and scales off the window's thread: fifteen pictures take longer than a frame may."""

    came = Signal(str)
    """A picture that was asked for can be painted: its address."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._ready: dict[str, QImage] = {}
        self._asked: set[str] = set()

    def forget(self) -> None:
        """Another chapter, or another width: what was made is not needed any more."""
        self._ready.clear()
        self._asked.clear()

    def image(self, address: str, ratio: float) -> QImage | None:
        """Return what `name@width` shows, None while it is being made; `ratio` is the screen's pixels for one of ours.

        Raises:
            FileNotFoundError: the handbook has no such picture.
        """
        if address not in self._asked:
            self._asked.add(address)
            name, _, width = address.partition("@")
            file, wide = str(handbook.picture(name)), round(int(width) * ratio)
            self._background.run(address, lambda: _read(file, wide, ratio), lambda made: self._keep(address, made))
        return self._ready.get(address)

    def _keep(self, address: str, made: object) -> None:
        if address in self._asked and isinstance(made, QImage):
            self._ready[address] = made
            self.came.emit(address)


def placed(name: str, pane_px: int) -> QSize:
    """Return how large a picture stands in a pane of this width; reads its file's head alone.

    Raises:
        FileNotFoundError: the handbook has no such picture.
    """
    whole = QImageReader(str(handbook.picture(name))).size()
    width = max(1, min(pane_px, whole.width(), WIDEST_PX))
    return QSize(width, max(1, round(whole.height() * width / max(1, whole.width()))))


def _read(file: str, width: int, ratio: float) -> QImage:
    whole = QImage(file)
    if whole.width() != width:
        whole = whole.convertToFormat(QImage.Format.Format_RGB32)
        whole = whole.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    whole.setDevicePixelRatio(ratio)
    return whole

"""One camera's picture with its name, its figures and, when it is not live, the word and the age that say so."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, Opacity, TypeSize
from chengyun_widgets.lettering import CENTRE, text_width, write, write_lines
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme
from chengyun_widgets.video.record import BELOW_PICTURE, GREYED, PaneRecord, PaneTone, Pixels, Reader
from chengyun_widgets.video.sign import SIGN_PX, paint_sign

_LINE_PX = 20
_FLASH_S = 0.35
_BYTES_PER_PIXEL = 4
_ROOM_FOR_FOOT_PX = 72
"""A lower pane has its name and, when it is not live, its notice; figures have no room there."""


class VideoPane(Painted):
    """A function of its record and of the picture `read` finds in the paint. Holds no picture but a greyed last one."""

    def __init__(self, theme: Theme, read: Reader, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._read = read
        self._record = PaneRecord()
        self._last: QImage | None = None
        self._is_current = self._is_held = False
        self._flash_ends: float | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def record(self) -> PaneRecord:
        """Return what is shown."""
        return self._record

    def show_record(self, record: PaneRecord) -> None:
        """Show other words; painted only when something differs."""
        if record == self._record:
            return
        if record.tone not in GREYED or record.title != self._record.title:
            self._last = None
        self._record = record
        self.setAccessibleName(record.spoken or f"{record.title} {record.notice}".strip())
        self.update()

    def frame_came(self) -> None:
        """Paint the newest picture; a pane that says its picture is old goes on saying so until its record changes."""
        if self._record.tone not in GREYED:
            self.update()

    def set_current(self, *, current: bool, held: bool = False) -> None:
        """Give it the teal frame, a strong one where the grid has the keyboard."""
        if (current, held) != (self._is_current, self._is_held):
            self._is_current, self._is_held = current, held
            self.update()

    def flash(self, now_s: float) -> None:
        """Let the frame light up: what is on the picture was taken as evidence."""
        self._flash_ends = now_s + _FLASH_S
        self.update()

    def tick(self, now_s: float) -> None:
        """Let a flash end (monotonic seconds)."""
        if self._flash_ends is not None and now_s >= self._flash_ends:
            self._flash_ends = None
            self.update()

    def wanted_px(self) -> tuple[int, int]:
        """Return width and height of the picture this pane has room for, in px of the screen."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, 270)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(96, 54)

    @override
    def paint(self, painter: QPainter) -> None:
        self._paint_picture(painter)
        self._paint_words(painter)
        self._paint_frame(painter)

    def _paint_picture(self, painter: QPainter) -> None:
        """Paint picture and ground; the shared bytes are let go before this returns."""
        room, tone = QRectF(self.rect()), self._record.tone
        if tone in GREYED:
            self._paint_last(painter, room)
            return
        pixels = _sound(self._read()) if tone in (PaneTone.LIVE, PaneTone.DARK) else None
        if pixels is None:
            painter.fillRect(room, self.theme.colour(Colour.VIDEO_GROUND))
            return
        self._paint_image(painter, room, _over(pixels))

    def _paint_last(self, painter: QPainter, room: QRectF) -> None:
        if self._last is None:
            self._last = _grey_copy(self._read)
        if self._last is None:
            painter.fillRect(room, self.theme.colour(Colour.VIDEO_GROUND))
            return
        self._paint_image(painter, room, self._last)
        painter.fillRect(room, self.theme.colour(Colour.VIDEO_GROUND, Opacity.VIDEO_VEIL))

    def _paint_image(self, painter: QPainter, room: QRectF, image: QImage) -> None:
        """Paint a picture whole, with its own proportions: what is cut off or stretched is no evidence."""
        ratio = self.devicePixelRatioF()
        size = QSizeF(image.width() / ratio, image.height() / ratio)
        if abs(size.width() - room.width()) > 1.0 or abs(size.height() - room.height()) > 1.0:
            size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(QPointF((room.width() - size.width()) / 2, (room.height() - size.height()) / 2), size)
        if target.width() < room.width() - 0.5 or target.height() < room.height() - 0.5:
            painter.fillRect(room, self.theme.colour(Colour.VIDEO_GROUND))
        painter.drawImage(target, image)

    def _paint_words(self, painter: QPainter) -> None:
        record, theme = self._record, self.theme
        room = QRectF(self.rect()).adjusted(SPACE_PX, SPACE_PX, -SPACE_PX, -SPACE_PX)
        head = QRectF(room.x(), room.y(), room.width(), _LINE_PX)
        self._plate(painter, head, record.title, theme.colour(Colour.VIDEO_TEXT), is_right=False)
        if record.notice:
            self._paint_notice(painter, room)
        if room.height() < _ROOM_FOR_FOOT_PX:
            return
        foot = QRectF(room.x(), room.bottom() - _LINE_PX, room.width(), _LINE_PX)
        second = theme.colour(Colour.VIDEO_TEXT_SECOND)
        taken = self._plate(painter, foot, record.foot, second, is_right=False)
        self._plate(painter, foot.adjusted(taken + SPACE_PX, 0, 0, 0), record.note, second, is_right=True)

    def _plate(self, painter: QPainter, line: QRectF, text: str, ink: QColor, *, is_right: bool) -> float:
        """Write a line on a plate of its own width; returns the width the plate took."""
        if not text or line.width() <= SPACE_PX * 2:
            return 0.0
        font = self.theme.font(TypeSize.SMALL)
        width = min(text_width(font, text) + SPACE_PX * 2, line.width())
        plate = QRectF(line.right() - width if is_right else line.x(), line.y(), width, line.height())
        painter.fillRect(plate, self.theme.colour(Colour.VIDEO_GROUND, Opacity.VIDEO_PLATE))
        write(painter, plate.adjusted(SPACE_PX, 0, -SPACE_PX + 1, 0), text, font, ink)
        return width

    def _paint_notice(self, painter: QPainter, room: QRectF) -> None:
        """Write the notice in the middle with its sign; inverse over a picture that must not be believed."""
        record, font = self._record, self.theme.font(TypeSize.LEAD)
        is_inverse = record.tone in BELOW_PICTURE
        if not is_inverse and text_width(font, record.notice) > room.width() - SIGN_PX - SPACE_PX * 7:
            self._paint_sentence(painter, room)
            return
        ink = self.theme.colour(Colour.VIDEO_GROUND if is_inverse else Colour.VIDEO_TEXT_SECOND)
        width = min(text_width(font, record.notice) + SIGN_PX + SPACE_PX * 7, room.width())
        box = QRectF(room.center().x() - width / 2, room.center().y() - _LINE_PX * 0.75, width, _LINE_PX * 1.5)
        if is_inverse:
            painter.fillRect(box, self.theme.colour(Colour.VIDEO_TEXT))
        sign = QRectF(box.x() + SPACE_PX * 2, box.center().y() - SIGN_PX / 2, SIGN_PX, SIGN_PX)
        paint_sign(painter, sign, record.tone, ink)
        words = QRectF(sign.right() + SPACE_PX * 2, box.y(), box.right() - sign.right() - SPACE_PX * 4, box.height())
        write(painter, words, record.notice, font, ink, CENTRE)

    def _paint_sentence(self, painter: QPainter, room: QRectF) -> None:
        """Write why there is no picture in as many small lines as it takes: it says what to do."""
        font, ink = self.theme.font(TypeSize.SMALL), self.theme.colour(Colour.VIDEO_TEXT_SECOND)
        box = room.adjusted(SIGN_PX + SPACE_PX * 5, _LINE_PX, -SPACE_PX * 3, -_LINE_PX)
        sign = QRectF(room.x() + SPACE_PX * 2, box.center().y() - SIGN_PX / 2, SIGN_PX, SIGN_PX)
        paint_sign(painter, sign, self._record.tone, ink)
        write_lines(painter, box, self._record.notice, font, ink)

    def _paint_frame(self, painter: QPainter) -> None:
        if self._flash_ends is not None:
            token, width = Colour.VIDEO_TEXT, 4.0
        elif self._is_current:
            token, width = Colour.ACCENT, 2.0 if self._is_held else 1.0
        else:
            return
        painter.setPen(QPen(self.theme.colour(token), width, j=Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS_PX / 2, RADIUS_PX / 2
        )


def _sound(pixels: Pixels | None) -> Pixels | None:
    """Return the picture when all its rows are in the bytes given: Qt reads what it is told to, be it there or not."""
    if pixels is None or pixels.width <= 0 or pixels.height <= 0:
        return None
    is_there = pixels.stride >= pixels.width * _BYTES_PER_PIXEL and pixels.data.nbytes >= pixels.stride * pixels.height
    return pixels if is_there else None


def _over(pixels: Pixels) -> QImage:
    """Return an image that reads the shared bytes themselves; it must not outlive the paint."""
    return QImage(pixels.data, pixels.width, pixels.height, pixels.stride, QImage.Format.Format_RGB32)


def _grey_copy(read: Reader) -> QImage | None:
    """Return a grey copy of our own; None without a picture. One that was written meanwhile is read once more."""
    grey: QImage | None = None
    for _attempt in range(2):
        pixels = _sound(read())
        if pixels is None:
            break
        grey = _over(pixels).convertToFormat(QImage.Format.Format_Grayscale8)
        if pixels.is_whole():
            break
    return grey

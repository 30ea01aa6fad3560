"""Decodes pictures of strangers: few formats, bounded sizes, never by their names; on any thread (RS6)."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

FORMATS = {
    "image/png": b"png", "image/jpeg": b"jpeg", "image/gif": b"gif", "image/bmp": b"bmp", "image/webp": b"webp",
}  # fmt: skip
"""Media type as the centre found it in the content → the one decoder that is asked; no other may look at it."""
MOST_PIXELS = 120_000_000
"""Of a picture as it says itself; a small file can claim any size (decompression bombs)."""
LARGEST = 32 * 2**20
"""Bytes of a picture that is looked at here; larger ones are saved and looked at elsewhere."""


def decoded(data: bytes, media: str, room: QSize) -> QImage | None:
    """Return a picture no larger than `room` (px), upright; None when it is none, is damaged, or claims too much."""
    form = FORMATS.get(media)
    if form is None or len(data) > LARGEST or room.isEmpty():
        return None
    bytes_ = QByteArray(data)
    buffer = QBuffer(bytes_)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(form))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    if size.width() > room.width() or size.height() > room.height():
        reader.setScaledSize(_within(size, room))
    image = reader.read()
    return None if image.isNull() else _fitted(image, room)


def _within(size: QSize, room: QSize) -> QSize:
    """Leave room for a turn by a quarter: EXIF is applied after scaling. No side becomes nothing."""
    longest = max(room.width(), room.height())
    scaled = size.scaled(QSize(longest, longest), Qt.AspectRatioMode.KeepAspectRatio)
    return QSize(max(1, scaled.width()), max(1, scaled.height()))


def _fitted(image: QImage, room: QSize) -> QImage:
    if image.width() <= room.width() and image.height() <= room.height():
        return image
    return image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)

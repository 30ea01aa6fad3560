"""What was dropped or pasted as files: paths on this machine, or a picture from the clipboard that becomes one."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from chengyun_core.model.failure import Reason

MOST = 20
"""Files taken at once; who drops a folder's worth by mistake is asked to choose."""
MOST_PIXELS = 64_000_000


def has_files(mime: QMimeData | None) -> bool:
    """Return whether there is something in it that could be kept."""
    return mime is not None and (bool(paths_in(mime)) or mime.hasImage())


def paths_in(mime: QMimeData) -> list[Path]:
    """Return the files on this machine; links to elsewhere are none."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def picture_in(mime: QMimeData) -> QImage | None:
    """Return the picture itself, where no file is named."""
    image = mime.imageData() if mime.hasImage() and not mime.hasUrls() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def written(image: QImage, path: Path) -> Callable[[], object]:
    """Return a job that writes a picture as PNG, for this user alone, and answers the path or the Reason why not."""

    def job() -> object:
        if image.width() * image.height() > MOST_PIXELS:
            sides = {"width": str(image.width()), "height": str(image.height())}
            return Reason(code="upload.picture_too_large", params=sides)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(buffer.data().data())
        except OSError as fault:
            return Reason(code="upload.unreadable", params={"file": path.name, "fault": str(fault)})
        return path

    return job

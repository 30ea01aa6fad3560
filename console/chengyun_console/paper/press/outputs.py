"""Paints set pages into a PDF, into pictures, or onto a printer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QByteArray, QFile, QIODevice, QMarginsF, QSize
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from chengyun_console.paper.press.searchable import findable
from chengyun_console.paper.press.setting import Pages
from chengyun_console.paper.press.sheets import DOTS_PER_INCH
from chengyun_core.model.failure import Trouble

PICTURE_SCALE = 2
"""192 dots per inch."""
PDF_DOTS = 1200
Progress = Callable[[int, int], None]


def write_pdf(pages: Pages, file: Path, title: str, progress: Progress) -> None:
    """Write all pages as one PDF with its fonts inside.

    Raises:
        OSError: the disk refused; its errno is that of the system where Qt tells it.
    """
    device = QFile(str(file))
    if not device.open(QIODevice.OpenModeFlag.WriteOnly | QIODevice.OpenModeFlag.NewOnly):
        _raise(file)
    writer = QPdfWriter(device)
    writer.setResolution(PDF_DOTS)
    writer.setPageLayout(_layout(pages))
    writer.setTitle(title)
    painter = QPainter(writer)
    with _ended_if_broken_off(painter):
        for at in range(len(pages.pages)):
            if at:
                writer.newPage()
            _paint(painter, pages, at, PDF_DOTS / DOTS_PER_INCH)
            progress(at + 1, len(pages.pages))
    ended = painter.end()
    is_whole = device.flush() and device.error() is QFile.FileError.NoError
    device.close()
    if not ended or not is_whole:
        _raise(file)
    with file.open("r+b") as made:
        whole = findable(made.read())
        made.seek(0)
        made.write(whole)


def write_pictures(pages: Pages, files: tuple[Path, ...], progress: Progress) -> None:
    """Write each page as one PNG.

    Raises:
        OSError: the disk refused.
    """
    size = QSize(round(pages.paper.width * PICTURE_SCALE), round(pages.paper.height * PICTURE_SCALE))
    for at, file in enumerate(files):
        picture = QImage(size, QImage.Format.Format_RGB32)
        picture.setDotsPerMeterX(round(DOTS_PER_INCH * PICTURE_SCALE / 0.0254))
        picture.setDotsPerMeterY(round(DOTS_PER_INCH * PICTURE_SCALE / 0.0254))
        painter = QPainter(picture)
        with _ended_if_broken_off(painter):
            _paint(painter, pages, at, PICTURE_SCALE)
        painter.end()
        if not QImageWriter(str(file), QByteArray(b"png")).write(picture):
            _raise(file)
        progress(at + 1, len(files))


def printers() -> tuple[str, ...]:
    """Return the names of the printers this computer knows, its default one first."""
    names = QPrinterInfo.availablePrinterNames()
    default = QPrinterInfo.defaultPrinterName()
    return tuple(sorted(names, key=lambda name: (name != default, name)))


def send_to_printer(pages: Pages, name: str, title: str, progress: Progress) -> None:
    """Print all pages.

    Raises:
        Trouble: `paper.printer_gone`, the computer knows no such printer or it did not take the pages.
    """
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise Trouble("paper.printer_gone", printer=name)
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setPageLayout(_layout(pages))
    printer.setFullPage(True)
    printer.setDocName(title)
    painter = QPainter()
    if not painter.begin(printer):
        raise Trouble("paper.printer_gone", printer=name)
    with _ended_if_broken_off(painter):
        for at in range(len(pages.pages)):
            if at:
                printer.newPage()
            _paint(painter, pages, at, printer.resolution() / DOTS_PER_INCH)
            progress(at + 1, len(pages.pages))
    if not painter.end():
        raise Trouble("paper.printer_gone", printer=name)


@contextmanager
def _ended_if_broken_off(painter: QPainter) -> Iterator[None]:
    """End painting when the job is stopped in the middle: a painter that outlives its paper crashes the press."""
    try:
        yield
    except BaseException:
        painter.end()
        raise


def _paint(painter: QPainter, pages: Pages, at: int, scale: float) -> None:
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    pages.paint(painter, at)
    painter.restore()


def _layout(pages: Pages) -> QPageLayout:
    is_wide = pages.paper.width > pages.paper.height
    side = QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), side, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def _raise(file: Path) -> None:
    """Raise what the system itself says about writing there: Qt tells no errno."""
    with file.open("ab") as probe:
        probe.write(b"\x00" * 65_536)
        probe.flush()
    raise OSError(0, "", str(file))

"""Page F3 and the sheets of events in every state: empty, flooded, sought, with files and ties, what is owed."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF
from PySide6.QtGui import QColor, QImage, QImageWriter, QLinearGradient, QPainter
from PySide6.QtTest import QTest

from chengyun_console.pages.events.files_tab import FilesTab
from chengyun_console.pages.events.page import EventsPage
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.event import Attachment, EventSource, EventState
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.codec import pack
from chengyun_core.wire.event_asks import Draft, DraftLine, EventFile, EventPage, FilePart
from tests.console.event_samples import (
    DAY,
    MIN,
    event,
    family,
    file_of,
    file_of_family,
    hops,
    owed,
    put_events,
    several,
    show_events,
    stranded,
)
from tests.console.still_session import START_NS

if TYPE_CHECKING:
    from tests.console.scenes import Stand

FLOOD = 2_000


def page_of(at: "Stand") -> EventsPage:
    """Return the page of events."""
    found = at.window.stack.page("F3")
    assert isinstance(found, EventsPage)
    return found


def scene_picture() -> bytes:
    """Return a picture that could be of a quay in the rain: sky, water, a line of lamps; always the same bytes."""
    image = QImage(960, 640, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sky = QLinearGradient(QPointF(0, 0), QPointF(0, 640))
    for share, colour in ((0.0, "#6d7f8d"), (0.5, "#a9b4ba"), (0.52, "#56636b"), (1.0, "#2f3a41")):
        sky.setColorAt(share, QColor(colour))
    painter.fillRect(image.rect(), sky)
    for at in range(9):
        painter.fillRect(60 + at * 104, 250, 4, 90, QColor("#23292e"))
        painter.fillRect(50 + at * 104, 244, 24, 8, QColor("#e8c547"))
    painter.fillRect(0, 336, 960, 14, QColor("#23292e"))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return buffer.data().data()


def _files(content: bytes) -> tuple[Attachment, ...]:
    told = {"about": "event:41", "added_at": START_NS - 31 * MIN, "added_by": "li", "added_seat": "A-03"}
    digest = hashlib.sha256(content).hexdigest()
    return (
        Attachment(number=3, digest=digest, name="栈桥现场.png", size=len(content), media="image/png",
                   taken_at=START_NS - 33 * MIN, **told),
        Attachment(number=4, digest="cd" * 32, name="转移人员登记表.xlsx", size=48_213,
                   media="application/zip", **told),
        Attachment(number=5, digest="ef" * 32, name="电台通话 14-02.wav", size=9_640_112,
                   media="audio/wav", **told),
    )  # type: ignore[arg-type]  # fmt: skip


def show_empty(at: "Stand") -> None:
    """F3 before anything happened."""
    at.window.show_page("F3")


def show_tree(at: "Stand") -> None:
    """A major event with others below it, and one that was merged."""
    _tell(at, replace(file_of_family(), event=replace(family()[0], version=20)), *family()[1:3])
    page_of(at).card.show_tab("tree")


def show_split(at: "Stand") -> None:
    """Taking the merged one out again."""
    at.do("event.split_out")


def show_files(at: "Stand") -> None:
    """A picture with its thumbnail, a table, a recording."""
    content = scene_picture()
    files, tab = _files(content), page_of(at).card.tabs["files"]
    assert isinstance(tab, FilesTab)
    shown = replace(stranded(), version=21, attachments=3)
    _tell(at, replace(file_of(shown), event=shown, attachments=files))
    page_of(at).card.show_tab("files")
    at.beat()
    if "thumbnail" in at.session.sent.asks:
        at.session.answer_ask("thumbnail", FilePart(attachment=files[0], offset=0, data=content))
    _until(lambda: any(row.picture is not None for row in tab.list.rows()))
    tab.list.select("3")


def show_file(at: "Stand") -> None:
    """The picture, large."""
    at.window.event_desk.files.open()
    content = scene_picture()
    at.session.answer_ask("file.looked_at", FilePart(attachment=_files(content)[0], offset=0, data=content))
    sheet = at.window.event_desk.files.sheet
    _until(lambda: sheet.view.accessibleDescription() == "栈桥现场.png")


def show_owed(at: "Stand") -> None:
    """What is owed, an item chosen."""
    page_of(at).card.show_tab("timeline")
    at.do("event.dues")
    if "events.dues" in at.session.sent.asks:
        at.session.answer_ask("events.dues", owed())
    at.beat()
    page_of(at).dues.list.select("item:4")


def show_report_running(at: "Stand") -> None:
    """A first report with time left."""
    sheet, due = at.window.event_desk.report, several()[1]
    sheet.open_for(due, at.window.page_area())
    line = DraftLine(text="14 时 02 分接报，省道 S544 边坡落石，暂无人员伤亡。", rows=(201, 204))
    at.session.answer_ask("events.draft", Draft(text=line.text, lines=(line,)))


def show_review(at: "Stand") -> None:
    """A review beside its waterfall, an item begun."""
    sheet = at.window.event_desk.review
    sheet.open_for(stranded(), at.window.page_area())
    at.session.answer_ask("events.review_hops", hops(stranded()))
    sheet.findings.setPlainText("水位预警到下达用时 4 分 51 秒，定级等待现场核实 1 分 48 秒。阈值提前量不足。")
    sheet.items[0].text.setText("寸滩站橙色阈值提前量改为 30 分钟")


def show_import_faults(at: "Stand") -> None:
    """A file of events with faults."""
    from chengyun_console.event_import import EventImport, Looked

    sheet = at.window.event_desk.importing
    sheet.open_over(at.window.page_area())
    sheet._import = EventImport(at.desk, Path(gettempdir()) / "12345-0718.csv", sheet)
    faults = (
        CellFault(table="events", line=3, column="centre", value="50010", code="event.no_centre",
                  params={"centre": "50010", "value": "50010"}),
        CellFault(table="events", line=9, column="source_at", value="昨天", code="event.import_time",
                  params={"value": "昨天"}),
    )  # fmt: skip
    sheet._on_looked(Looked(faults=faults))


def show_hits(at: "Stand") -> None:
    """Words sought in all events there ever were."""
    page = page_of(at)
    page.panel.filters.choose("scope", "all")
    page.panel.filters.text.setText("积水")
    at.beat()
    found = [
        event(number, title=title, state=EventState.CLOSED, closed_at=START_NS - days * DAY,
              opened_at=START_NS - days * DAY - 90 * MIN, grade=EventGrade.GENERAL, source=EventSource.CITIZEN,
              code=f"事〔2026〕{number:06d}")
        for number, title, days in ((27, "石桥铺下穿道积水", 2), (21, "朝天门隧道积水", 9), (8, "地下车库积水", 40))
    ]  # fmt: skip
    if "events.page" in at.session.sent.asks:
        at.session.answer_ask("events.page", EventPage(records=tuple(map(pack, found))))


def show_flood(at: "Stand") -> None:
    """Two thousand rows, then the filters are taken away again with Esc."""
    page = page_of(at)
    page.panel.filters.text.clear()
    page.panel.filters.choose("scope", "all")
    at.beat()
    grades = (EventGrade.GENERAL, EventGrade.LARGER, None, EventGrade.GENERAL)
    told = tuple(
        pack(event(number, state=EventState.CLOSED, closed_at=START_NS - number * MIN, grade=grades[number % 4]))
        for number in range(FLOOD + 50, 50, -1)
    )
    if "events.page" in at.session.sent.asks:
        at.session.answer_ask("events.page", EventPage(records=told, before=51))


def show_rested(at: "Stand") -> None:
    """The page as it is met on any day: no filter, the timeline in front."""
    page_of(at).panel.filters.clear()
    page_of(at).card.show_tab("timeline")
    show_events(at)


EVENT_SCENES: dict[str, Callable[["Stand"], None]] = {
    "report running": show_report_running,
    "review": show_review,
    "F3 tree": show_tree,
    "event split": show_split,
    "F3 files": show_files,
    "event file": show_file,
    "F3 owed": show_owed,
    "event import": show_import_faults,
    "F3 hits": show_hits,
    "F3 flooded": show_flood,
    "F3 rested": show_rested,
}


ONLY_SEEN = frozenset({"F3 empty", "F3 flooded", "F3 hits", "F3 rested", "report running"})
"""Scenes with nothing on them that another one has not: their pictures are taken, the walks pass them by."""


def _tell(at: "Stand", file: EventFile, *others: object) -> None:
    """Put the event of a file in focus with everything about it answered."""
    put_events(at.session, file.event, *others)  # type: ignore[arg-type]
    at.window.show_page("F3")
    at.desk.event_focus.select(file.event.number)
    for _ in range(3):
        at.beat()
    if "events.file" in at.session.sent.asks:
        at.session.answer_ask("events.file", file)
    at.beat()


def _until(holds: Callable[[], bool]) -> None:
    """Wait for the thread that decodes."""
    for _ in range(2_000):
        if holds():
            return
        QTest.qWait(10)
    raise AssertionError("what is decoded on another thread never came")

"""A console that types into the sheets of an event and goes on until it is killed: python -m … FOLDER."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_core.model.event import EventState
from tests.console.event_samples import event
from tests.console.scenes import Look, stand

EVENT = event(7, title="石桥铺积水", state=EventState.CLOSED, version=9)


def main(profile: Path) -> None:
    """Type into one sheet after the other; each is left open, none is told to keep anything."""
    app = QApplication(sys.argv[:1])
    with stand(profile, Look()) as at:
        at.session.enter(allowed=())
        at.beat()
        desk, area = at.window.event_desk, at.window.page_area()
        desk.report.open_for(EVENT, area)
        QTest.keyClicks(desk.report.text, "reported words")
        desk.review.open_for(EVENT, area)
        QTest.keyClicks(desk.review.findings, "reviewed words")
        desk.review.items[1].due.setCurrentIndex(2)
        QTest.keyClicks(desk.review.items[1].text, "an item")
        desk.edit.open_for(EVENT, area)
        desk.edit.fields.narrative.setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.keyClicks(desk.edit.fields.narrative, "edited words")
        QTest.keyClicks(desk.edit.reason, "a reason")
        app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

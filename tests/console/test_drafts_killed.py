"""What was typed into the sheets of an event is there again after the console was killed (E10)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from chengyun_console.drafts import Drafts
from tests.conftest import REPOSITORY
from tests.console.scenes import Look, stand
from tests.console.typing_child import EVENT
from tests.support.waiting import wait_until

KEPT = {
    "report.7": ("text", "reported words"),
    "review.7": ("item.1", "an item"),
    "edit.7": ("why", "a reason"),
}
LIMIT_S = 120.0


def test_that_the_sheets_of_an_event_lose_no_word_when_the_console_is_killed(
    qapp: QApplication, tmp_path: Path
) -> None:
    child = subprocess.Popen([sys.executable, "-m", "tests.console.typing_child", str(tmp_path)], cwd=REPOSITORY)
    drafts = Drafts()
    drafts.take_seat(tmp_path / "seats" / "A-03")
    try:
        for name, (field, words) in KEPT.items():
            wait_until(
                lambda name=name, field=field, words=words: words in drafts.read(name).get(field, ""),
                f"the draft {name} is kept", limit_s=LIMIT_S,
            )  # fmt: skip
        assert child.poll() is None
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    with stand(tmp_path, Look()) as at:
        at.session.enter(allowed=())
        at.beat()
        desk, area = at.window.event_desk, at.window.page_area()
        desk.report.open_for(EVENT, area)
        desk.review.open_for(EVENT, area)
        desk.edit.open_for(EVENT, area)
        assert desk.report.text.toPlainText() == "reported words"
        assert desk.review.findings.toPlainText() == "reviewed words"
        item = desk.review.items[1]
        assert (item.text.text(), item.due.currentData()) == ("an item", 30)
        assert desk.edit.fields.narrative.toPlainText() == "edited words"
        assert desk.edit.reason.text() == "a reason"

"""What the preview warns of: rows below the parts, whom to leave out by one key, and nobody left out unasked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from chengyun_console.mode.sheet import ModeSheet
from chengyun_console.wording.duty import DutyWords
from chengyun_core.model.duty import DutyRole, Gap
from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import Part
from chengyun_core.model.mode_commands import DeclareMode
from chengyun_core.wire.mode_asks import ModePreview, PreviewWarning
from tests.console import mode_samples as samples
from tests.console import scenes
from tests.console.mode_scenes import put

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
INGEST = PreviewWarning(
    reason=Reason(code="mode.warn.ingest_silent", params={"shard": "0", "seconds": "9"}), who="ingest/0"
)
SEAT = PreviewWarning(reason=Reason(code="mode.warn.seat_late", params={"seat": "B-02", "seconds": "7"}), who="B-02")
POST = PreviewWarning(
    reason=Reason(code="mode.warn.post_missing", params={"post": "500000.watch_chief", "people": "张三 李四"})
)


@pytest.fixture(scope="module")
def here(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests, at seat A-03 of the city, the sheet open."""
    folder: Path = tmp_path_factory.mktemp("warned")
    with scenes.stand(folder, scenes.Look()) as made:
        scenes.seat(made)
        made.session.enter(allowed=("mode.declare", "mode.lift", "session.sign_off"))
        made.session.hear()
        put(made)
        made.press(Qt.Key.Key_E, CTRL_SHIFT)
        yield made


def warned(at: scenes.Stand, *warnings: PreviewWarning) -> ModeSheet:
    """Have the sheet's preview answered with these warnings."""
    sheet = at.window.rooms.mode.sheet
    sheet.fields.put(preset="water" if sheet.fields.preset.currentData() == "flood" else "flood", reason="暴雨")
    told: ModePreview = replace(samples.preview(), warnings=warnings)
    at.session.answer_ask("mode.preview", told)
    return sheet


def rows(sheet: ModeSheet) -> list[str]:
    """Return what stands below the eight parts, as it is read aloud."""
    model = sheet.preview.list.model()
    every = [model.index(at, 0).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(model.rowCount())]
    return every[len(Part) :]


def test_that_warnings_stand_below_the_parts_with_posts_and_people_by_name(here: scenes.Stand) -> None:
    sheet = warned(here, INGEST, SEAT, POST)
    told = rows(sheet)
    assert len(told) == 3
    assert here.desk.say("mode.warn.seat_late", seat="B-02", seconds="7") in told[1]
    assert "张三" in told[2]
    assert "500000.watch_chief" not in told[2]
    assert [here.desk.say("mode.sheet.leave_it_out") in one for one in told] == [True, True, False]
    assert rows(warned(here)) == []


def test_that_enter_on_a_row_leaves_out_whom_it_warns_of_and_again_waits_for_him(here: scenes.Stand) -> None:
    sheet = warned(here, INGEST, SEAT, POST)
    assert sheet.fields.chosen("").without == (), "nobody is left out unasked"
    sheet.preview.list.row_was_opened.emit("warning.0")
    assert sheet.fields.chosen("").without == ("ingest/0",)
    assert here.desk.say("mode.sheet.left_out") in rows(sheet)[0]
    sheet.preview.list.row_was_opened.emit("warning.1")
    assert sheet.fields.chosen("").without == ("B-02",)
    sheet.preview.list.row_was_opened.emit("warning.2")
    assert sheet.fields.chosen("").without == ("B-02",), "a post nobody fills cannot be left out"
    sheet.preview.list.row_was_opened.emit("warning.1")
    assert sheet.fields.chosen("").without == ()
    sheet.preview.list.row_was_opened.emit("thresholds")
    assert sheet.fields.chosen("").without == ()


def test_that_what_is_sent_names_who_was_left_out_and_who_lives_again_is_waited_for(here: scenes.Stand) -> None:
    sheet = warned(here, SEAT)
    sheet.preview.list.row_was_opened.emit("warning.0")
    here.session.sent.commands.clear()
    sheet.send()
    (made,) = here.session.sent.commands
    assert isinstance(made, DeclareMode)
    assert made.without == ("B-02",)
    sheet = warned(here)
    assert sheet.fields.chosen("").without == ()


def test_that_a_gap_of_the_reinforcement_names_its_post(here: scenes.Stand) -> None:
    words = DutyWords(here.desk.figures, here.desk.names)
    gap = Gap(shift=1, role=DutyRole.CHIEF, missing=1, why="reinforcement", post="500000.watch_chief.9")
    told = words.gap(gap, {}, None, here.desk.now_ns())
    assert "500000.watch_chief.9" in told
    assert here.desk.say("console.duty.gap.reinforcement", post="500000.watch_chief.9") in told

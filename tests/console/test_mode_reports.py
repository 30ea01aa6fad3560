"""Situation reports that 急时 asks for, at a console: told when they are late, given at the sheet, told no more."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from chengyun_console.mode.acts import ActKind
from chengyun_core.model.mode import ReportDue, SwitchState
from chengyun_core.model.mode_commands import GiveModeReport
from tests.console import mode_samples as samples
from tests.console import scenes
from tests.console.mode_scenes import put
from tests.console.still_session import START_NS, S

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
DUE = ReportDue(declaration=12, place=2, centre=samples.CITY, due_at=START_NS - 60 * S, version=2)
RIGHTS = ("mode.declare", "mode.lift", "mode.give_report")


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests, at a seat of the city, in 急时."""
    with scenes.stand(tmp_path_factory.mktemp("reports"), scenes.Look()) as made:
        scenes.seat(made)
        yield made


@pytest.fixture
def late(at: scenes.Stand) -> Iterator[scenes.Stand]:
    """A report is late."""
    at.session.enter(allowed=RIGHTS)
    at.session.hear()
    put(at, samples.declaration())
    at.session.put_fact("mode_report", "12.2", DUE, version=2)
    at.beat()
    yield at
    while at.window.rooms.mode.sheet.close_over():
        pass
    at.session.drop_fact("mode_report", "12.2")
    at.session.sent.commands.clear()
    at.beat()


def told(at: scenes.Stand) -> str:
    message = at.window.message.message
    return message.text if message is not None else ""


def test_that_a_late_report_is_told_and_no_longer_once_somebody_gave_it(late: scenes.Stand) -> None:
    assert "第 2 期情况报告" in told(late)
    assert "已超时" in told(late)
    late.session.drop_fact("mode_report", "12.2")
    late.beat()
    assert "情况报告" not in told(late)


def test_that_the_sheet_opens_at_the_late_report_and_sends_what_was_reported(late: scenes.Stand) -> None:
    late.press(Qt.Key.Key_E, CTRL_SHIFT)
    sheet = late.window.rooms.mode.sheet
    act = sheet.fields.chosen_act()
    assert act is not None
    assert act.kind is ActKind.REPORT
    sheet.fields.reason.setText("已报市防指：水位回落")
    sheet.send()
    assert late.session.sent.commands == [
        GiveModeReport(declaration=12, place=2, version=2, words="已报市防指：水位回落")
    ]


def test_that_who_may_not_report_is_not_offered_it(late: scenes.Stand) -> None:
    late.session.enter(allowed=("mode.declare",))
    late.press(Qt.Key.Key_E, CTRL_SHIFT)
    kinds = {act.kind for act in late.window.rooms.mode.sheet.fields._acts.values()}
    assert kinds == {ActKind.DECLARE}


def test_that_what_was_said_of_emergency_does_not_outlive_it(late: scenes.Stand) -> None:
    late.session.drop_fact("mode_report", "12.2")
    late.session.put_fact("mode", samples.declaration().key, samples.declaration(term=2), version=3)
    late.beat()
    assert "急时已生效" in told(late)
    lifted = samples.declaration(SwitchState.LIFTED, term=3, ended_at=START_NS)
    late.session.put_fact("mode", lifted.key, lifted, version=4)
    late.beat()
    assert "急时已生效" not in told(late)
    late.window.message.dismiss()
    assert "急时已生效" not in told(late)

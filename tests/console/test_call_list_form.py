"""Call lists and presets of 急时 written on F8: chosen by name, tried while one types, saved as a new version."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chengyun_console.duty_forms.call_list_sheet import CallListSheet
from chengyun_console.duty_forms.chain_rows import chains_moved, joined, without
from chengyun_console.duty_forms.preset_sheet import PresetSheet
from chengyun_core.model.mode_commands import SavePreset
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning_commands import SaveCallList
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.mode_asks import AskPresetCheck
from chengyun_core.wire.warning_asks import AskCallListCheck, CallLists
from tests.console import duty_form_scenes as scenes
from tests.console import mode_samples
from tests.console.scenes import Look, Stand, seat, stand
from tests.support import duty_samples as samples

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One window on F8 for all tests."""
    with stand(tmp_path_factory.mktemp("profile"), Look()) as made:
        seat(made)
        scenes.show_page(made)
        yield made


@pytest.fixture
def at(window: Stand) -> Stand:
    """The window without a form over it and without drafts."""
    window.window.layers.hide()
    for file in (window.desk.profile / "seats").rglob("drafts/*.json"):
        file.unlink()
    for form in window.window.duty_desk.forms._made.values():
        form.sending._sent.clear()
    window.desk.drafts.flush()
    page = scenes.show_page(window)
    page.deeds.ask_line.close_over()
    page.show_side(0)
    page.board.board.choose("42", "P12")
    page.board.board.text.setFocus()
    return window


def _last(at: Stand) -> object:
    return at.session.sent.commands[-1]


def _end(at: Stand, code: str = "", **params: str) -> None:
    """Answer the command that was sent last."""
    body = b"" if code else codec.pack(Done(change=7, key="42", version=2))
    outcome = "refused" if code else "done"
    command = f"command-{len(at.session.sent.commands)}"
    at.session.command_ended.emit(command, Reply(id=command, outcome=outcome, body=body, code=code, params=params))


def _press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, held)


def _call_form(at: Stand) -> CallListSheet:
    page = scenes.show_page(at)
    page.show_side(3)
    page.call_outs.list.setFocus()
    at.press(Qt.Key.Key_K, ALT)
    form = at.window.duty_desk.forms.sheet(CallListSheet)
    scenes._tell(at, "form.lists", scenes.lists())
    scenes._tell(at, "form.people", samples.people())
    return form


def test_that_a_call_list_is_changed_by_keys_and_saved(at: Stand) -> None:
    form = _call_form(at)
    assert form.which.currentData() == "flood-1"
    form.roll.chosen.select("1.0")
    form.roll.field.setFocus()
    form.roll.field.setText("郑值班长")
    _press(form.roll.field, Qt.Key.Key_J, ALT)
    form.roll.chosen.setFocus()
    form.roll.chosen.select("2.2")
    _press(form.roll.chosen, Qt.Key.Key_Delete)
    form.roll.field.setText("丁一")
    _press(form.roll.field, Qt.Key.Key_Return)
    form.colours[WarningColour.YELLOW].click()
    form._turn_kind("typhoon")
    form.fields["tries"].setText("4")
    form.send()
    sent = _last(at)
    assert isinstance(sent, SaveCallList)
    saved = sent.call_list
    assert saved.chains == (("P07", "P02"), ("P08", "P11"), ("P09", "500106.duty_officer"), ("P14",), ("P18",))
    assert (saved.grades, saved.tries, saved.try_minutes, sent.version) == ((2, 3, 4), 4, 5.0, 4)
    assert saved.matters == ("flood", "rainstorm", "typhoon")


def test_that_a_chain_is_moved_within_itself_and_one_alone_as_a_whole() -> None:
    chains = [["a", "b"], ["c"]]
    assert chains_moved(chains, "0.1", -1) == ([["b", "a"], ["c"]], "0.0")
    assert chains_moved(chains, "1.0", -1) == ([["c"], ["a", "b"]], "0.0")
    assert chains_moved(chains, "0.0", -1) == (chains, "0.0")
    assert without(chains, "1.0") == [["a", "b"]]
    assert joined(chains, 1, "a") == [["a", "b"], ["c", "a"]]
    assert joined(chains, 0, "a") == chains


def test_that_who_would_be_called_now_is_asked_for_the_list_as_it_is_typed(at: Stand) -> None:
    form = _call_form(at)
    form.test.category.setCurrentIndex(form.test.category.findData("flood"))
    form.test.category.activated.emit(form.test.category.currentIndex())
    asked = at.session.sent.asks["call_list.check"][1]
    assert isinstance(asked, AskCallListCheck)
    assert (asked.category, asked.colour, asked.call_list.code) == ("flood", WarningColour.RED, "flood-1")
    at.session.answer_ask("call_list.check", scenes.tried())
    assert [row.title for row in form.test.list.rows()][:2] == ["何建国（应急局）", "徐敏（气象局）"]
    assert "gone-77" in form.test.told.text()


def test_that_an_empty_list_and_a_figure_that_is_none_are_not_sent(at: Stand) -> None:
    form, count = _call_form(at), len(at.session.sent.commands)
    form._take([], "")
    form.send()
    assert form.faults["people"].isVisible()
    form.fields["try_minutes"].setText("五")
    form.send()
    assert form.faults["try_minutes"].isVisible()
    assert len(at.session.sent.commands) == count


def test_that_turning_to_another_list_keeps_what_was_typed_for_the_first(at: Stand) -> None:
    form = _call_form(at)
    form.fields["name"].setText("防汛叫应二")
    form.touched()
    form.which.setCurrentIndex(form.which.findData("night"))
    form.which.activated.emit(form.which.currentIndex())
    assert form.fields["name"].text() == "夜间值守"
    at.desk.drafts.flush()
    form.which.setCurrentIndex(form.which.findData("flood-1"))
    form.which.activated.emit(form.which.currentIndex())
    assert form.fields["name"].text() == "防汛叫应二"


def test_that_a_newer_list_is_told_and_taken(at: Stand) -> None:
    form = _call_form(at)
    form.fields["name"].setText("防汛叫应二")
    form.touched()
    form.send()
    _end(at, "call_list.changed", list="flood-1", version="5")
    form.reload()
    at.session.answer_ask("form.lists", CallLists(lists=(replace(scenes.FLOOD_LIST, version=5, tries=1),)))
    assert (form.fields["name"].text(), form.fields["tries"].text()) == ("防汛叫应二", "1")


def _preset_form(at: Stand) -> PresetSheet:
    at.session.facts.mode.presets["flood"] = mode_samples.FLOOD
    page = scenes.show_page(at)
    page.show_side(3)
    page.call_outs.list.setFocus()
    at.press(Qt.Key.Key_Y, ALT)
    form = at.window.duty_desk.forms.sheet(PresetSheet)
    scenes._tell(at, "form.plans", scenes.plans())
    scenes._tell(at, "form.lists", scenes.lists())
    return form


def test_that_a_preset_is_changed_part_by_part_and_saved_as_a_new_version(at: Stand) -> None:
    form = _preset_form(at)
    form.fields["report_every_min"].setText("45")
    form.boxes["sound"].setCurrentIndex(form.boxes["sound"].findData("loud"))
    form.roll.field.setText("洪水")
    scenes._tell(at, "form.plans", scenes.plans())
    form.roll.found.select("plan/YJ-HONGSHUI")
    _press(form.roll.field, Qt.Key.Key_Return)
    form.roll.chosen.setFocus()
    form.roll.chosen.select("plan/YJ-HONGSHUI")
    _press(form.roll.chosen, Qt.Key.Key_Up, ALT)
    scenes._tell(at, "mode.preview", mode_samples.preview())
    form.send()
    sent = _last(at)
    assert isinstance(sent, SavePreset)
    preset = sent.preset
    assert (preset.report_every_min, preset.sound, preset.plans) == (45.0, "loud", ("YJ-HONGSHUI", "BAOGUAN"))
    assert preset.reinforcement == mode_samples.FLOOD.reinforcement
    assert (preset.threshold_set, preset.layers, sent.version) == ("flood", ("rain", "river"), 1)


def test_that_every_part_of_a_preset_is_looked_at_as_it_is_typed(at: Stand) -> None:
    form = _preset_form(at)
    form.fields["report_every_min"].setText("30")
    form.touched()
    asked = at.session.sent.asks["mode.preview"][1]
    assert isinstance(asked, AskPresetCheck)
    assert asked.preset.report_every_min == 30.0
    at.session.answer_ask("mode.preview", mode_samples.preview())
    assert len(form.preview.list.rows()) == 8


def test_that_a_preset_with_a_part_that_cannot_be_switched_is_not_saved(at: Stand) -> None:
    form, count = _preset_form(at), len(at.session.sent.commands)
    scenes._tell(at, "mode.preview", mode_samples.preview(fault=True))
    form.send()
    assert len(at.session.sent.commands) == count
    assert "1" in form.status.text()

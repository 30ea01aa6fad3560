"""The page of sensing devices: stages, faults with their rules, tickets in one key, rates, and the way to the map."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

import chengyun_resources
from chengyun_console.pages.devices.page import DevicesPage
from chengyun_console.shell import frame_records
from chengyun_console.wording.devices import DeviceWords
from chengyun_core.model.device_commands import (
    DoRepair,
    GiveBackRepair,
    MoveDevice,
    NoteDevice,
    OpenRepair,
    RejectRepair,
    TakeRepair,
)
from chengyun_core.model.device_file import Repair, RepairState, StageMove
from chengyun_core.model.failure import Reason
from chengyun_core.wire.survey_asks import AskDeviceHealth, AskDevicePlace, DevicePlace
from tests.console import device_scenes
from tests.console.device_scenes import HOUR
from tests.console.scenes import Look, Stand, stand
from tests.console.still_session import START_NS


@pytest.fixture
def at(tmp_path: Path, qapp) -> Iterator[Stand]:
    with stand(tmp_path, Look(theme="night", language="zh_CN", width=1920, height=1080)) as made:
        made.session.show_city(device_scenes.city())
        made.beat()
        yield made


@pytest.fixture
def page(at: Stand) -> DevicesPage:
    return device_scenes.show_devices(at)


def _press(at: Stand, key: Qt.Key) -> None:
    QTest.keyClick(at.window, key)


def _sent(at: Stand) -> object:
    return at.session.sent.commands[-1]


def _type(at: Stand, page: DevicesPage, text: str) -> None:
    page.ask_line.line.setText(text)
    page.ask_line.submit()
    at.beat()


def _sheet(page: DevicesPage) -> str:
    return "\n".join(f"{line.label} {line.text}" for part in page.sheet.text.sections for line in part.lines)


def test_that_stages_count_rows_and_devices_and_narrow_the_table(at: Stand, page: DevicesPage) -> None:
    told = {row.key: (row.figure, row.note) for row in page.estate.strip._records}
    assert told["maintain"][0] == "55"
    assert told["catalogue"] == ("2", "4,001 台")
    page.estate.strip.count_was_opened.emit("build")
    assert len(page.estate.table.visible_rows()) == 1
    page.estate.strip.count_was_opened.emit("build")
    assert page.estate.table.rows.rowCount() == 61


def test_that_the_field_finds_by_name_kind_and_code(at: Stand, page: DevicesPage) -> None:
    page.estate.field.setText("智能水表")
    assert len(page.estate.table.visible_rows()) == 1
    page.estate.field.setText("水文站 g5")
    assert len(page.estate.table.visible_rows()) == 11
    page.estate.field.setText("无此设备")
    assert len(page.estate.table.visible_rows()) == 0


def test_that_a_fault_tells_since_when_and_by_which_rule(at: Stand, page: DevicesPage) -> None:
    assert page.faults.found().fault == "drift"
    text = _sheet(page)
    assert "判据 PM2.5 的日均偏差持续偏高" in text
    assert "累积和 11.4，限值 8" in text
    assert page.faults.list.rows()[0].status == "频繁上下线"
    assert page.faults.list.rows()[0].is_link


def test_that_one_key_opens_a_ticket_for_the_fault_in_focus(at: Stand, page: DevicesPage) -> None:
    found = page.faults.found()
    _press(at, Qt.Key.Key_G)
    assert _sent(at) == OpenRepair(
        device=found.device, member=0, quantity="pm25", fault="drift", fault_since=found.since_ns
    )


def test_that_a_device_without_a_fault_is_asked_what_is_wrong(at: Stand, page: DevicesPage) -> None:
    page.estate.table.select_row(1)
    at.beat()
    _press(at, Qt.Key.Key_G)
    assert not page.ask_line.isHidden()
    _type(at, page, "外壳破损")
    assert _sent(at) == OpenRepair(device="G1", fault="other", text="外壳破损")


def test_that_a_ticket_is_taken_given_back_rejected_and_done_by_keys(at: Stand, page: DevicesPage) -> None:
    page.repairs.list.select("1")
    at.beat()
    _press(at, Qt.Key.Key_T)
    assert _sent(at) == TakeRepair(repair=1, version=1)
    _press(at, Qt.Key.Key_X)
    _type(at, page, "设备已拆除")
    assert _sent(at) == RejectRepair(repair=1, version=1, reason="设备已拆除")
    page.repairs.list.select("2")
    at.beat()
    _press(at, Qt.Key.Key_D)
    _type(at, page, "更换计数器")
    assert page.ask_line.question.text().startswith("维修单 2：这次校准了吗")
    _type(at, page, "2026-07-18")
    assert _sent(at) == DoRepair(repair=2, version=2, finding="更换计数器", calibrated="2026-07-18")
    _press(at, Qt.Key.Key_Z)
    _type(at, page, "无备件")
    assert _sent(at) == GiveBackRepair(repair=2, version=2, reason="无备件")


def test_that_buttons_are_only_what_the_tables_allow(at: Stand, page: DevicesPage) -> None:
    shown = {name for name, button in page.deeds.by_id.items() if not button.isHidden()}
    assert shown == {"repair.open", "device.map", "device.note", "device.send_back", "device.rebuild"}
    page.repairs.list.select("2")
    at.beat()
    shown = {name for name, button in page.deeds.by_id.items() if not button.isHidden()}
    assert {"repair.done", "repair.give_back", "repair.reject"} <= shown
    assert "repair.take" not in shown


def test_that_overdue_tickets_stand_first_and_say_so(at: Stand, page: DevicesPage) -> None:
    rows = page.repairs.list.rows()
    assert (rows[0].key, rows[0].badges, rows[0].age) == ("1", ("超期",), "超 05:00:04")
    assert page.repairs.list.rows()[1].status == "维修中"
    page.repairs.ended.setChecked(True)
    at.beat()
    device_scenes.answer(at)
    at.beat()
    assert [row.key for row in page.repairs.list.rows()] == ["1", "2", "3", "4"]


def test_that_a_ticket_that_ended_leaves_and_another_is_asked_for(at: Stand, page: DevicesPage) -> None:
    at.session.drop_fact("repair", "1")
    at.beat()
    assert [row.key for row in page.repairs.list.rows()] == ["2", "3"]
    assert "devices.repairs" in at.session.sent.asks


def test_that_a_stage_is_changed_by_key_and_going_back_wants_a_reason(at: Stand, page: DevicesPage) -> None:
    page.estate.table.select_row(18)
    at.beat()
    device = page.device()
    assert device is not None
    _press(at, Qt.Key.Key_A)
    assert _sent(at) == MoveDevice(device=device.code, version=1, move=StageMove.ADVANCE)
    _press(at, Qt.Key.Key_B)
    _type(at, page, "地点变更")
    assert _sent(at) == MoveDevice(device=device.code, version=1, move=StageMove.SEND_BACK, reason="地点变更")
    _press(at, Qt.Key.Key_N)
    _type(at, page, "渝中水务")
    assert page.ask_line.line.text() == "2026-05-20", "what is known stands in the line"
    _type(at, page, "2026-07-01")
    assert _sent(at) == NoteDevice(device=device.code, version=1, maintainer="渝中水务", calibrated="2026-07-01")


def test_that_a_fault_of_the_strip_and_a_district_narrow_what_is_asked(at: Stand, page: DevicesPage) -> None:
    page.faults.strip.count_was_opened.emit("stuck")
    at.beat()
    asked = at.session.sent.asks["devices.health"][1]
    assert isinstance(asked, AskDeviceHealth)
    assert (asked.fault, asked.centre) == ("stuck", "")
    page.bars.row_was_opened.emit("500103")
    at.beat()
    assert at.session.sent.asks["devices.health"][1].centre == "500103"
    assert page.step_back() is True
    at.beat()
    assert at.session.sent.asks["devices.health"][1].centre == ""
    assert page.step_back() is False


def test_that_the_lowest_rate_stands_first(at: Stand, page: DevicesPage) -> None:
    rows = page.bars.bars.rows
    values = [row.value for row in rows if row.value == row.value]
    assert values == sorted(values)


def test_that_a_device_is_shown_on_the_map_where_the_survey_says(at: Stand, page: DevicesPage) -> None:
    seen: list[tuple[float, float]] = []
    at.desk.maps.place_was_sought.connect(lambda x, y: seen.append((x, y)))
    _press(at, Qt.Key.Key_M)
    asked = at.session.sent.asks["devices.place"][1]
    assert asked == AskDevicePlace(device=page.device().code)
    at.session.answer_ask("devices.place", DevicePlace(is_known=True, x=0.79, y=0.41))
    assert seen == [(0.79, 0.41)]


def test_that_a_device_nobody_knows_the_place_of_is_told_so(at: Stand, page: DevicesPage) -> None:
    said: list[str] = []
    at.desk.message_came.connect(lambda text, _bad: said.append(text))
    page.show_place()
    at.session.answer_ask("devices.place", DevicePlace(is_known=False))
    page.show_place()
    at.session.answer_ask("devices.place", Reason(code="survey.preparing"))
    assert "不知道" in said[0]
    assert "正在准备" in said[1]


def test_that_a_survey_that_is_not_there_is_told_and_tickets_stay(at: Stand, page: DevicesPage) -> None:
    for _ in range(6):
        at.beat()
    at.session.answer_ask("devices.health", Reason(code="survey.preparing"))
    at.beat()
    assert page.faults.list.rows() == ()
    assert len(page.repairs.list.rows()) == 3
    assert page.repairs.list.rows()[1].status == at.desk.say(f"repair.state.{RepairState.TAKEN.value}")


def test_that_a_repair_without_a_calibration_is_done_by_enter_alone(at: Stand, page: DevicesPage) -> None:
    page.repairs.list.select("2")
    at.beat()
    _press(at, Qt.Key.Key_D)
    _type(at, page, "更换计数器")
    _type(at, page, "")
    assert _sent(at) == DoRepair(repair=2, version=2, finding="更换计数器")


def test_that_a_quantity_is_told_by_its_name_and_one_nobody_named_by_its_code(at: Stand, page: DevicesPage) -> None:
    rows = page.faults.list.rows()
    assert rows[2].detail.endswith("· 水位")
    words = DeviceWords(at.desk)
    assert (words.quantity("rain_1h"), words.quantity("own_code"), words.quantity("")) == ("1h 雨量", "own_code", "")


def test_that_every_quantity_of_the_reference_city_has_a_name(at: Stand) -> None:
    folder = Path(chengyun_resources.__file__).parent / "reference"
    for table in ("measures.csv", "demo.csv"):
        with (folder / table).open(encoding="utf-8") as file:
            codes = {row["quantity"] for row in csv.DictReader(file)}
        assert not [code for code in codes if not at.desk.texts.has(f"quantity.{code}")]


def test_that_a_key_and_the_status_bar_lead_to_the_page(at: Stand, page: DevicesPage) -> None:
    assert page.isVisible()
    at.window.show_page("F1")
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(at.window, Qt.Key.Key_G, control_shift)
    at.beat()
    assert at.window.stack.front == "devices"
    at.window.show_page("F1")
    asked: list[bool] = []
    at.window.status_bar.was_asked.connect(lambda: asked.append(True))
    rect = at.window.status_bar.devices_rect()
    assert not rect.isEmpty()
    QTest.mouseClick(at.window.status_bar, Qt.MouseButton.LeftButton, pos=rect.center())
    assert at.window.stack.front == "devices"
    assert asked == []
    QTest.mouseClick(at.window.status_bar, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    assert asked == [True]


def test_that_a_device_opened_on_the_map_is_in_focus_with_its_row(at: Stand, page: DevicesPage) -> None:
    page.estate.field.setText("智能水表")
    at.window.show_page("F5")
    at.beat()
    at.desk.maps.item_was_opened.emit("device", "G7#0")
    at.beat()
    assert at.window.stack.front == "devices"
    device = page.device()
    assert device is not None
    assert device.code == "G7"
    assert page.estate.device() == device
    assert page.estate.field.text() == ""
    assert "G7" in page.sheet.text.sections[0].note


def overdue(**told: object) -> Repair:
    given = {
        "number": 12, "device": "G7", "centre": "500103", "fault": "stuck", "opened_by": "li", "by": "li",
        "opened_at": START_NS - 100 * HOUR, "due_at": START_NS - 2 * HOUR, "reminded": 1, "reminded_at": START_NS,
    }  # fmt: skip
    return Repair(**{**given, **told})  # type: ignore[arg-type]


def test_that_an_overdue_ticket_is_told_once_to_who_sees_to_it(at: Stand) -> None:
    said: list[str] = []
    at.desk.message_came.connect(lambda text, _bad: said.append(text))
    at.session.enter(allowed=())
    at.session.put_fact("repair", "12", overdue())
    assert said == []
    assert at.desk.repair_watch.overdue() == 0
    at.session.enter(allowed=("repair.take",))
    at.session.put_fact("repair", "12", overdue(taken_by="gan", version=2), version=2)
    at.session.put_fact("repair", "12", overdue(taken_by="gan", version=3), version=3)
    assert len(said) == 1
    assert said[0].startswith("维修单 12 水位计7 已超时 02:00:0")
    assert said[0].endswith("在办。")
    at.session.put_fact("repair", "12", overdue(reminded=2, version=4), version=4)
    assert said[1].endswith("还没有人接。")
    assert at.desk.repair_watch.overdue() == 1
    at.session.put_fact("repair", "13", overdue(number=13, reminded_at=START_NS - 24 * HOUR))
    assert len(said) == 2, "a reminder of yesterday came with the snapshot"


def test_that_the_status_bar_counts_overdue_tickets(at: Stand) -> None:
    at.session.enter(allowed=("repair.take",))
    at.session.put_fact("repair", "12", overdue())
    record = frame_records.status_record(at.desk, at.session.links())
    assert record.waiting.endswith("维修超时 1")

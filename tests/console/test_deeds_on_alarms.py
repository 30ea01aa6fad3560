"""Deeds of issue 3 by keys at the window: assign, comment, suppress, service, situations, second person, thresholds."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.session.answers import PreviewAnswer
from chengyun_core.model import command
from chengyun_core.model.alarm import NoteCode, Override, OverrideKind
from chengyun_core.model.alarm_records import AlarmComment, ThresholdChange, ThresholdState
from chengyun_core.model.approval import Approval
from chengyun_core.model.catalogue import Guidance
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import AlarmPriority, WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S, alarm
from tests.support.small_city import small_city

RED, YELLOW, BLUE = WarningColour.RED, WarningColour.YELLOW, WarningColour.BLUE


@pytest.fixture
def officer(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Signed on with every right there is; a red and a blue alarm of low priority."""
    for record in vars(command).values():
        if isinstance(record, type) and record.__module__ == command.__name__:
            monkeypatch.setitem(command.KIND_OF, record, command.KIND_OF.get(record, f"test:{record.__name__}"))
    room.session.hear()
    guidance = Guidance(about="ST1", meaning="水位超限", action="撤人", call_post="500000.track_owner.1", plan="YA-1")
    room.session.show_city(replace(small_city(12), guidance=(guidance,)))
    room.session.enter(allowed=tuple(command.KIND_OF.values()))
    room.session.put(dict.fromkeys(range(12), 60.0))
    room.session.put_alarms(alarm(1, 0, RED), alarm(2, 1, BLUE, priority=AlarmPriority.LOW))
    room.beat()
    room.window.cockpit.alarms.focus_list()
    room.desk.select_alarm(1)
    return room


def press(room: Room, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or room.window, key, modifiers)


def last(room: Room) -> object:
    assert room.session.sent.commands, room.window.message._held
    return room.session.sent.commands[-1]


def approval(asker: str, *, version: int = 1) -> Approval:
    return Approval(
        number=4, action="alarm.shelve", subject="V0000", params={"minutes": "15"}, command=b"", asked_by=asker,
        asked_seat="A-05", asked_at=START_NS, expires_at=START_NS + 300 * S, version=version,
    )  # fmt: skip


def test_that_i_gives_an_alarm_to_its_owner_with_a_due_time(officer: Room) -> None:
    press(officer, Qt.Key.Key_I, Qt.Key.Key_1, Qt.Key.Key_2)
    made = last(officer)
    assert isinstance(made, command.AssignAlarm)
    assert (made.alarm, made.assignee) == (1, "500000.track_owner.1")
    assert made.due_at == officer.desk.now_ns() + 3600 * S


def test_that_c_asks_for_a_line_and_escape_keeps_it_as_a_draft(officer: Room) -> None:
    press(officer, Qt.Key.Key_C)
    officer.window.asker.field.setText("已电话核实")
    press(officer, Qt.Key.Key_Escape)
    assert officer.session.sent.commands == []
    press(officer, Qt.Key.Key_C)
    assert officer.window.asker.field.text() == "已电话核实"
    press(officer, Qt.Key.Key_Return)
    assert last(officer) == command.CommentAlarm(alarm=1, text="已电话核实")


def test_that_letters_typed_into_a_comment_do_nothing_to_alarms(officer: Room) -> None:
    press(officer, Qt.Key.Key_C)
    QTest.keyClicks(officer.window.asker.field, "asxoidbn")
    assert officer.window.asker.field.text() == "asxoidbn"
    assert officer.session.sent.commands == []


def test_that_x_suppresses_and_x_again_releases(officer: Room) -> None:
    press(officer, Qt.Key.Key_X, Qt.Key.Key_1, Qt.Key.Key_2)
    assert last(officer) == command.SuppressVital(vital=0, minutes=60, reason="已知施工")
    standing = Override(vital=0, vital_code="V0000", kind=OverrideKind.SUPPRESSED, since=START_NS, version=5)
    officer.session.put_fact("override", "0:suppressed", standing)
    officer.beat()
    press(officer, Qt.Key.Key_X)
    assert last(officer) == command.ReleaseVital(vital=0, version=5)


def test_that_o_asks_for_the_ticket_first(officer: Room) -> None:
    press(officer, Qt.Key.Key_O)
    officer.window.asker.field.setText("WX-7")
    press(officer, Qt.Key.Key_Return, Qt.Key.Key_3, Qt.Key.Key_1)
    made = last(officer)
    assert isinstance(made, command.TakeOutOfService)
    assert (made.ticket, made.reason) == ("WX-7", "设备检修")


def test_that_shift_a_acknowledges_the_low_ones_of_the_page_and_says_what_is_left(officer: Room) -> None:
    press(officer, Qt.Key.Key_A, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert "确认本页 1 条低优先（红橙 1 条" in officer.window.chooser._question
    press(officer, Qt.Key.Key_1)
    assert last(officer) == command.AcknowledgeAlarms(alarms=((2, 1),), note_code=NoteCode.VERIFYING)


def test_that_a_page_without_low_ones_says_why_nothing_is_acknowledged(officer: Room) -> None:
    officer.session.put_alarms(alarm(2, 1, BLUE, priority=AlarmPriority.LOW, closed=True))
    officer.beat()
    press(officer, Qt.Key.Key_A, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert officer.session.sent.commands == []
    assert "红橙 1 条须逐条确认" in officer.window.message._held[-1].text


def situation(number: int, *alarms: int) -> Situation:
    return Situation(
        number=number, kind=SituationKind.CLUSTER, state=SituationState.OPEN, alarms=alarms, centre="500103",
        subtrack="", colour=RED, began_at=START_NS, last_at=START_NS, version=2,
    )  # fmt: skip


def test_that_d_b_and_n_dismiss_split_and_merge_the_situation_of_the_alarm(officer: Room) -> None:
    officer.session.put_alarms(*(alarm(n, n - 1, RED, situation=7, version=2) for n in (1, 2, 3)))
    officer.session.put_fact("situation", "7", situation(7, 1, 2, 3))
    officer.session.put_fact("situation", "8", situation(8, 4))
    officer.beat()
    press(officer, Qt.Key.Key_D, Qt.Key.Key_1)
    assert last(officer) == command.DismissSituation(situation=7, version=2, reason="互不相关")
    press(officer, Qt.Key.Key_B, Qt.Key.Key_1)
    assert last(officer) == command.SplitSituation(situation=7, version=2, alarms=(1,))
    press(officer, Qt.Key.Key_N, Qt.Key.Key_1)
    assert last(officer) == command.MergeSituations(situation=7, version=2, other=8, other_version=2)


def test_that_an_alarm_in_no_situation_says_so(officer: Room) -> None:
    press(officer, Qt.Key.Key_D)
    assert officer.window.message._held[-1].text == "所选告警不在情景中。"


def test_that_another_seats_request_is_told_listed_and_given(officer: Room) -> None:
    officer.session.put_fact("approval", "4", approval("zhang"))
    assert "A-05 请求双人确认：搁置 · 寸滩站 水位" in officer.window.message._passing.text
    officer.beat()
    assert officer.window.status_bar._waiting.text() == "待双人确认 1"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(officer, Qt.Key.Key_A, modifiers=both)
    row = officer.window.approvals.list._facts.row_at(0)
    assert row is not None
    assert (row.title, row.status) == ("搁置 · 寸滩站 水位", "待你确认")
    QTest.keyClick(officer.window.approvals.list, Qt.Key.Key_Return)
    press(officer, Qt.Key.Key_1)
    assert last(officer) == command.GiveApproval(approval=4, version=1)


def test_that_ones_own_request_can_only_be_withdrawn(officer: Room) -> None:
    officer.session.put_fact("approval", "4", approval("officer"))
    officer.window.routes.open_approvals()
    QTest.keyClick(officer.window.approvals.list, Qt.Key.Key_Return)
    assert officer.window.chooser._notes == ("撤回申请",)
    press(officer, Qt.Key.Key_1)
    assert last(officer) == command.RefuseApproval(approval=4, version=1, reason="申请人撤回")


def test_that_no_alarm_is_touched_while_the_list_of_requests_is_open(officer: Room) -> None:
    officer.session.put_fact("approval", "4", approval("zhang"))
    officer.window.routes.open_approvals()
    QTest.keyClick(officer.window.approvals.list, Qt.Key.Key_A)
    assert not officer.window.chooser.isVisible()


def test_that_a_threshold_set_is_switched_only_after_its_preview_was_seen(officer: Room) -> None:
    """V2: switching is previewed («n vitals would alarm now»), confirmed, and the preview is kept."""
    officer.window.switch.begin()
    assert officer.window.chooser._notes == ("汛期",)
    press(officer, Qt.Key.Key_1)
    ((wanted, answer),) = officer.session.sent.previews
    assert (wanted, officer.session.sent.commands) == ("flood", [])
    answer(PreviewAnswer(threshold_set="flood", would_alarm=((0, 4), (1, 2), (2, 2))))
    assert "切换到“汛期”后将有 3 项体征告警（红 1 橙 0 黄 2 蓝 0）" in officer.window.chooser._question
    press(officer, Qt.Key.Key_1)
    made = last(officer)
    assert made == command.SwitchThresholdSet(threshold_set="flood", reason="汛期、季节更替", seen_alarms=3)


def test_that_a_preview_that_fails_switches_nothing(officer: Room) -> None:
    officer.window.switch.begin()
    press(officer, Qt.Key.Key_1)
    officer.session.sent.previews[0][1](PreviewAnswer(threshold_set="flood", failed=Reason(code="console.no_alarm")))
    assert officer.session.sent.commands == []
    assert not officer.window.chooser.isVisible()


def test_that_t_proposes_a_change_with_before_after_and_reason(officer: Room) -> None:
    press(officer, Qt.Key.Key_T)
    form = officer.window.form
    assert form.isVisible()
    assert form._befores["high_red"].text() == "现 100"
    assert "改前 黄色，改后 黄色" in form.told.text()
    form.fields["high_red"].setText("55")
    form.fields["high_red"].textEdited.emit("55")
    assert "改前 黄色，改后 红色" in form.told.text()
    form.send()
    assert form.told.text() == "请写明修改原因。"
    form.reason.setText("复核")
    QTest.keyClick(form.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert last(officer) == command.ProposeThreshold(
        threshold_set="normal", vital_code="V0000", changes={"high_red": "55"}, reason="复核"
    )
    assert not form.isVisible()


def changed(**fields: object) -> ThresholdChange:
    made = ThresholdChange(
        number=4, threshold_set="normal", vital_code="V0000", before={"high_red": "110"}, after={"high_red": "100"},
        reason="复核", author="chen", author_seat="A-01", asked_at=START_NS, approver="wang",
        state=ThresholdState.IN_FORCE, version=3,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def test_that_a_proposal_may_name_when_it_comes_into_force(officer: Room) -> None:
    """A20: the command line had it, the form had not. The clock stands at 2026-07-18 14:32."""
    press(officer, Qt.Key.Key_T)
    form = officer.window.form
    form.fields["high_red"].setText("55")
    form.reason.setText("汛前")
    for text, told in (("26:00", "看不懂"), ("07-17 06:00", "已经过去")):
        form.begins.setText(text)
        form.send()
        assert told in form.told.text()
        assert text in form.told.text()
    form.begins.setText("06:00")
    form.send()
    sent = last(officer)
    assert isinstance(sent, command.ProposeThreshold)
    assert officer.desk.figures.stamp(sent.effective_at or 0) == "2026-07-19 06:00:00"


def test_that_the_last_change_in_force_is_taken_back_with_a_reason(officer: Room) -> None:
    officer.session.put_fact("threshold", "3", changed(number=3, after={"high_red": "110"}, before={}))
    officer.session.put_fact("threshold", "4", changed())
    officer.session.put_fact("threshold", "5", changed(number=5, state=ThresholdState.WAITING))
    officer.session.put_fact("threshold", "6", changed(number=6, vital_code="V0001"))
    officer.session.put_fact("threshold", "7", changed(number=7, threshold_set="flood"))
    press(officer, Qt.Key.Key_T)
    form = officer.window.form
    assert "Alt+Z" in form.undo.text()
    assert "上限红 100 → 110" in form._last.text()
    QTest.keyClick(form.reason, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    assert form.told.text() == "请写明修改原因。"
    assert form.isVisible()
    form.reason.setText("改错了")
    QTest.mouseClick(form.undo, Qt.MouseButton.LeftButton)
    assert last(officer) == command.RollBackThreshold(change=4, version=3, reason="改错了")
    assert not form.isVisible()


def test_that_a_form_without_a_change_to_take_back_says_so(officer: Room) -> None:
    press(officer, Qt.Key.Key_T)
    form = officer.window.form
    assert not form.undo.isEnabled()
    assert "没有可回退" in form._last.text()
    form.take_back()
    assert officer.session.sent.commands == []


def test_that_a_form_left_with_escape_keeps_its_draft(officer: Room) -> None:
    press(officer, Qt.Key.Key_T)
    officer.window.form.fields["high_red"].setText("77")
    QTest.keyClick(officer.window.form.fields["high_red"], Qt.Key.Key_Escape)
    assert not officer.window.form.isVisible()
    officer.window.routes.propose()
    assert officer.window.form.fields["high_red"].text() == "77"


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [("high_red", "abc", "上限红：不是数字"), ("high_red", "10", "上限红：与较轻一级的限值次序相反"),
     ("hysteresis", "-1", "回差：不能小于零")],
)  # fmt: skip
def test_that_a_wrong_figure_is_told_where_it_stands(officer: Room, column: str, text: str, told: str) -> None:
    press(officer, Qt.Key.Key_T)
    officer.window.form.fields[column].setText(text)
    officer.window.form.send()
    assert officer.window.form.told.text() == told
    assert officer.session.sent.commands == []


def card(room: Room) -> dict[str, str]:
    """Return the text of each section of the open card."""
    sections = room.window.card._sheet.text.sections
    return {each.title: "\n".join(f"{line.label} {line.text}" for line in each.lines) for each in sections}


def test_that_enter_opens_the_card_with_guidance_threshold_history_and_comments(officer: Room) -> None:
    said = AlarmComment(number=1, alarm=1, at=START_NS, account="zhang", seat="A-05", text="已核实")
    officer.session.put_fact("comment", "1", said)
    changed = ThresholdChange(
        number=1, threshold_set="normal", vital_code="V0000", before={"high_red": "110"}, after={"high_red": "100"},
        reason="复核", author="chen", author_seat="A-01", asked_at=START_NS, approver="wang",
        state=ThresholdState.IN_FORCE,
    )  # fmt: skip
    officer.session.put_fact("threshold", "1", changed)
    press(officer, Qt.Key.Key_Return)
    assert officer.window.card.isVisible()
    told = card(officer)
    assert "防汛跑道长 000-0000-0001" in told["处置指导"]
    assert "撤人" in told["处置指导"]
    assert "上限红 110 → 100；chen 申请，wang 批准" in told["阈值"]
    assert "触发（红色" in told["经过"]
    assert "zhang（A-05）：已核实" in told["评论"]
    assert "A 确认" in [button.text() for button in officer.window.card._buttons.values() if button.isVisible()]


def test_that_missing_guidance_says_so_and_whom_to_call(officer: Room) -> None:
    officer.desk.select_alarm(2)
    officer.window.routes.open_card(2)
    assert "尚未编写处置指导" in card(officer)["处置指导"]
    assert "防汛跑道长" in card(officer)["处置指导"]


def test_that_the_card_tells_cause_consequences_and_follows_the_selection(officer: Room) -> None:
    officer.session.put_alarms(alarm(3, 2, BLUE, cause=1), alarm(4, 3, BLUE, cause=1))
    officer.window.routes.open_card(1)
    officer.beat()
    assert card(officer)["后果"].count("\n") == 1
    officer.desk.select_alarm(3)
    officer.beat()
    assert "寸滩站 水位 超红色限" in card(officer)["起因"]
    officer.session.put_alarms(alarm(3, 2, BLUE, closed=True))
    officer.beat()
    assert officer.window.card._notice.accessibleName() == "此告警已结束，或没有选中的告警"


def test_that_buttons_of_the_card_do_what_their_keys_do(officer: Room) -> None:
    officer.window.routes.open_card(1)
    officer.window.card._buttons["vital.suppress"].click()
    assert officer.window.chooser.isVisible()
    press(officer, Qt.Key.Key_Escape)
    press(officer, Qt.Key.Key_Escape)
    assert not officer.window.card.isVisible()


def test_that_the_status_bar_counts_what_is_silenced_and_meters_the_seat(officer: Room) -> None:
    for vital, kind in enumerate((OverrideKind.SUPPRESSED, OverrideKind.OUT_OF_SERVICE, OverrideKind.MASKED), 4):
        standing = Override(vital=vital, vital_code="x", kind=kind, since=1)
        officer.session.put_fact("override", f"{vital}:{kind.value}", standing)
    officer.session.put_alarms(alarm(9, 9, YELLOW, shelved_at=1))
    officer.beat()
    bar = officer.window.status_bar
    assert bar._silenced.text() == "抑制 1 搁置 1 停用 1 屏蔽 1"
    assert (bar._flood.record.text, bar._flood.record.is_over) == ("10 分钟 2 条", False)
    officer.session.put_alarms(*(alarm(n, n % 12, RED) for n in range(20, 30)))
    officer.beat()
    assert (bar._flood.record.text, bar._flood.record.is_over) == ("告警洪水 12 条/10 分钟", True)

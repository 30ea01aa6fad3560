"""The alarm list of the cockpit: folds, sections, all seven states, flood mode; the officer's choice stays put."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.model.alarm import Alarm, Override, OverrideKind
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.scales import AlarmPriority, Aspect, WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState
from chengyun_widgets.fact_model import FactRow, Flash, Fold, Ground
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S, alarm

RED, ORANGE, YELLOW, BLUE = WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE


def rows(room: Room) -> list[FactRow]:
    """Return the rows as they stand on the cockpit."""
    model = room.window.cockpit.alarms._list._facts
    return [row for at in range(model.rowCount()) if (row := model.row_at(at)) is not None]


def keys(room: Room) -> list[str]:
    return [row.key for row in rows(room)]


def put_fact(room: Room, kind: str, key: str, record: object) -> None:
    """Bring another record than an alarm."""
    fact = Fact(kind=kind, key=key, version=1, number=8, record=record)  # type: ignore[arg-type]
    news = FactNews(facts=(fact,), gone=(), changes=(), through=8, tail=8, complete=True)
    room.session.facts.apply(news)
    room.session.facts_came.emit(news)


def override(vital: int, kind: OverrideKind, **fields: object) -> Override:
    made = Override(vital=vital, vital_code=f"V{vital:04d}", kind=kind, since=START_NS, by="li", reason="检修")
    return replace(made, **fields)  # type: ignore[arg-type]


def of(number: int, kind: OverrideKind, **fields: object) -> Alarm:
    return alarm(number, number, BLUE, overrides=(override(number, kind, **fields),))


def test_that_consequences_fold_under_their_cause_and_right_and_left_open_and_close_it(desk_room: Room) -> None:
    room, panel = desk_room, desk_room.window.cockpit.alarms
    room.session.put_alarms(alarm(1, 1, YELLOW), *(alarm(n, n, BLUE, cause=1) for n in (2, 3, 4)))
    room.beat()
    (group,) = rows(room)
    assert (group.fold, group.badges, group.status) == (Fold.CLOSED, ("+3 后果",), "未确认 4")
    panel.focus_list()
    panel._list.select(group.key)
    QTest.keyClick(panel._list, Qt.Key.Key_Right)
    assert keys(room) == ["cause:1", "2", "3", "4"]
    assert {row.depth for row in rows(room)[1:]} == {1}
    panel._list.select("3")
    QTest.keyClick(panel._list, Qt.Key.Key_Left)
    assert panel._list.current_key() == "cause:1"
    QTest.keyClick(panel._list, Qt.Key.Key_Left)
    assert keys(room) == ["cause:1"]


def test_that_a_click_on_the_arrow_unfolds(desk_room: Room) -> None:
    room, view = desk_room, desk_room.window.cockpit.alarms._list
    room.session.put_alarms(alarm(1, 1, YELLOW), alarm(2, 2, BLUE, cause=1))
    room.beat()
    at = view.visualRect(view._facts.index(0)).center()
    at.setX(10)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert keys(room) == ["cause:1", "2"]


def test_that_an_unseen_red_consequence_stays_on_the_screen_while_its_group_is_folded(desk_room: Room) -> None:
    """A fold never hides a red or orange one that nobody has seen (RF13, A1)."""
    room = desk_room
    room.session.put_alarms(alarm(1, 1, YELLOW), alarm(2, 2, RED, cause=1), alarm(3, 3, BLUE, cause=1))
    room.beat()
    assert keys(room) == ["cause:1", "2"]
    assert rows(room)[0].severity.value == 4
    room.session.put_alarms(alarm(2, 2, RED, cause=1, acked_at=1, acked_by="li", version=2))
    room.beat()
    assert keys(room) == ["cause:1"]


def test_that_the_next_unacknowledged_alarm_unfolds_the_group_that_hides_it(desk_room: Room) -> None:
    room = desk_room
    grave = alarm(2, 2, BLUE, cause=1, priority=AlarmPriority.HIGH)
    room.session.put_alarms(alarm(1, 1, YELLOW, acked_at=1, acked_by="li"), grave)
    room.beat()
    assert keys(room) == ["cause:1"]
    room.window.routes.next_alarm()
    room.beat()
    assert room.window.cockpit.alarms._list.current_key() == "2"


def test_that_one_key_acknowledges_the_group_under_its_head_and_says_how_many(desk_room: Room) -> None:
    """WF4: Ctrl+J leads to the cause, though the list had chosen another line by itself; A takes low and medium."""
    room = desk_room
    room.session.put_alarms(alarm(9, 9, YELLOW))
    room.beat()
    followers = [alarm(number, number, YELLOW, cause=1) for number in (2, 3, 4)]
    room.session.put_alarms(alarm(1, 1, RED), *followers, alarm(5, 5, ORANGE, cause=1))
    room.beat()
    QTest.keyClick(room.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert room.window.cockpit.alarms._list.current_key() == "cause:1"
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_A)
    assert "4 条" in room.window.deeds._chooser.accessibleName()
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_1)
    sent = room.session.sent.commands[-1]
    assert isinstance(sent, AcknowledgeAlarm)
    assert (sent.alarm, sorted(number for number, _version in sent.along)) == (1, [2, 3, 4])


def test_that_a_situation_is_one_line_named_by_its_first_alarm(desk_room: Room) -> None:
    room = desk_room
    situation = Situation(
        number=5, kind=SituationKind.CLUSTER, state=SituationState.OPEN, alarms=(2, 1), centre="500103", subtrack="",
        colour=YELLOW, began_at=START_NS, last_at=START_NS,
    )  # fmt: skip
    room.session.put_alarms(alarm(1, 1, YELLOW, situation=5), alarm(2, 2, BLUE, situation=5))
    put_fact(room, "situation", "5", situation)
    room.beat()
    (line,) = rows(room)
    assert (line.key, line.title, line.badges) == ("situation:5", "大坪管廊 CH₄", ("情景 2 条",))


def test_that_a_lost_link_is_drawn_as_a_chain_and_gateways_fold(desk_room: Room) -> None:
    """Comms loss is a quality of its own and never looks like a value (A19, phoebus#1928)."""
    room = desk_room
    lost = {"aspect": Aspect.COMMS, "situation": 9}
    gateway = Situation(
        number=9, kind=SituationKind.GATEWAY, state=SituationState.OPEN, alarms=(1, 2), centre="500103", subtrack="",
        gateway="GW-12", colour=BLUE, began_at=START_NS, last_at=START_NS,
    )  # fmt: skip
    room.session.put_alarms(alarm(1, 1, BLUE, **lost), alarm(2, 2, BLUE, **lost), alarm(3, 1, RED))
    put_fact(room, "situation", "9", gateway)
    room.beat()
    process, link = rows(room)
    assert (process.key, process.is_link) == ("3", False)
    assert (link.title, link.badges, link.is_link) == ("网关 GW-12 通信中断", ("2 路",), True)


@pytest.mark.parametrize(
    ("made", "flash", "ground", "struck", "status"),
    [
        (alarm(1, 1), Flash.FAST, Ground.PLAIN, False, "未确认"),
        (alarm(1, 1, acked_at=1, acked_seat="A-05"), Flash.NONE, Ground.PLAIN, False, "A-05"),
        (alarm(1, 1, band=WarningColour.NONE), Flash.SLOW, Ground.PLAIN, False, "未确认"),
        (alarm(1, 1, shelved_at=1, shelved_until=START_NS + 62 * S), Flash.NONE, Ground.PLAIN, True, "搁置 01:00"),
        (of(1, OverrideKind.SUPPRESSED, until=START_NS + 62 * S), Flash.NONE, Ground.HATCHED, False, "抑制 01:00"),
        (of(1, OverrideKind.MASKED, cause=7), Flash.NONE, Ground.HATCHED, False, "屏蔽"),
        (of(1, OverrideKind.OUT_OF_SERVICE, ticket="G1"), Flash.NONE, Ground.CROSSED, False, "停用"),
    ],
)
def test_that_every_state_has_its_look_and_its_word(
    desk_room: Room, made: Alarm, flash: Flash, ground: Ground, struck: bool, status: str
) -> None:
    room = desk_room
    room.window.cockpit.alarms._toggled = frozenset({"section:suppressed", "section:out_of_service"})
    room.session.put_alarms(made)
    room.beat()
    (row,) = [row for row in rows(room) if row.key == "1"]
    assert (row.flash, row.ground, row.is_struck, row.status) == (flash, ground, struck, status)


def test_that_suppressed_and_out_of_service_are_counted_under_headings_and_say_why(desk_room: Room) -> None:
    room = desk_room
    away = of(2, OverrideKind.OUT_OF_SERVICE, ticket="WX-7", reason="换泵")
    room.session.put_alarms(of(1, OverrideKind.SUPPRESSED), away, alarm(3, 3, shelved_at=1, shelve_reason="检修"))
    put_fact(room, "override", "6:suppressed", override(6, OverrideKind.SUPPRESSED, rule="SUP-1", by=""))
    room.beat()
    heads = {row.title: (row.status, row.fold) for row in rows(room) if row.is_heading}
    assert heads == {
        "已搁置": ("1", Fold.OPEN), "已抑制、已屏蔽": ("2", Fold.CLOSED), "停用检修": ("1", Fold.CLOSED),
    }  # fmt: skip
    panel = room.window.cockpit.alarms
    panel._on_opened("section:out_of_service")
    panel._on_opened("section:suppressed")
    room.beat()
    told = {row.key: row.detail for row in rows(room)}
    assert "换泵 · 工单 WX-7 · li" in told["2"]
    assert told["override:6:suppressed"] == "规则 SUP-1：检修"
    panel._list.select("override:6:suppressed")
    assert (room.desk.vital, room.desk.alarm()) == (6, None)


def test_that_what_has_stood_for_a_day_has_a_list_with_owner_and_due_time(desk_room: Room) -> None:
    room = desk_room
    day_ago = START_NS - 25 * 3600 * S
    acked = {"acked_at": day_ago, "acked_by": "li", "acked_seat": "A-01"}
    old = alarm(1, 1, YELLOW, raised_at=day_ago, assigned_to="500000.track_owner.1", due_at=START_NS, **acked)
    room.session.put_alarms(old, alarm(2, 2, BLUE, raised_at=day_ago))
    room.beat()
    assert keys(room) == ["2", "section:standing", "1"]
    assert "指派 防汛跑道长 14:32 前" in rows(room)[2].detail


def test_that_flood_mode_groups_says_so_and_parks_low_blue_and_yellow_only(desk_room: Room) -> None:
    room = desk_room
    low = AlarmPriority.LOW
    room.session.put_alarms(*(alarm(n, n, BLUE if n % 2 else RED, priority=low) for n in range(1, 11)))
    room.beat()
    assert len(keys(room)) == 10
    room.session.put_alarms(alarm(11, 11, YELLOW, priority=low))
    room.beat()
    assert sorted(keys(room)) == ["10", "2", "4", "6", "8", "section:parked"]
    banner = room.window.cockpit.alarms._banner
    assert banner.isVisible()
    assert "近 10 分钟 11 条" in banner.text()
    assert "6 条收起" in banner.text()
    room.beat(601.0)
    assert not banner.isVisible()


def test_that_chatter_proposes_a_delay_and_comments_are_counted(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 1, chattering=True, proposed_delay_s=30.0, comments=2))
    room.beat()
    assert rows(room)[0].badges == ("抖动 · 延时 30 秒", "评 2")
    assert rows(room)[0].detail.startswith("中优先 · 超红色限")


def test_that_the_cursor_never_slips_to_another_alarm_when_the_chosen_one_ends(desk_room: Room) -> None:
    """A key pressed a moment later must not hit the neighbour."""
    room = desk_room
    room.session.put_alarms(alarm(1, 1, RED), alarm(2, 2, RED))
    room.beat()
    room.window.cockpit.alarms._list.select("1")
    room.session.put_alarms(alarm(1, 1, RED, closed=True))
    room.beat()
    assert room.desk.alarm() is None
    assert room.window.cockpit.alarms._list.current_key() == ""


def test_that_what_does_not_fit_is_counted_in_the_last_row(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(*(alarm(n, n % 12, RED) for n in range(1, 260)))
    room.beat()
    assert len(rows(room)) == 201
    assert rows(room)[-1].title.startswith("另有 59 行")

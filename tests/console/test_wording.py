"""Figures, alarms and explanations as they are written."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.wording.alarms import AlarmWords
from chengyun_console.wording.explanation import Explainer
from chengyun_console.wording.figures import NO_VALUE, Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.change import Change
from chengyun_core.model.scales import Side, WarningColour
from chengyun_resources.texts import Texts
from tests.console.still_session import START_NS, S, StillSession, alarm
from tests.support.small_city import small_city

FIGURES = Figures(Texts("zh_CN"))
NAMES = Gazetteer(CatalogueView(small_city(12)), ("区",))
WORDS = AlarmWords(FIGURES, NAMES)


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (183.6249, 2, "183.62"),
        (71352.4, 0, "71,352"),
        (-0.004, 2, "-0.00"),
        (9999.0, 0, "9999"),
        (math.nan, 1, NO_VALUE),
    ],
)
def test_that_a_value_is_written_with_its_decimals(value: float, decimals: int, written: str) -> None:
    assert FIGURES.value(value, decimals) == written


def test_that_a_value_that_is_none_carries_no_unit() -> None:
    assert FIGURES.with_unit(math.inf, 1, "m") == NO_VALUE
    assert FIGURES.with_unit(1.0, 1, "m") == "1.0 m"


def test_that_times_are_those_of_china() -> None:
    assert FIGURES.stamp(START_NS) == "2026-07-18 14:32:07"
    assert FIGURES.day(START_NS) == "7月18日 周六"


def test_that_an_axis_names_the_day_when_it_is_not_today() -> None:
    assert FIGURES.axis(START_NS, START_NS) == "14:32"
    assert FIGURES.axis(START_NS - 86_400 * S, START_NS) == "07-17 14:32"


@given(st.integers(min_value=0, max_value=359_999))
def test_that_a_duration_below_a_hundred_hours_is_read_back_to_its_seconds(seconds: int) -> None:
    hours, minutes, rest = FIGURES.duration(seconds).split(":")
    assert int(hours) * 3600 + int(minutes) * 60 + int(rest) == seconds


def test_that_a_long_duration_counts_days_and_a_negative_one_is_nothing() -> None:
    assert FIGURES.duration(5 * 86_400 + 7200) == "5 天 02:00:00"
    assert FIGURES.duration(-5) == "00:00:00"
    assert FIGURES.short_duration(432) == "07:12"


def test_that_an_alarm_tells_name_value_colour_limit_and_excess() -> None:
    raised = alarm(1, 0)
    assert WORDS.title(raised) == "寸滩站 水位 超红色限"
    assert WORDS.strip_line(raised) == "寸滩站 水位 120.00 m 超红色限 100.00（+20.00）"
    assert WORDS.place(raised) == "渝中 · 应急动员/防汛抗旱"


@pytest.mark.parametrize(
    ("side", "part"),
    [(Side.LOW, "低于红色限"), (Side.RATE, "变化过快"), (Side.STUCK, "数值不变"), (Side.MISSING, "无数据")],
)
def test_that_each_rule_has_its_own_words(side: Side, part: str) -> None:
    assert part in WORDS.title(alarm(1, 0, side=side))
    assert part in WORDS.strip_line(alarm(1, 0, side=side))


def test_that_an_eased_alarm_is_not_said_to_be_over_its_gravest_limit() -> None:
    eased = alarm(1, 0, band=WarningColour.YELLOW, value=60.0, limit=50.0)
    assert WORDS.strip_line(eased) == "寸滩站 水位 60.00 m 缓和至黄色（曾红色）"


def test_that_a_returned_alarm_says_so() -> None:
    returned = alarm(1, 0, band=WarningColour.NONE, returned_at=START_NS)
    assert WORDS.title(returned) == "寸滩站 水位 已恢复"
    assert WORDS.status(returned, START_NS) == "未确认"


def test_that_an_alarm_of_an_unknown_vital_is_shown_by_its_code() -> None:
    unknown = alarm(1, 999)
    assert "V0999" in WORDS.title(unknown)
    assert WORDS.place(unknown) == "V0999"
    assert "V0003" in AlarmWords(FIGURES, None).title(alarm(1, 3))


def test_that_a_shelf_counts_down_and_a_one_shot_does_not() -> None:
    timed = alarm(1, 0, shelved_at=START_NS, shelved_until=START_NS + 90 * S)
    assert WORDS.status(timed, START_NS) == "搁置 01:30"
    assert WORDS.status(alarm(1, 0, shelved_at=START_NS), START_NS) == "搁置至恢复"


def test_that_the_history_is_in_order_and_names_who_and_why() -> None:
    lived = alarm(
        1, 0, acked_at=START_NS, acked_by="li", acked_seat="A-03", note_code=NoteCode.DISPATCHED, raises=3,
        returned_at=START_NS - 5 * S, band=WarningColour.NONE, changed_at=START_NS + S,
    )  # fmt: skip
    assert WORDS.history(lived) == (
        "14:31:07 触发（红色，120.00 m）",
        "14:32:02 恢复正常",
        "14:32:07 li（A-03）确认：已派单",
        "本次内已触发 3 次",
    )


def test_that_steps_the_record_does_not_keep_are_told_from_the_changes_seen() -> None:
    change = Change(
        number=9, at_ns=START_NS - 30 * S, action="alarm.escalate", kind="alarm", key="1", version=2, record=b""
    )
    back = replace(change, number=11, at_ns=START_NS, action="alarm.unacknowledge", account="li", seat="A-03")
    other = replace(change, number=10, action="alarm.acknowledge")
    assert WORDS.history(alarm(1, 0), (change, other, back)) == (
        "14:31:07 触发（红色，120.00 m）",
        "14:31:37 升级",
        "14:32:07 撤销确认 li A-03",
    )


def test_that_every_figure_is_explained_down_to_its_channel_and_owner() -> None:
    session = StillSession()
    session.show_city(small_city(12))
    session.put({0: 61.0}, band={0: 2})
    session.put_alarms(alarm(1, 0))
    told = Explainer(FIGURES, NAMES, WORDS).explain(0, session.state, START_NS + 4 * S, session.facts)
    assert told is not None
    assert (told.name, told.value, told.band, told.is_stale) == ("寸滩站 水位", "61.00 m", WarningColour.YELLOW, True)
    lines = {line.label: line.text for line in told.lines}
    assert lines["采样时间"] == "14:32:07  距今 00:00:04 · 良好 · 采集失联"
    assert lines["阈值"] == "上限 黄 50.00 红 100.00 · 平时（生效）"
    assert lines["公式"] == "last(D0.level)  每 5 秒"
    assert lines["通道"] == "设备0 level [m]"
    assert lines["责任岗位"] == "防汛跑道长 000-0000-0001"
    assert told.history


def test_that_a_vital_that_never_spoke_is_explained_as_such() -> None:
    state = StateMirror()
    state.resize(NAMES.view.period_s)
    told = Explainer(FIGURES, NAMES, WORDS).explain(3, state, START_NS, FactMirror())
    assert told is not None
    assert told.value == NO_VALUE
    assert told.lines[0].text == "从未有数据"


def test_that_a_vital_nobody_knows_is_not_explained() -> None:
    state = StateMirror()
    state.resize(NAMES.view.period_s)
    assert Explainer(FIGURES, NAMES, WORDS).explain(999, state, START_NS, FactMirror()) is None

"""A trend shown to all is drawn by each console from its own samples: live, by its name, and why there is none."""

from PySide6.QtCore import Qt

from chengyun_console.pages.vitals.page import VitalsPage
from chengyun_console.rooms.shared_trend import SharedLines
from chengyun_core.model.failure import Reason
from chengyun_core.model.room_commands import ShareInRoom
from tests.console.room_stand import CHAIR
from tests.console.rooms.sharing import SINCE_NS, Sharing
from tests.console.still_session import START_NS, S
from tests.support.small_city import small_city

HOUR = 3600
PAST_S = START_NS // S - HOUR


def lines_of(sharing: Sharing) -> SharedLines:
    found = sharing.sheet.shared.lines
    assert found is not None
    return found


def beat(sharing: Sharing, times: int = 2) -> None:
    for _ in range(times):
        sharing.room.beat(0.3)


def asked(sharing: Sharing) -> set[int]:
    return {one.vital for one in sharing.room.session.sent.windows if one.slot.startswith("room-")}


def test_that_a_trend_is_drawn_from_ones_own_samples_and_says_who_shows_it(sharing: Sharing) -> None:
    sharing.share(f"trend/V0001+V0002/{6 * HOUR}")
    beat(sharing)
    assert sharing.sheet.shared.isVisible()
    assert asked(sharing) == {1, 2}
    sharing.room.session.answer_windows((600, 10.0), (300, 60.0), (60, 11.0))
    beat(sharing)
    record = lines_of(sharing).view.record
    assert [(line.number, line.name, line.value) for line in record.lines] == [
        ("1", "重庆北站 客流", "11.00"), ("2", "大坪管廊 CH₄", "12.00"),
    ]  # fmt: skip
    assert [band.edge for band in record.bands] == [50.0, 100.0]
    assert record.notice == ""
    t0_ns, t1_ns = lines_of(sharing).view.shown_window()
    assert t1_ns - t0_ns == 6 * HOUR * S
    assert abs(t1_ns - sharing.room.session.clock.utc_ns()) < 60 * S
    title = sharing.sheet.shared.title.toolTip() or sharing.sheet.shared.title.text()
    for word in ("重庆北站 客流", "6 小时", "实时", "周敏", sharing.room.desk.figures.clock(SINCE_NS)):
        assert word in title


def test_that_it_goes_on_with_the_values_that_come_and_tells_their_age(sharing: Sharing) -> None:
    sharing.share(f"trend/V0001/{HOUR}")
    beat(sharing)
    sharing.room.session.answer_windows((60, 10.0))
    sharing.room.session.put({1: 77.5}, band={1: 2})
    beat(sharing)
    (line,) = lines_of(sharing).view.record.lines
    assert (line.value, line.is_stale) == ("77.50", False)
    sharing.room.session.clock.advance(600)
    beat(sharing)
    (line,) = lines_of(sharing).view.record.lines
    assert line.is_stale
    assert line.age


def test_that_a_window_that_has_ended_is_the_same_at_everybodys(sharing: Sharing) -> None:
    sharing.share(f"trend/V0001/{HOUR}/{PAST_S}")
    beat(sharing)
    assert lines_of(sharing).view.shown_window() == ((PAST_S - HOUR) * S, PAST_S * S)
    beat(sharing, 4)
    assert lines_of(sharing).view.shown_window() == ((PAST_S - HOUR) * S, PAST_S * S)


def test_that_who_may_not_read_a_vital_reads_why(sharing: Sharing) -> None:
    sharing.share(f"trend/V0001/{HOUR}")
    beat(sharing)
    sharing.room.session.answer_windows(failed="session.no_answer")
    beat(sharing)
    told = sharing.room.desk.refusal(Reason(code="session.no_answer"))
    assert lines_of(sharing).lacks.text() == told
    assert lines_of(sharing).lacks.isVisible()
    for _ in range(4):
        # Asked anew after a while, and after a longer one each time.
        sharing.room.session.clock.advance(60)
        beat(sharing)
        sharing.room.session.answer_windows((60, 10.0))
    beat(sharing)
    assert not lines_of(sharing).lacks.isVisible(), "once it may be read nothing is said of it"


def test_that_a_vital_this_console_does_not_know_is_named_and_the_others_are_drawn(sharing: Sharing) -> None:
    sharing.share(f"trend/V0001+V9999/{HOUR}")
    beat(sharing)
    assert [line.key for line in lines_of(sharing).view.record.lines] == ["V0001"]
    assert "V9999" in lines_of(sharing).lacks.text()
    assert lines_of(sharing).lacks.isVisible()
    sharing.share(f"trend/V9999/{HOUR}")
    beat(sharing)
    assert lines_of(sharing).view.record.lines == ()
    assert lines_of(sharing).view.record.notice == sharing.room.desk.say("rooms.trend.none")


def test_that_a_catalogue_that_comes_later_brings_the_line(sharing: Sharing) -> None:
    sharing.share(f"trend/V0013/{HOUR}")
    beat(sharing)
    assert lines_of(sharing).view.record.lines == ()
    sharing.room.session.show_city(small_city(16, version=2))
    sharing.room.session.put(dict.fromkeys(range(16), 1.0))
    beat(sharing)
    assert [line.key for line in lines_of(sharing).view.record.lines] == ["V0013"]
    assert not lines_of(sharing).lacks.isVisible()


def test_that_one_may_look_at_another_time_for_oneself_and_come_back(sharing: Sharing) -> None:
    sharing.share(f"trend/V0001/{HOUR}")
    beat(sharing)
    sharing.room.session.answer_windows((60, 10.0))
    view = lines_of(sharing).view
    view.hold((PAST_S - HOUR) * S, PAST_S * S)
    before = len(sharing.room.session.sent.windows)
    beat(sharing)
    assert view.shown_window() == ((PAST_S - HOUR) * S, PAST_S * S)
    assert len(sharing.room.session.sent.windows) > before, "what it lacks is asked for"
    view.setFocus()
    sharing.stand.press(Qt.Key.Key_End)
    beat(sharing)
    assert abs(view.shown_window()[1] - sharing.room.session.clock.utc_ns()) < 60 * S
    view.hold((PAST_S - HOUR) * S, PAST_S * S)
    sharing.share(f"trend/V0001/{6 * HOUR}")
    beat(sharing)
    assert view.is_following, "what is shown anew is what one sees"


def test_that_it_goes_with_the_share_and_asks_for_nothing_more(sharing: Sharing) -> None:
    sharing.share(f"trend/V0001/{HOUR}")
    beat(sharing)
    sharing.room.session.answer_windows((60, 10.0))
    sharing.share("")
    assert sharing.sheet.shared.isHidden()
    sharing.room.session.sent.windows.clear()
    beat(sharing, 4)
    assert asked(sharing) == set()
    assert lines_of(sharing).view.record.lines == ()


def test_that_one_key_leads_to_the_same_lines_on_the_page_of_vitals(sharing: Sharing) -> None:
    sharing.share(f"trend/V0003+V0001/{HOUR}/{PAST_S}")
    beat(sharing)
    sharing.stand.press(Qt.Key.Key_W)
    beat(sharing)
    window = sharing.room.window
    assert window.stack.front == "F2"
    assert not sharing.sheet.isVisible()
    page = window.stack.of(VitalsPage)
    assert [line.key for line in page.trend.view.record.lines] == ["V0003", "V0001"]
    assert page.trend.view.shown_window() == ((PAST_S - HOUR) * S, PAST_S * S)


def test_that_a_trend_nobody_here_knows_leads_nowhere_and_says_so(sharing: Sharing) -> None:
    sharing.share(f"trend/V9999/{HOUR}")
    front = sharing.room.window.stack.front
    sharing.stand.press(Qt.Key.Key_W)
    assert sharing.room.window.stack.front == front


def test_that_the_vital_in_focus_is_offered_and_shown_by_one_digit(sharing: Sharing) -> None:
    sharing.room.desk.select_vital(1)
    offered = sharing.offered()
    assert offered[2] == ("曲线 重庆北站 客流（近 1 小时 · 实时）", f"trend/V0001/{HOUR}")
    sharing.sheet.matrix.setFocus()
    sharing.stand.press(Qt.Key.Key_S)
    sharing.stand.press(Qt.Key.Key_3)
    assert sharing.stand.commands(ShareInRoom) == [ShareInRoom(room=1, code=CHAIR, shares=f"trend/V0001/{HOUR}")]


def test_that_lines_and_window_of_the_page_of_vitals_are_offered_as_they_stand(sharing: Sharing) -> None:
    window = sharing.room.window
    window.show_page("F2")
    beat(sharing)
    page = window.stack.of(VitalsPage)
    page.show_lines((2, 5), HOUR * S, PAST_S * S)
    beat(sharing, 4)
    assert f"trend/V0002+V0005/{HOUR}/{PAST_S}" in [value for _text, value in sharing.offered()]


def test_that_lines_kept_on_the_page_stay_beside_those_that_were_shown(sharing: Sharing) -> None:
    window = sharing.room.window
    window.show_page("F2")
    beat(sharing)
    page = window.stack.of(VitalsPage)
    page.show_lines((2, 5), HOUR * S, None)
    page.show_lines((3, 1), HOUR * S, None)
    beat(sharing)
    assert [line.key for line in page.trend.view.record.lines] == ["V0003", "V0001", "V0005"]

"""The risk strip as an officer uses it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.theme import Theme
from chengyun_widgets.ticker import Ticker
from chengyun_widgets.ticker_items import TickerCount, TickerItem, TickerTexts
from tests.widgets.pictures import count_of, pixels_of


def item(key: str, *, severity: Severity = Severity.ORANGE, code: int = 1, pinned: bool = False) -> TickerItem:
    return TickerItem(
        key=key,
        severity=severity,
        word="橙",
        head="雨量",
        text=f"东阳街道 {key} 62.4 mm",
        time="14:31:40",
        class_code=code,
        is_pinned=pinned,
    )


@pytest.fixture
def strip(theme: Theme, qtbot: QtBot) -> Ticker:
    made = Ticker(theme)
    qtbot.addWidget(made)
    made.resize(1400, 44)
    made.set_counts([TickerCount(severity=Severity.RED, text="1")])
    made.set_texts(
        TickerTexts(waiting="未确认 3", pause_hint="暂停", resume_hint="继续", unfold_hint="展开", empty="没有")
    )
    # Sized but not on screen: a pointer left there by another test would hold the belt.
    made.grab()
    return made


def run(strip: Ticker, seconds: float, start: float = 0.0) -> None:
    for step in range(int(seconds * 20) + 1):
        strip.tick(start + step / 20)


def test_that_the_belt_moves_sixty_px_in_a_second(strip: Ticker) -> None:
    strip.set_items([item(str(n)) for n in range(20)])
    run(strip, 5.0)
    assert strip._lane.offset == pytest.approx(300.0)


def test_that_a_suspended_laptop_skips_nothing(strip: Ticker) -> None:
    strip.set_items([item(str(n)) for n in range(20)])
    strip.tick(0.0)
    strip.tick(36_000.0)
    assert strip._lane.offset == pytest.approx(15.0)


def test_that_space_holds_the_belt_and_lets_it_go(strip: Ticker, qtbot: QtBot) -> None:
    strip.set_items([item(str(n)) for n in range(20)])
    with qtbot.waitSignal(strip.pause_did_change, check_params_cb=lambda paused: paused):
        qtbot.keyClick(strip, Qt.Key.Key_Space)
    run(strip, 2.0)
    assert strip._lane.offset == 0.0
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    run(strip, 2.0, 10.0)
    assert strip._lane.offset > 100


def test_that_a_resting_pointer_holds_the_belt(strip: Ticker, qtbot: QtBot) -> None:
    strip.set_items([item(str(n)) for n in range(20)])
    strip.show()
    qtbot.waitExposed(strip)
    qtbot.mouseMove(strip, QPoint(690, 20))
    qtbot.mouseMove(strip, QPoint(700, 20))
    run(strip, 2.0)
    assert strip.is_paused
    assert strip._lane.offset == 0.0


def test_that_a_click_opens_the_item_under_the_pointer(strip: Ticker, qtbot: QtBot) -> None:
    strip.set_items([item("first"), item("second")])
    lane = strip._lane_rect()
    second = strip._lane.slots[1]
    at = QPoint(round(lane.x() + second.x + 20), 20)
    with qtbot.waitSignal(strip.item_was_opened, check_params_cb=lambda key: key == "second"):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at)


def test_that_enter_opens_the_item_chosen_with_the_arrows(strip: Ticker, qtbot: QtBot) -> None:
    strip.set_items([item("pinned", pinned=True), item("first"), item("second")])
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(strip, key)
    with qtbot.waitSignal(strip.item_was_opened, check_params_cb=lambda key: key == "first"):
        qtbot.keyClick(strip, Qt.Key.Key_Return)


def test_that_a_digit_hides_and_shows_a_class_but_never_a_pinned_item(strip: Ticker, qtbot: QtBot) -> None:
    strip.set_items([item("p", code=2, pinned=True), item("a", code=1), item("b", code=2)])
    with qtbot.waitSignal(strip.classes_did_change, check_params_cb=lambda codes: codes == frozenset({1, 3, 4, 5})):
        qtbot.keyClick(strip, Qt.Key.Key_2)
    assert set(strip.shown_counts()) == {"a"}
    assert [shown.key for shown in strip._pinned] == ["p"]
    qtbot.keyClick(strip, Qt.Key.Key_2)
    assert set(strip.shown_counts()) == {"a", "b"}


def test_that_pinned_items_without_room_roll_and_are_counted(strip: Ticker) -> None:
    strip.set_items([item(f"p{n}", pinned=True) for n in range(6)])
    assert 1 <= len(strip._pinned) < 6
    assert strip._hidden_pinned == 6 - len(strip._pinned)
    assert set(strip.shown_counts()) == {f"p{n}" for n in range(len(strip._pinned), 6)}


def test_that_counts_ask_for_the_unfolded_list(strip: Ticker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.unfold_was_asked):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))


def test_that_five_hundred_items_are_each_shown(strip: Ticker) -> None:
    strip.set_items([item(str(n)) for n in range(500)])
    for step in range(30_000):
        strip.tick(step * 0.25)
        if min(strip.shown_counts().values()) >= 1:
            break
    assert min(strip.shown_counts().values()) >= 1


def test_that_a_frame_of_the_belt_leaves_the_counts_alone(
    strip: Ticker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip.set_items([item(str(n)) for n in range(20)])
    asked: list[object] = []
    monkeypatch.setattr(strip, "_paint_counts", asked.append)
    strip.grab(strip._lane_rect().toRect())
    assert asked == []
    strip.grab()
    assert len(asked) == 1


def test_that_a_count_of_none_has_no_colour(strip: Ticker, theme: Theme) -> None:
    assert count_of(pixels_of(strip), theme.fill(Severity.RED)) > 20
    strip.set_counts([TickerCount(severity=Severity.RED, text="0", is_quiet=True)])
    assert count_of(pixels_of(strip), theme.fill(Severity.RED)) == 0

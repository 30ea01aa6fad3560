"""The frame's small widgets: lamps, badge, breadcrumb, rail, panel, card."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import TARGET_PX, Colour, Severity
from chengyun_widgets.breadcrumb import Breadcrumb, Crumb
from chengyun_widgets.light import Light, LightRecord, LightState
from chengyun_widgets.mode_badge import ModeBadge, ModeRecord, ModeTone
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.rail import RAIL_PX, Rail, RailPage
from chengyun_widgets.summary_card import SummaryCard, SummaryRecord
from chengyun_widgets.theme import Theme
from tests.widgets.pictures import count_of, pixels_of

LEGAL = (Severity.RED, Severity.ORANGE, Severity.YELLOW, Severity.BLUE)


def sized(widget: QWidget, qtbot: QtBot) -> None:
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint())


def test_that_lamps_differ_by_shape_and_none_borrows_a_legal_colour(theme: Theme, qtbot: QtBot) -> None:
    pictures = []
    for state in LightState:
        lamp = Light(theme)
        lamp.show_record(LightRecord(label="库", state=state))
        sized(lamp, qtbot)
        pictures.append(pixels_of(lamp))
        assert all(count_of(pictures[-1], theme.fill(severity)) == 0 for severity in LEGAL)
    assert len({picture.tobytes() for picture in pictures}) == len(LightState)


def test_that_a_lamp_is_asked_by_click_and_key_and_speaks(theme: Theme, qtbot: QtBot) -> None:
    lamp = Light(theme)
    lamp.show_record(LightRecord(label="库", state=LightState.LOST, detail="自 14:31:52", spoken="数据库中断"))
    sized(lamp, qtbot)
    with qtbot.waitSignal(lamp.was_asked):
        qtbot.mouseClick(lamp, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(lamp.was_asked):
        qtbot.keyClick(lamp, Qt.Key.Key_Space)
    assert lamp.accessibleName() == "数据库中断"
    assert lamp.height() >= TARGET_PX


def test_that_a_drill_is_hatched_and_never_looks_like_an_emergency(theme: Theme, qtbot: QtBot) -> None:
    for tone, token in ((ModeTone.DRILL, Colour.MODE_DRILL_HATCH), (ModeTone.EMERGENCY, Colour.MODE_EMERGENCY)):
        badge = ModeBadge(theme)
        badge.show_record(ModeRecord(tone=tone, text="急时", elapsed="00:10:02"))
        sized(badge, qtbot)
        picture = pixels_of(badge)
        assert count_of(picture, theme.colour(token)) > 100
        other = Colour.MODE_EMERGENCY if tone is ModeTone.DRILL else Colour.MODE_DRILL
        assert count_of(picture, theme.colour(other)) == 0


def test_that_the_elapsed_time_has_room(theme: Theme, qtbot: QtBot) -> None:
    badge = ModeBadge(theme)
    badge.show_record(ModeRecord(tone=ModeTone.EMERGENCY, text="急时"))
    short = badge.sizeHint().width()
    badge.show_record(ModeRecord(tone=ModeTone.EMERGENCY, text="急时", elapsed="00:10:02"))
    sized(badge, qtbot)
    assert badge.sizeHint().width() > short + 60


@pytest.fixture
def crumbs(theme: Theme, qtbot: QtBot) -> Breadcrumb:
    made = Breadcrumb(theme)
    qtbot.addWidget(made)
    made.resize(600, TARGET_PX)
    made.show_crumbs([Crumb(key=key, text=key) for key in ("驾驶舱", "应急动员", "防汛抗旱", "江河水位")])
    return made


def test_that_a_click_on_a_step_goes_there(crumbs: Breadcrumb, qtbot: QtBot) -> None:
    at = crumbs._rects()[1].center().toPoint()
    with qtbot.waitSignal(crumbs.crumb_was_asked, check_params_cb=lambda key: key == "应急动员"):
        qtbot.mouseClick(crumbs, Qt.MouseButton.LeftButton, pos=at)


def test_that_backspace_goes_one_up_and_arrows_choose(crumbs: Breadcrumb, qtbot: QtBot) -> None:
    with qtbot.waitSignal(crumbs.crumb_was_asked, check_params_cb=lambda key: key == "防汛抗旱"):
        qtbot.keyClick(crumbs, Qt.Key.Key_Backspace)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(crumbs, key)
    with qtbot.waitSignal(crumbs.crumb_was_asked, check_params_cb=lambda key: key == "驾驶舱"):
        qtbot.keyClick(crumbs, Qt.Key.Key_Return)


@pytest.mark.parametrize("width", [600, 300, 232])
def test_that_a_narrow_breadcrumb_keeps_all_steps_inside(crumbs: Breadcrumb, width: int) -> None:
    crumbs.resize(width, TARGET_PX)
    assert crumbs._rects()[-1].right() <= width + 1
    assert all(rect.width() >= TARGET_PX for rect in crumbs._rects())


@pytest.fixture
def rail(theme: Theme, qtbot: QtBot) -> Rail:
    made = Rail(theme)
    qtbot.addWidget(made)
    made.resize(RAIL_PX, 650)
    made.show_pages(
        [RailPage(key=f"p{n}", text=f"页 {n}", hint=f"F{n}", badge="3" if n == 2 else "") for n in range(1, 11)]
    )
    made.set_current("p1")
    return made


def test_that_all_ten_pages_fit_a_drill_laptop(rail: Rail) -> None:
    assert rail._rect(9).bottom() <= 650
    assert rail._rect(9).height() >= TARGET_PX


def test_that_pages_open_by_click_and_key(rail: Rail, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rail.page_was_asked, check_params_cb=lambda key: key == "p4"):
        qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=rail._rect(3).center().toPoint())
    qtbot.keyClick(rail, Qt.Key.Key_Down)
    with qtbot.waitSignal(rail.page_was_asked, check_params_cb=lambda key: key == "p2"):
        qtbot.keyClick(rail, Qt.Key.Key_Return)


def test_that_the_open_page_carries_the_teal_bar_and_a_waiting_page_its_badge(rail: Rail, theme: Theme) -> None:
    picture = pixels_of(rail)
    first, second = rail._rect(0).toRect(), rail._rect(1).toRect()
    accent = np.uint32(theme.colour(Colour.ACCENT).rgba())
    assert (picture[first.top() : first.bottom(), 0] == accent).all()
    assert not (picture[second.top() + 2 : second.bottom(), 0] == accent).any()
    assert count_of(picture[second.top() : second.bottom()], theme.colour(Colour.ACCENT_FILL)) > 100


def test_that_a_panel_covers_its_body_with_a_sentence_and_uncovers_it(theme: Theme, qtbot: QtBot) -> None:
    panel, body = Panel(theme, "告警", "A 确认"), QLabel("rows")
    qtbot.addWidget(panel)
    panel.set_body(body)
    panel.show()
    qtbot.waitExposed(panel)
    assert body.isVisible()
    panel.show_notice(Presence.REFUSED, "无权查看")
    assert not body.isVisible()
    panel.show_notice(Presence.FRESH, "")
    assert body.isVisible()
    assert panel.accessibleName() == "告警"


def test_that_a_panel_tells_which_action_was_asked(theme: Theme, qtbot: QtBot) -> None:
    panel = Panel(theme, "重点体征")
    qtbot.addWidget(panel)
    button = panel.add_action("hour", "1 h", checkable=True)
    with qtbot.waitSignal(panel.action_was_asked, check_params_cb=lambda key: key == "hour"):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.minimumHeight() >= TARGET_PX


def card(theme: Theme, qtbot: QtBot, **changes: object) -> SummaryCard:
    made = SummaryCard(theme)
    qtbot.addWidget(made)
    made.resize(216, 112)
    fields: dict[str, object] = {
        "key": "emergency",
        "title": "应急动员",
        "figure": "64",
        "spark": np.arange(20.0),
        "facts": (("异常体征", "14"),),
    }
    made.show_record(SummaryRecord(**(fields | changes)))  # type: ignore[arg-type]
    return made


def test_that_the_four_states_of_a_card_are_four_pictures(theme: Theme, qtbot: QtBot) -> None:
    made = {p: pixels_of(card(theme, qtbot, presence=p, notice="没有数据", age="迟")).tobytes() for p in Presence}
    assert len(set(made.values())) == 4


def test_that_only_an_abnormal_card_has_colour_and_a_shape(theme: Theme, qtbot: QtBot) -> None:
    calm = pixels_of(card(theme, qtbot))
    assert all(count_of(calm, theme.fill(severity)) == 0 for severity in LEGAL)
    grave = pixels_of(card(theme, qtbot, severity=Severity.ORANGE, is_outlined=True))
    assert count_of(grave, theme.fill(Severity.ORANGE)) > 300


def test_that_a_card_opens_by_click_and_key(theme: Theme, qtbot: QtBot) -> None:
    made = card(theme, qtbot)
    with qtbot.waitSignal(made.was_opened, check_params_cb=lambda key: key == "emergency"):
        qtbot.mouseClick(made, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    with qtbot.waitSignal(made.was_opened):
        qtbot.keyClick(made, Qt.Key.Key_Return)
    assert made.accessibleName() == "应急动员 64"


def test_that_the_keyboard_focus_is_a_teal_ring(theme: Theme, qtbot: QtBot) -> None:
    made = card(theme, qtbot)
    before = count_of(pixels_of(made), theme.colour(Colour.ACCENT))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus, timeout=5000)
    assert count_of(pixels_of(made), theme.colour(Colour.ACCENT)) > before + 200


def test_that_a_card_told_the_same_again_is_not_painted_again(theme: Theme, qtbot: QtBot) -> None:
    card = SummaryCard(theme)
    qtbot.addWidget(card)

    def told(figure: str, last: float) -> SummaryRecord:
        return SummaryRecord(key="YJ", title="应急动员", figure=figure, spark=np.array([90.0, last]))

    card.show()
    qtbot.waitExposed(card)
    for record, more in ((told("98", 91.0), 1), (told("98", 91.0), 0), (told("97", 91.0), 1), (told("97", 80.0), 1)):
        QApplication.processEvents()
        before = card.paint_count
        card.show_record(record)
        QApplication.processEvents()
        assert card.paint_count - before == more, record

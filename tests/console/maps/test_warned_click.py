"""A click into the area of a warning, on F5 and on F6: its card beside the mouse, and the way to its document."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.maps.panel import MapPanel
from chengyun_console.maps.place_book import world
from chengyun_console.maps.presets import Show
from chengyun_console.maps.warned import bounds_of
from chengyun_console.pages.command.page import CommandPage
from chengyun_console.warnings.page import WarningsPage
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import Affected, Polygon
from chengyun_core.wire.map_asks import AskWithin
from chengyun_core.wire.warning_asks import AskWarning
from chengyun_widgets.mapping.layers import MapItem
from tests.console import map_scenes, scenes, warning_samples

LEFT = Qt.MouseButton.LeftButton
INSIDE = ((106.56, 29.53), (106.60, 29.53), (106.60, 29.57), (106.56, 29.57))
RED, BLUE = MapItem(Show.WARNINGS, "warning:7"), MapItem(Show.WARNINGS, "warning:8")


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests: a red warning over the city centre, and a small blue one within it."""
    folder: Path = tmp_path_factory.mktemp("warned")
    with scenes.stand(folder, scenes.Look()) as made:
        scenes.seat(made)
        map_scenes.bring(made)
        small = warning_samples.warning(
            8, category="gale", colour=WarningColour.BLUE, area=Affected(polygons=(Polygon(ring=INSIDE),))
        )
        for one in (warning_samples.warning(), small):
            made.session.put_fact("warning", str(one.number), one)
        yield made


@pytest.fixture(params=["F5", "F6"])
def panel(at: scenes.Stand, request: pytest.FixtureRequest) -> Iterator[MapPanel]:
    """The map of a page with warnings on and nothing else in the way, looking at the red one."""
    at.window.show_page(request.param)
    at.beat()
    page = at.window.stack.of(CommandPage) if request.param == "F6" else map_scenes.page_of(at)
    shown: MapPanel = page.map
    map_scenes.settle(at, panel=shown)
    for show in shown.toggles.shows - {Show.WARNINGS}:
        shown.toggles.turn(f"show:{show.value}")
    shown.toggles.show(Show.WARNINGS)
    bounds = bounds_of(warning_samples.warning())
    assert bounds is not None
    shown.show_bounds(bounds)
    at.beat()
    shown.canvas.settle()
    yield shown
    shown.canvas.choose(None)
    while shown.step_back():
        pass
    shown.toggles.back_to_mode()
    at.beat()


def px_of(panel: MapPanel, longitude: float, latitude: float) -> QPoint:
    """Return where a place is in the window of a map."""
    return panel.canvas.screen_now.px(*world(longitude, latitude)).toPoint()


def test_that_a_click_chooses_the_nearest_smaller_area_and_shows_its_card_there(
    at: scenes.Stand, panel: MapPanel
) -> None:
    inside = px_of(panel, 106.575, 29.545)
    QTest.mouseClick(panel.canvas, LEFT, pos=inside)
    at.beat()
    card = panel.pointing.card
    assert (panel.canvas.chosen, card.isVisible()) == (BLUE, True)
    assert card.told is not None
    assert card.told.title == "大风蓝色预警"
    near = card.geometry().adjusted(-20, -20, 20, 20)
    assert near.contains(inside), "beside the place of the click, or below it where the map is narrow"
    assert not card.geometry().contains(inside)
    QTest.mouseClick(panel.canvas, LEFT, pos=inside)
    at.beat()
    assert panel.canvas.chosen == RED, "once more in the same place: what lies beneath"
    assert panel.pointing.card.told is not None
    assert panel.pointing.card.told.title == "暴雨红色预警"


def test_that_a_click_beside_every_area_takes_the_card_away(at: scenes.Stand, panel: MapPanel) -> None:
    QTest.mouseClick(panel.canvas, LEFT, pos=px_of(panel, 106.66, 29.60))
    at.beat()
    assert panel.pointing.card.isVisible()
    QTest.mouseClick(panel.canvas, LEFT, pos=QPoint(3, 3))
    at.beat()
    assert (panel.canvas.chosen, panel.pointing.card.isVisible()) == (None, False)


def test_that_a_warning_that_ends_takes_its_card_along(at: scenes.Stand, panel: MapPanel) -> None:
    QTest.mouseClick(panel.canvas, LEFT, pos=px_of(panel, 106.575, 29.545))
    at.beat()
    one = at.session.facts.warned.warnings[8]
    at.session.drop_fact("warning", "8")
    at.beat()
    assert not panel.pointing.card.isVisible()
    at.session.put_fact("warning", "8", one, version=2)


def test_that_a_double_click_opens_the_document_of_the_warning(at: scenes.Stand, panel: MapPanel) -> None:
    at.window.stack.of(WarningsPage).show_warning(0)
    where = px_of(panel, 106.575, 29.545)
    QTest.mouseClick(panel.canvas, LEFT, pos=where)
    QTest.mouseDClick(panel.canvas, LEFT, pos=where)
    QTest.mouseRelease(panel.canvas, LEFT, pos=where)
    assert at.window.stack.front == "warnings"
    assert at.session.sent.asks["warnings.get"][1] == AskWarning(warning=8)


def test_that_enter_opens_the_document_of_the_warning_that_was_clicked(at: scenes.Stand, panel: MapPanel) -> None:
    at.window.stack.of(WarningsPage).show_warning(0)
    QTest.mouseClick(panel.canvas, LEFT, pos=px_of(panel, 106.66, 29.60))
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_Return)
    assert at.session.sent.asks["warnings.get"][1] == AskWarning(warning=7)


def test_that_a_question_about_what_is_around_is_asked_where_the_area_was_clicked(
    at: scenes.Stand, panel: MapPanel
) -> None:
    where = px_of(panel, 106.66, 29.60)
    QTest.mouseClick(panel.canvas, LEFT, pos=where)
    panel.ask_around()
    slot = next(slot for slot, (kind, *_rest) in at.session.sent.asks.items() if kind == "map.within")
    ask = at.session.sent.asks[slot][1]
    assert isinstance(ask, AskWithin)
    there = panel.canvas.screen_now.px(*world(ask.longitude, ask.latitude))
    assert (there - QPointF(where)).manhattanLength() < 1.0
    at.session.sent.asks.pop(slot)


def test_that_marks_of_what_happens_go_before_the_area_they_lie_in(at: scenes.Stand, panel: MapPanel) -> None:
    panel.toggles.show(Show.RISK_POINTS)
    points, middle = panel.points(Show.RISK_POINTS), world(106.575, 29.545)
    assert points is not None
    places = [(float(x), float(y)) for x, y in zip(points.x, points.y, strict=True)]
    nearest = min(places, key=lambda one: abs(one[0] - middle[0]) + abs(one[1] - middle[1]))
    panel.look_at(nearest, 17.0)
    at.beat()
    panel.canvas.settle()
    mark = panel.canvas.screen_now.px(*nearest).toPoint()
    QTest.mouseClick(panel.canvas, LEFT, pos=mark)
    assert panel.canvas.chosen is not None
    assert panel.canvas.chosen.layer == Show.RISK_POINTS
    assert RED in panel.canvas.pick(mark.x(), mark.y())

"""One question at a time: the newest one's answer is told, whichever comes last; a circle is widened where it is."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps.inquiry import Inquiry
from chengyun_console.maps.question import FIRST_RADIUS_M, RADII_M
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.geo.projection import to_world
from chengyun_core.model.failure import Reason
from chengyun_core.model.warning import Affected, Polygon
from chengyun_core.wire.map_asks import AskWithin, Reach, ReachRing, Trace, Within
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.still_session import StillSession
from tests.console.warning_samples import warning

HERE = (0.7961, 0.4142)
ELSEWHERE = (0.7955, 0.4139)
RING = ((106.5, 29.5), (106.6, 29.5), (106.6, 29.6))
REACH = Reach(by_roads=False, why="map.reach_no_roads", rings=(ReachRing(minutes=5.0, radius_m=2500.0),))
WITHIN, REACHES, TRACES = "map.within.F5", "map.reach.F5", "map.trace.F5"


class Stand:
    """An inquiry on a still session; `said` are the sentences it told."""

    def __init__(self, folder: Path) -> None:
        self.session = StillSession()
        self.desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts("zh_CN"), Preferences())
        self.inquiry = Inquiry(self.desk, "F5")
        self.said: list[str] = []
        self.inquiry.said.connect(self.said.append)

    def title(self) -> str:
        """Return what the answer that stands is about, empty without one."""
        answer = self.inquiry.answer()
        return answer[0] if answer is not None else ""

    def asked_within(self) -> AskWithin:
        """Return the question about a place that waits for an answer."""
        ask = self.session.sent.asks[WITHIN][1]
        assert isinstance(ask, AskWithin)
        return ask


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Stand:
    """Nothing asked."""
    return Stand(tmp_path)


def test_that_a_slow_answer_about_reach_does_not_take_the_place_of_what_was_asked_after_it(at: Stand) -> None:
    at.inquiry.reach(HERE)
    at.inquiry.around(HERE)
    at.session.answer_ask(WITHIN, Within())
    around = at.title()
    at.session.answer_ask(REACHES, REACH)
    assert at.title() == around
    assert at.inquiry.asked.outline is not None


def test_that_an_answer_to_a_question_that_was_left_is_not_told(at: Stand) -> None:
    at.inquiry.reach(HERE)
    at.inquiry.forget()
    at.session.answer_ask(REACHES, REACH)
    assert (at.title(), at.inquiry.layers()) == ("", ())
    at.inquiry.follow_pipe("pipes", "P1")
    at.inquiry.reach(HERE)
    at.session.answer_ask(TRACES, Reason(code="map.no_feature"))
    assert at.said == []
    at.session.answer_ask(REACHES, REACH)
    assert at.title() == at.desk.say("maps.reach.title")


def test_that_a_pipe_is_no_longer_marked_once_something_else_is_asked(at: Stand) -> None:
    at.inquiry.follow_pipe("pipes", "P1")
    at.session.answer_ask(TRACES, Trace(up=("P0",)))
    assert at.inquiry.trace is not None
    at.inquiry.around(HERE)
    assert at.inquiry.trace is None


def test_that_a_refusal_is_said_and_what_stood_stays(at: Stand) -> None:
    at.inquiry.reach(HERE)
    at.session.answer_ask(REACHES, REACH)
    at.inquiry.reach(ELSEWHERE)
    refused = Reason(code="session.no_answer", params={"daemon": "centre", "kind": "map.reach"})
    at.session.answer_ask(REACHES, refused)
    assert at.said == [at.desk.refusal(refused)]
    assert at.title() == at.desk.say("maps.reach.title")


@pytest.mark.parametrize("polygons", [(), (RING, RING)], ids=["names only", "two outlines"])
def test_that_wider_after_a_warning_without_one_outline_asks_where_the_officer_is(
    at: Stand, polygons: tuple[tuple[tuple[float, float], ...], ...]
) -> None:
    area = Affected(text="", polygons=tuple(Polygon(ring=ring) for ring in polygons))
    at.inquiry.warning(warning(area=area))
    at.inquiry.widen(1, HERE)
    asked = at.asked_within()
    assert to_world(asked.longitude, asked.latitude) == pytest.approx(HERE)
    assert asked.radius_m == RADII_M[RADII_M.index(FIRST_RADIUS_M) + 1]


def test_that_a_circle_is_widened_where_it_was_asked_and_stops_at_both_ends(at: Stand) -> None:
    at.inquiry.around(HERE)
    for _ in range(20):
        at.inquiry.widen(1, ELSEWHERE)
    assert at.asked_within().radius_m == RADII_M[-1]
    for _ in range(20):
        at.inquiry.widen(-1, ELSEWHERE)
    asked = at.asked_within()
    assert asked.radius_m == RADII_M[0]
    assert to_world(asked.longitude, asked.latitude) == pytest.approx(HERE)


def test_that_a_polygon_is_not_a_circle_to_widen(at: Stand) -> None:
    at.inquiry.ring((HERE, ELSEWHERE, (0.7958, 0.4145)))
    at.inquiry.widen(1, ELSEWHERE)
    asked = at.asked_within()
    assert asked.ring == ()
    assert to_world(asked.longitude, asked.latitude) == pytest.approx(ELSEWHERE)

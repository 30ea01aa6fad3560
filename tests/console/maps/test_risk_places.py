"""Risk points of a whole city: whole or not at all, never half of one library and half of the next; not given up."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps.risk_places import ASK, RiskPlaceStore
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.geo.projection import to_world
from chengyun_core.model.failure import Reason
from chengyun_core.wire.plan_asks import AskPlaces, PointPlaces
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.still_session import StillSession


class Stand:
    """A store on a still session that was told to fetch."""

    def __init__(self, folder: Path) -> None:
        self.session = StillSession()
        desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts("zh_CN"), Preferences())
        self.desk, self.store = desk, RiskPlaceStore(desk)
        self.changes: list[bool] = []
        self.store.did_change.connect(lambda: self.changes.append(True))
        self.store.begin()

    def answer(self, told: object) -> None:
        """Answer the page that is asked for, and let the pages be joined."""
        self.session.answer_ask(ASK, told)
        assert self.store._background._lane.idle.wait(30.0)
        QApplication.processEvents()

    def after(self) -> str | None:
        """Return behind which code the page that is asked for begins, None when none is."""
        found = self.session.sent.asks.get(ASK)
        if found is None:
            return None
        assert isinstance(found[1], AskPlaces)
        return found[1].after


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Stand:
    """The first page is asked for."""
    return Stand(tmp_path)


def page(*codes: str, after: str = "", library: int = 1, **fields: object) -> PointPlaces:
    """Return a page of points, each a hundredth of a degree east of the one before."""
    longitude = 106.5 + np.arange(len(codes)) / 100
    given: dict[str, object] = {
        "codes": codes, "names": tuple(f"点{code}" for code in codes), "kinds": ("隐患点",) * len(codes),
        "longitude": longitude.astype("<f8").tobytes(), "latitude": np.full(len(codes), 29.5, "<f8").tobytes(),
        "library": library, "after": after, **fields,
    }  # fmt: skip
    return PointPlaces(**given)  # type: ignore[arg-type]


def test_that_pages_become_one_and_each_point_is_where_it_is(at: Stand) -> None:
    at.answer(page("A", "B", after="B", unplaced=2))
    assert (at.after(), at.store.places.codes) == ("B", ())
    at.answer(page("C", unplaced=1))
    places = at.store.places
    assert (places.codes, places.unplaced) == (("A", "B", "C"), 3)
    assert places.at("B") == pytest.approx(to_world(106.51, 29.5))
    assert places.at("C") == pytest.approx(to_world(106.5, 29.5))
    assert places.at("unknown") is None


def test_that_a_library_that_changed_between_two_pages_is_fetched_from_its_beginning(at: Stand) -> None:
    at.answer(page("A", after="A"))
    at.answer(page("B", library=2))
    assert (at.after(), at.store.places.codes) == ("", ())
    at.answer(page("B", library=2))
    assert at.store.places.codes == ("B",)


def test_that_what_stands_stays_while_nobody_answers_and_the_centre_is_asked_again(at: Stand) -> None:
    at.answer(page("A"))
    at.store._again.setInterval(20)
    at.store.begin()
    at.answer(Reason(code="session.no_answer"))
    assert at.store.fault is not None
    assert at.store.places.codes == ("A",)
    QTest.qWait(60)
    assert at.after() == ""
    at.answer(page("A", "B"))
    assert (at.store.fault, at.store.places.codes) == (None, ("A", "B"))


def test_that_who_may_not_see_them_is_told_once_and_nobody_asks_on(at: Stand) -> None:
    at.store._again.setInterval(20)
    at.answer(Reason(code="permission.denied"))
    assert at.changes == [True]
    QTest.qWait(60)
    assert at.after() is None

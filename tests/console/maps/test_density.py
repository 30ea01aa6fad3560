"""The density of devices is of now, or the map says since when it is not: a silent survey is told, not waited for."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps.density import AGAIN_S, DensityAsker
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.model.device import DeviceState
from chengyun_core.model.failure import Reason
from chengyun_core.wire.survey_asks import AskDensity, DensityView
from chengyun_core.wire.survey_cells import packed
from chengyun_resources.texts import Texts
from chengyun_widgets.mapping.layers import DensityPicture
from chengyun_widgets.mapping.view import Bounds
from chengyun_widgets.theme import load_theme
from tests.console.still_session import StillSession

SLOT = "density.view.F5"
HERE = Bounds(0.25, 0.25, 0.5, 0.5)
COUNTS = np.array([[3, 0], [0, 7]], np.uint32)
WORST = np.array([[int(DeviceState.ONLINE), 0], [0, int(DeviceState.RED)]], np.uint8)
VIEW = DensityView(zoom=3, column=2, row=2, width=2, height=2, cells=packed(COUNTS, WORST), mark=41, counted=10)


class Stand:
    """An asker on a still session, and what it brought."""

    def __init__(self, folder: Path) -> None:
        self.session = StillSession()
        desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts("zh_CN"), Preferences())
        self.desk, self.asker = desk, DensityAsker(desk, "F5")
        self.pictures: list[DensityPicture] = []
        self.asker.picture_came.connect(self.pictures.append)

    def asked(self) -> AskDensity | None:
        """Return what waits for an answer."""
        found = self.session.sent.asks.get(SLOT)
        if found is None:
            return None
        assert isinstance(found[1], AskDensity)
        return found[1]

    def answer(self, told: object) -> None:
        """Answer, and let it be unpacked."""
        self.session.answer_ask(SLOT, told)
        assert self.asker._background._lane.idle.wait(30.0)
        QApplication.processEvents()


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Stand:
    """The canvas has asked for a rectangle."""
    made = Stand(tmp_path)
    made.asker.ask(HERE, 200, 100)
    return made


def test_that_a_picture_lies_where_its_cells_are_and_red_is_its_gravest(at: Stand) -> None:
    at.answer(VIEW)
    (picture,) = at.pictures
    assert picture.bounds == Bounds(0.25, 0.25, 0.5, 0.5)
    assert picture.counts.tolist() == COUNTS.tolist()
    assert picture.worst.tolist() == [[0, 0], [0, 4]]


def test_that_nobody_is_asked_anew_while_an_answer_is_awaited(at: Stand) -> None:
    first = at.session.sent.asks[SLOT]
    for beat in range(1, 6):
        at.asker.tick(beat * AGAIN_S)
    assert at.session.sent.asks[SLOT] is first, "a newer ask would keep the silence from being told"
    at.answer(Reason(code="session.no_answer", params={"daemon": "survey", "kind": "density.view"}))
    at.asker.tick(6 * AGAIN_S)
    assert at.asked() is not None


def test_that_another_rectangle_does_not_wait_for_the_answer_about_the_one_before(at: Stand) -> None:
    at.asker.ask(HERE._replace(west=0.3), 200, 100)
    asked = at.asked()
    assert asked is not None
    assert asked.left == 0.3


def test_that_silence_is_known_until_an_answer_comes_and_what_was_shown_keeps_its_time(at: Stand) -> None:
    at.answer(VIEW)
    then = at.session.clock.utc_ns()
    assert (at.asker.fault, at.asker.answered_ns) == (None, then)
    at.session.clock.advance(30.0)
    at.asker.tick(AGAIN_S)
    at.answer(Reason(code="session.no_answer", params={"daemon": "survey", "kind": "density.view"}))
    assert at.asker.fault is not None
    assert at.asker.answered_ns == then
    at.asker.tick(2 * AGAIN_S)
    at.answer(replace(VIEW, cells=b""))
    assert at.asker.fault is None
    assert at.asker.answered_ns == at.session.clock.utc_ns()


def test_that_an_equal_picture_comes_without_cells_and_another_place_is_asked_for_whole(at: Stand) -> None:
    at.answer(VIEW)
    at.asker.tick(AGAIN_S)
    again = at.asked()
    assert again is not None
    assert again.known == 41
    at.asker.ask(HERE._replace(west=0.3), 200, 100)
    other = at.asked()
    assert other is not None
    assert other.known == 0


def test_that_damaged_cells_are_a_fault_and_are_asked_for_whole_again(at: Stand) -> None:
    at.answer(replace(VIEW, cells=b"damaged"))
    assert at.pictures == []
    assert at.asker.fault is not None
    at.asker.tick(AGAIN_S)
    again = at.asked()
    assert again is not None
    assert again.known == 0
    at.answer(VIEW)
    assert len(at.pictures) == 1


def test_that_what_looks_beyond_the_world_asks_for_the_world(at: Stand) -> None:
    at.asker.ask(Bounds(-0.5, -0.5, 1.5, 1.5), 0, 0)
    asked = at.asked()
    assert asked is not None
    assert (asked.left, asked.top, asked.right, asked.bottom) == (0.0, 0.0, 1.0, 1.0)
    assert (asked.width, asked.height) == (1, 1)

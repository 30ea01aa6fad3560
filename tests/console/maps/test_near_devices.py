"""Single devices near by: columns become points, silent ones hollow; what tells too little is none."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps.near_devices import FROM_ZOOM, Near, NearDevices, density_of, near_of
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.model.device import DeviceState
from chengyun_core.model.failure import Reason
from chengyun_core.wire.survey_asks import Devices
from chengyun_resources.texts import Texts
from chengyun_widgets.mapping.layers import DensityLayer
from chengyun_widgets.mapping.view import MOST_ZOOM, Bounds
from chengyun_widgets.theme import load_theme
from tests.console.still_session import StillSession

TOLD = Devices(
    total=3, codes=("HYD-1", "MC", "MC"), member=np.array([0, 7, 8], "<u4").tobytes(),
    x=np.array([0.1, 0.2, 0.3]).tobytes(), y=np.array([0.4, 0.5, 0.6]).tobytes(),
    state=np.array([DeviceState.RED, DeviceState.SILENT, DeviceState.ONLINE], np.uint8).tobytes(),
)  # fmt: skip


class Stand:
    """A map's near devices on a still session; `changes` counts how often they changed."""

    def __init__(self, folder: Path) -> None:
        self.session, self.changes = StillSession(), 0
        desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts("zh_CN"), Preferences())
        self.desk, self.devices = desk, NearDevices(desk, "F5")
        self.devices.did_change.connect(self._changed)

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Stand:
    """Nothing asked yet."""
    return Stand(tmp_path)


class Source:
    """Asks nobody."""

    def ask(self, bounds: Bounds, width: int, height: int) -> None:
        """Ask."""


SOURCE = Source()


def density(near: Near | None) -> DensityLayer:
    """Return the density under single devices."""
    return density_of(SOURCE, near)


def test_that_devices_are_points_with_their_band_and_silent_ones_are_hollow() -> None:
    near = near_of(TOLD)
    assert near is not None
    assert near.is_whole
    layer = near.points
    assert layer.ids == ("device:HYD-1", "device:MC#7", "device:MC#8")
    assert layer.severity.tolist() == [4, 0, 0]
    assert layer.stale is not None
    assert layer.stale.tolist() == [False, True, False]
    assert layer.x.tolist() == [0.1, 0.2, 0.3]


def test_that_of_more_than_are_told_the_abnormal_ones_alone_are_points() -> None:
    near = near_of(replace(TOLD, total=110_302))
    assert near is not None
    assert not near.is_whole
    assert near.points.ids == ("device:HYD-1",)
    assert near.points.severity.tolist() == [4]
    assert near.points.x.tolist() == [0.1]
    assert near.points.stale is not None
    assert near.points.stale.tolist() == [False]


@pytest.mark.parametrize("total", [3, 4])
def test_that_abnormal_ones_are_no_points_when_some_of_them_were_not_told(total: int) -> None:
    state = np.full(3, DeviceState.YELLOW, np.uint8).tobytes()
    assert (near_of(replace(TOLD, total=total, state=state)) is None) is (total > 3)


def test_that_columns_that_do_not_match_are_no_points() -> None:
    assert near_of(replace(TOLD, x=b"")) is None


def test_that_a_density_tells_of_devices_until_single_ones_do() -> None:
    whole, some = near_of(TOLD), near_of(replace(TOLD, total=110_302))
    assert (density(None).max_zoom, density(None).marked_to) == (MOST_ZOOM, MOST_ZOOM)
    assert (density(some).max_zoom, density(some).marked_to) == (MOST_ZOOM, FROM_ZOOM)
    assert (density(whole).max_zoom, density(whole).marked_to) == (FROM_ZOOM, FROM_ZOOM)


def test_that_single_devices_are_asked_for_near_by_shown_once_they_came_and_gone_farther_off(at: Stand) -> None:
    window = Bounds(0.79, 0.41, 0.80, 0.42)
    at.devices.look(window, FROM_ZOOM - 0.5, 10.0)
    assert "density.devices.F5" not in at.session.sent.asks
    at.devices.look(window, FROM_ZOOM, 20.0)
    at.session.answer_ask("density.devices.F5", TOLD)
    assert at.devices.near == near_of(TOLD)
    at.devices.look(window, FROM_ZOOM, 23.0)
    at.session.answer_ask("density.devices.F5", TOLD)
    assert at.changes == 1
    at.devices.look(window, FROM_ZOOM - 0.1, 24.0)
    assert (at.devices.near, at.changes) == (None, 2)


def test_that_an_answer_that_comes_when_the_map_is_far_again_and_a_refusal_show_none(at: Stand) -> None:
    window = Bounds(0.79, 0.41, 0.80, 0.42)
    at.devices.look(window, FROM_ZOOM, 10.0)
    at.devices.look(window, FROM_ZOOM - 1.0, 10.1)
    at.session.answer_ask("density.devices.F5", TOLD)
    assert at.devices.near is None
    at.devices.look(window, FROM_ZOOM, 20.0)
    at.session.answer_ask("density.devices.F5", TOLD)
    at.devices.look(window, FROM_ZOOM, 30.0)
    at.session.answer_ask("density.devices.F5", Reason(code="survey.preparing", params={}))
    assert at.devices.near is None

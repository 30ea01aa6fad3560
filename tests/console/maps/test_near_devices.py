"""Single devices near by: columns become points, silent ones hollow; what tells too little is none."""

from dataclasses import replace

import numpy as np
import pytest

from chengyun_console.maps.near_devices import FROM_ZOOM, Near, density_of, near_of
from chengyun_core.model.device import DeviceState
from chengyun_core.wire.survey_asks import Devices
from chengyun_widgets.mapping.layers import DensityLayer
from chengyun_widgets.mapping.view import MOST_ZOOM, Bounds

TOLD = Devices(
    total=3, codes=("HYD-1", "MC", "MC"), member=np.array([0, 7, 8], "<u4").tobytes(),
    x=np.array([0.1, 0.2, 0.3]).tobytes(), y=np.array([0.4, 0.5, 0.6]).tobytes(),
    state=np.array([DeviceState.RED, DeviceState.SILENT, DeviceState.ONLINE], np.uint8).tobytes(),
)  # fmt: skip


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

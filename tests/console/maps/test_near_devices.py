"""Single devices near by: columns become points, silent ones hollow; what does not match is none."""

from dataclasses import replace

import numpy as np

from chengyun_console.maps.near_devices import points_of
from chengyun_core.model.device import DeviceState
from chengyun_core.wire.survey_asks import Devices

TOLD = Devices(
    total=3, codes=("HYD-1", "MC", "MC"), member=np.array([0, 7, 8], "<u4").tobytes(),
    x=np.array([0.1, 0.2, 0.3]).tobytes(), y=np.array([0.4, 0.5, 0.6]).tobytes(),
    state=np.array([DeviceState.RED, DeviceState.SILENT, DeviceState.ONLINE], np.uint8).tobytes(),
)  # fmt: skip


def test_that_devices_are_points_with_their_band_and_silent_ones_are_hollow() -> None:
    layer = points_of(TOLD)
    assert layer is not None
    assert layer.ids == ("device:HYD-1", "device:MC#7", "device:MC#8")
    assert layer.severity.tolist() == [4, 0, 0]
    assert layer.stale is not None
    assert layer.stale.tolist() == [False, True, False]
    assert layer.x.tolist() == [0.1, 0.2, 0.3]


def test_that_columns_that_do_not_match_are_no_points() -> None:
    assert points_of(replace(TOLD, x=b"")) is None

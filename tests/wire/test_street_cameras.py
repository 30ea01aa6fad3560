"""The cameras of the flows, held to what the flows take for granted: both streams live, their pictures the scene's."""

from pathlib import Path

import numpy as np
import pytest

from chengyun_core.video.port import PaneLook, PaneState
from tests.support import video_watch
from tests.support.street_cameras import SMALL, painter, street_cameras

pytestmark = [pytest.mark.wire, pytest.mark.slow]


def test_that_both_streams_of_a_camera_are_live_and_go_round_and_round(tmp_path: Path) -> None:
    with (
        street_cameras(tmp_path, {"CAM-1": "flooded"}, frames=20) as cameras,
        video_watch.fleet_of(cameras.place) as fleet,
    ):
        for name in ("CAM-1", "CAM-1/sub"):
            fleet.watch(name, video_watch.source(name), 480, 270, main=True)
        told = video_watch.watched(fleet, ["CAM-1", "CAM-1/sub"], 6)
        assert [said.changes[-1][1] for said in told.values()] == [PaneState.LIVE, PaneState.LIVE]
        assert [fleet.look(name).width for name in told] == [960, SMALL[0]]
        # Two seconds a loop, begun three times: where it begins again there is no gap.
        assert all(said.states() <= {PaneState.CONNECTING, PaneState.LIVE} for said in told.values())
        shown = _pixels(fleet.look("CAM-1"))
        drawn = painter("flooded")[0](0.5)[::2, ::2]
        # The row of the pool's middle: greyer and lighter than the asphalt, in what is drawn and in what comes out.
        pool = (slice(210, 220), slice(120, 300))
        assert np.abs(shown[pool].mean((0, 1)) - drawn[pool].mean((0, 1))).max() < 20


def test_that_the_pool_is_wet_and_the_cars_in_it_are_not_covered() -> None:
    flooded, street = (painter(scene)[0](0.3) for scene in ("flooded", "street"))
    changed = np.abs(flooded.astype(int) - street).max(2) > 8
    rows, columns = np.nonzero(changed)
    assert 340 <= rows.min() < rows.max() < 520
    assert 100 < columns.min() < columns.max() < 780
    assert 0.6 < changed[400:460, 250:600].mean() < 1.0


def _pixels(look: PaneLook) -> np.ndarray:
    """Return uint8[h, w, 3] of red, green and blue."""
    assert look.frame is not None
    rows = np.frombuffer(look.frame, np.uint8).reshape(look.frame_height, look.stride)
    return rows[:, : look.frame_width * 4].reshape(look.frame_height, look.frame_width, 4)[:, :, 2::-1].copy()

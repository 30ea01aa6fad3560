"""Y6 at two real consoles: trend, map and file of one are seen at the other, by its own samples and its own leave."""

from pathlib import Path

import pytest

from chengyun_core.model.room_share import SharedFile, read
from tests.flows import room_sharing
from tests.flows.consultation import Consultation

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


def test_that_the_city_sees_trend_map_and_file_that_the_town_shows(tmp_path: Path) -> None:
    with room_sharing.before_the_room(tmp_path) as at:
        room_sharing.enact(at)
        assert not any(one.hands.clicks for one in (at.chair, at.town))
        _is_written(at)


def _is_written(at: Consultation) -> None:
    """What was shown stands in the room's record with its name; nothing of it was carried."""
    rows = at.rows("room.share")
    assert [(row.params["member"], row.params["share"], row.params["name"]) for row in rows] == [
        ("周敏", "trend", room_sharing.NAME), ("周敏", "sight", ""), ("周敏", "file", room_sharing.FILE),
    ]  # fmt: skip
    shown = [read(member.shares) for member in at.room().members if member.shares]
    assert shown == [SharedFile(number=1)], "the newest takes the place of those before"

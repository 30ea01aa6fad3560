"""The same ten minutes with Beijing's air and Los Angeles' traffic as the city, alive (issue 4, must be shown 5).

Their own daemons, the day before the data's worst moment told as samples, and that moment as now: in both cities it is
an alarm flood, and limits, places, units and periods are theirs. One city by keys and one by mouse, for the suite's
time; `python -m tests.realdata.ten_minutes` acts all four.
"""

from pathlib import Path

import pytest

from tests.realdata.cities import PLACES, Place
from tests.realdata.definitions import DATASETS
from tests.realdata.ten_minutes import acted
from tests.support.living_city import OFFICER, PASSWORD

pytestmark = [pytest.mark.realdata, pytest.mark.flow, pytest.mark.timeout(300)]


def needed(name: str) -> Place:
    if not DATASETS[name].available():
        pytest.skip(f"{DATASETS[name].folder} is not on this machine")
    return PLACES[name]


def test_that_a_stranger_finds_the_way_by_keys_alone_in_the_air_of_beijing(tmp_path: Path) -> None:
    one = acted(needed("air"), tmp_path, is_by_mouse=False)
    assert one.hands.clicks == 0
    assert one.hands.keystrokes - (len(OFFICER) + len(PASSWORD) + 2) <= 36


def test_that_a_stranger_finds_the_way_by_mouse_alone_in_the_traffic_of_los_angeles(tmp_path: Path) -> None:
    one = acted(needed("traffic"), tmp_path, is_by_mouse=True)
    assert one.hands.keystrokes == 0
    assert one.hands.clicks <= 50

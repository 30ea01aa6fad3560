"""A stranger's first ten minutes at the real windows, once by keys alone and once by mouse alone (issue 4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.flows.ten_minutes import Story, by_keys, by_mouse, count_of, signed_in, stranger
from tests.support.living_city import OFFICER, PASSWORD, SEAT, LivingCity, living_city
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
RED, YELLOW = 120.0, 70.0
STORY = Story(red="主城供水 总压", typed="zcgs", why=("120.00", "红 100"), yellow="鹅公岩大桥 挠度")


@contextmanager
def alarmed(folder: Path) -> Iterator[LivingCity]:
    """A city with a red and a yellow vital."""
    with living_city(folder, vitals=12) as city:
        city.publish_all()
        city.publish({3: RED, 5: YELLOW})
        wait_until(lambda: count_of(city, "alarm.raise") == 2, "both alarms are in the journal")
        yield city


def test_that_a_stranger_finds_the_way_by_keys_alone(tmp_path: Path) -> None:
    with alarmed(tmp_path) as city, stranger(city, tmp_path) as one:
        by_keys(one, STORY)
        assert one.hands.clicks == 0
        assert one.hands.keystrokes - (len(OFFICER) + len(PASSWORD) + 2) <= 26


def test_that_a_stranger_finds_the_way_by_mouse_alone(tmp_path: Path) -> None:
    """Signed on by the administrator's file: a mouse cannot type a password."""
    with alarmed(tmp_path) as city, stranger(city, tmp_path, *signed_in(SEAT, tmp_path)) as one:
        by_mouse(one, STORY)
        assert one.hands.keystrokes == 0
        assert one.hands.clicks <= 40

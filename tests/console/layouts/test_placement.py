"""Where windows go when screens come, go, and change their order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.layouts.placement import (
    LEAST_SEEN_PX,
    Box,
    ScreenBox,
    WindowPlace,
    for_wall,
    kept_of,
    place,
)

DESK = ScreenBox(name="DP-1", area=Box(x=0, y=0, width=1920, height=1080))
WALL = ScreenBox(name="HDMI-1", area=Box(x=1920, y=0, width=3840, height=2160))
SMALL = ScreenBox(name="eDP-1", area=Box(x=-1366, y=0, width=1366, height=768))
PLACES = st.builds(
    WindowPlace,
    screen=st.sampled_from(["", "DP-1", "HDMI-1", "eDP-1", "gone"]),
    x=st.integers(-5000, 5000),
    y=st.integers(-5000, 5000),
    width=st.integers(0, 8000),
    height=st.integers(0, 8000),
    is_full=st.booleans(),
)


@given(PLACES, st.lists(st.sampled_from([DESK, WALL, SMALL]), min_size=1, unique=True))
def test_that_a_window_is_always_where_it_can_be_seen_and_gripped(kept: WindowPlace, screens: list[ScreenBox]) -> None:
    placed = place(kept, screens, primary="DP-1")
    area = next(screen.area for screen in screens if screen.name == placed.screen)
    assert placed.box.width <= area.width
    assert area.y <= placed.box.y <= area.y + area.height - LEAST_SEEN_PX
    seen = min(placed.box.x + placed.box.width, area.x + area.width) - max(placed.box.x, area.x)
    assert seen >= min(LEAST_SEEN_PX, placed.box.width)
    assert placed.is_away == (kept.screen not in {"", *(screen.name for screen in screens)})


@given(PLACES, st.sampled_from([DESK, WALL, SMALL]))
def test_that_a_window_of_a_larger_or_of_another_screen_lies_on_this_one_whole(
    kept: WindowPlace, screen: ScreenBox
) -> None:
    area = screen.area
    if kept.screen == screen.name and kept.width <= area.width and kept.height <= area.height:
        kept = replace(kept, screen="gone")
    box = place(kept, [screen], primary=screen.name).box
    assert area.x <= box.x <= box.x + box.width <= area.x + area.width
    assert area.y <= box.y <= box.y + box.height <= area.y + area.height


@given(st.integers(0, 500), st.integers(0, 300))
def test_that_a_window_comes_back_where_it_was_though_the_screens_changed_their_order(x: int, y: int) -> None:
    box = Box(x=WALL.area.x + x, y=WALL.area.y + y, width=800, height=600)
    kept = kept_of(WALL, box, is_full=False)
    moved = ScreenBox(name="HDMI-1", area=Box(x=-3840, y=100, width=3840, height=2160))
    back = place(kept, [DESK, moved], primary="DP-1")
    assert (back.box.x, back.box.y) == (-3840 + x, 100 + y)
    assert not back.is_away


def test_that_the_wall_takes_the_largest_other_screen_in_full() -> None:
    placed = for_wall([SMALL, DESK, WALL], "DP-1", None)
    assert (placed.screen, placed.is_full, placed.box) == ("HDMI-1", True, WALL.area)


def test_that_with_one_screen_the_wall_is_an_ordinary_window_on_it() -> None:
    placed = for_wall([DESK], "DP-1", None)
    assert (placed.screen, placed.is_full, placed.is_away) == ("DP-1", False, False)
    assert placed.box.width < DESK.area.width


def test_that_a_wall_whose_screen_was_unplugged_comes_onto_one_that_exists_and_goes_back() -> None:
    kept = kept_of(WALL, WALL.area, is_full=True)
    away = for_wall([DESK], "DP-1", kept)
    assert (away.screen, away.is_away, away.is_full) == ("DP-1", True, False)
    other = for_wall([DESK, SMALL], "DP-1", kept)
    assert (other.screen, other.is_away, other.is_full) == ("eDP-1", True, True)
    back = for_wall([DESK, WALL], "DP-1", kept)
    assert (back.screen, back.is_away, back.is_full) == ("HDMI-1", False, True)

"""The layouts of F6: their table, whose is which, and what a seat keeps."""

from dataclasses import replace

import pytest

from chengyun_console.layouts import command_layout
from chengyun_console.layouts.arrangement import ROOT, panes_of
from chengyun_console.layouts.command_layout import MAY_LACK, CommandLayout, CommandPane
from chengyun_core.model.holding import PostKind
from tests.console.conftest import Room

GOOD = """
[[layout]]
code = "one"
posts = []
[layout.panes]
whole = ["down", "map 50", "video 50", "plan 50", "receipts 50", "timeline 50"]
[layout.wide]
whole = ["down", "map 50", "video 50", "plan 50", "receipts 50", "timeline 50", "charts 50"]
"""


def test_that_every_layout_has_every_pane_but_the_charts() -> None:
    for layout in command_layout.shipped():
        for arranged in (layout.panes, layout.wide):
            assert set(CommandPane) - set(panes_of(arranged)) <= MAY_LACK


def test_that_every_post_has_a_layout_and_the_first_is_the_drawings() -> None:
    assert {command_layout.of_post(kind).code for kind in ("", *PostKind)} <= {
        one.code for one in command_layout.shipped()
    }
    assert command_layout.of_post("duty_officer").code == "whole"
    assert command_layout.of_post("sensing_ops").code == "map"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("map 50", "maps 50"), "neither a pane"),
        (("map 50", "video 50"), "more than once"),
        (("posts = []", 'posts = ["watch_chef"]'), "no such posts"),
        (("posts = []", 'posts = ["watch_chief"]'), "without posts"),
        (("posts = []", "post = []"), "posts"),
        (('"plan 50", ', ""), "missing panes"),
    ],
)
def test_that_a_wrong_table_is_refused_by_name(change: tuple[str, str], said: str) -> None:
    assert command_layout.read(GOOD)
    with pytest.raises(ValueError, match=said):
        command_layout.read(GOOD.replace(*change))


def test_that_a_choice_and_sizes_are_kept_for_the_seat_and_go_with_a_reset(room: Room) -> None:
    laid, told = CommandLayout(room.desk), []
    laid.did_change.connect(lambda: told.append(laid.layout.code))
    laid.look()
    laid.choose(2)
    split = laid.arranged(wide=False)[ROOT]
    laid.keep_sizes(ROOT, (700, 100), wide=False)
    assert laid.sizes(split, wide=False) == (700, 100)
    assert laid.sizes(laid.arranged(wide=True)[ROOT], wide=True) != (700, 100)
    again = CommandLayout(room.desk)
    assert again.layout.code == "video"
    assert again.sizes(split, wide=False) == (700, 100)
    laid.reset()
    assert laid.layout.code == "whole"
    assert laid.sizes(laid.arranged(wide=False)[ROOT], wide=False) == laid.arranged(wide=False)[ROOT].shares
    assert told == ["whole", "video", "whole"]


def test_that_a_layout_nobody_knows_any_more_is_the_posts_own(room: Room) -> None:
    room.desk.preferences = replace(room.desk.preferences, command_layout="gone")
    assert CommandLayout(room.desk).layout.code == "whole"

"""Names on the map: none over another, gravest first, and the same ones while the map is panned."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from chengyun_widgets.mapping.labels import LEFT, RIGHT, Occupied, Placed, Wish, place
from chengyun_widgets.mapping.sprites import TEXT_PX
from chengyun_widgets.mapping.view import MapView, Screen

SCREEN = Screen(MapView(0.5, 0.5, 10.0), 800, 600)
WISHES = st.lists(
    st.tuples(st.integers(0, 800), st.integers(0, 600), st.integers(0, 6), st.integers(1, 9)), max_size=60
)  # fmt: skip


def width_of(wish: Wish) -> float:
    """Return ten px a letter."""
    return 10.0 * len(wish.text)


def wish(key: int, x: float, y: float, **more: object) -> Wish:
    """Return a wish at a pixel of the screen."""
    at = SCREEN.world(QPointF(x, y))
    more.setdefault("text", f"name {key}")
    return Wish(key=key, x=at[0], y=at[1], **more)  # type: ignore[arg-type]


def written(wanted: list[Wish], screen: Screen, occupied: Occupied, before: dict) -> list[Placed]:
    """Return the names that have room."""
    return [one for one in place(wanted, screen, occupied, width_of, before) if one is not None]


def rect(placed: Placed, screen: Screen = SCREEN) -> QRectF:
    """Return where a name stands."""
    at = screen.px(placed.wish.x, placed.wish.y)
    return QRectF(at.x() + placed.dx, at.y() + placed.dy, width_of(placed.wish), TEXT_PX)


@given(WISHES)
def test_that_no_name_stands_over_another(given_wishes: list) -> None:
    wanted = [wish(at, x, y, gravity=gravity, text="x" * long) for at, (x, y, gravity, long) in enumerate(given_wishes)]
    rects = [rect(one) for one in written(wanted, SCREEN, Occupied(), {})]
    for at, one in enumerate(rects):
        assert not any(one.adjusted(1, 1, -1, -1).intersects(other.adjusted(1, 1, -1, -1)) for other in rects[at + 1 :])


@given(WISHES)
def test_that_whoever_is_left_out_is_no_graver_than_who_took_the_room(given_wishes: list) -> None:
    wanted = [wish(at, x, y, gravity=gravity, text="x" * long) for at, (x, y, gravity, long) in enumerate(given_wishes)]
    found = written(wanted, SCREEN, Occupied(), {})
    gravities = [one.wish.gravity for one in found]
    assert gravities == sorted(gravities, reverse=True)
    for left_out in {one.key for one in wanted} - {one.wish.key for one in found}:
        mine = wanted[left_out]
        graver = Occupied()
        for one in found:
            if one.wish.gravity >= mine.gravity:
                graver.take(rect(one))
        assert written([mine], SCREEN, graver, {}) == []


@given(WISHES, st.integers(-300, 300), st.integers(-300, 300))
def test_that_names_stay_where_they_were_when_the_map_is_panned(given_wishes: list, dx: int, dy: int) -> None:
    wanted = [wish(at, x, y, gravity=gravity, text="x" * long) for at, (x, y, gravity, long) in enumerate(given_wishes)]
    before = {one.wish.key: one.side for one in written(wanted, SCREEN, Occupied(), {})}
    panned = replace(SCREEN, view=SCREEN.moved(dx, dy))
    after = {one.wish.key: one.side for one in written(wanted, panned, Occupied(), before)}
    assert after == before


def test_that_a_name_of_before_goes_before_a_new_one_as_grave() -> None:
    old, new = wish(1, 400, 300, text="old"), wish(2, 402, 300, text="a new one", sides=(RIGHT,))
    old = replace(old, sides=(RIGHT,))
    assert [one.wish.key for one in written([new, old], SCREEN, Occupied(), {1: RIGHT})] == [1]
    assert [one.wish.key for one in written([new, old], SCREEN, Occupied(), {})] == [2]


def test_that_a_graver_name_takes_the_room_of_one_that_was_there() -> None:
    old, new = wish(1, 400, 300, sides=(RIGHT,)), wish(2, 402, 300, sides=(RIGHT,), gravity=4)
    assert [one.wish.key for one in written([old, new], SCREEN, Occupied(), {1: RIGHT})] == [2]


def test_that_a_name_goes_to_its_other_side_before_it_is_left_out() -> None:
    occupied = Occupied()
    occupied.take(QRectF(400, 290, 200, 20))
    (placed,) = written([wish(1, 400, 300)], SCREEN, occupied, {})
    assert placed.side == LEFT


def test_that_a_name_may_stand_in_another_place() -> None:
    occupied = Occupied()
    occupied.take(QRectF(400, 280, 100, 40))
    here, there = wish(1, 400, 300, sides=(RIGHT,)), wish(1, 100, 100, sides=(LEFT,))
    (placed,) = written([replace(here, elsewhere=(there,))], SCREEN, occupied, {})
    assert placed.wish == there
    (again,) = written([replace(here, elsewhere=(there,))], SCREEN, Occupied(), {1: LEFT})
    assert again.wish == there


def test_that_a_name_without_room_is_told_too_so_that_whoever_places_thousands_can_pause() -> None:
    here = [wish(at, 400, 300, sides=(RIGHT,)) for at in range(5)]
    told = list(place(here, SCREEN, Occupied(), width_of, {}))
    assert [one is not None for one in told] == [True, False, False, False, False]

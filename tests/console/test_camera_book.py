"""Which cameras are nearest, what finds them, and where they stand in the tree."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.video.cameras import AWAY_COUNTS, CameraBook, Spot
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.camera import Camera
from chengyun_core.model.geo import metres_between
from tests.support.small_city import small_city
from tests.support.still_cameras import HERE, cameras

PLACES = st.tuples(st.floats(106.0, 107.0), st.floats(29.0, 30.0))


def book_of(*rows: Camera) -> CameraBook:
    return CameraBook(CatalogueView(replace(small_city(1), cameras=rows)))


def camera(code: str, longitude: float | None, latitude: float | None, **fields: object) -> Camera:
    made = Camera(code=code, name=code, centre="500103", longitude=longitude, latitude=latitude)
    return replace(made, **fields)  # type: ignore[arg-type]


@given(st.lists(PLACES, min_size=1, max_size=20, unique=True), PLACES)
def test_that_the_nearest_are_the_nearest_on_the_sphere(
    places: list[tuple[float, float]], here: tuple[float, float]
) -> None:
    book = book_of(*(camera(f"C{at}", *place) for at, place in enumerate(places)))
    found = book.nearest(Spot(title="", longitude=here[0], latitude=here[1]), len(places))
    assert len(found) == len(places)
    for near in found:
        true = metres_between(*here, near.camera.longitude or 0.0, near.camera.latitude or 0.0)
        assert near.metres == pytest.approx(true, rel=0.01, abs=0.5)
    assert [near.metres for near in found] == sorted(near.metres or 0.0 for near in found)


def test_that_a_camera_that_looks_away_counts_as_farther_and_says_so() -> None:
    step = 0.001
    towards = camera("towards", HERE[0] + step * 1.4, HERE[1], heading_deg=270.0)
    away = camera("away", HERE[0] + step, HERE[1], heading_deg=90.0)
    found = book_of(away, towards).nearest(Spot(title="", longitude=HERE[0], latitude=HERE[1]), 2)
    assert AWAY_COUNTS > 1.4
    assert [(near.camera.code, near.looks_away) for near in found] == [("towards", False), ("away", True)]


def test_that_named_cameras_come_first_and_once() -> None:
    book = book_of(*cameras(6))
    spot = Spot(title="", longitude=HERE[0], latitude=HERE[1], named=("CAM-0004", "CAM-0004", "unknown"))
    found = book.nearest(spot, 9)
    assert [near.camera.code for near in found] == [
        "CAM-0004",
        "CAM-0000",
        "CAM-0001",
        "CAM-0002",
        "CAM-0003",
        "CAM-0005",
    ]
    assert [near.is_named for near in found] == [True, *[False] * 5]
    assert [near.camera.code for near in book.nearest(spot, 2, skip=4)] == ["CAM-0003", "CAM-0005"]


def test_that_without_a_place_the_centre_s_own_come_before_those_above_it() -> None:
    rows = (camera("city", 106.5, 29.5, centre="500000"), camera("district", None, None))
    found = book_of(*rows).nearest(Spot(title="", centre="500103"), 9)
    assert [(near.camera.code, near.metres) for near in found] == [("district", None), ("city", None)]


def test_that_a_camera_without_a_place_is_not_near_one() -> None:
    found = book_of(camera("lost", None, None)).nearest(Spot(title="", longitude=106.0, latitude=29.0), 9)
    assert found == ()


def test_that_what_is_written_is_found_before_names_are_spelled() -> None:
    book = book_of(*cameras(4))
    assert [one.code for one in book.find("沿江 03")] == ["CAM-0003"]
    assert [one.code for one in book.find("cam-0002")] == ["CAM-0002"]
    assert book.find("ctm") == []
    book.take_index(book.spell())
    assert len(book.find("ctm")) == 4
    assert len(book.find("")) == 4


def test_that_the_tree_counts_what_is_beneath() -> None:
    book = book_of(*cameras(5))
    assert [(one.path, one.depth, one.count) for one in book.branches] == [
        ("渝中区", 0, 5), ("渝中区/朝天门街道", 1, 2), ("渝中区/解放碑街道", 1, 3),
    ]  # fmt: skip
    assert [one.code for one in book.beneath("渝中区/朝天门街道")] == ["CAM-0001", "CAM-0003"]
    assert len(book.beneath("渝中区")) == len(book.beneath("")) == 5
    assert book.beneath("渝中") == ()


def test_that_a_vital_knows_the_cameras_that_watch_it() -> None:
    book = book_of(camera("a", 1.0, 1.0, watches="V1 | V2"), camera("b", 1.0, 1.0, watches="V2"))
    assert (book.watching("V1"), book.watching("V2"), book.watching("V3")) == (("a",), ("a", "b"), ())

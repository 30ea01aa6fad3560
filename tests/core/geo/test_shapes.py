"""Tests of the packed shapes: what goes in comes out, and nothing that was bent is taken."""

import contextlib
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.geo import geometry, shapes
from chengyun_core.geo.shapes import AREA, LINE, POINT, Shapes
from chengyun_core.model.failure import Refused

DEGREES = st.tuples(st.floats(-180, 180), st.floats(-85, 85))
POINTS = st.builds(shapely.points, DEGREES)
LINES = st.builds(shapely.linestrings, st.lists(DEGREES, min_size=2, max_size=6))
BOXES = st.builds(
    lambda x, y, wide: shapely.polygons(
        shapely.linearrings([(x, y), (x + wide, y), (x + wide, y + wide), (x, y + wide)]),
        holes=[shapely.linearrings([(x + wide * a, y + wide * b) for a, b in ((0.25, 0.25), (0.5, 0.25), (0.5, 0.5))])],
    ),
    st.floats(-179, 170), st.floats(-85, 75), st.floats(0.001, 5),
)  # fmt: skip
SEVERAL = st.one_of(
    st.builds(shapely.multipoints, st.lists(POINTS, min_size=2, max_size=3)),
    st.builds(shapely.multilinestrings, st.lists(LINES, min_size=2, max_size=3)),
    st.builds(shapely.multipolygons, st.lists(BOXES, min_size=2, max_size=3)),
)
TEXTS = st.text(max_size=20)


@st.composite
def layers(draw: Any) -> tuple[list[Any], Shapes]:
    """Draw geometries and the shapes made of them."""
    found = draw(st.lists(st.one_of(POINTS, LINES, BOXES, SEVERAL), max_size=8))
    codes = [f"K{number}" for number in range(len(found))]
    names = [draw(TEXTS) for _ in found]
    attributes = {name: tuple(draw(TEXTS) for _ in found) for name in draw(st.sets(TEXTS, max_size=3))} if found else {}
    return found, geometry.shapes_of(found, codes, names, attributes)


@given(layers())
def test_that_shapes_come_out_as_they_went_in(made: tuple[list[Any], Shapes]) -> None:
    geometries, given_shapes = made
    found = shapes.unpack(shapes.pack(given_shapes))
    assert (found.codes, found.names, found.attributes) == (
        given_shapes.codes, given_shapes.names, given_shapes.attributes,
    )  # fmt: skip
    for name in ("kinds", "parts", "rings", "points", "coords"):
        assert (getattr(found, name) == getattr(given_shapes, name)).all(), name
    assert shapely.equals_exact(geometry.geometries_of(found), np.array(geometries, dtype=object)).all()


@given(layers(), st.data())
def test_that_bent_bytes_are_refused_or_still_whole(made: tuple[list[Any], Shapes], data: st.DataObject) -> None:
    packed = bytearray(shapes.pack(made[1]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(packed) - 1))
        packed[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del packed[data.draw(st.integers(0, len(packed))) :]
    with contextlib.suppress(Refused):
        found = shapes.unpack(bytes(packed))
        # What was taken can be used: no offset leads out of it, no corner is nowhere.
        assert len(geometry.geometries_of(found)) == len(found)
        assert np.isfinite(found.coords).all()


@given(st.binary(max_size=400))
def test_that_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="shapes_faulty"):
        shapes.unpack(data)


def test_that_a_header_that_promises_too_much_is_refused_before_anything_is_made() -> None:
    packed = bytearray(shapes.pack(shapes.empty()))
    huge = packed.replace(b"\xa8features\x00", b"\xa8features\xce\xff\xff\xff\xff", 1)
    huge[8:12] = (int.from_bytes(huge[8:12], "little") + 4).to_bytes(4, "little")
    with pytest.raises(Refused) as told:
        shapes.unpack(bytes(huge))
    assert told.value.reason.params["what"] == "counts"


def _square() -> Shapes:
    ring = shapely.linearrings([(0, 0), (1, 0), (1, 1), (0, 1)])
    return geometry.shapes_of([shapely.polygons(ring)], ["A"], ["一"])


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("coords", [(0, 0), (1, 0), (1, 1), (0, 1), (9, 9)], "open_ring"),
        ("coords", [(0, 0), (1, 0), (1, np.nan), (0, 1), (0, 0)], "coords"),
        ("coords", [(0, 0), (181, 0), (1, 1), (0, 1), (0, 0)], "coords"),
        ("kinds", [3], "kinds"),
        ("kinds", [POINT], "points"),
        ("points", [0, 4], "points"),
        ("parts", [1, 1], "parts"),
        ("codes", ("",), "codes"),
        ("names", ("", "二"), "attributes"),
        ("names", ("x" * 4001,), "texts"),
    ],
)
def test_that_shapes_that_are_none_are_told_by_what_is_wrong(field: str, value: Any, what: str) -> None:
    square = _square()
    told = {name: getattr(square, name) for name in Shapes.__slots__}
    old = told[field]
    told[field] = np.array(value, dtype=old.dtype) if isinstance(old, np.ndarray) else value
    with pytest.raises(Refused) as refused:
        shapes.pack(Shapes(**told))
    assert refused.value.reason.params["what"] == what


def test_that_rings_and_bounds_are_those_of_the_feature() -> None:
    square = _square()
    assert [len(ring) for ring in square.rings_of(0)] == [5]
    assert square.bounds() == (0.0, 0.0, 1.0, 1.0)
    assert shapes.empty().bounds() is None
    assert (square.kinds[0], LINE) == (AREA, 1)

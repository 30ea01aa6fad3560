"""The reference city's cameras: how many, where, which can be moved, and that the catalogue takes them."""

from collections import Counter
from math import hypot

from chengyun_core.model.camera import CameraKind, presets_of
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.catalogue_check import check
from chengyun_resources.reference import cameras, city, divisions


def test_that_two_thousand_cameras_have_names_codes_and_places_of_their_own() -> None:
    rows = cameras.camera_rows()
    assert len(rows) == 2000
    for column in ("code", "name"):
        assert len({row[column] for row in rows}) == 2000
    assert all(105 < float(row["longitude"]) < 110.5 and 28 < float(row["latitude"]) < 32.5 for row in rows)
    assert {"寸滩码头 01", "朝天门沿江 03"} <= {row["name"] for row in rows}
    assert [row for row in rows if row["address"].partition("?")[0] != f"demo:/cam/{row['code']}"] == []


def test_that_a_tenth_can_be_moved_and_every_district_has_some() -> None:
    rows = cameras.camera_rows()
    assert Counter("ptz" in row for row in rows)[True] == 200
    below = {place.code: place.parent for place in divisions.towns()}
    seen = {below.get(row["centre"], row["centre"]) for row in rows}
    official = {place.code for place in divisions.districts() if place.code != divisions.NEW_DISTRICT}
    assert official <= seen


def test_that_the_catalogue_takes_them_and_they_stand_near_what_they_watch() -> None:
    tables = city.tables()
    assert check(tables) == []
    catalogue, _ = build(tables, Numbers(), 1)
    assert len(catalogue.cameras) == 2000
    by_name = {camera.name: camera for camera in catalogue.cameras}
    quay = by_name["寸滩码头 01"]
    assert quay.kind is CameraKind.DEMO
    assert quay.watches == "SW-CUNTAN"
    assert quay.path == "江北区/寸滩街道/沿江"
    assert hypot((quay.longitude or 0) - 106.5982, (quay.latitude or 0) - 29.6172) < 0.01
    moving = [camera for camera in catalogue.cameras if camera.ptz]
    assert all(len(presets_of(camera)) == 3 for camera in moving)


def test_that_fewer_are_the_first_of_them() -> None:
    assert cameras.camera_rows(30) == cameras.camera_rows()[:30]

"""Rules of the table of cameras: what each kind needs, addresses, positions, places, what is watched."""

import pytest

from chengyun_core.model.camera import CameraKind, Preset, presets_of, watched_by
from chengyun_core.model.catalogue_build import Numbers, build, tables_of
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.catalogue_tables import Tables
from chengyun_core.model.rights import Label
from tests.support.small_tables import small_tables

ID = "34020000001320000001/34020000001310000001"


def _with(**cells: str) -> Tables:
    row = {"code": "CAM-1", "name": "寸滩码头 01", "centre": "500103", "address": "rtsp://10.1.2.3/main"}
    cells = {name: text for name, text in {**row, **cells}.items() if text}
    return small_tables() | {"cameras": [cells]}


GOOD = (
    {},
    {"kind": "rtsp", "address": "rtsps://cam.example/x?channel=1", "sub_address": "rtsp://10.1.2.3:8554/sub"},
    {"kind": "onvif", "address": "http://10.1.2.3/onvif/device_service", "ptz": "true"},
    {"kind": "platform", "address": "", "platform": "city", "platform_id": ID},
    {"kind": "demo", "address": "demo:/cam/CAM-1", "label": "hide", "heading_deg": "359.5"},
    {"presets": "1 全景 | 255 码头", "watches": "SW | BF", "longitude": "106.6", "latitude": "29.6"},
)


@pytest.mark.parametrize("cells", GOOD)
def test_that_a_camera_of_every_kind_is_taken_and_exported_again(cells: dict[str, str]) -> None:
    tables = _with(**cells)
    assert check(tables) == []
    catalogue, numbers = build(tables, Numbers(), 1)
    again, _ = build(tables_of(catalogue), numbers, 1)
    assert again.cameras == catalogue.cameras
    (camera,) = catalogue.cameras
    assert camera.kind is CameraKind(cells.get("kind", "rtsp"))
    assert camera.label is Label(cells.get("label", "normal"))
    assert camera.ptz is (cells.get("ptz") == "true")


BAD = (
    ({"address": ""}, "address", "catalogue.camera_needs"),
    ({"kind": "onvif", "address": ""}, "address", "catalogue.camera_needs"),
    ({"kind": "platform", "platform_id": ID}, "platform", "catalogue.camera_needs"),
    ({"kind": "platform", "platform": "city"}, "platform_id", "catalogue.camera_needs"),
    ({"kind": "platform", "platform": "city", "platform_id": "1/2"}, "platform_id", "catalogue.camera_platform_id"),
    ({"kind": "smb"}, "kind", "catalogue.cell_not_word"),
    ({"label": "secret"}, "label", "catalogue.cell_not_word"),
    ({"address": "http://10.1.2.3/x"}, "address", "catalogue.camera_address"),
    ({"address": "file:///etc/passwd"}, "address", "catalogue.camera_address"),
    ({"address": "rtsp:10.1.2.3"}, "address", "catalogue.camera_address"),
    ({"address": "rtsp://10.1.2.3/ b"}, "address", "catalogue.camera_address"),
    ({"address": "rtsp://[10.1.2.3/b"}, "address", "catalogue.camera_address"),
    ({"sub_address": "rtsp://摄像机/b"}, "sub_address", "catalogue.camera_address"),
    ({"kind": "demo", "address": "demo://host/cam"}, "address", "catalogue.camera_address"),
    ({"address": "rtsp://admin:12345@10.1.2.3/x"}, "address", "catalogue.camera_address_secret"),
    ({"presets": "全景"}, "presets", "catalogue.camera_presets"),
    ({"presets": "0 全景"}, "presets", "catalogue.camera_presets"),
    ({"presets": "256 全景"}, "presets", "catalogue.camera_presets"),
    ({"presets": "1 全景 | 1 码头"}, "presets", "catalogue.camera_presets"),
    ({"watches": "SW | NONE"}, "watches", "catalogue.camera_vital"),
    ({"longitude": "106.5"}, "latitude", "catalogue.position_half"),
    ({"heading_deg": "361"}, "heading_deg", "catalogue.cell_out_of_range"),
    ({"centre": "999"}, "centre", "catalogue.dangling"),
)


@pytest.mark.parametrize(("cells", "column", "code"), BAD)
def test_that_a_wrong_cell_is_told_with_its_reason(cells: dict[str, str], column: str, code: str) -> None:
    found = check(_with(**cells))
    assert [(fault.table, fault.line, fault.column, fault.code) for fault in found] == [("cameras", 2, column, code)]


def test_that_a_password_in_an_address_is_not_repeated_in_the_message() -> None:
    (fault,) = check(_with(address="rtsp://admin:hunter2@10.1.2.3/x"))
    assert "hunter2" not in repr(fault)


def test_that_positions_and_watched_vitals_are_read_in_order() -> None:
    catalogue, _ = build(_with(presets="7 码头| 2 全景 ", watches="SW| BF"), Numbers(), 1)
    (camera,) = catalogue.cameras
    assert presets_of(camera) == (Preset(number=2, name="全景"), Preset(number=7, name="码头"))
    assert watched_by(camera) == ("SW", "BF")


def test_that_an_import_without_the_table_has_no_cameras() -> None:
    catalogue, _ = build(small_tables(), Numbers(), 1)
    assert catalogue.cameras == ()

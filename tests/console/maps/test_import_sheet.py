"""A layer imported from F5: uploaded, tried by the centre, its report read, and taken as it was tried."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.maps.import_sheet import LayerSheet
from chengyun_core.model.failure import Reason
from chengyun_core.model.map_commands import ImportLayer
from chengyun_core.model.map_layer import Datum, LayerKind
from chengyun_core.model.warning_line import line_of
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.event_asks import UploadHeld
from tests.console import map_scenes, scenes
from tests.console.scenes import Stand

CONTENT = b'{"type": "FeatureCollection", "features": []}'
DIGEST = hashlib.sha256(CONTENT).hexdigest()
MENDED = Reason(
    code="map.note_mended",
    params={
        "feature": "3", "line": "12", "name": "大渡口", "grade": "mended", "reason": "Self-intersection", "parts": "1",
        "km2": "0.01", "percent": "0.02",
    },
)  # fmt: skip
LEFT = Reason(
    code="map.note_no_area",
    params={"feature": "5", "line": "0", "name": "", "grade": "refused", "reason": "Too few points"},
)  # fmt: skip


@pytest.fixture
def at(qapp, tmp_path: Path) -> Iterator[Stand]:
    """F5 in front of who keeps the catalogue."""
    with scenes.stand(tmp_path / "profile", scenes.Look()) as made:
        scenes.seat(made)
        made.session.enter(allowed=("map.import",))
        map_scenes.show_map(made)
        yield made


@pytest.fixture
def sheet(at: Stand) -> LayerSheet:
    at.do("map.import")
    made = at.window.rooms.maps.importing
    assert made.isVisible()
    return made


def uploaded(at: Stand, sheet: LayerSheet, qtbot, path: Path) -> ImportLayer:
    """Give a file to the sheet and take it as the centre does; return what is asked to be tried."""
    path.write_bytes(CONTENT)
    sheet.look_at(path)
    slot = f"upload.{DIGEST}"
    qtbot.waitUntil(lambda: slot in at.session.sent.asks, timeout=20_000)
    at.session.answer_ask(slot, UploadHeld(held=len(CONTENT), size=len(CONTENT)))
    qtbot.waitUntil(lambda: bool(at.session.sent.commands), timeout=20_000)
    return last(at)


def last(at: Stand) -> ImportLayer:
    made = at.session.sent.commands[-1]
    assert isinstance(made, ImportLayer)
    return made


def answer(at: Stand, done: Done) -> None:
    command = f"command-{len(at.session.sent.commands)}"
    at.session.command_ended.emit(command, Reply(id=command, outcome="done", body=codec.pack(done)))


def test_that_a_file_is_tried_its_report_read_and_taken_as_it_was_tried(
    at: Stand, sheet: LayerSheet, qtbot, tmp_path: Path
) -> None:
    tried = uploaded(at, sheet, qtbot, tmp_path / "shelters 避难.geojson")
    assert tried.try_only
    assert (tried.code, tried.name, tried.file) == ("shelters", "shelters 避难", "shelters 避难.geojson")
    assert (tried.kind, tried.datum, tried.digest) == (LayerKind.BOUNDARY, Datum.CGCS2000, DIGEST)
    assert not sheet.confirm.isEnabled()
    answer(at, Done(change=0, key="shelters", version=38, warnings=(line_of(MENDED), line_of(LEFT))))
    rows = sheet.list.rows()
    assert [row.status for row in rows] == [at.desk.say("map.grade.mended"), at.desk.say("map.grade.refused")]
    assert rows[0].detail == "第 3 个要素 大渡口 · 第 12 行"
    assert "{" not in "".join(row.title for row in rows), "every part of a sentence came with the answer"
    assert "38 个要素" in sheet.told.text()
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    taken = last(at)
    assert not taken.try_only
    assert (taken.code, taken.digest) == (tried.code, DIGEST)
    answer(at, Done(change=41, key="shelters", version=1, warnings=(line_of(MENDED),)))
    assert sheet.told.text().startswith("✓ 图层 shelters 避难 已导入")
    assert not sheet.confirm.isEnabled()


def test_that_who_changes_a_word_tries_again_before_it_is_taken(
    at: Stand, sheet: LayerSheet, qtbot, tmp_path: Path
) -> None:
    uploaded(at, sheet, qtbot, tmp_path / "pipes.csv")
    answer(at, Done(change=0, key="pipes", version=4))
    assert sheet.confirm.isEnabled()
    sheet.kind.setCurrentIndex(sheet.kind.findData(LayerKind.PIPELINE.value))
    sheet.kind.activated.emit(sheet.kind.currentIndex())
    assert not sheet.confirm.isEnabled()
    sheet.datum.setCurrentIndex(sheet.datum.findData(Datum.GCJ02.value))
    sheet.fields["approval"].setText("渝S(2026)001号")
    sheet.again.click()
    made = last(at)
    assert (made.kind, made.datum, made.approval_number) == (LayerKind.PIPELINE, Datum.GCJ02, "渝S(2026)001号")
    assert made.try_only


def test_that_a_known_layer_is_replaced_as_it_was_seen(at: Stand, sheet: LayerSheet, qtbot, tmp_path: Path) -> None:
    known = at.desk.maps.store.known["districts"]
    made = uploaded(at, sheet, qtbot, tmp_path / "districts.geojson")
    assert made.version == known.version


def test_that_tiles_are_of_their_own_kind_only(at: Stand, sheet: LayerSheet, qtbot, tmp_path: Path) -> None:
    made = uploaded(at, sheet, qtbot, tmp_path / "base.mbtiles")
    assert made.kind is LayerKind.TILES
    assert sheet.kind.count() == 1


def test_that_a_refusal_is_told_and_nothing_can_be_taken(at: Stand, sheet: LayerSheet, qtbot, tmp_path: Path) -> None:
    uploaded(at, sheet, qtbot, tmp_path / "broken.geojson")
    command = f"command-{len(at.session.sent.commands)}"
    refused = Reply(id=command, outcome="refused", code="map.code_faulty", params={"layer": "x"})
    at.session.command_ended.emit(command, refused)
    assert sheet.told.text() == at.desk.say("map.code_faulty", layer="x")
    assert not sheet.confirm.isEnabled()
    count = len(at.session.sent.commands)
    sheet.send()
    assert len(at.session.sent.commands) == count


def test_that_a_file_that_cannot_be_read_is_told(at: Stand, sheet: LayerSheet, qtbot, tmp_path: Path) -> None:
    sheet.look_at(tmp_path / "none.geojson")
    qtbot.waitUntil(lambda: "none.geojson" in sheet.told.text() and "0%" not in sheet.told.text(), timeout=20_000)
    assert at.session.sent.commands == []


def test_that_who_does_not_keep_the_catalogue_is_told_so(at: Stand) -> None:
    at.session.enter(allowed=())
    at.do("map.import")
    assert not at.window.rooms.maps.importing.isVisible()


def test_that_esc_leaves_the_sheet(at: Stand, sheet: LayerSheet) -> None:
    assert at.window.layers.close_nearest()
    assert not sheet.isVisible()

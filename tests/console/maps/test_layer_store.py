"""Layers brought to a console: in parts, whole or not at all, kept on disk, replaced when they are taken in anew."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps.layer_store import LayerStore
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.model.failure import Reason
from chengyun_core.model.map_layer import MapLayer
from chengyun_core.wire.map_asks import AskShapes, Layers, ShapesPart
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.still_session import StillSession
from tests.support import map_samples


class Stand:
    """A store on a still session that answers as a centre with these contents would."""

    def __init__(self, folder: Path) -> None:
        self.session = StillSession()
        desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts("zh_CN"), Preferences())
        self.desk, self.store = desk, LayerStore(desk)
        self.asked: list[AskShapes] = []

    def serve(self, layers: tuple[MapLayer, ...], contents: dict[str, bytes]) -> None:
        """Answer until each layer stands or is told why it does not, 20 s at most."""
        for _ in range(4000):
            for slot, (kind, body, _answer) in list(self.session.sent.asks.items()):
                if kind == "map.layers":
                    self.session.answer_ask(slot, Layers(layers=layers))
                elif isinstance(body, AskShapes):
                    self.asked.append(body)
                    data = contents[body.digest]
                    part = data[body.offset : body.offset + body.length]
                    told = ShapesPart(digest=body.digest, offset=body.offset, size=len(data), data=part)
                    self.session.answer_ask(slot, told)
            QTest.qWait(5)
            if self._is_done(layers):
                return

    def _is_done(self, layers: tuple[MapLayer, ...]) -> bool:
        known, shapes = self.store.known, self.store.shapes
        if known != {layer.code: layer for layer in layers if not layer.retired}:
            return False
        return all(code in self.store.faults or (code in shapes and shapes[code].is_whole) for code in known)


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Iterator[Stand]:
    """A store that has asked which layers there are."""
    made = Stand(tmp_path)
    made.store.begin()
    yield made
    QTest.qWait(20)


def test_that_a_layer_comes_in_parts_and_the_next_start_asks_for_none(
    at: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chengyun_console.maps.layer_store.PART", 64)
    layer, held = map_samples.pipes()
    at.serve((layer,), held)
    assert at.store.shapes["pipes"].is_whole
    assert [ask.offset for ask in at.asked] == list(range(0, layer.size, 64))
    again = Stand(tmp_path)
    again.store.begin()
    again.serve((layer,), {})
    assert again.store.shapes["pipes"].is_whole
    assert again.asked == []


def test_that_the_map_stands_before_any_daemon_answers(at: Stand, tmp_path: Path) -> None:
    layer, held = map_samples.pipes()
    at.serve((layer,), held)
    alone = Stand(tmp_path)
    alone.store.begin()
    for _ in range(40):
        QTest.qWait(5)
    assert (alone.store.is_told, "pipes" in alone.store.shapes) == (False, True)


def test_that_a_content_that_is_not_what_its_digest_says_is_told_and_the_others_go_on(at: Stand) -> None:
    layer, held = map_samples.pipes()
    rivers, river_held = map_samples.rivers()
    wrong = {digest: bytes(len(data)) for digest, data in held.items()}
    at.serve((layer, rivers), {**wrong, **river_held})
    assert at.store.faults["pipes"].code == "maps.layer_cut"
    assert list(at.store.shapes) == ["rivers"]


def test_that_a_layer_taken_in_anew_replaces_the_old_one_and_a_retired_one_goes(at: Stand) -> None:
    layer, held = map_samples.pipes()
    at.serve((layer,), held)
    renamed = replace(layer, name="新供水", version=2)
    at.store.begin()
    at.serve((renamed,), held)
    assert at.store.shapes["pipes"].layer.name == "新供水"
    at.store.begin()
    at.serve((replace(renamed, retired=True),), {})
    assert (at.store.shapes, at.store.known) == ({}, {})


def test_that_a_layer_that_could_not_be_had_is_fetched_again_with_the_next_list(at: Stand) -> None:
    layer, held = map_samples.pipes()
    rivers, river_held = map_samples.rivers()
    wrong = {digest: bytes(len(data)) for digest, data in held.items()}
    at.serve((layer, rivers), {**wrong, **river_held})
    assert "pipes" not in at.store.shapes
    at.asked.clear()
    at.store.begin()
    at.serve((layer, rivers), {**held, **river_held})
    assert set(at.store.shapes) == {"pipes", "rivers"}
    assert at.store.faults == {}
    assert {ask.digest for ask in at.asked} == set(held), "what stands is not fetched twice"


def test_that_a_centre_that_did_not_answer_is_asked_again_and_one_that_refused_is_not(at: Stand) -> None:
    layer, held = map_samples.pipes()
    at.store._again.setInterval(20)
    at.session.answer_ask("map.layers", Reason(code="session.no_answer"))
    assert at.store.faults[""].code == "session.no_answer"
    QTest.qWait(60)
    assert "map.layers" in at.session.sent.asks
    at.session.answer_ask("map.layers", Reason(code="permission.denied"))
    QTest.qWait(60)
    assert "map.layers" not in at.session.sent.asks
    at.store.begin()
    at.serve((layer,), held)
    assert at.store.shapes["pipes"].is_whole
    assert at.store.faults == {}


def test_that_a_layer_whose_centre_fell_silent_comes_when_it_answers_again(at: Stand) -> None:
    layer, held = map_samples.pipes()
    at.store._again.setInterval(20)
    at.session.answer_ask("map.layers", Layers(layers=(layer,)))
    for _ in range(200):
        QTest.qWait(5)
        if "map.shapes" in at.session.sent.asks:
            break
    at.session.answer_ask("map.shapes", Reason(code="session.no_answer"))
    assert "pipes" in at.store.faults
    QTest.qWait(60)
    at.serve((layer,), held)
    assert at.store.shapes["pipes"].is_whole
    assert at.store.faults == {}

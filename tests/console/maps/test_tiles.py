"""Pictures of a base map: a batch at a time, the newest wish first, none asked twice, none shown of another content."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps import tiles
from chengyun_console.maps.tiles import TileKeeper
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.model.failure import Reason
from chengyun_core.wire.map_asks import MOST_TILES, AskTiles, Tiles
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.still_session import StillSession

SLOT = "map.tile.F5"


def png(colour: str) -> bytes:
    """Return a picture of one colour."""
    image, buffer = QImage(4, 4, QImage.Format.Format_RGB32), QBuffer()
    image.fill(QColor(colour))
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class Stand:
    """A keeper on a still session; `came` are the layers of which pictures came."""

    def __init__(self, folder: Path) -> None:
        self.session = StillSession()
        desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts("zh_CN"), Preferences())
        self.desk, self.keeper = desk, TileKeeper(desk, "F5")
        self.came: list[str] = []
        self.keeper.tiles_did_come.connect(self.came.append)

    def asked(self) -> AskTiles | None:
        """Return what is being asked for, None when nothing is."""
        found = self.session.sent.asks.get(SLOT)
        if found is None:
            return None
        assert isinstance(found[1], AskTiles)
        return found[1]

    def answer(self, told: object) -> None:
        """Answer, and let the pictures be decoded."""
        self.session.answer_ask(SLOT, told)
        assert self.keeper._background._lane.idle.wait(30.0)
        QApplication.processEvents()

    def serve(self, picture: bytes) -> int:
        """Answer every ask with this picture; return how many tiles were asked for."""
        count = 0
        while (ask := self.asked()) is not None:
            count += len(ask.tiles)
            self.answer(Tiles(pictures=(picture,) * len(ask.tiles)))
        return count


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Iterator[Stand]:
    """Nothing asked yet."""
    made = Stand(tmp_path)
    yield made
    assert made.keeper._background._lane.idle.wait(30.0)
    QApplication.processEvents()


def colour_of(image: QImage | None) -> str:
    assert image is not None
    return image.pixelColor(1, 1).name()


def test_that_a_layer_taken_in_anew_shows_no_picture_of_its_old_content(at: Stand) -> None:
    old = at.keeper.source("base", "old")
    assert old.tile(3, 1, 1) is None
    at.serve(png("#ff0000"))
    assert colour_of(old.tile(3, 1, 1)) == "#ff0000"
    new = at.keeper.source("base", "new")
    assert new is not old, "the canvas paints anew what has another source"
    assert new.tile(3, 1, 1) is None
    at.serve(png("#00ff00"))
    assert colour_of(new.tile(3, 1, 1)) == "#00ff00"
    assert at.keeper.source("base", "new") is new


def test_that_an_answer_about_the_old_content_is_not_taken_for_the_new(at: Stand) -> None:
    at.keeper.source("base", "old").tile(3, 1, 1)
    new = at.keeper.source("base", "new")
    new.tile(3, 1, 1)
    at.answer(Tiles(pictures=(png("#ff0000"),)))
    assert new.tile(3, 1, 1) is None
    at.serve(png("#00ff00"))
    assert colour_of(new.tile(3, 1, 1)) == "#00ff00"


def test_that_one_batch_is_under_way_and_the_newest_wish_goes_first(at: Stand) -> None:
    source = at.keeper.source("base", "d")
    for x in range(3 * MOST_TILES):
        source.tile(9, x, 0)
    first = at.asked()
    assert first is not None
    assert first.tiles == ((9, 0, 0),)
    at.answer(Tiles(pictures=(png("#0000ff"),)))
    second = at.asked()
    assert second is not None
    assert second.tiles == tuple((9, x, 0) for x in range(3 * MOST_TILES - 1, 2 * MOST_TILES - 1, -1))


def test_that_what_the_layer_does_not_hold_and_what_is_no_picture_are_asked_for_once(at: Stand) -> None:
    source = at.keeper.source("base", "d")
    source.tile(3, 1, 1)
    at.answer(Tiles(pictures=(b"",)))
    source.tile(3, 2, 1)
    at.answer(Tiles(pictures=(b"no picture",)))
    assert (source.tile(3, 1, 1), source.tile(3, 2, 1)) == (None, None)
    assert at.asked() is None


@pytest.mark.parametrize("told", [Reason(code="session.no_answer"), Tiles(pictures=())])
def test_that_what_was_not_answered_is_asked_for_again_when_it_is_painted_again(at: Stand, told: object) -> None:
    source = at.keeper.source("base", "d")
    source.tile(3, 1, 1)
    at.answer(told)
    assert at.asked() is None, "who refuses is not asked again at once"
    source.tile(3, 1, 1)
    assert at.serve(png("#0000ff")) == 1
    assert source.tile(3, 1, 1) is not None


def test_that_layers_are_not_mixed_in_one_question_and_each_is_told(at: Stand) -> None:
    first, second = at.keeper.source("a", "d"), at.keeper.source("b", "d")
    first.tile(3, 1, 1)
    second.tile(3, 1, 1)
    first.tile(3, 2, 1)
    at.serve(png("#0000ff"))
    assert sorted(at.came) == ["a", "a", "b"]
    assert second.tile(3, 1, 1) is not None


def test_that_a_long_walk_over_the_map_keeps_no_more_than_it_may(at: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "KEPT", 10)
    source = at.keeper.source("base", "d")
    for x in range(30):
        source.tile(9, x, 0)
        at.serve(png("#0000ff"))
        source.tile(9, 0, 0)  # looked at all the time
        at.serve(png("#0000ff"))
    assert len(at.keeper._held) == 10
    assert source.tile(9, 0, 0) is not None
    assert source.tile(9, 1, 0) is None

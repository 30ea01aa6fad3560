"""RS15: what one officer copied or looked at is not there for the next one at the same screen."""

import pytest
from PySide6.QtGui import QGuiApplication, QImage, QPixmap, QPixmapCache
from pytestqt.qtbot import QtBot

from chengyun_console.residue import Residue
from chengyun_console.thumbnails import Thumbnails
from chengyun_core.model.event import Attachment
from tests.console.still_session import StillSession


@pytest.fixture
def session(qtbot: QtBot) -> StillSession:
    """A session nobody sits at."""
    return StillSession()


@pytest.mark.parametrize("is_in_front", [True, False])
def test_that_what_was_copied_here_is_gone_when_the_session_ends_and_what_others_copied_stays(
    session: StillSession, monkeypatch: pytest.MonkeyPatch, is_in_front: bool
) -> None:
    residue = Residue(session)  # type: ignore[arg-type]
    QPixmapCache.insert("kept", QPixmap(4, 4))
    monkeypatch.setattr(QGuiApplication, "focusWindow", lambda: object() if is_in_front else None)
    QGuiApplication.clipboard().setText("023-0000-0001")
    session.sign_on_ended.emit(None)
    assert QGuiApplication.clipboard().text() == ("" if is_in_front else "023-0000-0001")
    assert QPixmapCache.find("kept", QPixmap()) is False or not QPixmapCache.find("kept")
    residue.forget()  # once more does nothing


def test_that_thumbnails_are_not_kept_from_one_session_to_the_next(session: StillSession) -> None:
    thumbnails = Thumbnails(session)  # type: ignore[arg-type]
    file = Attachment(
        number=1, about="event:1", digest="d" * 64, name="x.png", size=10, media="image/png", added_at=1, added_by="li"
    )
    thumbnails._put(file, QImage(8, 8, QImage.Format.Format_RGB32))
    assert thumbnails.of(file) is not None
    told: list[bool] = []
    thumbnails.did_change.connect(lambda: told.append(True))
    session.sign_on_ended.emit(None)
    assert thumbnails.of(file) is None
    assert told == [True]

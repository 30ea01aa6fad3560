"""A picture of somebody's screen is noted before it is written; of the screen before sign-on nothing is to be noted."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject

from chengyun_console.shot import Shot
from chengyun_core.model.rights_commands import NoteExport
from tests.console.conftest import Room


class Standing(QObject):
    """Has of a stage what a picture needs."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.window = room.window


@pytest.fixture
def shot(desk_room: Room, tmp_path: Path) -> Shot:
    usable = SimpleNamespace(after_s=1.0)
    file = tmp_path / "shots" / "a.png"
    return Shot(Standing(desk_room), desk_room.desk, desk_room.session, desk_room.tick, usable, file)  # type: ignore[arg-type]


def test_that_a_picture_of_a_seat_is_written_after_the_journal_has_its_digest(
    desk_room: Room, shot: Shot, tmp_path: Path
) -> None:  # fmt: skip
    file, ends = tmp_path / "shots" / "a.png", []
    shot.did_end.connect(ends.append)
    desk_room.session.enter()
    shot.take()
    note = desk_room.session.sent.commands[-1]
    assert isinstance(note, NoteExport)
    assert (note.what, note.form, file.exists(), ends) == ("shot", "png", False, [])
    desk_room.session.end_command()
    assert hashlib.sha256(file.read_bytes()).hexdigest() == note.digest
    assert '"seat": "A-03"' in ends[0]


def test_that_a_picture_that_may_not_be_noted_is_not_written(desk_room: Room, shot: Shot, tmp_path: Path) -> None:
    desk_room.session.enter()
    shot.take()
    desk_room.session.end_command(outcome="refused", code="permission.no_post", action="export.note")
    assert shot.trouble is not None
    assert list(tmp_path.rglob("*.png")) == []


def test_that_the_screen_before_sign_on_is_nobody_s(desk_room: Room, shot: Shot, tmp_path: Path) -> None:
    desk_room.session.signed_on = None
    before = len(desk_room.session.sent.commands)
    shot.take()
    assert (tmp_path / "shots" / "a.png").exists()
    assert len(desk_room.session.sent.commands) == before

"""A recording that was left behind is taken up, by one console of several, until its event has it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_console.rooms.recorded_files import Claim, left_behind
from chengyun_console.rooms.recordings import Recordings
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.event_asks import UploadHeld
from tests.console.conftest import Room
from tests.console.room_stand import Stand, made_stand

LONG_AGO_S = 1_000_000_000.0


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    yield made_stand(desk_room)
    desk_room.desk.rooms.stop()


@pytest.fixture
def left(stand: Stand) -> Path:
    """A recording of event 7 that a console left behind long ago."""
    folder = stand.room.desk.profile / "recordings" / "7"
    folder.mkdir(parents=True)
    file = folder / "R-3-1.ogg"
    file.write_bytes(b"OggS" + bytes(1000))
    os.utime(file, (LONG_AGO_S, LONG_AGO_S))
    return file


def keeping(stand: Stand) -> Recordings:
    return stand.consult.recordings


def held(stand: Stand) -> UploadHeld | None:
    """Return that the centre has all of what it was asked about; None: it was not asked."""
    asks = (ask for kind, ask, _ in stand.room.session.sent.asks.values() if kind == "attachment.held")
    return next((UploadHeld(held=ask.size, size=ask.size) for ask in asks), None)


def sent(stand: Stand) -> str:
    """Let the file be with the centre; return the id of the command that keeps it."""
    stand.room.qtbot.waitUntil(lambda: held(stand) is not None)
    stand.answer("attachment.held", held(stand))
    (command,) = (one.command for one in keeping(stand)._under_way.values())
    return command


def test_that_what_was_left_behind_goes_to_its_event_and_then_from_this_machine(stand: Stand, left: Path) -> None:
    keeping(stand).look()
    keeping(stand).look()
    command = sent(stand)
    (kept,) = stand.commands(AddAttachment)
    assert isinstance(kept, AddAttachment)
    assert (kept.about, kept.name, kept.size) == ("event:7", "R-3-1.ogg", 1004)
    stand.room.session.command_ended.emit(command, Reply(id=command, outcome="done", body=b""))
    assert not left.exists()
    assert keeping(stand)._under_way == {}


def test_that_a_refusal_is_not_asked_for_again_and_loses_nothing(stand: Stand, left: Path) -> None:
    keeping(stand).look()
    command = sent(stand)
    stand.room.session.command_ended.emit(command, Reply(id=command, outcome="refused", code="event.unknown"))
    keeping(stand).look()
    assert (left.exists(), keeping(stand)._under_way) == (True, {})


def test_that_an_absent_centre_is_told_once_and_tried_again(
    stand: Stand, left: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(keeping(stand)._deeds, "tell", lambda _tone, text: told.append(text))
    for _ in range(2):
        keeping(stand).look()
        stand.room.qtbot.waitUntil(lambda: held(stand) is not None)
        stand.answer("attachment.held", Reason(code="session.no_answer"))
    assert ["R-3-1.ogg" in one for one in told] == [True]
    keeping(stand).look()
    assert left in keeping(stand)._under_way


def test_that_one_console_of_several_sends_it(stand: Stand, left: Path) -> None:
    other = Claim.of(left)
    assert other is not None
    keeping(stand).look()
    assert keeping(stand)._under_way == {}
    other.let_go()
    keeping(stand).look()
    assert left in keeping(stand)._under_way


def test_that_nobody_signed_on_sends_nothing(stand: Stand, left: Path) -> None:
    stand.room.session.signed_on = None
    keeping(stand).look()
    assert (keeping(stand)._under_way, left.exists()) == ({}, True)


def test_that_what_is_being_written_and_what_is_no_recording_are_left_alone(tmp_path: Path) -> None:
    for place, age_s in (("7/R-1-1.ogg", 59.0), ("7/R-1-2.ogg", 61.0), ("5/R-2-1.ogg", 90.0), ("x/R-9-1.ogg", 90.0)):
        file = tmp_path / "recordings" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file, (LONG_AGO_S - age_s, LONG_AGO_S - age_s))
    (tmp_path / "recordings" / "7" / "notes.txt").touch()
    found = left_behind(tmp_path, LONG_AGO_S)
    assert [(event, path.name) for event, path in found] == [(5, "R-2-1.ogg"), (7, "R-1-2.ogg")]
    assert left_behind(tmp_path / "nowhere", LONG_AGO_S) == []

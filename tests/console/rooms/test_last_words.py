"""A recording that ends with its room, its chair's leave or its worker still goes to its event as evidence."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.room import MemberState
from chengyun_core.rtc.orders import Recorded
from tests.console.conftest import Room
from tests.console.room_stand import WATER, Stand, StillMedia, chair, consultation, made_stand, member

RECORDED = consultation(chair(), member(WATER), is_recorded=True, recording="R-1-1", version=2)


@pytest.fixture
def recording(desk_room: Room, tmp_path: Path) -> Iterator[Stand]:
    """The chair is in a room that is recorded; its worker finishes the file when it is ended, as the real one does."""
    made = made_stand(desk_room)
    made.do("room.open_for_event")
    made.put(RECORDED)
    media, file = made.media[0], tmp_path / "R-1-1.ogg"
    stop = media.stop

    def finish() -> None:
        if not media.is_stopped:
            file.write_bytes(b"OggS" + bytes(1000))
            media.tell(Recorded(path=str(file), seconds=9.0, size=1004))
        stop()

    media.stop = finish  # type: ignore[method-assign]
    yield made
    desk_room.desk.rooms.stop()


def is_sent(stand: Stand) -> bool:
    """Return whether the file is on its way to the centre."""
    return any(kind == "attachment.held" for kind, _ask, _answer in stand.room.session.sent.asks.values())


def test_that_a_recording_that_ran_when_the_chair_left_is_sent(recording: Stand) -> None:
    recording.put(replace(RECORDED, members=(replace(chair(), state=MemberState.LEFT), member(WATER)), version=3))
    assert recording.sheet.rooms.media is None
    recording.room.qtbot.waitUntil(lambda: is_sent(recording))


def test_that_a_recording_that_ran_when_the_room_was_closed_is_sent(recording: Stand) -> None:
    recording.room.session.drop_fact("room", "1")
    recording.room.beat(0.1)
    recording.room.qtbot.waitUntil(lambda: is_sent(recording))


def test_that_what_a_dead_worker_had_still_told_is_sent_and_another_goes_on(recording: Stand, tmp_path: Path) -> None:
    dead: StillMedia = recording.media[0]
    dead.is_over = True
    recording.sheet.rooms.beat()
    assert len(recording.media) == 2
    recording.room.qtbot.waitUntil(lambda: is_sent(recording))
    recording.put(replace(RECORDED, version=3))
    assert recording.sheet.rooms.media is recording.media[1]


def test_that_a_room_without_a_recording_sends_nothing_when_it_ends(recording: Stand) -> None:
    recording.media[0].stop = StillMedia.stop.__get__(recording.media[0])  # type: ignore[method-assign]
    recording.room.session.drop_fact("room", "1")
    recording.room.beat(0.1)
    recording.room.qtbot.waitUntil(lambda: recording.media[0].is_stopped)
    recording.room.qtbot.wait(50)
    assert not is_sent(recording)

"""What a member shows to all: his camera live at everybody's by their own leave, his picture, the event on the map."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import Qt

from chengyun_console.video.desk import Standing
from chengyun_core.model.camera import StreamQuality
from chengyun_core.model.failure import Reason
from chengyun_core.model.room import Route
from chengyun_core.model.room_commands import ShareInRoom
from chengyun_core.rtc.orders import Look, Show
from chengyun_core.wire.camera_asks import AskStream
from chengyun_core.wire.room_asks import Mail, Relay
from chengyun_widgets.video.record import PaneTone
from tests.console import room_stand, video_stand
from tests.console.conftest import Room
from tests.console.room_stand import CHAIR, TOWN, WATER, chair, consultation, member
from tests.console.still_session import START_NS, S
from tests.support.small_city import small_city
from tests.support.still_cameras import StillFleet, live, with_cameras

SHOWN = "CAM-0003"


@dataclass
class Stand:
    """A consultation of three in a city with cameras, its line and its streams in the test's hand."""

    room: room_stand.Stand
    video: video_stand.Stand

    def share(self, shares: str, by: str = TOWN) -> None:
        """Have somebody show something for three seconds now; empty: nobody shows anything."""
        at = START_NS + 20 * S
        people = (chair(), member(WATER, seat="S-1"), member(TOWN, seat="Y-1", name="周敏", account="zhou"))
        told = [replace(one, shares=shares, shares_at=at) if shares and one.code == by else one for one in people]
        self.room.put(consultation(*told, route=Route.RELAYED, version=3 if shares else 4))
        self.room.room.beat(0.1)


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    made = Stand(room_stand.made_stand(desk_room), video_stand.Stand(desk_room, StillFleet()))
    desk_room.desk.video.make_fleet = lambda _desk, _demo: made.video.fleet
    desk_room.session.show_city(with_cameras(small_city(12)))
    made.room.do("room.open_for_event")
    made.share("")
    yield made
    desk_room.desk.rooms.stop()
    desk_room.desk.video.stop()


def _pane(stand: Stand) -> tuple[PaneTone, str, str]:
    shown = stand.room.sheet.shared.camera.grid.panes[0].record
    return shown.tone, shown.title, shown.notice


def test_that_a_shared_camera_is_live_at_everybodys_and_says_who_shows_it_since_when(stand: Stand) -> None:
    assert stand.room.sheet.shared.isHidden()
    stand.share(f"camera/{SHOWN}")
    assert stand.room.sheet.shared.isVisible()
    (asked,) = stand.video.grant_all()
    assert (asked.camera, asked.quality) == (SHOWN, StreamQuality.MAIN)
    stand.video.fleet.looks[SHOWN] = live()
    stand.room.room.beat(0.1)
    tone, title, notice = _pane(stand)
    assert (tone, notice) == (PaneTone.LIVE, "")
    for word in ("朝天门 沿江 03", "渝中 值班", "周敏", stand.room.room.desk.figures.clock(START_NS + 20 * S)):
        assert word in title
    stand.share("")
    assert stand.room.sheet.shared.isHidden()
    assert stand.video.fleet.shown == {}, "its stream goes with it"


def test_that_who_has_no_leave_for_it_is_told_so_in_words(stand: Stand) -> None:
    stand.share(f"camera/{SHOWN}")
    asks = stand.room.room.session.sent.asks
    slot = next(slot for slot, (kind, _ask, _answer) in asks.items() if kind == "camera.stream")
    stand.room.room.session.answer_ask(slot, Reason(code="camera.unknown", params={"camera": SHOWN}))
    stand.room.room.beat(0.1)
    tone, _title, notice = _pane(stand)
    assert tone is PaneTone.REFUSED
    assert notice == stand.room.room.desk.refusal(Reason(code="camera.unknown", params={"camera": SHOWN}))


def test_that_a_shared_camera_says_which_stream_of_it_cannot_be_had(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand.share(f"camera/{SHOWN}")
    standing = Standing(look=live(), quality=StreamQuality.SUB, lacks=StreamQuality.MAIN)
    monkeypatch.setattr(stand.video.video, "standing", lambda _pane: standing)
    stand.room.room.beat(0.1)
    assert stand.room.room.desk.say("panes.lacks_main") in stand.room.sheet.shared.camera.grid.panes[0].record.foot


def test_that_a_camera_not_known_here_is_told_by_its_code(stand: Stand) -> None:
    stand.share("camera/CAM-FAR")
    assert "CAM-FAR" in _pane(stand)[1]


def test_that_a_closed_sheet_holds_no_stream_and_an_open_one_asks_anew(stand: Stand) -> None:
    stand.share(f"camera/{SHOWN}")
    stand.video.grant_all()
    assert len(stand.video.fleet.shown) == 1
    stand.room.do("room.open_for_event")
    assert stand.video.fleet.shown == {}
    stand.room.do("room.open_for_event")
    for _ in range(3):
        stand.room.room.beat(0.1)
    assert [ask.camera for ask in stand.video.grant_all()] == [SHOWN]


def test_that_one_key_makes_the_shared_camera_large_and_small_again(stand: Stand) -> None:
    stand.room.press(Qt.Key.Key_W)
    assert stand.room.sheet.grid.isVisible(), "nothing is shared"
    stand.share(f"camera/{SHOWN}")
    stand.room.press(Qt.Key.Key_W)
    assert stand.room.sheet.grid.isHidden()
    stand.room.press(Qt.Key.Key_W)
    assert stand.room.sheet.grid.isVisible()
    stand.room.press(Qt.Key.Key_W)
    stand.share("")
    assert stand.room.sheet.grid.isVisible(), "the members' pictures come back when it ends"


def test_that_the_event_on_the_map_is_one_key_away(stand: Stand) -> None:
    stand.share("map")
    assert stand.room.sheet.shared.isHidden()
    stand.room.press(Qt.Key.Key_W)
    assert stand.room.room.window.stack.front == "F5"
    assert not stand.room.sheet.isVisible()


def test_that_who_shows_his_own_picture_to_all_is_looked_at_unless_another_was_chosen(stand: Stand) -> None:
    stand.room.sheet.rooms.beat()
    stand.room.answer("room.mail", Mail(relay=Relay(address="http://r", secret="s", room=1, pin="p")))
    media = stand.room.media[0]
    stand.share("self")
    assert media.orders[-1] == Look(peer=TOWN)
    assert stand.room.sheet.matrix.select(WATER)
    stand.room.press(Qt.Key.Key_P)
    assert media.orders[-1] == Look(peer=WATER)


def test_that_showing_ones_own_picture_sends_it_for_as_long(stand: Stand) -> None:
    media = stand.room.media[0]
    stand.share("self", by=CHAIR)
    assert Show(camera=stand.room.sheet.rooms.settings.camera) in media.orders
    stand.share("")
    assert media.orders[-1] == Show(camera="none")


def test_that_a_picture_that_was_sent_before_goes_on_after_it_was_shared(stand: Stand) -> None:
    stand.room.press(Qt.Key.Key_C)
    stand.share("self", by=CHAIR)
    stand.share("")
    assert stand.room.sheet.rooms.shows_picture


def test_that_the_camera_in_focus_is_offered_by_its_name(stand: Stand) -> None:
    camera = stand.video.video.book.by_code[SHOWN] if stand.video.video.book is not None else None
    stand.room.room.desk.video_focus.take(camera, (SHOWN,), 4, None)
    stand.room.press(Qt.Key.Key_S)
    stand.room.press(Qt.Key.Key_3)
    assert stand.room.commands(ShareInRoom) == [ShareInRoom(room=1, code=CHAIR, shares=f"camera/{SHOWN}")]
    assert all(isinstance(ask, AskStream) for ask in stand.video.grant_all())

"""Whom the chair asks: the suggested ones ticked, officers on duty beside them, anybody found by name or initials."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from chengyun_core.model.change import SessionRecord
from chengyun_core.model.room import MemberRole, MemberState
from chengyun_core.model.room_commands import Invitee, InviteToRoom, OpenRoom
from tests.console.conftest import Room
from tests.console.room_stand import TOWN, WATER, Stand, chair, consultation, made_stand, member, suggestions
from tests.console.still_session import START_NS
from tests.support import plan_samples
from tests.support.small_city import small_city

REPAIR = "SW-QX1"
"""市供水抢修一队"""


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    made = made_stand(desk_room)
    desk_room.session.show_city(plan_samples.dressed(small_city(12)))
    seated = SessionRecord(seat="A-02", account="liu", name="刘勇", posts=("500000.duty_officer",), since=START_NS)
    desk_room.session.put_fact("session", "A-02", seated)
    made.do("room.open_for_event")
    made.answer("room.suggest", suggestions())
    yield made
    desk_room.desk.rooms.stop()


def _rows(stand: Stand) -> dict[str, bool]:
    return {row.key: row.is_marked for row in stand.sheet.matrix.rows()}


def _spelled(stand: Stand) -> None:
    """Let the names be spelled beside the GUI thread."""
    stand.room.qtbot.waitUntil(lambda: stand.sheet.invitations._index is not None)


def _open(stand: Stand) -> None:
    stand.put(consultation(chair(), member(WATER, MemberState.INVITED), member(TOWN, MemberState.INVITED)))


def test_that_suggested_ones_are_ticked_and_officers_on_duty_are_not(stand: Stand) -> None:
    assert _rows(stand) == {WATER: True, TOWN: True, "A-02": False}
    assert [one.code for one in stand.room.desk.rooms.focus.ticked] == [WATER, TOWN]


def test_that_ticks_are_turned_by_enter_and_space_and_one_key_asks_the_ticked(stand: Stand) -> None:
    assert stand.sheet.matrix.select(TOWN)
    stand.press(Qt.Key.Key_Space)
    assert stand.sheet.matrix.select("A-02")
    stand.press(Qt.Key.Key_Return)
    assert _rows(stand) == {WATER: True, TOWN: False, "A-02": True}
    assert stand.sheet.matrix.current_key() == "A-02"
    stand.press(Qt.Key.Key_O)
    (opened,) = stand.commands(OpenRoom)
    assert isinstance(opened, OpenRoom)
    assert opened.invited == (Invitee(code=WATER, role=MemberRole.LEAD), Invitee(code="A-02"))


def test_that_somebody_is_found_by_initials_ticked_and_asked(stand: Stand) -> None:
    _open(stand)
    assert set(_rows(stand)) == {"A-03", WATER, TOWN}, "who is in and who was asked"
    stand.press(Qt.Key.Key_F)
    _spelled(stand)
    field = stand.room.window.focusWidget()
    assert field is stand.sheet.finding
    stand.sheet.finding.setText("sgsqxyd")
    stand.room.beat(0.1)
    assert next(iter(_rows(stand))) == REPAIR
    stand.press(Qt.Key.Key_Return)
    assert _rows(stand)[REPAIR], "he stays in the list when the name is gone"
    assert stand.sheet.matrix.current_key() == REPAIR
    stand.press(Qt.Key.Key_I)
    assert stand.commands(InviteToRoom) == [InviteToRoom(room=1, invited=(Invitee(code=REPAIR),))]


def test_that_who_was_found_may_be_left_out_again(stand: Stand) -> None:
    stand.press(Qt.Key.Key_F)
    stand.sheet.finding.setText("抢修一队")
    stand.press(Qt.Key.Key_Return)
    assert _rows(stand)[REPAIR]
    stand.press(Qt.Key.Key_Space)
    assert REPAIR not in _rows(stand)


def test_that_esc_leaves_the_search_before_the_sheet(stand: Stand) -> None:
    _open(stand)
    stand.press(Qt.Key.Key_F)
    assert stand.sheet.finding.isVisible()
    assert stand.sheet.close_over()
    assert stand.sheet.isVisible()
    assert stand.sheet.finding.isHidden()
    assert set(_rows(stand)) == {"A-03", WATER, TOWN}
    assert stand.sheet.close_over()
    assert not stand.sheet.isVisible()


def test_that_a_name_nobody_has_finds_nobody_and_says_so(stand: Stand) -> None:
    stand.press(Qt.Key.Key_F)
    stand.sheet.finding.setText("无此人")
    stand.room.beat(0.1)
    assert _rows(stand) == {}
    stand.press(Qt.Key.Key_Return)
    assert _rows(stand) == {WATER: True, TOWN: True, "A-02": False}


def test_that_an_officer_who_was_asked_or_came_from_a_seat_is_not_offered_again(stand: Stand) -> None:
    stand.put(consultation(chair(), member(TOWN, seat="A-02")))
    stand.press(Qt.Key.Key_F)
    assert set(_rows(stand)) == {"A-03", TOWN, WATER}


def test_that_a_suggestion_that_comes_late_keeps_the_tick_given_by_hand(stand: Stand) -> None:
    assert stand.sheet.matrix.select("A-02")
    stand.press(Qt.Key.Key_Space)
    held = stand.sheet.invitations
    (seat,) = [one for one in held.offered(None) if one.code == "A-02"]
    held.suggest((*held.suggested, seat))
    assert held.is_ticked("A-02")

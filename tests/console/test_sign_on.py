"""The seat is taken once: also by an Enter that comes before the centre has told which seats there are."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_console.shell.sign_on import SeatRow, SignOnScreen
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.change import Change, SessionRecord
from chengyun_core.model.failure import Reason
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import SignedOn
from tests.console.conftest import Room
from tests.support import duty_samples

SEATS = (SeatRow(code="A-01", name="一号席", holder=""), SeatRow(code="A-02", name="二号席", holder=""))


@pytest.fixture
def named(room: Room, qtbot: QtBot) -> Iterator[SignOnScreen]:
    """A screen at which account and password are typed and seat A-02 was named, before any seat is told."""
    screen = SignOnScreen(room.desk, seat="A-02", account="officer")
    qtbot.addWidget(screen)
    screen.show()
    QTest.keyClicks(screen._password, "a long password")
    yield screen
    screen.close()


def enter(screen: SignOnScreen) -> None:
    QTest.keyClick(screen._password, Qt.Key.Key_Return)


def test_that_an_early_enter_takes_the_seat_that_was_named_as_soon_as_it_is_told(
    room: Room, named: SignOnScreen
) -> None:
    enter(named)
    assert room.session.sent.sign_ons == []
    assert named._answer.text() == room.desk.say("console.sign_on.no_seat")
    named.take_seats(SEATS)
    named.take_seats(SEATS)
    assert room.session.sent.sign_ons == [("officer", "a long password", "A-02")]


def test_that_who_named_no_seat_chooses_when_he_sees_them(room: Room, named: SignOnScreen) -> None:
    enter(named)
    named.take_seats(SEATS[:1])
    assert room.session.sent.sign_ons == []
    assert named._answer.text() == ""
    enter(named)
    assert room.session.sent.sign_ons == [("officer", "a long password", "A-01")]


def test_that_what_is_typed_anew_waits_for_another_enter(room: Room, named: SignOnScreen) -> None:
    enter(named)
    QTest.keyClicks(named._password, "!")
    named.take_seats(SEATS)
    assert room.session.sent.sign_ons == []
    enter(named)
    assert room.session.sent.sign_ons == [("officer", "a long password!", "A-02")]


def test_that_enter_once_more_while_the_answer_is_awaited_asks_nothing(room: Room, named: SignOnScreen) -> None:
    named.take_seats(SEATS)
    enter(named)
    enter(named)
    assert len(room.session.sent.sign_ons) == 1
    named.show_refusal("no")
    QTest.keyClicks(named._password, "another password")
    enter(named)
    assert room.session.sent.sign_ons[1:] == [("officer", "another password", "A-02")]


def test_that_the_chosen_seat_is_told_to_who_does_not_see_it(room: Room, named: SignOnScreen) -> None:
    seats = named._seats
    assert seats.accessibleDescription() == ""
    named.take_seats(SEATS)
    free = room.desk.say("console.sign_on.free")
    assert seats.accessibleDescription() == f"A-02 二号席 {free}"
    QTest.keyClick(seats, Qt.Key.Key_Up)
    assert seats.accessibleDescription() == f"A-01 一号席 {free}"


def test_that_a_seat_somebody_else_holds_is_taken_over_and_ones_own_is_not(room: Room, named: SignOnScreen) -> None:
    held = SeatRow(code="A-02", name="二号席", holder="li")
    named.take_seats((SEATS[0], held))
    assert named.takes_over
    assert named._enter.text() == room.desk.say("console.sign_on.take_over")
    assert "li" in named._way.text()
    enter(named)
    named.show_refusal("no")
    named.take_seats((SEATS[0], SeatRow(code="A-02", name="二号席", holder="officer")))
    assert not named.takes_over
    assert named._enter.text() == room.desk.say("console.sign_on.enter")
    QTest.keyClicks(named._password, "a long password")
    enter(named)
    assert [over for _code, over in room.session.sent.ways] == [True, False]


def test_that_the_field_of_a_second_factor_comes_when_it_is_asked_for_and_the_password_stays(
    room: Room, named: SignOnScreen
) -> None:
    named.take_seats(SEATS)
    assert not named._code.isVisible()
    enter(named)
    named.refuse(Reason(code="session.second_factor"))
    assert named._code.isVisible()
    assert named._password.text() == "a long password"
    QTest.keyClicks(named._code, "287082")
    QTest.keyClick(named._code, Qt.Key.Key_Return)
    assert room.session.sent.sign_ons[1] == ("officer", "a long password", "A-02")
    assert [code for code, _over in room.session.sent.ways] == ["", "287082"]


def test_that_each_seat_tells_its_load_and_why_relief_is_suggested(room: Room, named: SignOnScreen) -> None:
    named.take_seats((SEATS[0], SeatRow(code="A-03", name="三号席", holder="officer")))
    room.session.answer_ask("sign_on.now", duty_samples.now())
    rows = {row.code: row for row in named._seats._rows}
    assert "4" in rows["A-01"].load
    assert rows["A-03"].relief != ""
    assert rows["A-03"].who == "李值班"


def _ended(room: Room, reason: str, *, sheet: bool = False, account: str = "officer") -> None:
    """Let the journal tell that a session at A-03 ended, with the signed sheet when one ended it."""
    left = SessionRecord(seat="A-03", account=account, name="", posts=(), since=0, signed_off=True, version=2)
    change = Change(number=90, at_ns=0, action="session.end", kind="session", key="A-03", version=2,
                    record=codec.pack(left), params={"reason": reason})  # fmt: skip
    signed = Change(number=89, at_ns=0, action="handover.sign", kind="handover", key="12", version=31,
                    record=codec.pack(duty_samples.signed()))  # fmt: skip
    through = room.session.facts.through + 2
    news = FactNews(
        facts=(),
        gone=(),
        changes=(signed, change) if sheet else (change,),
        through=through,
        tail=through,
        complete=True,
    )
    room.session.facts.apply(news)
    room.session.facts_came.emit(news)


@pytest.fixture
def lost(room: Room, named: SignOnScreen) -> SignOnScreen:
    """The screen of who sat at A-03 until now; A-02 is free."""
    named.remember(SignedOn(token="t", account="officer", name="李值班", seat="A-03", posts=(), allowed=()))
    named._wanted_seat = "A-03"
    return named


def test_that_who_handed_his_seat_over_reads_to_whom_it_went_and_is_offered_a_free_one(
    room: Room, lost: SignOnScreen
) -> None:
    _ended(room, "handed_over", sheet=True)
    lost.refuse(Reason(code="session.none"))
    assert lost._answer.text() == room.desk.say(
        "console.sign_on.handed_over", seat="A-03", name="马晓峰", sheet=duty_samples.signed().code
    )
    held = SeatRow(code="A-03", name="三号席", holder="ma", who="马晓峰")
    lost.take_seats((held, SEATS[1]))
    assert lost._seats.chosen() == "A-02"
    lost._seats.choose("A-03")
    lost.take_seats((held, SEATS[1]))
    assert lost._seats.chosen() == "A-03"


def test_that_a_refusal_that_comes_before_the_journal_is_made_whole_by_it(room: Room, lost: SignOnScreen) -> None:
    lost.refuse(Reason(code="session.none"))
    assert lost._answer.text() == room.desk.say("session.none")
    _ended(room, "handed_over", sheet=True, account="somebody else")
    assert lost._answer.text() == room.desk.say("session.none")
    _ended(room, "account_disabled")
    reason = room.desk.say("word.session_end.account_disabled")
    assert lost._answer.text() == room.desk.say("console.sign_on.ended", seat="A-03", reason=reason)


def test_that_another_refusal_than_a_lost_seat_keeps_its_own_words(room: Room, lost: SignOnScreen) -> None:
    _ended(room, "handed_over", sheet=True)
    lost.refuse(Reason(code="session.wrong_password"))
    assert lost._answer.text() == room.desk.say("session.wrong_password")

"""The sheet of a consultation by keys: who should come, voices, polls, a decision that becomes an order."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from chengyun_console.subjects import subject_of
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Channel, Role
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.room import (
    Decision,
    Heard,
    MemberRole,
    MemberState,
    Poll,
    Route,
    SignalKind,
    Stance,
    Vote,
    Way,
)
from chengyun_core.model.room_commands import (
    AskPoll,
    CallBack,
    CastVote,
    CloseRoom,
    Decide,
    InviteToRoom,
    JoinRoom,
    LinkDecision,
    MuteInRoom,
    OpenRoom,
    RaiseHand,
    RecordRoom,
    ShareInRoom,
    WriteHeard,
)
from chengyun_core.rtc.orders import Call, Equipped, Hear, Look, Mute, PeerNow, Record, Recorded, Relayed, Say
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.event_asks import UploadHeld
from chengyun_core.wire.room_asks import AskMail, Mail, Relay, RoomLines, SendSignal, SignalTaken, Word
from chengyun_widgets.video.record import PaneTone
from tests.console.conftest import Room
from tests.console.room_stand import (
    CHAIR,
    TOWN,
    WATER,
    Stand,
    chair,
    consultation,
    line,
    made_stand,
    member,
    suggestions,
)
from tests.console.still_session import START_NS, S


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    made = made_stand(desk_room)
    yield made
    desk_room.desk.rooms.stop()


@pytest.fixture
def inside(stand: Stand) -> Stand:
    """The room is open with its chair here, the water company in, and the town missing."""
    stand.do("room.open_for_event")
    stand.answer("room.suggest", suggestions())
    water = member(WATER, name="王工", account="wang", seat="S-1")
    stand.put(consultation(chair(), water, member(TOWN, MemberState.INVITED)))
    return stand


def _fields(stand: Stand) -> list[str]:
    return [stand.sheet.matrix.model().index(at, 0).data() for at in range(stand.sheet.matrix.model().rowCount())]


def test_that_one_key_shows_who_should_come_and_the_next_asks_them_all(stand: Stand) -> None:
    stand.do("room.open_for_event")
    assert stand.sheet.isVisible()
    stand.answer("room.suggest", suggestions())
    assert len(_fields(stand)) == 2
    assert stand.room.window.focusWidget() is stand.sheet.matrix
    stand.press(Qt.Key.Key_O)
    (opened,) = stand.commands(OpenRoom)
    assert isinstance(opened, OpenRoom)
    assert [(one.code, one.role) for one in opened.invited] == [(WATER, MemberRole.LEAD), (TOWN, MemberRole.LOCAL)]
    assert not stand.media, "nobody listens before one is in"
    stand.do("room.open_for_event")
    assert not stand.sheet.isVisible()


def test_that_who_was_asked_joins_by_one_key(stand: Stand) -> None:
    stand.do("room.open_for_event")
    stand.put(consultation(member("A-09", seat="A-09"), replace(chair(), state=MemberState.INVITED), chair="A-09"))
    assert not stand.media
    stand.press(Qt.Key.Key_J)
    (joined,) = stand.commands(JoinRoom)
    assert joined == JoinRoom(room=1, code=CHAIR)


def test_that_being_in_starts_the_line_and_passes_words(inside: Stand) -> None:
    (media,) = inside.media
    assert media.orders == [Call(peer=WATER), Mute(is_muted=True)]
    media.tell(Say(to=WATER, kind=SignalKind.OFFER, data="v=0"))
    inside.sheet.rooms.beat()
    asks = {kind: ask for kind, ask, _ in inside.room.session.sent.asks.values()}
    assert asks["room.signal"] == SendSignal(room=1, code=CHAIR, to=WATER, kind=SignalKind.OFFER, data="v=0")
    assert asks["room.mail"] == AskMail(room=1, code=CHAIR)
    inside.answer("room.signal", SignalTaken(waiting=1))
    answer = Word(number=4, sender=WATER, kind=SignalKind.ANSWER, data="v=1")
    inside.answer("room.mail", Mail(words=(answer,)))
    assert media.orders[-1] == Hear(sender=WATER, kind=SignalKind.ANSWER, data="v=1")
    inside.sheet.rooms.beat()
    asks = {kind: ask for kind, ask, _ in inside.room.session.sent.asks.values()}
    assert asks["room.mail"] == AskMail(room=1, code=CHAIR, after=4)


def test_that_letters_are_about_the_room_while_it_has_the_keyboard(inside: Stand) -> None:
    inside.press(Qt.Key.Key_M)
    inside.press(Qt.Key.Key_H)
    inside.press(Qt.Key.Key_R)
    inside.press(Qt.Key.Key_I)
    assert inside.commands(MuteInRoom) == [MuteInRoom(room=1, code=CHAIR, is_muted=False)]
    assert inside.commands(RaiseHand) == [RaiseHand(room=1, code=CHAIR, is_raised=True)]
    assert inside.commands(RecordRoom) == [RecordRoom(room=1, is_recorded=True)]
    assert inside.commands(InviteToRoom) == [], "all who should come were asked"
    inside.press(Qt.Key.Key_S)
    inside.press(Qt.Key.Key_1)
    assert inside.commands(ShareInRoom) == [ShareInRoom(room=1, code=CHAIR, shares="map")]
    inside.press(Qt.Key.Key_X)
    inside.press(Qt.Key.Key_1)
    (closed,) = inside.commands(CloseRoom)
    assert closed == CloseRoom(room=1, reason="已形成决定")


def test_that_a_chosen_member_is_muted_by_the_chair(inside: Stand) -> None:
    assert inside.sheet.matrix.select(WATER)
    inside.press(Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert inside.commands(MuteInRoom) == [MuteInRoom(room=1, code=WATER, is_muted=True)]


def test_that_a_poll_is_asked_answered_by_digits_and_decided(inside: Stand) -> None:
    inside.press(Qt.Key.Key_Q)
    field = inside.room.window.focusWidget()
    field.setText("是否转移群众")
    inside.press(Qt.Key.Key_Return)
    assert inside.commands(AskPoll) == [AskPoll(room=1, question="是否转移群众")]
    said = Vote(code=WATER, stance=Stance.RESERVE, words="先转移低洼户", at=1, account="wang")
    poll = Poll(
        room=1, number=1, event=7, question="是否转移群众", asked=(CHAIR, WATER), votes=(said,), opened_at=1,
        opened_by="li",
    )  # fmt: skip
    inside.room.session.put_fact("room_poll", "1.1", poll)
    inside.room.beat(1.0)
    assert "同意 0 · 保留 1 · 反对 0 · 未表态\N{NO-BREAK SPACE}1" in inside.sheet.poll.text()
    assert "先转移低洼户" in inside.sheet.votes.text()
    told = subject_of(inside.room.desk).room
    assert (told.poll, told.waiting) == (poll, ())
    inside.sheet.matrix.setFocus()
    inside.press(Qt.Key.Key_1)
    assert inside.commands(CastVote) == [CastVote(room=1, poll=1, code=CHAIR, stance=Stance.AGREE)]
    inside.press(Qt.Key.Key_D)
    inside.room.window.focusWidget().setText("转移沿江低洼户")
    inside.press(Qt.Key.Key_Return)
    assert inside.commands(Decide) == [Decide(room=1, text="转移沿江低洼户", poll=1)]


def test_that_ones_own_decision_becomes_a_draft_and_its_order_is_tied_to_it(inside: Stand) -> None:
    made = Decision(room=1, number=1, event=7, text="转移沿江低洼户", decided_at=1, decided_by="li", decided_seat=CHAIR)
    inside.room.session.put_fact("room_decision", "1.1", made)
    inside.room.beat(1.0)
    form = inside.room.window.rooms.tasks.form
    assert form.isVisible()
    assert form._about.decision == (1, 1)
    assert form._about.title == "转移沿江低洼户"
    tasks = inside.room.window.rooms.tasks
    recipients = (Recipient(code=WATER, role=Role.LEAD),)
    drafts = (OrderDraft(event=7, title="转移", text="转移", recipients=recipients),)
    tasks._on_written(SendOrders(drafts=drafts), form._about)
    reply = Reply(id="x", outcome="done", body=codec.pack(Done(change=1, key="17", version=1)))
    (command,) = tasks._sending
    inside.room.session.command_ended.emit(command, reply)
    assert inside.commands(LinkDecision) == [LinkDecision(room=1, decision=1, orders=(17,))]


def test_that_another_ones_decision_opens_no_form(inside: Stand) -> None:
    made = Decision(room=1, number=1, event=7, text="转移", decided_at=1, decided_by="x", decided_seat="A-09")
    inside.room.session.put_fact("room_decision", "1.1", made)
    inside.room.beat(1.0)
    assert not inside.room.window.rooms.tasks.form.isVisible()
    assert "尚未下达" in inside.sheet.decision.text()


def test_that_a_drop_is_shown_with_its_seconds_and_nothing_looks_live(inside: Stand) -> None:
    media = inside.media[0]
    media.picture(0, 90)
    media.tell(PeerNow(peer=WATER, state="connected", sounds_s=50, pictures_s=15, pane=0))
    inside.sheet.rooms.beat()
    inside.room.beat(0.1)
    assert inside.sheet.grid.panes[0].record.tone is PaneTone.LIVE
    since = inside.room.session.clock.utc_ns()
    gone = member(WATER, MemberState.DROPPED, name="王工", account="wang", since=since)
    inside.room.session.clock.advance(12)
    inside.put(consultation(chair(), gone, version=2))
    shown = inside.sheet.grid.panes[0].record
    assert shown.tone is PaneTone.LOST
    assert "断线 12 s" in shown.notice
    back = member(WATER, name="王工", account="wang", seat="S-1", since=since + 13 * S)
    inside.put(consultation(chair(), back, version=3))
    assert media.orders[-1] == Call(peer=WATER)


def test_that_who_dropped_himself_comes_back_and_sees_what_he_missed(inside: Stand) -> None:
    inside.put(consultation(replace(chair(), state=MemberState.DROPPED), member(WATER), version=2))
    inside.sheet.rooms.beat()
    assert inside.commands(JoinRoom) == [JoinRoom(room=1, code=CHAIR)]
    inside.answer("room.lines", RoomLines(lines=(line(1, "room.say", member="王工", text="闸门已落"),), through=8))
    inside.room.beat(1.0)
    assert [one.sentence.params["text"] for one in inside.sheet.lines] == ["闸门已落"]


def test_that_a_machine_without_a_sound_card_says_so_in_words(inside: Stand) -> None:
    media = inside.media[0]
    lack = Reason(code="room.no_microphone", params={"name": "", "fault": "no device"})
    media.tell(Equipped(microphone=lack))
    inside.sheet.rooms.beat()
    inside.room.beat(1.0)
    assert "无音频输入设备" in inside.sheet.lacks.text()
    assert inside.sheet.lacks.isVisible()


def test_that_three_go_through_the_relay_and_one_is_chosen_to_be_seen(inside: Stand) -> None:
    three = consultation(chair(), member(WATER, seat="S-1"), member(TOWN, seat="Y-1"), route=Route.RELAYED, version=2)
    inside.put(three)
    inside.sheet.rooms.beat()
    inside.answer("room.mail", Mail(relay=Relay(address="http://r", secret="s", room=1, pin="p")))
    media = inside.media[0]
    assert [type(order) for order in media.orders[-2:]] == [Relayed, Look]
    assert inside.sheet.matrix.select(TOWN)
    inside.press(Qt.Key.Key_P)
    assert media.orders[-1] == Look(peer=TOWN)


def test_that_a_dead_worker_is_replaced_and_told_everything(inside: Stand) -> None:
    inside.media[0].is_over = True
    inside.sheet.rooms.beat()
    assert len(inside.media) == 2
    assert inside.media[1].orders == [Call(peer=WATER), Mute(is_muted=True)]
    inside.room.qtbot.waitUntil(lambda: inside.media[0].is_stopped)


def test_that_the_chairs_console_records_and_another_does_not(inside: Stand) -> None:
    room = consultation(chair(), member(WATER), is_recorded=True, recording="R-1-1", version=2)
    inside.put(room)
    recording = inside.media[0].orders[-1]
    assert isinstance(recording, Record)
    assert recording.path.endswith("R-1-1.ogg")
    inside.put(replace(room, chair=WATER, version=3))
    assert inside.media[0].orders[-1] == Record(path="")


def test_that_leaving_ends_the_worker_and_the_sheet_may_close_without_leaving(inside: Stand) -> None:
    inside.do("room.open_for_event")
    assert not inside.sheet.isVisible()
    inside.sheet.rooms.beat()
    assert inside.sheet.rooms.media is not None, "Esc leaves the sheet, not the room"
    inside.put(consultation(replace(chair(), state=MemberState.LEFT), member(WATER), version=2))
    assert inside.sheet.rooms.media is None
    inside.room.qtbot.waitUntil(lambda: inside.media[0].is_stopped)


def test_that_what_makes_no_sense_is_refused_in_words(stand: Stand) -> None:
    stand.do("room.open_for_event")
    for key in (Qt.Key.Key_M, Qt.Key.Key_Q, Qt.Key.Key_D, Qt.Key.Key_L):
        stand.press(key)
    assert not stand.room.session.sent.commands
    QApplication.processEvents()
    assert START_NS > 0


def test_that_a_phone_line_is_written_down_by_keys_and_called_back(stand: Stand) -> None:
    stand.room.window.show_page("F3")
    stand.room.beat()
    stand.room.desk.event_focus.select(7)
    stand.do("heard.write")
    stand.press(Qt.Key.Key_1)
    for text in ("水上 07 王队 13900001234", "船到寸滩码头"):
        stand.room.window.focusWidget().setText(text)
        stand.press(Qt.Key.Key_Return)
    stand.press(Qt.Key.Key_2)
    (written,) = stand.commands(WriteHeard)
    assert isinstance(written, WriteHeard)
    assert (written.event, written.channel, written.way) == (7, Channel.PHONE, Way.IN)
    assert (written.party, written.words, written.call_back) == (
        "水上 07 王队 13900001234", "船到寸滩码头", "13900001234",
    )  # fmt: skip
    assert written.due_at == stand.room.session.clock.utc_ns() + 600 * S
    held = Heard(
        number=3, event=7, channel=Channel.PHONE, party="王队", words="船到", said_at=1, written_at=1, written_by="li",
        due_at=written.due_at,
    )  # fmt: skip
    stand.room.session.put_fact("heard", "3", held)
    stand.do("heard.call_back")
    stand.press(Qt.Key.Key_1)
    stand.room.window.focusWidget().setText("两船就位")
    stand.press(Qt.Key.Key_Return)
    assert stand.commands(CallBack) == [CallBack(heard=3, version=1, answer="两船就位")]


def test_that_a_line_of_no_event_is_written_from_anywhere(stand: Stand) -> None:
    stand.do("heard.write_free")
    stand.press(Qt.Key.Key_4)
    for text in ("江北指挥所", "请求增援"):
        stand.room.window.focusWidget().setText(text)
        stand.press(Qt.Key.Key_Return)
    stand.press(Qt.Key.Key_1)
    (written,) = stand.commands(WriteHeard)
    assert isinstance(written, WriteHeard)
    assert (written.event, written.channel, written.way, written.call_back) == (None, Channel.RADIO, Way.OUT, "")


def test_that_a_recording_goes_to_the_event_and_then_from_this_machine(inside: Stand, tmp_path: Path) -> None:
    file = tmp_path / "R-1-1.ogg"
    file.write_bytes(b"OggS" + bytes(1000))
    inside.media[0].tell(Recorded(path=str(file), seconds=9.0, size=1004))
    inside.sheet.rooms.beat()
    inside.room.qtbot.waitUntil(lambda: any(kind == "attachment.held" for kind, _, _ in _asks(inside)))
    held = next(ask for kind, ask, _ in _asks(inside) if kind == "attachment.held")
    inside.answer("attachment.held", UploadHeld(held=held.size, size=held.size))
    (kept,) = inside.commands(AddAttachment)
    assert isinstance(kept, AddAttachment)
    assert (kept.about, kept.name, kept.size) == ("event:7", "R-1-1.ogg", 1004)
    (command,) = (one.command for one in inside.consult.recordings._under_way.values())
    inside.room.session.command_ended.emit(command, Reply(id=command, outcome="done", body=b""))
    assert not file.exists()


def _asks(stand: Stand) -> list[tuple[str, Any, object]]:
    return list(stand.room.session.sent.asks.values())

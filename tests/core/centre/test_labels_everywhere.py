"""Labels wherever words lie: log lines, files of receipts, call-outs, second persons, counts, searches, broadcasts."""

import hashlib
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from chengyun_core.centre import veil
from chengyun_core.centre.ties import Ties
from chengyun_core.model.approval import Approval
from chengyun_core.model.callout import Call, CallOut
from chengyun_core.model.change import Change
from chengyun_core.model.duty import Item, ItemKind, LogKind
from chengyun_core.model.duty_commands import WriteLogLine
from chengyun_core.model.event import Attachment, Event, EventReport, Improvement
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.order import Order, Receipt, SideRequest, Supervision
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.plan import PlanRun
from chengyun_core.model.rights import DIMMED, Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskLog, Log
from chengyun_core.wire.envelope import AskChanges, Changes, Hello
from chengyun_core.wire.event_asks import (
    AskEventPage,
    AskEventSearch,
    AskFile,
    AskNothing,
    AskSimilar,
    AskUpload,
    EventCounts,
    EventPage,
    SimilarEvents,
    UploadPart,
)
from tests.core.centre.event_room import LEAD, asked, opened, peopled_city
from tests.core.centre.room import ADMIN_KEY, Room

SECRET = "机密爆管"
HELLO = Hello(protocol=1, client="test")


@pytest.fixture
def house(room: Room) -> tuple[Room, str, str]:
    """A room with two events, an order of the first, an officer who is not cleared and a chief who is."""
    room.adopt(peopled_city())
    officer, chief = room.officer("li"), room.officer("chief", "500000.watch_chief", seat="A-02")
    room.done(SetClearance(account="chief", clearance=Label.HIDE, reason="指挥"), ADMIN_KEY)
    opened(room, chief, title=SECRET, narrative=f"{SECRET}三号阀")
    opened(room, chief, title="普通爆管")
    recipients = (Recipient(code=LEAD, role="lead"),)
    room.done(SendOrders(drafts=(OrderDraft(event=1, title=SECRET, text=SECRET, centre="500103",
                                            recipients=recipients),)), chief)  # fmt: skip
    return room, officer, chief


def _label(room: Room, chief: str, label: Label, kind: str = "event", key: str = "1") -> None:
    room.done(SetLabel(kind=kind, key=key, label=label, reason="涉密"), chief)


def _lines(room: Room, session: str) -> Log:
    return asked(room, session, "log.page", AskLog(limit=100), Log)


def _upload(room: Room, session: str, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    room.ask("attachment.held", AskUpload(digest=digest, size=len(data)), session)
    room.ask("attachment.part", UploadPart(digest=digest, size=len(data), offset=0, data=data), session)
    return digest


def test_that_lines_of_the_log_about_a_hidden_event_are_not_there(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    room.done(WriteLogLine(text=f"{SECRET}处置", about="event/1"), chief)
    room.done(WriteLogLine(text="交接正常"), chief)
    assert SECRET in str(_lines(room, officer)), "control"
    _label(room, chief, Label.HIDE)
    told = _lines(room, officer)
    assert SECRET not in str(told)
    assert {row.about for row in told.rows if row.about.split("/")[0] in ("event", "order", "receipt")} == {"event/2"}
    assert "交接正常" in str(told)
    assert SECRET in str(_lines(room, chief))


def test_that_lines_about_a_dimmed_event_stay_without_words(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    room.done(WriteLogLine(text=f"{SECRET}处置", about="order/1"), chief)
    before = len(_lines(room, officer).rows)
    _label(room, chief, Label.DIM)
    told = _lines(room, officer)
    assert (len(told.rows), SECRET in str(told)) == (before, False)
    free = next(row for row in told.rows if row.kind is LogKind.FREE)
    assert (free.about, set(free.sentence.params.values()), free.sentence.code) == ("order/1", {DIMMED}, "log.text")


def test_that_a_free_line_is_labelled_as_it_is_written_and_never_broadcast(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    done = room.done(WriteLogLine(text="专线内容", label=Label.HIDE), chief)
    written = next(change for change in room.published if change.number == done.change)
    with room.ledger.reading() as connection:
        assert veil.is_labelled(room.desk, written, connection)
    assert "专线内容" not in str(_lines(room, officer))
    assert "专线内容" in str(_lines(room, chief))
    assert room.do(WriteLogLine(text="我也要", label=Label.DIM), officer).code == "label.not_cleared"


def test_that_a_line_written_before_is_labelled_later(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    room.done(WriteLogLine(text="领导行程"), officer)
    _label(room, chief, Label.DIM, "log_line", "1")
    assert "领导行程" not in str(_lines(room, officer)) + str(room.ask("snapshot", HELLO, officer).body)
    told = room.do(SetLabel(kind="log_line", key="9", label=Label.DIM, reason="x"), chief)
    assert told.code == "log.line_unknown"


def test_that_a_file_of_a_receipt_lies_under_the_label_of_its_event(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    digest = _upload(room, chief, b"%PDF-1.4\nx")
    kept = room.done(AddAttachment(about="receipt:1.1", digest=digest, size=10, name="现场.pdf"), chief)
    ask = AskFile(attachment=int(kept.key), offset=0)
    assert room.ask("attachment.get", ask, officer).outcome == "done", "control"
    for label, code in ((Label.DIM, "label.not_cleared"), (Label.HIDE, "attachment.unknown")):
        _label(room, chief, label)
        assert room.ask("attachment.get", ask, officer).code == code
    assert room.ask("attachment.get", ask, chief).outcome == "done"


def test_that_a_file_of_a_line_lies_under_the_label_of_the_line(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    digest = _upload(room, officer, b"%PDF-1.4\ny")
    line = WriteLogLine(text="快照", kind=LogKind.SNAPSHOT, attachment=digest, size=10, name="a.pdf")
    room.done(line, officer)
    row = next(row for row in _lines(room, officer).rows if row.kind is LogKind.SNAPSHOT)
    assert row.file is not None
    _label(room, chief, Label.HIDE, "log_line", "1")
    ask = AskFile(attachment=row.file, offset=0)
    assert room.ask("attachment.get", ask, officer).code == "attachment.unknown"
    assert all(one.file is None for one in _lines(room, officer).rows)


def test_that_what_waits_for_a_second_person_is_not_told_to_who_may_not_read_it(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    draft = OrderDraft(event=1, title=SECRET, text=SECRET, centre="500103", critical="evacuation",
                       recipients=(Recipient(code=LEAD, role="lead"),))  # fmt: skip
    room.done(SendOrders(drafts=(draft,)), chief)
    waiting = next(change for change in room.published if change.kind == "approval")
    assert SECRET in str(codec.unpack(waiting.record, Approval)), "control"
    for label in (Label.DIM, Label.HIDE):
        _label(room, chief, label)
        with room.ledger.reading() as connection:
            assert veil.is_labelled(room.desk, waiting, connection)
        assert SECRET.encode() not in room.ask("snapshot", HELLO, officer).body
        assert SECRET.encode() not in room.ask("changes.since", AskChanges(after=0, limit=5000), officer).body


def test_that_a_request_of_a_recipient_hangs_on_the_event_of_its_order(house: tuple[Room, str, str]) -> None:
    room, _, chief = house
    request = SideRequest(number=1, order=1, place=1, recipient=LEAD, kind="extend", reason=SECRET, asked_at=1,
                          asked_by="u")  # type: ignore[arg-type]  # fmt: skip
    _label(room, chief, Label.DIM)
    with room.ledger.reading() as connection:
        hung = veil.Veil(above=room.desk.labels, ties=Ties(connection))
        assert hung.seen((request,))[0].reason == DIMMED
        sheet = Supervision(number=1, code="督办", unit=LEAD, receipts=("1.1",), reason=SECRET, answer_by=1,
                            issued_at=1, issued_by="x")  # fmt: skip
        assert hung.seen((sheet,))[0].reason == DIMMED
        call_out = CallOut(number=1, about="event/1", title=SECRET, words=SECRET, addressees=1, started_at=1,
                           started_by="x")  # fmt: skip
        assert SECRET not in str(hung.seen((call_out,)))
        dispatched = Change(number=9, at_ns=0, action="dispatch.proposed", kind="dispatch", key="1", version=1,
                            record=b"x", params={"words": SECRET})  # fmt: skip
        assert (hung.seen((dispatched,))[0].params, hung.lies_over(dispatched)) == ({}, True)


def test_that_items_of_a_hand_over_lie_under_what_they_are_of(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    room.done(WriteLogLine(text="注意领导行程", kind=LogKind.NOTICE), officer)
    notice = Item(kind=ItemKind.NOTICE, key="1", title="注意领导行程", owner="li", reason="领导行程另行告知")
    warning = Item(kind=ItemKind.WARNING, key="1", title="暴雨红色", owner="气象台")
    _label(room, chief, Label.HIDE, "log_line", "1")
    with room.ledger.reading() as connection:
        shown = veil.Veil(above=room.desk.labels, ties=Ties(connection)).seen((notice, warning))
    assert [(one.title, one.owner, one.reason) for one in shown] == [
        (DIMMED, DIMMED, DIMMED), ("暴雨红色", "气象台", ""),
    ]  # fmt: skip


def test_that_counts_leave_out_what_is_hidden_and_keep_what_is_dimmed(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house

    def counts(session: str) -> EventCounts:
        return asked(room, session, "event.counts", AskNothing(), EventCounts)

    whole = counts(officer)
    _label(room, chief, Label.DIM)
    assert counts(officer) == whole
    _label(room, chief, Label.HIDE)
    assert (counts(officer).total, sum(counts(officer).by_state.values())) == (1, 1)
    assert counts(chief) == whole


def test_that_neither_a_page_nor_a_search_tells_by_its_seam_that_something_is_hidden(
    house: tuple[Room, str, str]
) -> None:  # fmt: skip
    room, officer, chief = house
    _label(room, chief, Label.HIDE)
    for words in (SECRET, "三号阀", "爆管"):
        found = asked(room, officer, "event.search", AskEventSearch(words=words, limit=1), EventPage)
        only = asked(room, officer, "event.search", AskEventSearch(words="没有这个词", limit=1), EventPage)
        if words != "爆管":
            assert found == only
        else:
            assert len(found.records) == 1
            after = AskEventSearch(words=words, limit=1, before=found.before)
            assert asked(room, officer, "event.search", after, EventPage).records == ()
    page = asked(room, officer, "event.page", AskEventPage(limit=1, matter="WATER-01", before=2), EventPage)
    assert (page.records, page.before) == ((), 0)
    near = asked(
        room,
        officer,
        "event.similar",
        AskSimilar(title=f"普通{SECRET}", matter="WATER-01", centre="500103", limit=1),
        SimilarEvents,
    )
    assert [one.event.number for one in near.found] == [2], "the hidden one takes nobody's place"


def test_that_a_dimmed_event_is_found_by_no_words(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    _label(room, chief, Label.DIM)
    found = asked(room, officer, "event.search", AskEventSearch(words=SECRET, limit=1), EventPage)
    assert (found.records, found.before) == ((), 0)


def test_that_an_order_of_a_hidden_event_is_as_unknown_as_the_event(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    _label(room, chief, Label.HIDE)
    draft = OrderDraft(event=1, title="x", text="x", centre="500103", recipients=(Recipient(code=LEAD, role="lead"),))
    assert room.do(SendOrders(drafts=(draft,)), officer).code == "label.not_cleared"
    assert room.do(WriteLogLine(text="看见了", about="event/1"), officer).code == "label.not_cleared"
    assert room.ask("event.similar", AskSimilar(title="爆管", other_than=1), officer).outcome == "done"


def test_that_a_change_of_a_label_is_told_as_a_number_alone(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    _label(room, chief, Label.HIDE)
    _label(room, chief, Label.NORMAL)
    told = codec.unpack(room.ask("changes.since", AskChanges(after=0, limit=5000), officer).body, Changes)
    labels = [change for change in told.changes if change.kind == "label"]
    assert len(labels) == 2
    assert {(one.key, one.record, tuple(one.params)) for one in labels} == {("", b"", ())}


TIED = (Event, Attachment, EventReport, Improvement, Order, Receipt, SideRequest, PlanRun, CallOut, Call, Supervision)
WORDLESS = frozenset({
    "about", "account", "added_by", "added_seat", "after", "also_in", "asked_by", "asked_seat", "assisting",
    "attribute", "away", "by", "capability", "centre", "chain", "channel", "checker", "code", "command_seat",
    "critical", "decided_by", "decided_seat", "digest", "done_by", "for_centre", "handler", "issued_by", "issued_seat",
    "lapsed_with", "lead", "matter", "media", "number", "opened_by", "opened_seat", "order_template", "overdue",
    "owner_post", "person", "plan_step", "received_by", "receipts", "recipient", "reached", "risk_point", "seat",
    "sent_by", "sent_seat", "started_by", "started_seat", "superior", "supervision", "template", "tier", "tiers",
    "unit", "value", "vital", "watches",
})  # fmt: skip
"""Fields of text that hold a code, a name of a person or a post, and no words about what happened."""


def _texts(kind: Any, found: set[str], seen: set[Any]) -> set[str]:
    if is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        hints = get_type_hints(kind)
        for one in fields(kind):  # type: ignore[arg-type]
            hint = hints[one.name]
            if hint is str or (not _has_records(hint) and str in _inner(hint)):
                found.add(one.name)
            _texts(hint, found, seen)
    for inner in get_args(kind):
        _texts(inner, found, seen)
    return found


def _inner(hint: Any) -> set[Any]:
    return {hint} | {one for inner in get_args(hint) for one in _inner(inner)}


def _has_records(hint: Any) -> bool:
    return any(is_dataclass(one) for one in _inner(hint))


def test_that_every_text_of_what_hangs_on_an_event_is_known_as_words_or_as_none() -> None:
    found: set[str] = set()
    for kind in TIED:
        _texts(kind, found, set())
    assert found - veil.WORDS - veil.EMPTIED - WORDLESS - {"feedback"} == set()
    assert not WORDLESS & veil.WORDS

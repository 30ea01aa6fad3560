"""Labels: what is above somebody's clearance is dimmed or gone in the centre's own answers, whatever he asks."""

import pytest

from chengyun_core.centre import veil
from chengyun_core.model.change import Change
from chengyun_core.model.duty import Item, ItemKind
from chengyun_core.model.event import Event, ReportKind
from chengyun_core.model.event_commands import NoteEvent, SendReport
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import NoteExport, SetClearance, SetLabel
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskChanges, Changes, Hello, Snapshot
from chengyun_core.wire.event_asks import AskEvent, AskEventPage, AskEventSearch, AskTimeline, EventFile, EventPage
from chengyun_core.wire.rights_asks import AskAudit, AskAuditRow, AuditRowTold
from tests.core.centre.event_room import LEAD, asked, opened, peopled_city
from tests.core.centre.room import ADMIN_KEY, Room

HELLO = Hello(protocol=1, client="test")
SECRETS = ("机密爆管", "某某大院", "机密任务")


@pytest.fixture
def house(room: Room) -> tuple[Room, str, str]:
    """A room with two events and an order of the first; a cleared chief and an officer who is not."""
    room.adopt(peopled_city())
    officer, chief = room.officer("li"), room.officer("chief", "500000.watch_chief", seat="A-02")
    room.done(SetClearance(account="chief", clearance=Label.HIDE, reason="指挥"), ADMIN_KEY)
    opened(room, chief, title=SECRETS[0], place=SECRETS[1])
    opened(room, chief, title="普通爆管")
    recipients = (Recipient(code=LEAD, role="lead"),)
    draft = OrderDraft(event=1, title=SECRETS[2], text=SECRETS[2], centre="500103", recipients=recipients)
    room.done(SendOrders(drafts=(draft,)), chief)
    return room, officer, chief


def _label(room: Room, chief: str, label: Label) -> None:
    room.done(SetLabel(kind="event", key="1", label=label, reason="涉密"), chief)


def _told(room: Room, session: str) -> bytes:
    """Return everything a console gets at sign-on and by asking on, in one lump."""
    snapshot = room.ask("snapshot", HELLO, session).body
    changes = room.ask("changes.since", AskChanges(after=0, limit=5000), session).body
    pages = room.ask("event.page", AskEventPage(), session).body
    found = room.ask("event.search", AskEventSearch(words="爆管"), session).body
    return snapshot + changes + pages + found


def _events(room: Room, session: str) -> list[Event]:
    records = codec.unpack(room.ask("snapshot", HELLO, session).body, Snapshot).records
    return [codec.unpack(change.record, Event) for change in records if change.kind == "event"]


def test_that_nothing_is_labelled_before_somebody_labels_it(house: tuple[Room, str, str]) -> None:
    room, officer, _ = house
    assert all(secret.encode() in _told(room, officer) for secret in SECRETS)


def test_that_a_hidden_event_is_in_no_answer_for_who_is_not_cleared(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    _label(room, chief, Label.HIDE)
    assert not any(secret.encode() in _told(room, officer) for secret in SECRETS)
    assert [event.number for event in _events(room, officer)] == [2]
    assert room.ask("event.get", AskEvent(event=1), officer).code == "event.unknown"
    assert room.ask("event.timeline", AskTimeline(event=1), officer).code == "event.unknown"
    assert room.do(NoteEvent(event=1, text="看见了"), officer).code == "event.unknown"
    assert all(secret.encode() in _told(room, chief) for secret in SECRETS)
    assert asked(room, chief, "event.get", AskEvent(event=1), EventFile).event.title == SECRETS[0]


def test_that_a_dimmed_event_tells_where_how_grave_and_how_far_and_no_words(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    _label(room, chief, Label.DIM)
    assert not any(secret.encode() in _told(room, officer) for secret in SECRETS)
    dimmed = asked(room, officer, "event.get", AskEvent(event=1), EventFile).event
    whole = asked(room, chief, "event.get", AskEvent(event=1), EventFile).event
    assert (dimmed.title, dimmed.place) == (veil.DIMMED, veil.DIMMED)
    assert (dimmed.code, dimmed.centre, dimmed.state, dimmed.version) == (
        whole.code, whole.centre, whole.state, whole.version
    )  # fmt: skip
    assert room.ask("event.timeline", AskTimeline(event=1), officer).code == "label.not_cleared"
    assert room.do(NoteEvent(event=1, text="看见了"), officer).code == "label.not_cleared"
    found = asked(room, officer, "event.search", AskEventSearch(words="爆管"), EventPage)
    assert SECRETS[0] not in str(found), "a search would tell which words it holds"


def test_that_numbers_stay_dense_for_who_does_not_see_all(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    _label(room, chief, Label.HIDE)
    told = codec.unpack(room.ask("changes.since", AskChanges(after=0, limit=5000), officer).body, Changes)
    assert told.through == told.tail


def test_that_changes_of_a_labelled_record_are_not_broadcast(house: tuple[Room, str, str]) -> None:
    room, _, chief = house
    event = next(change for change in room.published if change.kind == "event" and change.key == "1")
    other = next(change for change in room.published if change.kind == "event" and change.key == "2")
    assert not veil.is_labelled(room.desk, event)
    _label(room, chief, Label.DIM)
    order = next(change for change in room.published if change.kind == "order")
    assert [veil.is_labelled(room.desk, change) for change in (event, order, other)] == [True, True, False]
    assert not veil.is_labelled(
        room.desk, Change(number=1, at_ns=0, action="x", kind="x", key="1", version=1, record=b"")
    )


def test_that_a_label_and_a_clearance_outlive_the_daemon_and_end_at_once_when_taken_away(
    house: tuple[Room, str, str]
) -> None:  # fmt: skip
    room, officer, chief = house
    _label(room, chief, Label.HIDE)
    room.restart()
    room.adopt(peopled_city())
    assert [event.number for event in _events(room, officer)] == [2]
    room.done(SetClearance(account="li", clearance=Label.HIDE, reason="知悉范围"), ADMIN_KEY)
    assert [event.number for event in _events(room, officer)] == [1, 2]
    room.done(SetClearance(account="li", clearance=Label.NORMAL, reason="离岗"), ADMIN_KEY)
    _label(room, chief, Label.NORMAL)
    assert [event.number for event in _events(room, officer)] == [1, 2]


def test_that_what_is_labelled_neither_goes_up_nor_out(house: tuple[Room, str, str]) -> None:
    room, officer, chief = house
    _label(room, chief, Label.DIM)
    report = SendReport(event=1, version=_version(room, chief), kind=ReportKind.FIRST, text="首报")
    assert room.do(report, chief).code == "label.not_shared"
    note = NoteExport(what="event", form="pdf", rows=1, digest="ab" * 32, label=Label.DIM)
    assert room.do(note, officer).code == "label.not_cleared"
    room.done(note, chief)


def test_that_an_auditor_who_is_not_cleared_sees_rows_and_no_words(house: tuple[Room, str, str]) -> None:
    room, _, chief = house
    auditor = room.officer("audit", "500000.audit_admin", seat="A-05")
    number = next(change.number for change in room.published if change.kind == "event" and change.key == "1")
    shown = asked(room, auditor, "audit.row", AskAuditRow(number=number), AuditRowTold)
    assert SECRETS[0].encode() in shown.record, "control"
    _label(room, chief, Label.DIM)
    shown = asked(room, auditor, "audit.row", AskAuditRow(number=number), AuditRowTold)
    assert (shown.record, shown.before, shown.row.params, shown.fault) == (b"", b"", {}, "")
    assert shown.row.account == "chief"
    page = room.ask("audit.page", AskAudit(), auditor).body
    assert not any(secret.encode() in page for secret in SECRETS)


def test_that_items_of_a_hand_over_lose_their_words_and_stay_to_be_ticked(house: tuple[Room, str, str]) -> None:
    room, _, chief = house
    item = Item(kind=ItemKind.EVENT, key="1", title=SECRETS[0], owner=SECRETS[1], event=1)
    other = Item(kind=ItemKind.EVENT, key="2", title="普通爆管", event=2)
    _label(room, chief, Label.HIDE)
    shown = veil.Veil(above=room.desk.labels, dims=False).seen((item, other))
    assert [one.title for one in shown] == [veil.DIMMED, "普通爆管"]
    assert shown[0].owner == veil.DIMMED


def _version(room: Room, session: str) -> int:
    return asked(room, session, "event.get", AskEvent(event=1), EventFile).event.version


@pytest.mark.parametrize(
    ("kind", "key", "code"),
    [("vital", "1", "label.no_kind"), ("event", "x", "label.no_kind"), ("event", "99", "event.unknown")],
)
def test_that_what_cannot_be_labelled_is_refused(house: tuple[Room, str, str], kind: str, key: str, code: str) -> None:
    room, _, chief = house
    assert room.do(SetLabel(kind=kind, key=key, label=Label.DIM, reason="x"), chief).code == code


def test_that_nobody_labels_beyond_his_own_clearance_nor_clears_himself(house: tuple[Room, str, str]) -> None:
    room, officer, _ = house
    other = room.officer("deputy", "500000.watch_chief", seat="A-03")
    assert room.do(SetLabel(kind="event", key="1", label=Label.HIDE, reason="x"), other).code == "label.not_cleared"
    assert room.do(SetLabel(kind="event", key="1", label=Label.DIM, reason="x"), officer).code == "permission.no_post"
    safe = room.officer("safe", "500000.security_admin", seat="A-04")
    own = SetClearance(account="safe", clearance=Label.HIDE, reason="x")
    assert room.do(own, safe).code == "account.own_posts"

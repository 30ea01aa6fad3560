"""Units that tell how they stand, the guard in the write path, proposals and the report of what was given back."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from chengyun_core.centre import units
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.dispatch import Matter, Route, Unit, UnitKind, UnitRecord, UnitState
from chengyun_core.model.dispatch_call import Need
from chengyun_core.model.dispatch_commands import TellUnitState
from chengyun_core.model.event import Event, EventSource
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Climbed, Order, Receipt, ReceiptState, Role, Step
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.places import Seat
from chengyun_core.model.scales import EventGrade
from chengyun_core.store import event_table, order_table
from chengyun_core.store.event_table import Stored
from chengyun_core.wire import codec
from chengyun_core.wire.dispatch_asks import AskMisroutes, AskProposal, Misroutes, Proposed
from chengyun_core.wire.envelope import Hello, Snapshot
from tests.core.centre import room as rooms
from tests.core.centre.room import NOON_NS, Room

MINUTE_NS = 60 * NS_PER_S


def _city() -> Catalogue:
    city = rooms.city()
    team = partial(Unit, kind=UnitKind.TEAM, longitude=106.5, latitude=29.5, capacity=2)
    made = (
        team(code="W", name="抢修队", centre="500103", post="500103.unit.1", capabilities="repair.water"),
        team(code="W2", name="供水集团", centre="500000", post="500000.unit.1", capabilities="repair.water|pump"),
        team(code="T", name="交巡警", centre="500103", post="500103.unit.2", capabilities="traffic.divert"),
        team(code="F", name="邻区抢修队", centre="500106", post="500106.unit.1", capabilities="repair.water"),
    )
    seats = tuple(Seat(code=f"S-{unit.code}", name=unit.name, centre=unit.centre, post=unit.post) for unit in made)
    return replace(
        city, units=made, seats=(*city.seats, *seats),
        matters=(Matter(code="GS01", name="供水爆管", subtrack="YJ01A", words="爆管|-水费", automatic=True),),
        routes=(
            Route(code="R1", matter="GS01", lead="capability:repair.water", assist="capability:traffic.divert"),
            Route(code="R2", matter="GS01", grade_from=3, assist="capability:pump"),
        ),
    )  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Room(tmp_path) as made:
        made.adopt(_city())
        yield made


def _event(room: Room, number: int = 1, **more: object) -> None:
    told = {
        "number": number, "code": f"事{number}", "title": "爆管", "matter": "GS01", "centre": "500103",
        "source": EventSource.MANUAL, "source_at": NOON_NS, "opened_at": NOON_NS, "opened_by": "officer",
        "changed_at": NOON_NS, "longitude": 106.52, "latitude": 29.5,
    }  # fmt: skip
    event = Event(**(told | more))
    with room.ledger.work(CENTRE) as work:
        change = work.note("event.open", "event", number, 1, event)
        event_table.add(work.connection, [Stored(event=event, change=change, district="500103")])


def _order(room: Room, number: int, *recipients: str, event: int | None = None, **more: object) -> None:
    """Write an order with its receipts as they would lie there."""
    at = room.clock.utc_ns()
    order = Order(
        number=number, code=f"令{number}", event=event, title="抢修", text="到场", centre="500103", issued_at=at,
        issued_by="officer", changed_at=at,
    )  # fmt: skip
    with room.ledger.work(CENTRE) as work:
        order_table.add(work.connection, order, work.note("order.send", "order", number, 1, order))
        for place, code in enumerate(recipients, 1):
            sent = {Step.SENT: Climbed(at=at, received_at=at)}
            receipt = Receipt(
                order=number, place=place, event=event, recipient=code, climbed=sent, changed_at=at, **more
            )  # fmt: skip
            change = work.note("receipt.send", "receipt", f"{number}.{place}", 1, receipt)
            order_table.add_receipts(work.connection, [order_table.Stored(receipt=receipt, due_at=None, change=change)])


def _proposed(room: Room, session: str, **ask: object) -> Proposed:
    reply = room.ask("dispatch.propose", AskProposal(**ask), session)
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, Proposed)


def test_that_the_guard_refuses_one_receipt_too_many_in_the_transaction_that_writes_it(room: Room) -> None:
    _order(room, 1, "W", "T")
    _order(room, 2, "W")
    with room.ledger.work(CENTRE) as work, pytest.raises(Refused) as refused:
        units.guard_all(room.desk, work, [Recipient(code="W")])
    assert refused.value.reason.code == "unit.full"
    assert refused.value.reason.params | {"load": "2", "capacity": "2"} == refused.value.reason.params
    with room.ledger.work(CENTRE) as work:
        forced = Recipient(code="W", over_capacity_reason="人手已加派")
        units.guard_all(room.desk, work, [forced, Recipient(code="T"), Recipient(code="500103.duty_officer")])
        assert units.load(work.connection) == {"T": 1, "W": 2}


def test_that_of_two_officers_who_fill_the_last_place_the_second_is_told_and_may_say_why(room: Room) -> None:
    first, second = room.officer(), room.officer("second", seat="A-02")
    room.done(SendOrders(drafts=(_draft(Recipient(code="W", role=Role.LEAD)),)), first)
    both = SendOrders(drafts=(_draft(Recipient(code="W", role=Role.LEAD), Recipient(code="T")),))
    room.done(both, first)
    late = room.do(both, second)
    assert (late.code, late.params["load"], late.params["capacity"]) == ("unit.full", "2", "2")
    with room.ledger.reading() as connection:
        assert units.load(connection) == {"T": 1, "W": 2}  # all of the refused order or nothing of it
    reasoned = Recipient(code="W", role=Role.LEAD, over_capacity_reason="人手已加派")
    room.done(SendOrders(drafts=(_draft(reasoned),)), second)
    with room.ledger.reading() as connection:
        assert units.load_of(connection, "W") == 3


def _draft(*recipients: Recipient) -> OrderDraft:
    return OrderDraft(title="抢修", text="立即到场", centre="500103", recipients=recipients)


@pytest.mark.parametrize("state", [ReceiptState.SUSPENDED, ReceiptState.RETURNED, ReceiptState.DONE, ReceiptState.VOID])
def test_that_what_is_not_climbed_is_no_burden(room: Room, state: ReceiptState) -> None:
    _order(room, 1, "W", state=state)
    with room.ledger.reading() as connection:
        assert units.load_of(connection, "W") == 0


def test_that_a_unit_tells_its_state_and_every_screen_and_the_next_start_know(room: Room) -> None:
    unit = room.officer("unit", "500103.unit.1", seat="S-W")
    told = TellUnitState(unit="W", version=0, state=UnitState.BUSY, longitude=106.6, latitude=29.6)
    room.done(told, unit)
    fact = fact_of(room.published[-1])
    assert fact is not None
    assert fact.record == UnitRecord(
        code="W", state=UnitState.BUSY, longitude=106.6, latitude=29.6, busy_since=NOON_NS, told_at=NOON_NS,
        told_by="unit", version=1,
    )  # fmt: skip
    room.restart()
    room.adopt(_city())
    snapshot = codec.unpack(room.ask("snapshot", Hello(protocol=1, client="t"), unit).body, Snapshot)
    assert [record.key for record in snapshot.records if record.kind == "unit"] == ["W"]


def test_that_who_tells_second_is_told_who_was_first_and_nothing_is_lost(room: Room) -> None:
    officer = room.officer()
    room.done(TellUnitState(unit="W", version=0, state=UnitState.BUSY, reason="电话 张工"), officer)
    late = room.do(TellUnitState(unit="W", version=0, state=UnitState.OUT, reason="电话 李工"), officer)
    assert (late.code, late.params["state"], late.params["who"]) == ("unit.changed", "busy", "officer")
    assert room.desk.units["W"][0].state is UnitState.BUSY


@pytest.mark.parametrize(
    ("bent", "code"),
    [
        ({"unit": "X"}, "unit.unknown"),
        ({"reason": ""}, "unit.who_said_so"),
        ({"longitude": 106.0}, "unit.position"),
        ({"longitude": 206.0, "latitude": 1.0}, "unit.position"),
        ({"longitude": float("nan"), "latitude": 1.0}, "unit.position"),
    ],
)
def test_that_what_an_officer_cannot_say_for_a_unit_is_refused(room: Room, bent: dict[str, object], code: str) -> None:
    given = {"unit": "W", "version": 0, "state": UnitState.BUSY, "reason": "电话"} | bent
    assert room.do(TellUnitState(**given), room.officer()).code == code
    assert room.desk.units == {}


def test_that_a_unit_speaks_for_itself_only(room: Room) -> None:
    unit = room.officer("unit", "500103.unit.1", seat="S-W")
    other = room.do(TellUnitState(unit="T", version=0, state=UnitState.OUT), unit)
    assert other.code == "permission.not_owner"


def test_that_work_without_a_rest_is_counted_through_short_waits_and_ends_with_a_rest(room: Room) -> None:
    unit = room.officer("unit", "500103.unit.1", seat="S-W")

    def tell(state: UnitState) -> int | None:
        version = room.desk.units["W"][0].version if "W" in room.desk.units else 0
        room.done(TellUnitState(unit="W", version=version, state=state), unit)
        room.clock.advance(600)
        return room.desk.units["W"][0].busy_since

    assert [tell(UnitState.BUSY), tell(UnitState.AVAILABLE), tell(UnitState.BUSY)] == [NOON_NS] * 3
    assert tell(UnitState.AVAILABLE) == NOON_NS
    room.clock.advance(3600)
    assert tell(UnitState.BUSY) == NOON_NS + (4 * 600 + 3600) * NS_PER_S
    assert tell(UnitState.RESTING) is None


def test_that_a_proposal_for_an_event_knows_load_state_place_and_who_is_aboard(room: Room) -> None:
    officer = room.officer()
    _event(room)
    made = _proposed(room, officer, event=1).proposal
    assert [(pick.unit, pick.need.role) for pick in made.picks] == [("W", Role.LEAD), ("T", Role.ASSIST)]
    assert [skipped.route for skipped in made.skipped] == ["R2"]
    assert made.elsewhere[0].units == ("F",)
    _order(room, 1, "T", event=1)
    room.done(TellUnitState(unit="W", version=0, state=UnitState.OUT, reason="电话"), officer)
    later = _proposed(room, officer, event=1, grade=EventGrade.MAJOR).proposal
    assert [pick.unit for pick in later.picks] == ["W2"]
    assert later.picks[0].reasons[-1].code == "dispatch.also"
    assert {judged.unit: judged.reasons[0].code for judged in later.rejections} == {
        "W": "dispatch.is_out", "T": "dispatch.aboard",
    }  # fmt: skip


@pytest.mark.parametrize(("step", "busy"), [(Step.SIGNED, False), (Step.HANDLING, True), (Step.FED_BACK, False)])
def test_that_a_team_at_work_is_busy_though_it_never_said_so(room: Room, step: Step, busy: bool) -> None:
    _order(room, 1, "W", step=step)
    made = _proposed(room, room.officer(), centre="500103", matter="GS01").proposal
    judged = next(one for one in (*made.picks, *made.rejections) if one.unit == "W")
    assert ("dispatch.is_busy" in {reason.code for reason in judged.reasons}) is busy


def test_that_who_gave_it_back_is_not_asked_again(room: Room) -> None:
    _event(room)
    _order(room, 1, "W", event=1, state=ReceiptState.RETURNED, returned_reason="不是我们的管线")
    made = _proposed(room, room.officer(), event=1).proposal
    assert made.picks[0].unit == "W2"
    (back,) = (judged for judged in made.rejections if judged.unit == "W")
    assert back.reasons[0].params == {"reason": "不是我们的管线"}


def test_that_a_capability_without_an_event_and_a_doubted_unit_can_be_asked_for(room: Room) -> None:
    need = Need(role=Role.LEAD, capability="pump")
    asked = {"centre": "500103", "longitude": 106.5, "latitude": 29.5, "needs": (need,), "about": ("T", "W2", "X")}
    told = _proposed(room, room.officer(), **asked)
    assert [pick.unit for pick in told.proposal.picks] == ["W2"]
    assert [(judged.unit, judged.reasons[0].code) for judged in told.about] == [
        ("T", "dispatch.cannot"), ("W2", "dispatch.can"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        ({}, "dispatch.no_centre"),
        ({"centre": "999"}, "dispatch.no_centre"),
        ({"event": 9}, "event.unknown"),
        ({"centre": "500103", "about": ("x",) * 65}, "dispatch.too_many"),
    ],
)
def test_that_a_question_without_a_place_is_refused(room: Room, ask: dict[str, object], code: str) -> None:
    assert room.ask("dispatch.propose", AskProposal(**ask), room.officer()).code == code


def test_that_the_report_of_misroutes_names_matter_unit_reasons_and_routes(room: Room) -> None:
    officer = room.officer()
    _event(room)
    _order(room, 1, "W", event=1, state=ReceiptState.RETURNED, returned_reason="早先的")
    room.clock.advance(40 * 86_400)
    for number, reason in ((2, "不是我们的管线"), (3, "不是我们的管线"), (4, "没有设备")):
        _order(room, number, "W", event=1, state=ReceiptState.RETURNED, returned_reason=reason)
    _order(room, 5, "W", "T", event=1)
    officer = room.signed_on("officer", "A-01")
    told = codec.unpack(room.ask("dispatch.misroutes", AskMisroutes(days=30), officer).body, Misroutes)
    (row,) = told.rows
    assert (row.matter, row.unit, row.orders, row.returned, row.routes) == ("GS01", "W", 4, 3, ("R1",))
    assert row.reasons == (("不是我们的管线", 2), ("没有设备", 1))
    assert (told.orders, told.returned) == (5, 3)
    assert room.ask("dispatch.misroutes", AskMisroutes(days=0), officer).code == "ask.out_of_days"

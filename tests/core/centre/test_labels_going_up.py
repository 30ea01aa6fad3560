"""What is labelled does not go up nor sideways: reports, orders, what was held back; downwards the label goes along."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.centre import paper_facts, veil
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch import Unit, UnitKind
from chengyun_core.model.duty import Handover
from chengyun_core.model.event import ReportKind
from chengyun_core.model.event_commands import SendReport
from chengyun_core.model.order_commands import OrderDraft, Recipient, ReleaseOrder, SendOrders
from chengyun_core.model.rights import DIMMED, Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.store import outbox
from chengyun_core.wire import signed_fact
from chengyun_core.wire.signed_fact import SignedFact
from tests.core.centre.event_room import CITY_UNIT, HELP, LEAD, event, opened, peopled_city
from tests.core.centre.room import ADMIN_KEY, Room

BELOW, OWN = "500103", "500103"
_BASE = {"argon2_time_cost": 1, "argon2_memory_kib": 64, "reserve_mib": 0}


def _city() -> Catalogue:
    beside = Unit(code="U-SPB", name="沙坪坝队", centre="500106", kind=UnitKind.TEAM, post="500106.unit.1")
    city = peopled_city()
    return replace(city, units=(*city.units, beside))


def _cleared(room: Room, post: str, seat: str) -> str:
    session = room.officer("chief", post, seat=seat)
    room.done(SetClearance(account="chief", clearance=Label.HIDE, reason="指挥"), ADMIN_KEY)
    return session


@pytest.fixture
def district(tmp_path: Path) -> Iterator[tuple[Room, str]]:
    """A district's own centre below the city, whose chief is cleared, with a labelled event."""
    with Room(tmp_path, CentreSettings(**_BASE, centre=OWN)) as room:  # type: ignore[arg-type]
        room.adopt(_city())
        chief = _cleared(room, f"{OWN}.watch_chief", "Y-01")
        opened(room, chief)
        yield room, chief


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[Room, str]]:
    """A city with a district that runs a centre of its own, a cleared chief, and an event."""
    settings = CentreSettings(**_BASE, linked_centres=(BELOW,))  # type: ignore[arg-type]
    with Room(tmp_path, settings) as room:
        room.adopt(_city())
        chief = _cleared(room, "500000.watch_chief", "A-02")
        opened(room, chief, centre="500000")
        yield room, chief


def _label(room: Room, chief: str, label: Label = Label.DIM) -> None:
    room.done(SetLabel(kind="event", key="1", label=label, reason="涉密"), chief)


def _draft(unit: str, event: int | None = 1) -> OrderDraft:
    return OrderDraft(
        event=event, title="抢修", text="抢修", centre=OWN, recipients=(Recipient(code=unit, role="lead"),)
    )


def _facts(room: Room, target: str) -> list[SignedFact]:
    with room.ledger.reading() as connection:
        waiting = outbox.waiting(connection, target, 100)
    return [signed_fact._opened(data)[0] for data in waiting]


@pytest.mark.parametrize("unit", [CITY_UNIT, "U-SPB", "500000.duty_officer"])
def test_that_no_order_of_a_labelled_event_goes_up_or_sideways(district: tuple[Room, str], unit: str) -> None:
    room, chief = district
    _label(room, chief)
    assert room.do(SendOrders(drafts=(_draft(unit),)), chief).code == "label.not_shared"
    assert _facts(room, "500000") + _facts(room, "500106") == []
    room.done(SendOrders(drafts=(_draft(unit, event=None),)), chief)
    room.done(SendOrders(drafts=(_draft(LEAD),)), chief)


def test_that_an_order_held_back_does_not_leave_once_its_event_is_labelled(district: tuple[Room, str]) -> None:
    room, chief = district
    room.done(SendOrders(drafts=(_draft(CITY_UNIT),), hold=True), chief)
    _label(room, chief)
    assert room.do(ReleaseOrder(order=1, version=1), chief).code == "label.not_shared"
    _label(room, chief, Label.NORMAL)
    room.done(ReleaseOrder(order=1, version=1), chief)
    assert [fact.kind for fact in _facts(room, "500000")] == ["receipt"]


def test_that_no_report_of_a_labelled_event_lies_in_the_outbox(district: tuple[Room, str]) -> None:
    room, chief = district
    _label(room, chief)
    report = SendReport(event=1, version=event(room).version, kind=ReportKind.FIRST, text="首报")
    assert room.do(report, chief).code == "label.not_shared"
    assert _facts(room, "500000") == []
    _label(room, chief, Label.NORMAL)
    room.done(report, chief)
    assert [fact.kind for fact in _facts(room, "500000")] == ["report"]


def test_that_the_label_goes_down_under_the_signature(city: tuple[Room, str]) -> None:
    room, chief = city
    room.done(SendOrders(drafts=(_draft(LEAD),)), chief)
    _label(room, chief, Label.HIDE)
    room.done(SendOrders(drafts=(_draft(HELP),)), chief)
    assert [(fact.key, fact.label) for fact in _facts(room, BELOW)] == [("1.1", Label.NORMAL), ("2.1", Label.HIDE)]


def test_that_a_fact_of_before_there_were_labels_is_normal() -> None:
    assert SignedFact.__dataclass_fields__["label"].default is Label.NORMAL


def test_that_a_daily_report_leaves_out_what_givers_wrote_under_a_label(city: tuple[Room, str]) -> None:
    room, _ = city
    held = Handover(number=7, code="x", shift=0, next_shift=0, seat="A-02", giver="chief", taker="", opened_at=1,
                    closes_at=2, lines=("领导行程",))  # fmt: skip
    assert paper_facts._free_lines(room.desk, [held]) == ("领导行程",)
    room.desk.labels["handover", "7"] = Label.DIM
    assert paper_facts._free_lines(room.desk, [held]) == ()
    shown = veil.Veil(above=room.desk.labels).seen((held,))[0]
    assert (shown.lines, shown.code) == ((DIMMED,), "x")

"""A centre with units and matters, and short words for what tests of events do again and again."""

from dataclasses import replace
from typing import Any, TypeVar

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch import Matter, Unit, UnitKind
from chengyun_core.model.event import Event, EventSource, Factor
from chengyun_core.model.event_commands import (
    AssignEvent,
    CheckEvent,
    CloseEvent,
    FeedBackEvent,
    GradeEvent,
    OpenEvent,
    VerifyEvent,
)
from chengyun_core.store import event_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from tests.core.centre.room import Room, city

T = TypeVar("T")
WATER, WASTE = "WATER-01", "WASTE-01"
LEAD, CITY_UNIT, HELP = "U-YUZHONG", "U-CITY", "U-POLICE"
LARGER = {Factor.NATURE: 2, Factor.URGENCY: 2, Factor.CONTROL: 2, Factor.REACH: 1}
GENERAL = dict.fromkeys(Factor, 1)
GRAVE = dict.fromkeys(Factor, 3)


def peopled_city() -> Catalogue:
    """Return the small city with two matters and three units."""
    return replace(
        city(),
        matters=(
            Matter(code=WATER, name="供水爆管", subtrack="YJ01A", words="爆管|水管", handle_min=180.0),
            Matter(code=WASTE, name="垃圾清运", subtrack="YJ01A", words="垃圾", nature=1, urgency=1, control=1),
        ),
        units=(
            Unit(code=LEAD, name="渝中抢修队", centre="500103", kind=UnitKind.TEAM, post="500103.unit.1"),
            Unit(code=CITY_UNIT, name="市水务集团", centre="500000", kind=UnitKind.COMPANY, post="500000.unit.1"),
            Unit(code=HELP, name="渝中交巡警", centre="500103", kind=UnitKind.DEPARTMENT, post="500103.unit.2"),
        ),
    )


def manual(**told: Any) -> OpenEvent:
    """Return a form filled in by hand."""
    given = {"source": EventSource.MANUAL, "title": "嘉西村爆管", "centre": "500103", "matter": WATER, **told}
    return OpenEvent(**given)


def opened(room: Room, session: str, **told: Any) -> int:
    """Open an event by hand and return its number."""
    return int(room.done(manual(**told), session).key)


def event(room: Room, number: int = 1) -> Event:
    """Return an event as it lies in the database."""
    with room.ledger.reading() as connection:
        found = event_table.get(connection, number)
    assert found is not None
    return found


def do(room: Room, session: str, kind: type[Any], number: int = 1, /, **told: Any) -> Done:
    """Do something to an event as it is now; it must be done."""
    return room.done(kind(event=number, version=event(room, number).version, **told), session)


def refused(room: Room, session: str, command: object) -> Reply:
    """Return the reply to a command that must be refused."""
    reply = room.do(command, session)
    assert reply.outcome == "refused", reply
    return reply


def asked(room: Room, session: str, kind: str, body: object, answer: type[T]) -> T:
    """Return the answer to a question that must be answered."""
    reply = room.ask(kind, body, session)
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, answer)


def handled(room: Room, session: str, number: int = 1, factors: dict[Factor, int] | None = None) -> None:
    """Verify, grade and assign an event, and feed back."""
    do(room, session, VerifyEvent, number)
    do(room, session, GradeEvent, number, factors=factors or LARGER)
    do(room, session, AssignEvent, number, lead=LEAD, reason="就近")
    do(room, session, FeedBackEvent, number, words="已修复")


def closed(room: Room, session: str, checker: str, number: int = 1, factors: dict[Factor, int] | None = None) -> None:
    """Handle an event, have it checked by another and close it."""
    handled(room, session, number, factors)
    do(room, checker, CheckEvent, number, passed=True)
    do(room, session, CloseEvent, number)

"""A centre with units, a library of plans and an event, for the tests of plans."""

from dataclasses import replace
from typing import Any, TypeVar

from chengyun_core.centre import event_care
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.dispatch import Matter, Unit, UnitKind
from chengyun_core.model.event import Event, EventSource
from chengyun_core.model.order import Receipt
from chengyun_core.model.plan import PlanRun, PlanTemplate
from chengyun_core.model.plan_commands import ImportPlans, StartPlan
from chengyun_core.store import event_table, order_table, plan_table
from chengyun_core.wire import codec
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from tests.core.centre.room import ADMIN_KEY, Room, city

T = TypeVar("T")
PLACE = (106.5770, 29.5590)
"""嘉西村, about."""

LIBRARY: dict[str, list[dict[str, str]]] = {
    "templates": [
        {"code": "BAOGUAN", "edition": "1", "name": "城市供水爆管处置", "matter": "SS-BAOGUAN", "state": "in_force",
         "approved_by": "渝府办〔2026〕1号", "drilled": "2026-06-01"},
        {"code": "NEILAO", "edition": "1", "name": "城市内涝处置", "matter": "SS-JISHUI", "state": "in_force",
         "approved_by": "渝府办〔2026〕2号"},
    ],
    "tiers": [
        {"template": "BAOGUAN", "code": "T1", "name": "小管", "conditions": "diameter_mm < 500", "response": "4"},
        {"template": "BAOGUAN", "code": "T2", "name": "中管", "conditions": "diameter_mm >= 500; diameter_mm < 1000"},
        {"template": "BAOGUAN", "code": "T3", "name": "大管", "conditions": "diameter_mm >= 1000", "response": "2"},
    ],
    "actions": [
        {"template": "BAOGUAN", "code": "REPAIR", "text": "到{place}关阀抢修，管径{attribute:diameter_mm}毫米",
         "capability": "repair.water", "lead": "true", "within_min": "180"},
        {"template": "BAOGUAN", "code": "DIVERT", "text": "在{place}疏导交通", "capability": "traffic.divert",
         "within_min": "30", "reached": "arrived"},
        {"template": "BAOGUAN", "code": "BACK", "text": "供水压力恢复", "within_min": "200", "done_by": "vital",
         "condition": "band in none", "after": "REPAIR"},
        {"template": "BAOGUAN", "code": "WATER", "text": "送水到{place}", "capability": "water.supply", "tier": "T2",
         "within_min": "60"},
        {"template": "NEILAO", "code": "PUMP", "text": "抽排{place}积水", "capability": "pump", "lead": "true"},
    ],
    "messages": [{"template": "BAOGUAN", "to": "属地镇街", "text": "{place}发生{title}，请先期处置"}],
    "stop_rules": [
        {"template": "BAOGUAN", "text": "压力低于 0.05 时提级", "condition": "value < 0.05", "raises_tier": "true"},
    ],
    "risk_points": [
        {"code": "R-1", "name": "上清寺嘉西村DN400供水管", "centre": "500103", "kind": "供水管",
         "longitude": "106.5771", "latitude": "29.5591", "attributes": "diameter_mm=400; material=铸铁",
         "vitals": "SW-YUZHONG"},
        {"code": "R-2", "name": "磁器口低洼路段", "centre": "500106", "kind": "易涝点", "longitude": "106.45",
         "latitude": "29.58"},
        {"code": "R-3", "name": "无预案的边坡", "centre": "500103", "kind": "边坡"},
    ],
    "bindings": [
        {"risk_point": "R-1", "template": "BAOGUAN"},
        {"risk_point": "R-2", "template": "NEILAO"},
    ],
    "overrides": [
        {"risk_point": "R-1", "template": "BAOGUAN", "action": "DIVERT", "text": "在嘉西村路口{place}疏导",
         "within_min": "20"},
    ],
}  # fmt: skip
"""Two templates, three risk points, one of them without a plan."""


def unit(code: str, capabilities: str, *, centre: str = "500103", capacity: int = 3) -> Unit:
    """Return a team that stands near the place."""
    return Unit(
        code=code, name=f"队 {code}", centre=centre, kind=UnitKind.TEAM, post=f"{centre}.unit.1",
        capabilities=capabilities, longitude=106.58, latitude=29.56, capacity=capacity,
    )  # fmt: skip


class PlanRoom:
    """The centre with what plans need; `officer` is signed on."""

    def __init__(self, room: Room) -> None:
        self.room = room
        room.adopt(
            replace(
                city(),
                matters=(
                    Matter(code="SS-BAOGUAN", name="供水爆管", subtrack="YJ01A", handle_min=180),
                    Matter(code="SS-JISHUI", name="道路积水", subtrack="YJ01A"),
                    Matter(code="SS-DIANTI", name="电梯困人", subtrack="YJ01A"),
                ),
                units=(unit("U-WATER", "repair.water|water.supply"), unit("U-POLICE", "traffic.divert")),
            )
        )
        self.take_library()
        self.officer = room.officer()

    def take_library(self, tables: dict[str, list[dict[str, str]]] | None = None) -> None:
        """Import the library as who stands at the machine."""
        self.room.done(ImportPlans(tables=tables or LIBRARY, origin={}), ADMIN_KEY)

    def event(self, **changes: Any) -> Event:
        """Write a living event and return it."""
        desk, at_ns = self.room.desk, self.room.clock.utc_ns()
        with self.room.ledger.work(CENTRE) as work:
            number = len(event_table.living(work.connection)) + 1
            held = Event(
                number=number, code=f"事〔2027〕{number:06d}", title="嘉西村爆管", matter="SS-BAOGUAN", centre="500103",
                place="嘉西村", longitude=PLACE[0], latitude=PLACE[1], source=EventSource.MANUAL, source_at=at_ns,
                opened_at=at_ns, opened_by="officer", attributes={"diameter_mm": "400"}, changed_at=at_ns,
            )  # fmt: skip
            held = replace(held, **changes)
            row = work.note("event.open", "event", number, 1, held)
            event_table.add(work.connection, [event_care.stored(desk, held, row)])
        return held

    def started(self, event: Event, **more: Any) -> PlanRun:
        """Start the pipe plan for an event and return the run."""
        command = StartPlan(**{"event": event.number, "template": "BAOGUAN", "edition": 1, "risk_point": "R-1", **more})
        return self.run(int(self.room.done(command, self.officer).key))

    def run(self, number: int) -> PlanRun:
        """Return a run as it lies in the database."""
        with self.room.ledger.reading() as connection:
            found = plan_table.run(connection, number)
        assert found is not None
        return found

    def template(self, code: str, edition: int) -> PlanTemplate:
        """Return an edition as it lies in the database."""
        with self.room.ledger.reading() as connection:
            found = plan_table.template(connection, code, edition)
        assert found is not None
        return found

    def receipts(self, order: int) -> list[Receipt]:
        """Return the receipts of an order."""
        with self.room.ledger.reading() as connection:
            return order_table.receipts_of(connection, order)

    def ask(self, kind: str, body: object, answer: type[T]) -> T:
        """Return the answer to a question that must be answered."""
        assert CENTRE_ASKS[kind][1] is answer
        reply = self.room.ask(kind, body, self.officer)
        assert reply.outcome == "done", reply
        return codec.unpack(reply.body, answer)

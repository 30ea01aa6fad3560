"""A centre with units that take orders, an event to give them for, and people at every post, for tests of orders."""

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

from chengyun_core.centre import event_care
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch import Matter, Unit, UnitKind
from chengyun_core.model.event import Event, EventSource, EventState
from chengyun_core.model.order import Feedback, Order, Receipt, Role, Step
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.places import Seat
from chengyun_core.model.receipt_commands import (
    ArriveReceipt,
    DeliverReceipt,
    FeedBackReceipt,
    HandleReceipt,
    ReadReceipt,
    SignReceipt,
)
from chengyun_core.model.scales import EventGrade
from chengyun_core.store import counters, event_table, order_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_resources.texts import LANGUAGES, Texts
from tests.core.centre import room as rooms
from tests.core.centre.room import SETTINGS, Room

T = TypeVar("T")
TEXTS = {language: Texts(language) for language in LANGUAGES}
KINDS = {"order", "receipt", "side_request", "supervision", "roll_call", "roll_answer"}
UNITS = tuple(
    Unit(code=code, name=name, centre="500103", kind=UnitKind.TEAM, post=f"500103.unit.{place}", superior=above)
    for place, (code, name, above) in enumerate(
        (
            ("U-WATER", "水厂抢修队", "U-BUREAU"),
            ("U-POLICE", "交巡警", ""),
            ("U-FIRE", "消防", ""),
            ("U-BUREAU", "住建委", ""),
        ),
        1,
    )
)


class OrderStand:
    """A room with units; an officer is signed on, the others when they are first asked for."""

    def __init__(self, folder: Path, settings: CentreSettings = SETTINGS) -> None:
        self.room = Room(folder, settings)
        self.room.adopt(order_city())
        self.officer = self.room.officer("officer", "500000.duty_officer", seat="A-01")
        self._units: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.room.ledger.close()
        if kind is None:
            assert self._unspeakable() == [], "every row an officer reads in a timeline has its sentence"

    def _unspeakable(self) -> list[tuple[str, str]]:
        """Return (language, action) of the rows of orders whose sentence is missing, or shows an empty gap."""
        rows = {(change.action, tuple(change.params)) for change in self.room.published if change.kind in KINDS}
        return [
            (language, action)
            for language, texts in TEXTS.items() for action, names in sorted(rows)
            if not texts.has(f"timeline.{action}")
            or "{" in texts.say(f"timeline.{action}", **dict.fromkeys(names, "x"))
        ]  # fmt: skip

    def restart(self) -> None:
        """Close and open the centre on the same files, as a new process would."""
        self.room.restart()
        self.room.adopt(order_city())

    @cached_property
    def other(self) -> str:
        """Return the session of a second duty officer."""
        return self.room.officer("other", "500000.duty_officer", seat="A-02")

    @cached_property
    def chief(self) -> str:
        """Return the session of the watch chief."""
        return self.room.officer("chief", "500000.watch_chief", seat="A-03")

    def unit(self, code: str = "U-WATER") -> str:
        """Return the session of who signs for a unit."""
        if code not in self._units:
            post = next(unit.post for unit in UNITS if unit.code == code)
            self._units[code] = self.room.officer(code.lower(), post, seat=f"S-{code}")
        return self._units[code]

    def send(self, *drafts: OrderDraft, hold: bool = False, session: str = "") -> Done:
        """Send orders that must be taken."""
        return self.room.done(SendOrders(drafts=drafts or (draft(),), hold=hold), session or self.officer)

    def code(self, command: object, session: str = "") -> str:
        """Return the reason code a command is refused with, empty when it is done."""
        reply = self.room.do(command, session or self.officer)
        assert reply.outcome in ("done", "refused"), reply
        return reply.code

    def order(self, number: int = 1) -> Order:
        """Return an order as it lies in the database."""
        with self.room.ledger.reading() as connection:
            found = order_table.get(connection, number)
        assert found is not None
        return found

    def receipt(self, order: int = 1, place: int = 1) -> Receipt:
        """Return a receipt as it lies in the database."""
        with self.room.ledger.reading() as connection:
            found = order_table.receipt(connection, order, place)
        assert found is not None
        return found

    def climb(self, *steps: Step, place: int = 1, order: int = 1, unit: str = "U-WATER") -> None:
        """Have a unit's own console tell these steps, one second apart."""
        for step in steps:
            self.room.clock.advance(1)
            command = own_step(step, self.receipt(order, place), self.room.clock.utc_ns())
            assert self.code(command, self.unit(unit)) == ""

    def ask(self, kind: str, body: object, answer: type[T], session: str = "") -> T:
        """Return the answer to a question."""
        reply = self.room.ask(kind, body, session or self.officer)
        assert reply.outcome == "done", reply
        return codec.unpack(reply.body, answer)

    def event(self, number: int = 1) -> Event:
        """Return an event as it lies in the database."""
        with self.room.ledger.reading() as connection:
            return event_care.get(connection, number)

    def open_event(self, **fields: object) -> Event:
        """Write a graded event of the pipe matter with a lead unit, as if officers had brought it so far."""
        now = self.room.clock.utc_ns()
        with self.room.ledger.work(CENTRE) as work:
            number = counters.take(work.connection, event_table.COUNTER, 1)
            given = {
                "number": number, "code": f"事{number}", "title": "嘉西村爆管", "matter": "M-PIPE", "centre": "500103",
                "source": EventSource.MANUAL, "source_at": now, "opened_at": now, "opened_by": "officer",
                "state": EventState.ASSIGNED, "grade": EventGrade.LARGER, "lead": "U-WATER", "changed_at": now,
                **fields,
            }  # fmt: skip
            event = Event(**given)  # type: ignore[arg-type]
            change = work.note("event.open", "event", number, 1, event)
            event_table.add(work.connection, [event_care.stored(self.room.desk, event, change)])
            event_care.remember(self.room.desk, work, event)
        return event

    def actions(self, kind: str = "") -> list[str]:
        """Return the actions of the journal rows published so far."""
        return [change.action for change in self.room.published if kind in ("", change.kind)]


def draft(*codes: str, **fields: object) -> OrderDraft:
    """Return a draft to these units (the water company alone), the first of them leading."""
    wanted = codes or ("U-WATER",)
    people = tuple(
        Recipient(code=code, role=Role.ASSIST if place else Role.LEAD) for place, code in enumerate(wanted)
    )  # fmt: skip
    given = {"title": "抢修", "text": "立即到场抢修", "centre": "500103", "recipients": people, **fields}
    return OrderDraft(**given)  # type: ignore[arg-type]


FOUR = {"talked_to": "张工", "measures": "关阀 2 只，换管 6 米", "time_limit": "今日 18 时前"}


def own_step(step: Step, receipt: Receipt, now_ns: int) -> object:
    """Return the command with which a recipient's console tells a step."""
    key = {"order": receipt.order, "place": receipt.place}
    if step in (Step.DELIVERED, Step.READ):
        return DeliverReceipt(**key) if step is Step.DELIVERED else ReadReceipt(**key)
    if step is Step.FED_BACK:
        feedback = Feedback(accepted_at=now_ns, **FOUR)  # type: ignore[arg-type]
        return FeedBackReceipt(**key, version=receipt.version, feedback=feedback)
    kinds = {Step.SIGNED: SignReceipt, Step.ARRIVED: ArriveReceipt, Step.HANDLING: HandleReceipt}
    return kinds[step](**key, version=receipt.version)


def order_city() -> Catalogue:
    """Return the city of these tests."""
    city = rooms.city()
    seats = tuple(Seat(code=f"S-{unit.code}", name=unit.name, centre="500103", post=unit.post) for unit in UNITS)
    matters = (Matter(code="M-PIPE", name="供水爆管", subtrack="YJ01A", handle_min=180.0),)
    return replace(city, units=UNITS, seats=(*city.seats, *seats), matters=matters)

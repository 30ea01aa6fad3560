"""A centre with a roster, a giver at A-01, a chief, and a taker who comes in, for tests of duty and hand-over."""

from pathlib import Path
from typing import Self, TypeVar

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import SignOn
from chengyun_core.model.duty import Assignment, Certificate, DutyRole, Handover, Item, Person, Shift
from chengyun_core.model.duty_commands import (
    OpenHandover,
    RefuseItem,
    SavePerson,
    SaveShift,
    SignHandover,
    TickItem,
)
from chengyun_core.store import duty_table, handover_table
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskHandover, AskLog, HandoverTold, Log
from chengyun_core.wire.envelope import Done, Reply, SignedOn
from tests.core.centre.room import NOON_NS, PASSWORD, Room

T = TypeVar("T")
HOUR_NS = 3600 * NS_PER_S
CENTRE = "500000"
SEAT = "A-01"


class DutyStand:
    """Li gives A-01, Wang comes in for it, Zhao is the chief at A-03."""

    def __init__(self, folder: Path) -> None:
        self.room = Room(folder)
        self.li = self.room.officer("li")
        self.chief = self.room.officer("zhao", f"{CENTRE}.watch_chief", seat="A-03")
        self.room.officer("wang", seat="A-02")
        self.room.officer("sun", seat="A-04")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.room.ledger.close()

    def person(self, code: str, account: str = "", *, until: str = "2099-01-01", unit: str = "") -> None:
        """Write somebody who may be officer and chief until a day."""
        held = tuple(Certificate(role=role, until=until) for role in (DutyRole.OFFICER, DutyRole.CHIEF))
        person = Person(code=code, name=code, centre=CENTRE, account=account, certificates=held, unit=unit,
                        phones=("13812345678",))  # fmt: skip
        self.room.done(SavePerson(person=person, version=0), self.chief)

    def shift(self, name: str, begins_h: float, ends_h: float, *people: str, role: DutyRole = DutyRole.OFFICER) -> int:
        """Write a shift from and to hours after noon, with people as one role; return its number."""
        rows = tuple(Assignment(person=person, role=role) for person in people)
        saved = SaveShift(
            number=0, version=0, centre=CENTRE, name=name, begins_at=NOON_NS + round(begins_h * HOUR_NS),
            ends_at=NOON_NS + round(ends_h * HOUR_NS), assignments=rows,
        )  # fmt: skip
        return int(self.room.done(saved, self.chief).key)

    def get_shift(self, number: int) -> Shift:
        """Return a shift as it lies in the database."""
        with self.room.ledger.reading() as connection:
            found = duty_table.shift(connection, number)
        assert found is not None
        return found

    def incoming(self, account: str = "wang", seat: str = SEAT) -> str:
        """Sign on to take a seat over; return the session."""
        reply = self.room.do(SignOn(account=account, password=PASSWORD, seat=seat, taking_over=True), "")
        told = self.body(reply, SignedOn)
        assert (told.seat, told.incoming) == (seat, True)
        return told.token

    def open(self, session: str = "", seat: str = SEAT) -> Done:
        """Open the sheet of a seat, or collect it anew."""
        return self.room.done(OpenHandover(seat=seat), session or self.li)

    def told(self, number: int = 1) -> HandoverTold:
        """Return a sheet as a screen is told it."""
        return self.body(self.room.ask("handover.get", AskHandover(handover=number), self.chief), HandoverTold)

    def sheet(self, number: int = 1) -> Handover:
        """Return a sheet as it lies in the database."""
        with self.room.ledger.reading() as connection:
            found = handover_table.get(connection, number)
        assert found is not None
        return found

    def tick(self, item: Item, session: str, number: int = 1) -> str:
        """Tick an item; return the reason code, empty when it is done."""
        return self.room.do(
            TickItem(handover=number, version=0, kind=item.kind, key=item.key, seen=item.version), session
        ).code

    def refuse(self, item: Item, session: str, reason: str = "查不清", number: int = 1) -> str:
        """Refuse an item; return the reason code, empty when it is done."""
        return self.room.do(
            RefuseItem(handover=number, version=0, kind=item.kind, key=item.key, reason=reason), session
        ).code

    def tick_all(self, session: str, number: int = 1) -> None:
        """Tick whatever is open."""
        for item in self.told(number).handover.items:
            if item.state.value == "open":
                assert self.tick(item, session, number) == ""

    def sign(
        self, account: str, session: str = "", *, told: HandoverTold | None = None, secret: str = PASSWORD
    ) -> Reply:
        """Sign what was shown (now, unless said otherwise) with an account's password."""
        shown = told or self.told()
        sheet = shown.handover
        command = SignHandover(
            handover=sheet.number, version=sheet.version, digest=shown.digest, account=account, secret=secret
        )
        return self.room.do(command, session or self.li)

    def log(self, session: str = "", **asked: object) -> Log:
        """Return a page of the log."""
        return self.body(self.room.ask("log.page", AskLog(**asked), session or self.chief), Log)  # type: ignore[arg-type]

    @staticmethod
    def body(reply: Reply, kind: type[T]) -> T:
        """Return an answer's body."""
        assert reply.outcome == "done", reply
        return codec.unpack(reply.body, kind)

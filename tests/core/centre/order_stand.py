"""A centre with units that take orders, an event to give them for, and people at every post, for tests of orders."""

from dataclasses import replace
from pathlib import Path
from typing import Self

from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.dispatch import Matter, Unit, UnitKind
from chengyun_core.model.order import Order, Receipt, Role
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.places import Seat
from chengyun_core.store import order_table
from chengyun_core.wire.envelope import Done
from tests.core.centre import room as rooms
from tests.core.centre.room import SETTINGS, Room

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
    """A room with units; `officer`, `other` and `chief` are signed on, and so is every unit's post."""

    def __init__(self, folder: Path, settings: CentreSettings = SETTINGS) -> None:
        self.room = Room(folder, settings)
        self.room.adopt(_city())
        self.officer = self.room.officer("officer", "500000.duty_officer", seat="A-01")
        self.other = self.room.officer("other", "500000.duty_officer", seat="A-02")
        self.chief = self.room.officer("chief", "500000.watch_chief", seat="A-03")
        self.units = {
            unit.code: self.room.officer(unit.code.lower(), unit.post, seat=f"S-{unit.code}") for unit in UNITS
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.room.ledger.close()

    def restart(self) -> None:
        """Close and open the centre on the same files, as a new process would."""
        self.room.restart()
        self.room.adopt(_city())

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


def _city() -> object:
    city = rooms.city()
    seats = tuple(Seat(code=f"S-{unit.code}", name=unit.name, centre="500103", post=unit.post) for unit in UNITS)
    matters = (Matter(code="M-PIPE", name="供水爆管", subtrack="YJ01A", handle_min=180.0),)
    return replace(city, units=UNITS, seats=(*city.seats, *seats), matters=matters)

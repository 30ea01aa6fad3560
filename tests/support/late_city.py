"""A city with ten orders that are late: unsigned, not fed back, given back; a chief who has to supervise them (WF6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S, ProfileClock
from chengyun_core.model.command import KIND_OF, CreateAccount, SignOn
from chengyun_core.model.dispatch import Unit, UnitKind
from chengyun_core.model.event import EventSource, Factor
from chengyun_core.model.event_commands import GradeEvent, OpenEvent
from chengyun_core.model.order import Receipt, RequestKind, Role
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.places import Post, Seat
from chengyun_core.model.receipt_commands import AskSideRequest, DecideSideRequest, SignReceipt
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import Done, SignedOn
from tests.support.living_city import PASSWORD, LivingCity
from tests.support.small_city import small_city
from tests.support.waiting import wait_until

CENTRE = "500103"
CHIEF, CHIEF_NAME, CHIEF_POST = "chief", "周指挥", "500000.watch_chief"
WATER, POLICE, FIRE, OWN = "U-WATER", "U-POLICE", "U-FIRE", "U-OWN"
NAMES = {WATER: "供水抢修队", POLICE: "交巡警支队", FIRE: "消防救援站", OWN: "应急保障队"}
SENT = (WATER, WATER, WATER, WATER, POLICE, POLICE, POLICE, FIRE, FIRE, OWN)
"""Recipients of the ten orders, the first of them of a grave event."""
UNSIGNED, NOT_FED_BACK = "sign-now", "feed-back-now"
_SEATS = {"second": "A-02", "officer": "A-01"}
TITLE = "大坪正街爆管"


def late_city() -> Catalogue:
    """Return the small city with four units, a chief's post, and deadlines of a second."""
    small = small_city(4, period_s=600.0)
    units = tuple(
        Unit(
            code=code, name=name, centre=CENTRE, kind=UnitKind.TEAM, post=post_of(code), phone="023-0000",
            capabilities="repair.water", capacity=20,
        )
        for code, name in NAMES.items()
    )  # fmt: skip
    posts = (Post(code=CHIEF_POST, name="带班领导", centre="500000"),
             *(Post(code=unit.post, name=f"{unit.name}值守岗", centre=CENTRE) for unit in units))  # fmt: skip
    deadlines = {f"deadline.{UNSIGNED}": "signed=0.02", f"deadline.{NOT_FED_BACK}": "fed_back=0.02"}
    seats = (*small.seats, Seat(code="B-01", name="带班席", centre="500000", post=CHIEF_POST),
             *(Seat(code=unit.code, name=unit.name, centre=CENTRE, post=unit.post) for unit in units))  # fmt: skip
    facts = {**small.facts, **deadlines}
    return replace(small, posts=(*small.posts, *posts), units=units, seats=seats, facts=facts)


def post_of(unit: str) -> str:
    """Return the post that signs for a unit."""
    return f"{CENTRE}.unit.{list(NAMES).index(unit) + 1}"


@dataclass(slots=True, kw_only=True)
class LateCity:
    """Who is signed on beside the chief, and what they do: each at a seat of his own, through the centre's door."""

    city: LivingCity
    doors: dict[str, DoorClient] = field(default_factory=dict)

    def make(self) -> None:
        """Send the ten orders, let units sign, ask and give back; return once all ten are late."""
        event = int(self._do("officer", OpenEvent(source=EventSource.MANUAL, title=TITLE, centre=CENTRE)).key)
        graded = GradeEvent(event=event, version=1, factors=dict.fromkeys(Factor, 3))
        self._do("officer", graded)
        drafts = tuple(_draft(at, unit, event if at == 1 else None) for at, unit in enumerate(SENT, 1))
        self._do("officer", SendOrders(drafts=drafts))
        self._asks(1, WATER, RequestKind.EXTEND, "拖轮一小时后到")
        self._asks(10, OWN, RequestKind.EXTEND, "等待物资")
        request = self._asks(9, FIRE, RequestKind.RETURN, "不属我站辖区")
        self._do("second", DecideSideRequest(request=request, version=1, given=True))
        wait_until(lambda: self._rungs() >= 4, "the ladder of reminders was climbed to its end")

    def receipt(self, order: int) -> Receipt:
        """Return the receipt of an order as it stands; each has one recipient."""
        with self.city.door() as door:
            rows = [change for change in door.changes() if change.kind == "receipt" and change.key == f"{order}.1"]
        return codec.unpack(rows[-1].record, Receipt)

    def _asks(self, order: int, unit: str, kind: RequestKind, reason: str) -> int:
        """Let a unit sign an order and ask for something about it; return the number of the request."""
        self._do(unit, SignReceipt(order=order, place=1, version=self.receipt(order).version))
        until = None if kind is RequestKind.RETURN else ProfileClock().utc_ns() + 3600 * NS_PER_S
        told = self._do(unit, AskSideRequest(
            order=order, place=1, version=self.receipt(order).version, kind=kind, reason=reason, until=until
        ))  # fmt: skip
        return int(told.key)

    def _rungs(self) -> int:
        """Return how many rungs the receipt of the gravest event has climbed."""
        with self.city.door() as door:
            return sum(row.action == "receipt.remind" and row.key == "1.1" for row in door.changes())

    def _do(self, account: str, command: object) -> Done:
        return self.doors[account].send(command, timeout_s=30)


@contextmanager
def ten_late_orders(city: LivingCity) -> Iterator[LateCity]:
    """Make the accounts, sign everybody but the chief on, and let ten orders become late."""
    posts = {"second": CHIEF_POST, "officer": "", **{code: post_of(code) for code in NAMES}}
    address = of_profile(city.profile.folder).centre_door
    late = LateCity(city=city)
    with city.door() as door:
        door.send(CreateAccount(
            account=CHIEF, name=CHIEF_NAME, password=PASSWORD, posts=(CHIEF_POST, post_of(OWN))
        ))  # fmt: skip
        for account, post in posts.items():
            if post:
                door.send(CreateAccount(account=account, name=account, password=PASSWORD, posts=(post,)))
            command = SignOn(account=account, password=PASSWORD, seat=_SEATS.get(account, account))
            told = door.ask(KIND_OF[SignOn], command, timeout_s=30)
            late.doors[account] = DoorClient(address, session=codec.unpack(told, SignedOn).token)
    try:
        late.make()
        yield late
    finally:
        for client in late.doors.values():
            client.close()


def _draft(at: int, unit: str, event: int | None) -> OrderDraft:
    template = NOT_FED_BACK if at in (1, 10) else UNSIGNED
    return OrderDraft(
        event=event, title=f"处置第 {at} 处", text="立即处置并反馈。", centre="" if event else CENTRE,
        template=template, recipients=(Recipient(code=unit, role=Role.LEAD),),
    )  # fmt: skip

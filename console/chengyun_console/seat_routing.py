"""本席 and 全部: which alarms, events and orders are this seat's, what others have, and when all is everybody's."""

from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from chengyun_console.session.session import Session
from chengyun_core.mirror.alarms import AlarmBoard
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.links import Reach
from chengyun_core.mirror.news import FactNews
from chengyun_core.mirror.routing import NEVER, Others, Parted, Parting, Routing, sitting
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import INCOMING
from chengyun_core.model.event import Event
from chengyun_core.model.order import Order, Receipt
from chengyun_core.model.routing import Route, Sitting

UNSURE_NS = 5 * NS_PER_S
"""A centre that is not heard, or whose facts lack something, for so long: who sits where may have changed unheard."""


class Whole(StrEnum):
    """Why nothing is left to other seats."""

    PARTED = "parted"
    """It is: this seat's is told from that of others."""
    CHOSEN = "chosen"
    """The officer wants all of it (全部)."""
    UNSURE = "unsure"
    """The centre is lost, or its facts lack something: fail loud."""
    ALONE = "alone"
    """Nobody else keeps watch."""
    NO_WATCH = "no_watch"
    """Nobody is signed on, or who is here keeps no watch (a unit's man, an administrator): nothing is routed to him."""


class SeatRouting(QObject):
    """Held by the desk. Asked many times a frame: the board is parted once per change, places once per change of seats.

    What is heard and what is seen obey the same choice: nothing is silent that stands in the strip, nor the reverse.
    """

    did_change = Signal()
    """Something is this seat's now that was not, or no longer, though the thing itself did not change."""
    became_unsure = Signal(bool)
    """Whether who sits where can no longer be relied on, when that changed and other seats were left something."""

    def __init__(self, session: Session, *, is_seated: bool = True) -> None:
        """`is_seated` False: of a screen nobody sits at. The wall shows what everybody has."""
        super().__init__()
        self._session, self._facts, self._is_seated = session, session.facts, is_seated
        self.routes = Routing(session.facts)
        self.stamp = 0
        """Another number whenever `did_change` is told: for what is shown of events and orders."""
        self._own: Sitting | None = None
        self._view: CatalogueView | None = None
        self._at = ""
        """Code of the own centre, which a centre may tell after its catalogue came."""
        self._parting = Parting(self.routes, "")
        self._is_chosen = self._is_unsure = False
        self._unsure_since: int | None = None
        self._now_ns = 0
        self._board = session.facts.board
        self._parted = Parted(board=self._board)
        self._parted_of: object = None

    @property
    def whole(self) -> Whole:
        """Return whether something is left to other seats, and if not why."""
        if self._own is None or not self._own.answers:
            return Whole.NO_WATCH
        if self._is_unsure:
            return Whole.UNSURE
        if self.routes.watch.everybody <= {self._own.seat}:
            return Whole.ALONE
        return Whole.CHOSEN if self._is_chosen else Whole.PARTED

    @property
    def seat(self) -> str:
        """Return the seat this screen is at or takes over; empty before sign-on."""
        return self._own.seat if self._own is not None else ""

    @property
    def board(self) -> AlarmBoard:
        """Return the alarms of this seat, or all of them."""
        return self._part().board

    @property
    def others(self) -> Others:
        """Return what is left to other seats."""
        return self._part().others

    @property
    def theirs(self) -> frozenset[int]:
        """Return the numbers of the alarms left to other seats."""
        return self._part().theirs

    def is_mine(self, alarm: Alarm) -> bool:
        """Return whether an alarm is heard and counted here."""
        return self.whole is not Whole.PARTED or self._parting.is_mine(alarm, self._now_ns)

    def place_is_mine(self, centre: str) -> bool:
        """Return whether what concerns a place as a whole goes to this seat."""
        return self.whole is not Whole.PARTED or self._holds(self.routes.of_centre(centre))

    def event_is_mine(self, event: Event) -> bool:
        """Return whether an event stands among those of this seat."""
        return self.whole is not Whole.PARTED or self._holds(self.routes.of_event(event))

    def order_is_mine(self, order: Order) -> bool:
        """Return whether an order stands among those of this seat."""
        return self.whole is not Whole.PARTED or self._holds(self.routes.of_order(order))

    def receipt_is_mine(self, receipt: Receipt) -> bool:
        """Return whether a receipt stands among those of this seat; of an order not known here it does."""
        if self.whole is not Whole.PARTED:
            return True
        route = self.routes.of_receipt(receipt)
        return route is None or self._holds(route)

    def event_number_is_mine(self, number: int | None) -> bool:
        """Return whether the event of a number is this seat's; one that is not known here is."""
        event = self._facts.events.get(number) if number is not None else None
        return event is None or self.event_is_mine(event)

    def order_number_is_mine(self, number: int) -> bool:
        """Return whether the order of a number is this seat's; one that is not known here is."""
        order = self._facts.orders.get(number)
        return order is None or self.order_is_mine(order)

    def seats_of(self, alarm: Alarm) -> tuple[str, ...]:
        """Return the seats an alarm goes to."""
        return tuple(sorted(self.routes.of_alarm(alarm, self._now_ns).seats))

    def turn(self) -> bool:
        """Change between 本席 and 全部; return whether everything is chosen now."""
        self._is_chosen = not self._is_chosen
        self._tell()
        return self._is_chosen

    def take_catalogue(self, view: CatalogueView) -> None:
        """Use the places and seats of another version."""
        self._view, self._at = view, self._session.own_centre
        self.routes.take_catalogue(view, self._at)
        self._tell()

    def take_facts(self, news: FactNews) -> None:
        """Take note of who came, went, covers or does not respond."""
        if self.routes.take_facts(news):
            self._tell()

    def take_seat(self) -> None:
        """A seat was taken: one begins with 本席."""
        self._is_chosen = False
        self._sit()

    def look(self, now_ns: int) -> None:
        """Let time pass: who is here, whether the facts can be relied on, what nobody acknowledged in its time."""
        self._now_ns = now_ns
        if self._view is not None and self._session.own_centre != self._at:
            self.take_catalogue(self._view)
        self._sit()
        self._judge_facts()
        self._part()
        if self.whole is Whole.PARTED and now_ns >= self._parting.next_ns:
            self._parting.next_ns = NEVER
            self._tell()

    def _sit(self) -> None:
        signed_on = self._session.signed_on if self._is_seated else None
        seat = signed_on.seat.removesuffix(INCOMING) if signed_on is not None else ""
        own = sitting(seat, signed_on.posts) if signed_on is not None else None
        if own == self._own:
            return
        self._own = own
        self._parting = Parting(self.routes, seat)
        self.routes.sit(own)
        self._tell()

    def _judge_facts(self) -> None:
        now_ns = self._session.clock.monotonic_ns()
        if self._session.links().centre.reach is Reach.LIVE and self._facts.complete:
            self._unsure_since = None
        elif self._unsure_since is None:
            self._unsure_since = now_ns
        is_unsure = self._unsure_since is not None and now_ns - self._unsure_since >= UNSURE_NS
        if is_unsure != self._is_unsure:
            had = self._part().others.count
            self._is_unsure = is_unsure
            self._tell()
            if had or self._part().others.count:
                self.became_unsure.emit(is_unsure)

    def _part(self) -> Parted:
        board, whole = self._facts.board, self.whole
        made_of = (whole, self.stamp, self.routes.version)
        # Boards are told apart by identity: to compare thousands of alarms would cost more than to part them.
        if board is not self._board or made_of != self._parted_of:
            self._board, self._parted_of = board, made_of
            is_parted = whole is Whole.PARTED
            self._parted = self._parting.of(board, self._now_ns) if is_parted else Parted(board=board)
        return self._parted

    def _holds(self, route: Route) -> bool:
        return not self.seat or self.seat in route.seats

    def _tell(self) -> None:
        self.stamp += 1
        self.did_change.emit()

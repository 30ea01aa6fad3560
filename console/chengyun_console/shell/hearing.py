"""Hands what the session tells to whom it concerns: catalogue, facts, values, links, seats."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from chengyun_console.desk import Desk
from chengyun_console.shell.approvals import is_own
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.risk_strip import RiskStrip
from chengyun_console.shell.sign_on import SeatRow, SignOnScreen
from chengyun_console.wording.approvals import approval_title
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.wire.envelope import Seats
from chengyun_widgets.toast import MessageTone


class Hearing(QObject):
    """Made once by the window and dies with it; connects itself to the session."""

    def __init__(
        self,
        desk: Desk,
        parent: QObject,
        stack: PageStack,
        strip: RiskStrip,
        *,
        sign_on: SignOnScreen,
        deeds: Deeds,
        show_frame: Callable[[Links], None],
    ) -> None:
        """`show_frame` paints bars and rail; called when a daemon came or went, without waiting for the second."""
        super().__init__(parent)
        self._desk, self._stack, self._strip = desk, stack, strip
        self._sign_on, self._deeds, self._show_frame = sign_on, deeds, show_frame
        self._reaches: tuple[Reach, Reach] | None = None
        session = desk.session
        session.frame_came.connect(self._on_frame)
        session.facts_came.connect(self._on_facts)
        session.links_came.connect(self.take_links)
        session.catalogue_came.connect(self.take_catalogue)
        session.seats_came.connect(self._on_seats)
        desk.routing.did_change.connect(strip.mark_dirty)
        desk.routing.became_unsure.connect(self._on_unsure)

    def take_catalogue(self, view: CatalogueView) -> None:
        """Name everything by this version from now on."""
        self._desk.take_catalogue(view)
        if not self._stack.front:
            self._desk.session.ask_seats()
        self._stack.forget_scheme()
        self._stack.take_scheme()
        self._strip.mark_dirty()

    def take_links(self, links: Links) -> None:
        """Show which daemons live; say once which was lost."""
        self._stack.take_scheme()
        reaches = (links.ingest.reach, links.centre.reach)
        if reaches == self._reaches:
            return
        before, self._reaches = self._reaches, reaches
        self._tell_losses(links, before)
        self._show_frame(links)
        self._stack.take_frame()
        self._strip.mark_dirty()

    def _on_facts(self, news: FactNews) -> None:
        self._desk.take_facts(news)
        self._tell_approvals(news)
        self._stack.take_facts(news)
        self._strip.mark_dirty()

    def _on_unsure(self, is_unsure: bool) -> None:
        """Say that everything is everybody's because nobody knows who sits where, and when that is over."""
        code = "seats.unsure" if is_unsure else "seats.sure"
        self._deeds.tell(MessageTone.NOTE, self._desk.say(code))

    def _on_frame(self, _rows: object) -> None:
        self._stack.take_frame()

    def _tell_losses(self, links: Links, before: tuple[Reach, Reach] | None) -> None:
        """Say once which daemon was lost and what still works; its lamp goes on saying it."""
        for at, link in enumerate((links.ingest, links.centre)):
            if before is not None and link.reach is Reach.LOST and before[at] is not Reach.LOST:
                since = self._desk.figures.clock(link.since_ns)
                self._deeds.tell(MessageTone.NOTE, self._desk.say(f"console.light.lost_{link.daemon}", time=since))

    def _tell_approvals(self, news: FactNews) -> None:
        """Say once that somebody asks for a second person; the list and the status bar go on saying it."""
        for fact in news.facts:
            approval = fact.record
            if isinstance(approval, Approval) and approval.state is ApprovalState.WAITING and approval.version == 1:
                code = "console.approvals.sent" if is_own(self._desk, approval) else "console.approvals.came"
                title = approval_title(self._desk.texts, self._desk.names, approval)
                told = self._desk.say(code, deed=title, seat=approval.asked_seat)
                self._deeds.tell(MessageTone.NOTE, told)

    def _on_seats(self, seats: Seats) -> None:
        rows = tuple(SeatRow(code=code, name=name, holder=holder) for code, name, holder in seats.seats)
        own = tuple(row for row in rows if self._is_own_seat(row.code))
        self._sign_on.take_seats(own or rows)

    def _is_own_seat(self, code: str) -> bool:
        """Seats of the centres below are taken at their own consoles."""
        names = self._desk.names
        seat = names.view.seat(code) if names else None
        return seat is None or seat.centre == self._desk.session.own_centre

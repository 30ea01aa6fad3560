"""Holds the pages of the table and the sign-on screen: one lies in front, news goes to all of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.pages.page import Page
from chengyun_console.shell.coming_cover import ComingCover
from chengyun_console.shell.page_table import PAGES, PageRow
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews

if TYPE_CHECKING:
    from chengyun_console.shell.coming import Coming

_P = TypeVar("_P", bound=Page)


class PageStack(QStackedWidget):
    """Before sign-on no page is in front.

    A page is made when it is first asked for (the first of the table at once), or step by step before that, and is then
    told what it missed.
    """

    front_will_change = Signal(str)
    """Id of the page that comes to the front."""
    page_was_made = Signal(str)
    """Id of a page that stands now."""

    def __init__(self, desk: Desk, sign_on: QWidget, first: str) -> None:
        """`first`: id of the page shown after sign-on."""
        super().__init__()
        self._desk, self._sign_on, self._first = desk, sign_on, first
        self.front = ""
        """Id of the page in front; empty before sign-on."""
        self._pages: dict[str, Page] = {}
        self._begun: dict[str, Steps] = {}
        """Pages that are being made, step by step."""
        self._scheme = ""
        self._missed: list[FactNews] = []
        """What the centre told before every page stood."""
        self._frame: Steps | None = None
        """The frame that is under way, of the page that was in front when it began."""
        self._is_stepping = False
        self._coming: Coming | None = None
        self.cover = ComingCover(desk, self)
        """Lies over the pages while one comes."""
        self.addWidget(sign_on)
        self.page(PAGES[0].id)

    def led_by(self, coming: "Coming") -> None:
        """Let pages that do not stand yet come in steps from now on."""
        self._coming = coming

    @property
    def goal(self) -> str:
        """Return the id of the page that comes, or of the one in front; empty before sign-on."""
        return (self._coming.goal if self._coming is not None else "") or self.front

    @property
    def wanted(self) -> str:
        """Return the id of the page in front or about to be, or of the one that will be after sign-on."""
        return self.goal or self._first

    @property
    def pages(self) -> tuple[Page, ...]:
        """Return every page that stands, in the order of the table."""
        return tuple(self._pages[row.id] for row in PAGES if row.id in self._pages)

    @property
    def standing(self) -> tuple[str, ...]:
        """Return the ids of the pages that stand, in the order of the table."""
        return tuple(row.id for row in PAGES if row.id in self._pages)

    def of(self, kind: type[_P]) -> _P:
        """Return the page of this class, whole: one that comes is there then."""
        page_id = next(row.id for row in PAGES if row.kind == kind.__name__)
        if self._coming is not None:
            self._coming.finish(page_id)
        page = self.page(page_id)
        assert isinstance(page, kind)
        return page

    def row(self) -> PageRow | None:
        """Return the row of the page in front, None before sign-on."""
        return next((row for row in PAGES if row.id == self.front), None)

    def page(self, page_id: str = "") -> Page | None:
        """Return a page, the one in front when none is named; None when there is none."""
        wanted = page_id or self.front
        if wanted not in self._pages and any(row.id == wanted for row in PAGES):
            finish(self.making(wanted))
        return self._pages.get(wanted)

    def making(self, page_id: str) -> Steps:
        """Return the steps that are left until a page of the table stands; the same for whoever asks."""
        if page_id not in self._begun:
            self._begun[page_id] = self._steps_of(next(row for row in PAGES if row.id == page_id))
        return self._begun[page_id]

    def bring_forward(self, page_id: str, *thens: Callable[[], object]) -> None:
        """Show a page, give it the keyboard, and do what is to be done on it; nothing happens before sign-on.

        One that does not stand yet comes in steps where somebody does them (see shell.coming).
        """
        if self._desk.session.signed_on is None or not any(row.id == page_id for row in PAGES):
            return
        if self._coming is not None and self._coming.takes(page_id, thens):
            return
        self.show_now(page_id)
        for then in thens:
            then()

    def show_now(self, page_id: str, *, with_keyboard: bool = True) -> None:
        """Show a page at once, made if it does not stand."""
        page = self.page(page_id)
        if page is None:
            return
        if page_id != self.front:
            self.front_will_change.emit(page_id)
        self.front = page_id
        self.setCurrentWidget(page)
        if with_keyboard:
            page.focus_front()

    def focus_front(self) -> None:
        """Give the keyboard to the page in front."""
        page = self.page()
        if page is not None:
            page.focus_front()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cover.fit()

    def show_sign_on(self) -> None:
        """Show the seats: nobody is signed on."""
        if self._coming is not None:
            self._coming.abandon()
        self.front = ""
        self.setCurrentWidget(self._sign_on)

    def steps(self, links: Links, now_s: float) -> Steps:
        """Let the page in front paint what changed, pane by pane.

        A frame that is under way is ended first, whoever began it: a key that comes in the middle of one needs the page
        as it will be after it, and a second one beside it would find half of the page already told.
        """
        yield from self._rest_of_frame()
        page = self.page()
        if page is not None and not self._is_stepping:
            self._frame = page.steps(links, now_s)
            yield from self._rest_of_frame()

    def _rest_of_frame(self) -> Steps:
        while self._frame is not None and not self._is_stepping:
            frame, self._frame, self._is_stepping = self._frame, None, True
            try:
                next(frame)
                self._frame = frame
            except StopIteration:
                continue
            finally:
                self._is_stepping = False
            yield

    def forget_scheme(self) -> None:
        """Another version of the catalogue came: the pages take it even when the scheme is the same."""
        self._scheme = ""

    def take_scheme(self) -> None:
        """Show the sectors of the own centre's scheme."""
        scheme = self._desk.scheme()
        if self._desk.names is not None and scheme != self._scheme:
            self._scheme = scheme
            for page in self.pages:
                page.take_catalogue(scheme)

    def take_facts(self, news: FactNews) -> None:
        """Hand on what the centre told."""
        if len(self._pages) < len(PAGES):
            self._missed.append(news)
        for page in self.pages:
            page.take_facts(news)

    def take_frame(self) -> None:
        """Hand on that values came."""
        for page in self.pages:
            page.take_frame()

    def take_preferences(self) -> None:
        """Let every page take over what the seat keeps."""
        for page in self.pages:
            page.take_preferences()

    def _steps_of(self, row: PageRow) -> Steps:
        try:
            if row.id not in self._pages:
                kind = row.load()
                yield
                page = kind(self._desk)
                yield from page.making()
                yield
                self.addWidget(page)
                yield
                self._take(row, page)
        finally:
            # Also of what failed half-way: who asks again begins anew.
            del self._begun[row.id]

    def _take(self, row: PageRow, page: Page) -> None:
        self._pages[row.id] = page
        self._tell_missed(page)
        if len(self._pages) == len(PAGES):
            self._missed.clear()
        self.page_was_made.emit(row.id)

    def _tell_missed(self, page: Page) -> None:
        if self._scheme:
            page.take_catalogue(self._scheme)
        for news in self._missed:
            page.take_facts(news)
        page.take_frame()
        if self._desk.session.signed_on is not None:
            page.take_preferences()

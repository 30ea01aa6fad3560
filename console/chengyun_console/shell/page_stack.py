"""Holds the pages of the table and the sign-on screen: one lies in front, news goes to all of them."""

from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps
from chengyun_console.pages.page import Page
from chengyun_console.shell.page_table import PAGES, PageRow
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews

_P = TypeVar("_P", bound=Page)


class PageStack(QStackedWidget):
    """Before sign-on no page is in front."""

    front_will_change = Signal(str)
    """Id of the page that comes to the front."""

    def __init__(self, desk: Desk, sign_on: QWidget, first: str) -> None:
        """`first`: id of the page shown after sign-on."""
        super().__init__()
        self._desk, self._sign_on, self._first = desk, sign_on, first
        self.front = ""
        """Id of the page in front; empty before sign-on."""
        self._pages: dict[str, Page] = {row.id: row.make(desk) for row in PAGES}
        self._scheme = ""
        for widget in (sign_on, *self._pages.values()):
            self.addWidget(widget)

    @property
    def wanted(self) -> str:
        """Return the id of the page in front, or of the one that will be after sign-on."""
        return self.front or self._first

    @property
    def pages(self) -> tuple[Page, ...]:
        """Return every page, in the order of the table."""
        return tuple(self._pages.values())

    def of(self, kind: type[_P]) -> _P:
        """Return the page of this class."""
        return next(page for page in self._pages.values() if isinstance(page, kind))

    def row(self) -> PageRow | None:
        """Return the row of the page in front, None before sign-on."""
        return next((row for row in PAGES if row.id == self.front), None)

    def page(self, page_id: str = "") -> Page | None:
        """Return a page, the one in front when none is named; None when there is none."""
        return self._pages.get(page_id or self.front)

    def bring_forward(self, page_id: str) -> None:
        """Show a page and give it the keyboard; nothing happens before sign-on."""
        page = self._pages.get(page_id)
        if page is None or self._desk.session.signed_on is None:
            return
        if page_id != self.front:
            self.front_will_change.emit(page_id)
        self.front = page_id
        self.setCurrentWidget(page)
        page.focus_front()

    def show_sign_on(self) -> None:
        """Show the seats: nobody is signed on."""
        self.front = ""
        self.setCurrentWidget(self._sign_on)

    def steps(self, links: Links, now_s: float) -> Steps:
        """Let the page in front paint what changed, pane by pane."""
        page = self.page()
        if page is not None:
            yield from page.steps(links, now_s)

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

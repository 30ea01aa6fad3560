"""Pages of events that have ended, asked one after the other from the newest downwards: a list without a seam."""

import logging
from collections.abc import Callable
from dataclasses import replace

from chengyun_console.desk import Desk
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Reason
from chengyun_core.wire.codec import BadMessage, unpack
from chengyun_core.wire.event_asks import AskEventPage, AskEventSearch, EventPage

logger = logging.getLogger(__name__)

PAGE = 100
MOST = 2_000
"""Rows kept in one list; whoever looks for older ones filters."""


class EventPager:
    """Begun with a filter; `more` asks the next page, and `changed` is called with each that came."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self._desk, self._changed = desk, changed
        self._first = self._ask = AskEventPage(limit=PAGE)
        self._is_asking = False
        self._is_begun = False
        self.records: dict[int, Event] = {}
        """By number."""
        self.is_at_end = False
        self.failed: Reason | None = None
        desk.label_watch.did_change.connect(self.renew)

    def begin(self, ask: AskEventPage) -> None:
        """Begin anew with other filters; the same ones keep what was loaded."""
        if ask == self._first and self._is_begun:
            return
        self._first, self._ask, self._is_begun = ask, ask, True
        self.records, self.is_at_end, self.failed = {}, False, None
        self._send(ask)

    def renew(self) -> None:
        """Ask the same anew from the top: what was loaded may be more than may be seen now."""
        self.records, self.is_at_end, self._ask = {}, False, self._first
        if self._is_begun:
            self._send(self._first)

    def more(self) -> None:
        """Ask the next page, unless it is under way or there is none."""
        if self._is_begun and not self._is_asking and not self.is_at_end:
            self._send(self._ask)

    def _send(self, ask: AskEventPage) -> None:
        self._is_asking = True
        kind = "event.search" if isinstance(ask, AskEventSearch) else "event.page"
        self._desk.session.ask(kind, ask, self._on_page, slot="events.page")

    def _on_page(self, told: object) -> None:
        self._is_asking = False
        if isinstance(told, Reason):
            self.failed = told
        elif isinstance(told, EventPage):
            self.failed = None
            self._take(told)
        self._changed()

    def _take(self, page: EventPage) -> None:
        for packed in page.records:
            try:
                event = unpack(packed, Event)
            except BadMessage as fault:
                logger.warning("an event of a page is damaged: %s", fault)
                continue
            self.records[event.number] = event
        self.is_at_end = page.before == 0 or len(self.records) >= MOST
        if page.before:
            self._ask = replace(self._ask, before=page.before)
            if not page.records:
                self.more()

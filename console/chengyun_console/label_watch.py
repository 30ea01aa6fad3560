"""What a desk forgets when a label or its officer's clearance changed: the mirror is new, panes hold what was told."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from chengyun_console.drafts import Drafts
from chengyun_console.event_focus import EventFocus
from chengyun_console.order_batch import OrderBatch
from chengyun_console.order_focus import OrderFocus
from chengyun_console.session.session import Session
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights import DIMMED
from chengyun_core.wire.event_asks import AskEvent

OF_AN_EVENT = ("report", "edit", "review")
"""Drafts that are named `<what>.<event>`."""


class LabelWatch(QObject):
    """One per desk. Panes that keep what the centre answered them connect to `did_change`, forget it and ask again."""

    did_change = Signal()
    """Everything in the mirror was told anew: what was answered before may be more than is to be seen now."""
    focus_was_lost = Signal()
    """The event in focus is not to be read any more: sheets about it close."""

    def __init__(
        self, session: Session, drafts: Drafts, batch: OrderBatch, event: EventFocus, order: OrderFocus
    ) -> None:  # fmt: skip
        super().__init__()
        self._session, self._drafts, self._batch = session, drafts, batch
        self._event, self._order = event, order

    def take(self, news: FactNews) -> None:
        """Take news that tell everything anew; the mirror has them already."""
        if not news.relabelled:
            return
        gone = {int(key) for kind, key in news.gone if kind == "event"}
        for number in gone:
            # It may just have ended: only who is told that there is no such event has lost it.
            ask = AskEvent(event=number)
            self._session.ask("event.get", ask, partial(self._on_told, number), slot=f"labels.{number}")
        self._order.forget()
        self._event.forget(gone)
        record = self._event.record
        if self._event.number is None or (record is not None and record.title == DIMMED):
            self.focus_was_lost.emit()
        self.did_change.emit()

    def _on_told(self, number: int, told: object) -> None:
        """Drop what was half written about an event that is not known here any more."""
        if isinstance(told, Reason) and told.code == "event.unknown":
            for name in OF_AN_EVENT:
                self._drafts.drop(f"{name}.{number}")
            self._batch.drop_event(number)

"""Which event is in focus at this desk, as it stands or as it was known last."""

from PySide6.QtCore import QObject, Signal

from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.event import Attachment, Event, EventReport, Improvement


class EventFocus(QObject):
    """Pages, sheets and keys follow it. A living event is read from the mirror; an ended one is given by who asked."""

    did_change = Signal()
    """Another event is in focus, or none."""

    def __init__(self, facts: FactMirror) -> None:
        super().__init__()
        self._facts = facts
        self.number: int | None = None
        self._given: Event | None = None
        self.unreceived: tuple[EventReport, ...] = ()
        """Reports of it that nobody at the superior's has received yet, as far as they are known here."""
        self.file: Attachment | None = None
        """The one of its files that is chosen, while the files are in front."""
        self.files: tuple[Attachment, ...] = ()
        """Its files in the order in which they are listed."""
        self.item: Improvement | None = None
        """The item of a review that is chosen among what is owed, and what it is called."""
        self.item_name = ""
        self.taken_in: tuple[Event, ...] = ()
        """Events that were merged into it, as far as they are known here."""

    @property
    def record(self) -> Event | None:
        """Return the event as it stands now, an ended one as it was given; None when nothing is in focus."""
        if self.number is None:
            return None
        return self._facts.events.get(self.number) or self._given

    def select(self, number: int | None, given: Event | None = None) -> None:
        """Put an event in focus. `given`: its record, of one that has ended."""
        if number == self.number:
            self.take(given)
            return
        self.number, self._given, self.unreceived = number, given, ()
        self.file, self.files, self.taken_in = None, (), ()
        self.did_change.emit()

    def forget(self, gone: set[int]) -> None:
        """Forget what was told of it: a label changed. `gone`: events that left the mirror with that."""
        if self.number in gone:
            self.select(None)
            return
        self._given, self.unreceived, self.item, self.item_name = None, (), None, ""
        self.file, self.files, self.taken_in = None, (), ()
        self.did_change.emit()

    def take(self, given: Event | None) -> None:
        """Keep the record of the event in focus for when the mirror has it no more."""
        if (
            given is not None
            and given.number == self.number
            and (self._given is None or given.version >= self._given.version)
        ):
            self._given = given

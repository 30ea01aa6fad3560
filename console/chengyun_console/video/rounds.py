"""A round (轮巡) that runs in panes: the next cameras when their time is over, until somebody stops it."""

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_core.model.camera import CameraRound


class Rounds(QObject):
    """Told the time with each beat; it turns pages only while pictures are looked at.

    It follows its record: a round that somebody took away stops where it is and says so, one that was written anew is
    to be begun anew.
    """

    turn_is_due = Signal()
    did_change = Signal()
    """Begun or ended."""
    was_rewritten = Signal(object)
    """CameraRound: the one that runs has other cameras, another grid or another time now."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.running: CameraRound | None = None
        self._next_s = self._now_s = 0.0
        desk.session.facts_came.connect(self._on_facts)

    def begin(self, chosen: CameraRound, now_s: float) -> None:
        """Go round from the first page on; monotonic seconds."""
        self.running, self._now_s, self._next_s = chosen, now_s, now_s + chosen.dwell_s
        self.did_change.emit()

    def stop(self) -> bool:
        """Stay where it is; return whether a round ran."""
        was, self.running = self.running is not None, None
        if was:
            self.did_change.emit()
        return was

    def hold(self, now_s: float) -> None:
        """Begin the time of this page anew: somebody turned it by hand, or looks at one camera."""
        if self.running is not None:
            self._next_s = now_s + self.running.dwell_s

    def tick(self, now_s: float) -> None:
        """Say when a page's time is over."""
        self._now_s = now_s
        if self.running is not None and now_s >= self._next_s:
            self._next_s = now_s + self.running.dwell_s
            self.turn_is_due.emit()

    def head(self, page: int, pages: int) -> str:
        """Return what runs, which page is shown and when the next one comes; nothing while none runs."""
        if self.running is None:
            return ""
        left = max(0, round(self._next_s - self._now_s))
        return self._desk.say("panes.running", name=self.running.name, page=page, pages=pages, seconds=left)

    def _on_facts(self, _news: object) -> None:
        was = self.running
        if was is None:
            return
        told = self._desk.session.facts.cameras.rounds.get(was.number)
        if told is None:
            self.stop()
            self._desk.message_came.emit(self._desk.say("rounds.gone", name=was.name), False)
        elif told.version > was.version:
            self.was_rewritten.emit(told)

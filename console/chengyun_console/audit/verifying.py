"""Walks the journal from its first row to its last, as much at once as the centre answers, and can be stopped."""

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_core.model.failure import Reason
from chengyun_core.wire.rights_asks import AskAuditCheck, AuditChecked

AT_ONCE = 500
_SLOT = "audit.check"


class Verifying(QObject):
    """One walk at a time; another one begins anew."""

    did_advance = Signal(int, int)
    """Rows found right, and rows there are."""
    did_end = Signal(int, str)
    """Number of the first wrong row and the code of its fault; 0 and nothing: all are right."""
    did_fail = Signal(object)
    """Reason why the centre did not answer."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.done, self.all = 0, 0
        self.is_going = False

    def begin(self, tail: int) -> None:
        """Verify the rows 1 … tail."""
        self.done, self.all, self.is_going = 0, tail, tail > 0
        if self.is_going:
            self._ask()
        else:
            self.did_end.emit(0, "")

    def stop(self) -> None:
        """Leave it where it is."""
        self.is_going = False

    def _ask(self) -> None:
        body = AskAuditCheck(first=self.done + 1, last=min(self.done + AT_ONCE, self.all))
        self._desk.session.ask("audit.check", body, self._take, slot=_SLOT)

    def _take(self, told: object) -> None:
        if not self.is_going:
            return
        if isinstance(told, Reason):
            self.is_going = False
            self.did_fail.emit(told)
            return
        assert isinstance(told, AuditChecked)
        if told.fault:
            self.is_going = False
            self.did_end.emit(told.number, told.fault)
            return
        self.done = min(self.done + AT_ONCE, self.all)
        self.did_advance.emit(self.done, self.all)
        if self.done < self.all:
            self._ask()
        else:
            self.is_going = False
            self.did_end.emit(0, "")

"""Locks the seat of an officer who is away (G1): the pages are covered, strip, lamps, clock and sound go on."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.session.answers import SignOnEnded
from chengyun_console.shell.barrier import Barrier
from chengyun_console.shell.idle_watch import IdleWatch
from chengyun_console.shell.lock_sheet import LockSheet
from chengyun_console.shell.sign_on import SECOND_FACTOR
from chengyun_console.sound import asks
from chengyun_core.mirror.links import Reach
from chengyun_core.model.failure import Reason
from chengyun_widgets.watermark import Watermark


class SeatLock(QObject):
    """The seat stays taken and the session alive; only the password of who holds it opens the lock.

    Nobody is locked out by the machine: while the centre is not there to check a password, and in a demo, whose
    officer knows none, it does not lock by itself.
    """

    def __init__(self, desk: Desk, tick: FrameTick, window: QWidget, page: QWidget) -> None:
        """`page`: what is covered, together with everything beside it at its height."""
        super().__init__(window)
        self._desk, self._window, self._page = desk, window, page
        self.sheet = LockSheet(desk, window)
        self._barrier = Barrier(self.sheet)
        self._idle = IdleWatch(self)
        self._before: QWidget | None = None
        self._handle: QWindow | None = None
        page.installEventFilter(self)
        self.sheet.password_was_given.connect(desk.session.confirm)
        desk.session.confirm_ended.connect(self._on_confirmed)
        desk.session.sign_on_ended.connect(self._on_sign_on_ended)
        tick.page_ticked.connect(self._refresh)

    @property
    def is_locked(self) -> bool:
        """Whether the pages are covered."""
        return not self.sheet.isHidden()

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the window does for the actions of lock and sound."""
        return {**asks.doers(self._desk), "session.lock": self.lock}

    def lock(self) -> None:
        """Cover the pages now."""
        signed_on = self._desk.session.signed_on
        if signed_on is None or self.is_locked:
            return
        if signed_on.glass:
            # Its officer may be locked out, or know a sealed code that is used up: nothing would open the lock again.
            self._desk.message_came.emit(self._desk.say("glass.band.no_lock"), True)
            return
        self._before = self._window.focusWidget()
        since = self._desk.figures.clock(self._desk.now_ns())
        name = signed_on.name or signed_on.account
        self._place()
        self._barrier.close()
        self.sheet.ask(self._desk.say("lock.lead", seat=signed_on.seat, name=name, time=since))
        for watermark in self._window.findChildren(Watermark):
            watermark.raise_()

    def _unlock(self) -> None:
        self._barrier.open()
        self.sheet.hide()
        self._idle.touch()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def _refresh(self, now_s: float) -> None:
        if (handle := self._window.windowHandle()) is not self._handle:
            self._handle = handle
            self._idle.watch(handle)
        minutes = self._desk.preferences.idle_lock_minutes
        idle_s = self._idle.idle_s(now_s)
        if minutes and idle_s >= minutes * 60 and not self.is_locked and self._may_lock():
            self.lock()

    def _may_lock(self) -> bool:
        links = self._desk.session.links()
        beat = links.ingest.heartbeat
        signed_on = self._desk.session.signed_on
        is_lent = signed_on is not None and bool(signed_on.glass)
        return links.centre.reach is Reach.LIVE and not is_lent and not (beat is not None and beat.demo)

    def _on_confirmed(self, failed: Reason | None) -> None:
        if self.is_locked and failed is None:
            self._unlock()
        elif failed is not None:
            asks = failed.code == SECOND_FACTOR
            (self.sheet.ask_code if asks else self.sheet.show_answer)(self._desk.refusal(failed))

    def _on_sign_on_ended(self, _ended: SignOnEnded) -> None:
        """The seat was lost or left: the sign-on screen asks for more than the sheet."""
        if self.is_locked:
            self._unlock()

    def _place(self) -> None:
        top = self._page.mapTo(self._window, self._page.rect().topLeft()).y()
        self.sheet.setGeometry(0, top, self._window.width(), self._page.height())

    @override
    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if target is self._page and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

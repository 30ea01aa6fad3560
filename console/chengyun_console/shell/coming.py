"""Lets a page that is asked for before its turn come in steps; what is done meanwhile is done after it, in order."""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.frame_turns import Steps
from chengyun_console.shell.coming_cover import ComingCover, Go
from chengyun_console.shell.kept_keys import KeptKey, press_again
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.rooms import Rooms

Thens = tuple[Callable[[], object], ...]
"""What is to be done on a page once it is in front."""


class Coming(QObject):
    """One page comes at a time, with the room that belongs to it; a cover with its frame lies over the pages meanwhile.

    The beat does the steps: where none beats (before the start, after the end) a page is made at once.
    """

    goal_did_change = Signal(str)
    """Id of the page that comes; of the one that stays in front when it does not."""

    def __init__(
        self, desk: Desk, tick: FrameTick, window: QWidget, *, stack: PageStack, rooms: Rooms,
        first_frame: Callable[[], Steps], may_press: Callable[[], bool],
    ) -> None:  # fmt: skip
        """`first_frame` brings the page in front to now; `may_press`: whether keys may act, no lock being shut."""
        super().__init__(window)
        self._desk, self._tick, self._window, self._stack, self._rooms = desk, tick, window, stack, rooms
        self._first_frame, self._may_press = first_frame, may_press
        self._cover: ComingCover = stack.cover
        self._go: Go | None = None
        self._begun: Steps | None = None
        self._is_turning = False
        """A step is being done: what is made in it may ask for the page, and has it."""
        self._before: QWidget | None = None
        tick.join(self, self.steps)

    @property
    def goal(self) -> str:
        """Return the id of the page that comes, empty when none does."""
        return self._go.page if self._go is not None else ""

    def takes(self, page: str, thens: Thens) -> bool:
        """Let a page come, or wait for its turn after the one that comes; return False when it can be shown at once."""
        if self._go is not None:
            self._wait(self._go, page, thens)
            return True
        if not self._tick.is_beating or self._rooms.stand_for(page):
            return False
        self._begin(Go(page=page, thens=[*thens]))
        return True

    def steps(self, _now_s: float) -> Steps:
        """Do the steps that are left, with a pause after each; joined to the beat."""
        while self._begun is not None:
            self._turn(self._begun)
            yield

    def finish(self, page: str) -> None:
        """Have a page there now, when it is the one that comes: somebody needs it whole.

        Not for its own room in the making, whoever makes it: the steps that wait for that would wait for themselves.
        """
        if self._rooms.is_being_made(page):
            return
        while self._begun is not None and not self._is_turning and self.goal == page:
            self._turn(self._begun)

    def abandon(self) -> None:
        """Nobody is signed on any more, or the window goes: nothing comes, and no key is pressed."""
        if self._go is not None:
            self._go = self._begun = None
            self._cover.leave()
        self._cover.forget()

    def _wait(self, go: Go, page: str, thens: Thens) -> None:
        last = self._cover.kept[-1] if self._cover.kept else go
        if isinstance(last, Go) and last.page == page:
            # Asked once more by an impatient click: it is not to go on to its next pane for that.
            last.thens.extend(thens)
        else:
            self._cover.keep(Go(page=page, thens=[*thens]))

    def _begin(self, go: Go) -> None:
        self._go, self._begun = go, self._steps(go)
        self._before = self._window.focusWidget()
        self.goal_did_change.emit(go.page)
        self._cover.cover(go.page)

    def _turn(self, begun: Steps) -> None:
        go, self._is_turning = self._go, True
        try:
            next(begun, None)
        except Exception:
            if go is not None and self._go is go:
                self._fail(go)
            raise
        finally:
            self._is_turning = False

    def _steps(self, go: Go) -> Steps:
        yield  # The frame is painted before anything is made.
        for name in self._rooms.names_for(go.page):
            # Not `yield from`: whoever else needs it finishes the same steps.
            while not self._rooms.stands(name):
                next(self._rooms.making(name), None)
                yield
        self._stack.show_now(go.page, with_keyboard=False)
        self._cover.raise_()
        yield
        yield from self._first_frame()
        self._arrive(go)

    def _arrive(self, go: Go) -> None:
        """Uncover the page and do what waited for it, the first who asked first."""
        has_keyboard = self._window.focusWidget() is self._cover
        self._go = self._begun = self._before = None
        if has_keyboard:
            self._stack.focus_front()
        self._cover.leave()
        try:
            for then in go.thens:
                then()
        finally:
            self._do_kept(has_keyboard=has_keyboard)

    def _do_kept(self, *, has_keyboard: bool) -> None:
        """Press the keys that were kept, until one of them, or a click, leads to a page that has to come itself.

        Where something else took the keyboard meanwhile they would be pressed for that: they are told instead.
        """
        lost, self._cover.refused = self._cover.refused, 0
        while self._cover.kept and self._go is None:
            one = self._cover.kept.popleft()
            if isinstance(one, Go):
                self._stack.bring_forward(one.page, *one.thens)
                has_keyboard = True
            elif has_keyboard and self._may_press():
                press_again(self._window, one)
            else:
                lost += 1
        self._tell_lost(lost)

    def _fail(self, go: Go) -> None:
        """It cannot be made: stay where we are, say so, and press nothing that was meant for it."""
        self._go = self._begun = None
        lost, self._cover.refused = self._cover.refused, 0
        kept = self._cover.kept
        while kept and isinstance(kept[0], KeptKey):
            kept.popleft()
            lost += 1
        self._cover.leave()
        self.goal_did_change.emit(self._stack.front)
        if self._before is not None and shiboken6.isValid(self._before) and self._before.isVisible():
            self._before.setFocus()
        self._before = None
        page = self._desk.say(f"console.page.{go.page}")
        self._desk.message_came.emit(self._desk.say("coming.failed", page=page, count=lost), True)
        self._do_kept(has_keyboard=False)

    def _tell_lost(self, count: int) -> None:
        if count and self._desk.session.signed_on is not None:
            self._desk.message_came.emit(self._desk.say("coming.lost", count=count), True)

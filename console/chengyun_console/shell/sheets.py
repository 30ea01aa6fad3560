"""The sheets that lie over any page on request: how to print the pane in focus, and the handbook."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.shell.overlay import Overlay

if TYPE_CHECKING:
    from chengyun_console.guide.sheet import HelpSheet
    from chengyun_console.paper.sheet import PrintSheet


class Sheets:
    """Made once by the window, which says what lies where; each sheet is made, and imported, when first asked for."""

    def __init__(self, desk: Desk, window: QWidget, area: Callable[[], QRect]) -> None:
        self._desk, self._window, self._area = desk, window, area
        self._made: dict[str, Overlay] = {}

    @cached_property
    def printing(self) -> "PrintSheet":
        """How to print the pane in focus."""
        from chengyun_console.paper.sheet import PrintSheet  # noqa: PLC0415 - see above

        made = PrintSheet(self._desk, self._window)
        self._made["printing"] = made
        return made

    @cached_property
    def handbook(self) -> "HelpSheet":
        """The handbook and what the keys do."""
        from chengyun_console.guide.sheet import HelpSheet  # noqa: PLC0415 - see above

        made = HelpSheet(self._desk, self._window)
        self._made["handbook"] = made
        return made

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return tuple(self._made[name] for name in ("handbook", "printing") if name in self._made)

    @property
    def standing(self) -> tuple[str, ...]:
        """Return the names of the sheets that are made."""
        return tuple(self._made)

    def make(self, name: str) -> Overlay:
        """Make a sheet, "printing" or "handbook", when it is not made yet."""
        return self.printing if name == "printing" else self.handbook

    def hide(self) -> None:
        """Hide all: nobody is signed on any more."""
        for sheet in self.overlays:
            sheet.hide()

    def doers(
        self, page: Callable[[], QWidget], over: Callable[[], tuple[Overlay, ...]]
    ) -> dict[str, Callable[[], object]]:
        """Return what the keys do. `page`: the page in front; `over`: what may lie over it, the nearest first."""
        return {
            "pane.print": lambda: self._print(page(), over()),
            "help.open": lambda: self._help(page(), over()),
        }

    def _print(self, page: QWidget, over: tuple[Overlay, ...]) -> None:
        """Ask how to print the pane in front: a card that lies over the page, else the pane with the keyboard."""
        from chengyun_console.paper.finding import pane_with, panes_of  # noqa: PLC0415 - see above

        if self.printing.close_over():
            return
        front = [sheet for sheet in over if sheet.isVisible() and sheet not in self.overlays]
        panes = panes_of((*front, page))
        focused = panes[0] if front else pane_with(self._window.focusWidget(), panes)
        if focused is None:
            self._desk.message_came.emit(self._desk.say("paper.nothing_here"), True)
        else:
            self.printing.open_for(panes, focused, self._area())

    def _help(self, page: QWidget, over: tuple[Overlay, ...]) -> None:
        """Open the handbook at what is in front; the key that opened it closes it."""
        from chengyun_console.guide.chapters import chapter_about  # noqa: PLC0415 - see above

        self.handbook.field.clear()
        if self.handbook.close_over():
            return
        front = next((sheet for sheet in over if sheet.isVisible()), None)
        focus: QWidget | None = front if front is not None else self._window.focusWidget()
        about = chapter_about(page if focus is None else focus)
        self.handbook.open_at(about, self._area())

"""What the window does about the mode: the sheet of the switch, the red frame, and what a declaration changes here."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.mode.sheet import ModeSheet
from chengyun_console.shell.overlay import Overlay


class ModeDesk(QObject):
    """Made when the sheet is first asked for; frame and keeper belong to the window and are there from the start."""

    def __init__(self, desk: Desk, parent: QWidget, *, area: Callable[[], QRect]) -> None:
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._area = area
        self.sheet = ModeSheet(desk, parent)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves."""
        return (self.sheet,)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions about the mode do, by their ids."""
        return {"mode.change": self.open, "mode.lift": self.lift}

    def refresh(self) -> None:
        """Bring the sheet to now; called on each frame."""
        self.sheet.refresh()

    def open(self) -> None:
        """Open the sheet, or close it."""
        if not self.sheet.close_over():
            self.sheet.open_over(self._area())

    def lift(self) -> None:
        """Open the sheet at the declaration that can be lifted, the newest of several."""
        self.sheet.open_over(self._area())
        self.sheet.choose_lift()

    def suggest(self, *, scope: str = "", preset: str = "", evidence: str = "", reason: str = "") -> None:
        """Open the sheet with what a warning or event suggests."""
        self.sheet.open_over(self._area())
        self.sheet.suggest(scope=scope, preset=preset, evidence=evidence, reason=reason)

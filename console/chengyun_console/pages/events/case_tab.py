"""What every tab of an event's card is: a pane that is told a case."""

from PySide6.QtWidgets import QWidget

from chengyun_console.event_case import Case


class CaseTab(QWidget):
    """One tab: told whenever the case changed, and once a second while it is in front."""

    def show_case(self, case: Case, now_ns: int) -> None:
        """Show a case; the same one costs little."""

    def count(self, _case: Case) -> int:
        """Return how much there is in it, for its title; 0 shows no figure."""
        return 0

    def entered(self) -> None:
        """It is in front now."""

    def left(self) -> None:
        """Another one is in front now."""

"""What panes about plans ask of the window: the orders of a run, looked over and sent."""

from PySide6.QtCore import QObject, Signal


class PlanFocus(QObject):
    """One per desk: a runner pane may stand on any page, and the sheet that sends orders lies over all of them."""

    orders_were_asked = Signal(int)
    """Number of the run whose ready steps are to be ordered."""

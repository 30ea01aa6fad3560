"""How often the GUI is handed state: as soon as there is some, while that costs it at most a tenth of its time."""

LEAST_GAP_NS = 5_000_000
"""As often as a daemon publishes."""
LONGEST_GAP_NS = 50_000_000
"""As often as pages draw: a GUI that is slow at taking over gets its news together with the tick, as it always did."""
REST = 9
"""After a hand-over the GUI has so many times the cost of it for itself."""


class Pace:
    """Instants on the monotonic clock, ns. Owned by the reader's thread."""

    def __init__(self) -> None:
        self.due_ns = 0
        """From when state may be handed over again."""

    def handed(self, now_ns: int, cost_ns: int) -> None:
        """Take note of a hand-over; `cost_ns` is what taking over the one before cost the GUI thread."""
        self.due_ns = now_ns + min(max(LEAST_GAP_NS, cost_ns * (REST + 1)), LONGEST_GAP_NS)

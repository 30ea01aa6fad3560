"""Asks the archive what it knows to be missing in the window on screen, and says why (V3: a gap has a reason)."""

from chengyun_console.desk import Desk
from chengyun_core.wire.envelope import AskHistory, History
from chengyun_widgets.multi_record import Hatch, TrendZone

SLOT = "trend-gaps"
_KNOWN = ("feed_damaged", "feed_full", "damaged")


class ArchiveGaps:
    """The gaps of one vital in one window; asked again when either changes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked: tuple[int, int, int] = (-1, 0, 0)
        self.zones: tuple[TrendZone, ...] = ()

    def tend(self, vital: int, from_ns: int, to_ns: int) -> None:
        """Ask for a window (of whole tiles, so that scrolling within them asks nothing)."""
        asked = (vital, from_ns, to_ns)
        if asked == self._asked:
            return
        if vital != self._asked[0]:
            self.zones = ()
        self._asked = asked
        ask = AskHistory(kind="vitals", series=vital, from_ns=from_ns, to_ns=to_ns, pixels=1)
        self._desk.session.ask("history", ask, self._came, slot=SLOT)

    def _came(self, told: object) -> None:
        """Take the gaps; an archive that does not answer is told by the tiles, not here."""
        if isinstance(told, History) and told.series == self._asked[0]:
            self.zones = tuple(self._zone(*gap) for gap in told.gaps)

    def _zone(self, from_ns: int, to_ns: int, samples: int, why: str) -> TrendZone:
        say, known = self._desk.say, why.partition(" ")[0]
        told = say(f"vitals.gap.{known}") if known in _KNOWN else say("vitals.gap.other", why=why)
        note = (
            say("vitals.zone.gap_samples", samples=samples, why=told)
            if samples >= 0
            else say("vitals.zone.gap", why=told)
        )
        return TrendZone(hatch=Hatch.GAP, from_ns=from_ns, to_ns=max(to_ns, from_ns + 1), note=note)

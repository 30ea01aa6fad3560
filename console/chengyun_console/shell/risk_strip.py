"""The risk strip of the frame: keeps the ticker in step with alarms, or with bands before anybody signed on."""

from chengyun_console.desk import Desk
from chengyun_console.shell import strip_records
from chengyun_core.mirror.links import Links, Reach
from chengyun_widgets.ticker import Ticker


class RiskStrip:
    """Told that something changed; hands the ticker new items at most once a frame."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.ticker = Ticker(desk.theme)
        self._items = strip_records.AlarmItems()
        self._is_narrow = False
        self._is_dirty = True
        self._shown: object = None

    def set_narrow(self, *, narrow: bool) -> None:
        """On a narrow screen the hints give their room to the items; the keys stay the same."""
        if narrow != self._is_narrow:
            self._is_narrow, self._shown, self._is_dirty = narrow, None, True

    def mark_dirty(self) -> None:
        """Look again on the next frame."""
        self._is_dirty = True

    def refresh(self, links: Links) -> None:
        """Show the alarms known, or the bands when none may be read yet."""
        if not self._is_dirty:
            return
        self._is_dirty = False
        facts = self._desk.session.facts
        if self._desk.names is None:
            return
        if self._desk.session.signed_on is not None and facts.through > 0:
            self._show_alarms(links)
        else:
            self._show_bands()

    def _show_alarms(self, links: Links) -> None:
        desk, board = self._desk, self._desk.session.facts.board
        lost = links.centre.reach in (Reach.LOST, Reach.REFUSED)
        state = (board, desk.words, lost)
        if state == self._shown:
            return
        self._shown = state
        self.ticker.set_items(self._items.made(desk, narrow=self._is_narrow))
        self.ticker.set_counts(strip_records.counts(desk, board.counts))
        empty = desk.say("console.strip.unknown" if lost else "console.strip.empty")
        self.ticker.set_texts(strip_records.texts(desk, board.unacknowledged, empty=empty, narrow=self._is_narrow))

    def _show_bands(self) -> None:
        desk, state = self._desk, self._desk.session.state
        shown = (state.band.tobytes(), desk.words)
        if shown == self._shown:
            return
        self._shown = shown
        self.ticker.set_items(strip_records.band_items(desk))
        self.ticker.set_counts(strip_records.counts(desk, strip_records.band_counts(desk)))
        known = desk.names is not None and not state.silent
        empty = desk.say("console.strip.empty" if known else "console.strip.waiting")
        self.ticker.set_texts(strip_records.texts(desk, None, empty=empty, narrow=self._is_narrow))

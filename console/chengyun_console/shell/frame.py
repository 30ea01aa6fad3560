"""What stands around every page: top bar, risk strip, rail and status bar, told once a second how things are."""

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.shell import frame_records
from chengyun_console.shell.page_table import PAGES, PageRow
from chengyun_console.shell.risk_strip import RiskStrip
from chengyun_console.shell.status_bar import StatusBar
from chengyun_console.shell.top_bar import TopBar
from chengyun_core.mirror.links import Links
from chengyun_widgets.rail import Rail, RailPage

_MOST_DIGIT = 9


class Frame:
    """Made once by the window, which lays it out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.top_bar = TopBar(desk.theme)
        self.strip = RiskStrip(desk)
        self.rail = Rail(desk.theme)
        self.rail.setAccessibleName(desk.say("console.rail"))
        self.status_bar = StatusBar(desk.theme)

    def show(self, links: Links) -> None:
        """Show how links and facts stand, and what waits on the pages."""
        self.top_bar.show_record(frame_records.top_bar_record(self._desk, links))
        self.status_bar.show_record(frame_records.status_record(self._desk, links))
        self.rail.show_pages([self._rail_page(row) for row in PAGES if row.on_rail])

    def _rail_page(self, row: PageRow) -> RailPage:
        waiting = row.waiting(self._desk)
        badge = "" if not waiting else str(waiting) if waiting <= _MOST_DIGIT else f"{_MOST_DIGIT}+"
        key = next(iter(BY_ID[row.action].keys), "")
        return RailPage(key=row.id, text=self._desk.say(f"console.page.{row.id}"), hint=key, badge=badge)

"""The pages of the console in one table: what makes each, and whether it stands on the rail.

A page is added by a row here, an action of the same title in `actions.table` (its key is the page's key) and its texts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.pages.orders.page import OrdersPage
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.page import PlansPage
from chengyun_console.pages.sources.page import SourcesPage
from chengyun_console.pages.vitals.page import VitalsPage


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One page. The drawing has no icons: a page shows its name and its key."""

    id: str
    """Also the end of its text code, `console.page.<id>`."""
    action: str
    """Id of the action that goes there."""
    make: Callable[[Desk], Page]
    on_rail: bool = True
    """False: reached by something else, and left by Esc to the first page."""


PAGES: tuple[PageRow, ...] = (
    PageRow(id="F1", action="page.cockpit", make=CockpitPage),
    PageRow(id="F2", action="page.vitals", make=VitalsPage),
    PageRow(id="F3", action="page.events", make=EventsPage),
    PageRow(id="F4", action="page.tasks", make=OrdersPage),
    PageRow(id="F7", action="page.plans", make=PlansPage),
    PageRow(id="sources", action="page.sources", make=SourcesPage, on_rail=False),
)
"""Pages that are built, in the order of the rail; nothing else is shown. The first is where everybody begins."""

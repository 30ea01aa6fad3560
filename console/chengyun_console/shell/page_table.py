"""The pages of the console in one table: what makes each, what waits there, and whether it stands on the rail.

A page is added by a row here, an action of the same title in `actions.table` (its key is the page's key) and its texts.
What a page needs is imported when the page is made: only the first one is there before an officer can work (see
shell.rooms).
"""

from collections.abc import Callable
from dataclasses import dataclass

from chengyun_console import waiting
from chengyun_console.desk import Desk
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.pages.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One page. The drawing has no icons: a page shows its name and its key."""

    id: str
    """Also the end of its text code, `console.page.<id>`."""
    action: str
    """Id of the action that goes there."""
    kind: str
    """Name of the page's class."""
    make: Callable[[Desk], Page]
    waiting: Callable[[Desk], int] = waiting.nothing
    """How many things wait there for this officer: the badge on the rail, also before the page is made."""
    on_rail: bool = True
    """False: reached by something else, and left by Esc to the first page."""


def _vitals(desk: Desk) -> Page:
    from chengyun_console.pages.vitals.page import VitalsPage  # noqa: PLC0415 - see above

    return VitalsPage(desk)


def _events(desk: Desk) -> Page:
    from chengyun_console.pages.events.page import EventsPage  # noqa: PLC0415 - see above

    return EventsPage(desk)


def _orders(desk: Desk) -> Page:
    from chengyun_console.pages.orders.page import OrdersPage  # noqa: PLC0415 - see above

    return OrdersPage(desk)


def _map(desk: Desk) -> Page:
    from chengyun_console.pages.map.page import MapPage  # noqa: PLC0415 - see above

    return MapPage(desk)


def _command(desk: Desk) -> Page:
    from chengyun_console.pages.command.page import CommandPage  # noqa: PLC0415 - see above

    return CommandPage(desk)


def _plans(desk: Desk) -> Page:
    from chengyun_console.pages.plans.page import PlansPage  # noqa: PLC0415 - see above

    return PlansPage(desk)


def _warnings(desk: Desk) -> Page:
    from chengyun_console.warnings.page import WarningsPage  # noqa: PLC0415 - see above

    return WarningsPage(desk)


def _duty(desk: Desk) -> Page:
    from chengyun_console.pages.duty.page import DutyPage  # noqa: PLC0415 - see above

    return DutyPage(desk)


def _audit(desk: Desk) -> Page:
    from chengyun_console.audit.page import AuditPageView  # noqa: PLC0415 - see above

    return AuditPageView(desk)


def _glass(desk: Desk) -> Page:
    from chengyun_console.glass.page import GlassPageView  # noqa: PLC0415 - see above

    return GlassPageView(desk)


def _sources(desk: Desk) -> Page:
    from chengyun_console.pages.sources.page import SourcesPage  # noqa: PLC0415 - see above

    return SourcesPage(desk)


def _devices(desk: Desk) -> Page:
    from chengyun_console.pages.devices.page import DevicesPage  # noqa: PLC0415 - see above

    return DevicesPage(desk)


PAGES: tuple[PageRow, ...] = (
    PageRow(id="F1", action="page.cockpit", kind="CockpitPage", make=CockpitPage, waiting=waiting.alarms),
    PageRow(id="F2", action="page.vitals", kind="VitalsPage", make=_vitals),
    PageRow(id="F3", action="page.events", kind="EventsPage", make=_events, waiting=waiting.events),
    PageRow(id="F4", action="page.tasks", kind="OrdersPage", make=_orders, waiting=waiting.orders),
    PageRow(id="F5", action="page.map", kind="MapPage", make=_map),
    PageRow(id="F6", action="page.command", kind="CommandPage", make=_command),
    PageRow(id="F7", action="page.plans", kind="PlansPage", make=_plans),
    PageRow(id="warnings", action="page.warnings", kind="WarningsPage", make=_warnings, on_rail=False),
    PageRow(id="F8", action="page.duty", kind="DutyPage", make=_duty),
    PageRow(id="audit", action="page.audit", kind="AuditPageView", make=_audit, on_rail=False),
    PageRow(id="glass", action="page.glass", kind="GlassPageView", make=_glass, on_rail=False),
    PageRow(id="devices", action="page.devices", kind="DevicesPage", make=_devices, on_rail=False),
    PageRow(id="sources", action="page.sources", kind="SourcesPage", make=_sources, on_rail=False),
)
"""Pages that are built, in the order of the rail; nothing else is shown. The first is where everybody begins."""

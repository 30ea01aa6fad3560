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

Kind = Callable[[Desk], Page]
"""Class of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One page. The drawing has no icons: a page shows its name and its key."""

    id: str
    """Also the end of its text code, `console.page.<id>`."""
    action: str
    """Id of the action that goes there."""
    kind: str
    """Name of the page's class."""
    load: Callable[[], Kind]
    """Imports and returns the class."""
    waiting: Callable[[Desk], int] = waiting.nothing
    """How many things wait there for this officer: the badge on the rail, also before the page is made."""
    on_rail: bool = True
    """False: reached by something else, and left by Esc to the first page."""


def _cockpit() -> Kind:
    return CockpitPage


def _vitals() -> Kind:
    from chengyun_console.pages.vitals.page import VitalsPage  # noqa: PLC0415 - see above

    return VitalsPage


def _events() -> Kind:
    from chengyun_console.pages.events.page import EventsPage  # noqa: PLC0415 - see above

    return EventsPage


def _orders() -> Kind:
    from chengyun_console.pages.orders.page import OrdersPage  # noqa: PLC0415 - see above

    return OrdersPage


def _map() -> Kind:
    from chengyun_console.pages.map.page import MapPage  # noqa: PLC0415 - see above

    return MapPage


def _command() -> Kind:
    from chengyun_console.pages.command.page import CommandPage  # noqa: PLC0415 - see above

    return CommandPage


def _plans() -> Kind:
    from chengyun_console.pages.plans.page import PlansPage  # noqa: PLC0415 - see above

    return PlansPage


def _warnings() -> Kind:
    from chengyun_console.warnings.page import WarningsPage  # noqa: PLC0415 - see above

    return WarningsPage


def _duty() -> Kind:
    from chengyun_console.pages.duty.page import DutyPage  # noqa: PLC0415 - see above

    return DutyPage


def _audit() -> Kind:
    from chengyun_console.audit.page import AuditPageView  # noqa: PLC0415 - see above

    return AuditPageView


def _glass() -> Kind:
    from chengyun_console.glass.page import GlassPageView  # noqa: PLC0415 - see above

    return GlassPageView


def _sources() -> Kind:
    from chengyun_console.pages.sources.page import SourcesPage  # noqa: PLC0415 - see above

    return SourcesPage


def _devices() -> Kind:
    from chengyun_console.pages.devices.page import DevicesPage  # noqa: PLC0415 - see above

    return DevicesPage


PAGES: tuple[PageRow, ...] = (
    PageRow(id="F1", action="page.cockpit", kind="CockpitPage", load=_cockpit, waiting=waiting.alarms),
    PageRow(id="F2", action="page.vitals", kind="VitalsPage", load=_vitals),
    PageRow(id="F3", action="page.events", kind="EventsPage", load=_events, waiting=waiting.events),
    PageRow(id="F4", action="page.tasks", kind="OrdersPage", load=_orders, waiting=waiting.orders),
    PageRow(id="F5", action="page.map", kind="MapPage", load=_map),
    PageRow(id="F6", action="page.command", kind="CommandPage", load=_command),
    PageRow(id="F7", action="page.plans", kind="PlansPage", load=_plans),
    PageRow(id="warnings", action="page.warnings", kind="WarningsPage", load=_warnings, on_rail=False),
    PageRow(id="F8", action="page.duty", kind="DutyPage", load=_duty),
    PageRow(id="audit", action="page.audit", kind="AuditPageView", load=_audit, on_rail=False),
    PageRow(id="glass", action="page.glass", kind="GlassPageView", load=_glass, on_rail=False),
    PageRow(id="devices", action="page.devices", kind="DevicesPage", load=_devices, on_rail=False),
    PageRow(id="sources", action="page.sources", kind="SourcesPage", load=_sources, on_rail=False),
)
"""Pages that are built, in the order of the rail; nothing else is shown. The first is where everybody begins."""

"""What the vitals a plan watches were when one of its steps ended: kept with the step for good (P4)."""

from collections.abc import Iterable

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.model.alarm import is_active
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.plan import PlanRun
from chengyun_core.model.plan_run_watch import captured
from chengyun_core.model.scales import Aspect, WarningColour
from chengyun_core.store import alarm_table

MOST = 50
"""Vitals kept with one step; more nobody reads."""


def of_run(desk: Desk, connection: Connection, run: PlanRun, at_ns: int) -> dict[str, str]:
    """Return code → value and time of the vitals a run watches, as far as alarms tell the centre.

    A vital in alarm is told with the value and the time of its last move; of one that is not, that it stands in no band
    now: what it measures exactly only its ingest daemon knows, and the console writes that along when an officer ends a
    step by hand.
    """
    watched = set(run.watches)
    vitals = [vital for vital in desk.city.vitals.values() if vital.code in watched][:MOST]
    living = alarm_table.living_of(connection, [vital.number for vital in vitals]) if vitals else {}
    found: dict[str, str] = {}
    for vital in vitals:
        alarm = living.get((vital.number, Aspect.PROCESS))
        if alarm is None or not is_active(alarm):
            found[vital.code] = captured(WarningColour.NONE, "", desk.shown(at_ns))
        else:
            found[vital.code] = captured(alarm.band, measured(vital, alarm.value), desk.shown(alarm.changed_at))
    return found


def of_vital(desk: Desk, code: str, band: WarningColour, value: float, at_ns: int) -> dict[str, str]:
    """Return what one vital said when it ended a step."""
    vital = next(iter(_by_code(desk, (code,))), None)
    said = "" if vital is None else measured(vital, value)
    return {code: captured(band, said, desk.shown(at_ns))}


def measured(vital: Vital, value: float) -> str:
    """Return a value with its unit, as many decimals as the catalogue gives it; empty when it is not told (NaN)."""
    return "" if value != value else f"{value:.{vital.decimals}f} {vital.unit}".strip()


def _by_code(desk: Desk, codes: Iterable[str]) -> Iterable[Vital]:
    wanted = set(codes)
    return (vital for vital in desk.city.vitals.values() if vital.code in wanted)

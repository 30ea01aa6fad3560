"""What each part of a switch does at the centre, in the unit of work of the switch: done by all of them, or by none.

Layout, sound, map layers and the plans under the hand are the seats' to apply: the centre writes what holds, and the
seats confirm that they did it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chengyun_core.centre import call_care, catalogue, mode_reports
from chengyun_core.centre.catalogue import Built
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.mode import Declaration, Part
from chengyun_core.store import call_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a part needs to know of the switch it belongs to."""

    desk: Desk
    work: Work
    built: Built | None
    """Version of the catalogue with the sets of thresholds as they become; None: they stay."""
    value: str
    """What the part becomes."""


Deed = Callable[[Step, Declaration], Declaration]


def switch(step: Step, declaration: Declaration, table: dict[Part, Deed], parts: dict[Part, str]) -> Declaration:
    """Return the declaration after the deeds of these parts; raises what any of them raises, and nothing is done."""
    for part, value in parts.items():
        declaration = table[part](replace(step, value=value), declaration)
    return declaration


def _thresholds(step: Step, declaration: Declaration) -> Declaration:
    """Put the sets of thresholds in force; ingest follows the version, alarms only the old set gave return."""
    if step.built is None:
        return replace(declaration, catalogue=0)
    told = {"declaration": declaration.number, "sets": " ".join(f"{k}={v}" for k, v in _sets(step.built).items())}
    done = catalogue.put(step.desk, step.work, step.built, "mode.thresholds", told)
    return replace(declaration, catalogue=done.version)


def _sets(built: Built) -> dict[str, str]:
    return built.city.scope_sets


def _call(step: Step, declaration: Declaration) -> Declaration:
    about, words = f"mode/{declaration.number}", declaration.reason
    begun = call_care.start(step.desk, step.work, step.value, about, words, words)
    return replace(declaration, call_out=begun.number)


def _call_no_more(step: Step, declaration: Declaration) -> Declaration:
    held = call_table.call_out(step.work.connection, declaration.call_out or 0)
    if held is not None:
        call_care.cancel(step.desk, step.work, held, f"mode/{declaration.number}")
    return declaration


def _report(step: Step, declaration: Declaration) -> Declaration:
    mode_reports.begin(step.desk, step.work, declaration)
    return declaration


def _report_no_more(step: Step, declaration: Declaration) -> Declaration:
    mode_reports.end(step.desk, step.work, declaration)
    return declaration


def _by_the_seats(step: Step, declaration: Declaration) -> Declaration:  # noqa: ARG001 - see Deed
    """Write nothing besides the declaration itself: the seats apply it."""
    return declaration


_SEATS: dict[Part, Deed] = {
    Part.LAYOUT: _by_the_seats,
    Part.SOUND: _by_the_seats,
    # Who has to be there is the roster's by the mode in effect; which posts come besides, the declaration tells it.
    Part.ROSTER: _by_the_seats,
    Part.LAYERS: _by_the_seats,
    Part.PLANS: _by_the_seats,
}
PUT: dict[Part, Deed] = {**_SEATS, Part.THRESHOLDS: _thresholds, Part.CALL_OUT: _call, Part.REPORTS: _report}
"""Comes into force."""
UNDO: dict[Part, Deed] = {
    **_SEATS, Part.THRESHOLDS: _thresholds, Part.CALL_OUT: _call_no_more, Part.REPORTS: _report_no_more,
}  # fmt: skip
"""Goes back because the switch failed."""
LIFT: dict[Part, Deed] = {
    **_SEATS, Part.THRESHOLDS: _thresholds, Part.CALL_OUT: _by_the_seats, Part.REPORTS: _by_the_seats,
}  # fmt: skip
"""Goes back, not confirmed yet: what cannot be begun again (calls, reports due) waits for `SETTLE`."""
SETTLE: dict[Part, Deed] = {**_SEATS, Part.THRESHOLDS: _by_the_seats, Part.CALL_OUT: _call_no_more,
                            Part.REPORTS: _report_no_more}  # fmt: skip
"""A lift is confirmed."""


def refuse_other(step: Step, sets: dict[str, str]) -> None:
    """Raise Refused when what the worker built is not what the declarations of now ask for."""
    built = step.desk.city.scope_sets if step.built is None else step.built.city.scope_sets
    if built != sets or (step.built is not None and step.built.base != step.desk.city.version):
        raise Refused("mode.preview_changed")

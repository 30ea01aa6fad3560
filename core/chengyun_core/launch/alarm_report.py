"""`chengyun report alarms`: how the alarms of a seat performed over a shift, counted from the journal."""

import csv
import io
import math
import sys
from collections.abc import Iterable

from chengyun_core.launch import exported
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.export import safe
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.alarm import Alarm, AlarmMove, AlarmState, effective
from chengyun_core.model.alarm_report import Figure, Happened, Moment, figures
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.change import Change
from chengyun_core.model.failure import Refused
from chengyun_core.model.places import Seat
from chengyun_core.model.stamp import iso_utc, parse_iso
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import AskCatalogue
from chengyun_resources.texts import Texts

COLUMNS = ("metric", "value", "target", "limit", "verdict")
_ACTIONS = {
    f"alarm.{AlarmMove.RETURN}": Happened.RETURNED,
    f"alarm.{AlarmMove.ACKNOWLEDGE}": Happened.ACKNOWLEDGED,
}


def run(
    profile: Profile, *, seat: str, from_ns: int, to_ns: int, as_csv: bool, texts: Texts, as_json: bool = False
) -> Report | int:  # fmt: skip
    """Report on the alarms of a seat's area (all when empty) in [from, to); raises Refused for an unknown seat.

    What is made for other programs is noted in the journal first.
    """
    if to_ns <= from_ns:
        raise Refused("report.no_time", begin=iso_utc(from_ns), end=iso_utc(to_ns))
    with (
        borrowed_centre(profile),
        DoorClient(of_profile(profile.folder).centre_door, session=profile.key("admin.key")) as door,
    ):
        catalogue = codec.unpack(door.ask("catalogue.get", AskCatalogue()), Catalogue)
        vitals = vitals_of(catalogue, seat) if seat else None
        found = figures(moments(door.changes(), vitals), from_ns, to_ns)
        text = as_text(found)
        if as_csv or as_json:
            form = "csv" if as_csv else "json"
            exported.tell(door, what="report.alarms", form=form, rows=text.count("\n") - 1, content=text)
    if as_csv:
        sys.stdout.write(text)
        return 0
    head = texts.say("report.alarms_head", seat=seat or "*", begin=iso_utc(from_ns), end=iso_utc(to_ns))
    return Report(
        lines=(head, *(line(figure, texts) for figure in found)),
        facts={
            "seat": seat, "from": iso_utc(from_ns), "to": iso_utc(to_ns),
            "figures": [{**facts(figure), "params": figure.params} for figure in found],
        },
    )  # fmt: skip


def moment(text: str) -> int:
    """Return the ns UTC of an ISO time with zone; raise Refused("report.bad_time") for anything else."""
    try:
        return parse_iso(text)
    except ValueError as fault:
        raise Refused("report.bad_time", text=text) from fault


def moments(changes: Iterable[Change], vitals: frozenset[int] | None) -> list[Moment]:
    """Return what happened to the alarms of these vitals (all when None), from journal rows in order."""
    found: list[Moment] = []
    state: dict[int, AlarmState] = {}
    for change in changes:
        if change.kind != "alarm":
            continue
        alarm = codec.unpack(change.record, Alarm)
        before, now = state.get(alarm.number, AlarmState.NORM), effective(alarm)
        state[alarm.number] = now
        happened = _happened(change, before, now)
        if happened is None or (vitals is not None and alarm.vital not in vitals):
            continue
        at = change.at_ns if happened is not Happened.RETURNED else alarm.returned_at or change.at_ns
        found.append(Moment(at=at, vital=alarm.vital, alarm=alarm.number, priority=alarm.priority, happened=happened))
    return found


def _happened(change: Change, before: AlarmState, now: AlarmState) -> Happened | None:
    if now is AlarmState.UNACK and (before is not AlarmState.UNACK or change.action == f"alarm.{AlarmMove.ESCALATE}"):
        return Happened.ANNUNCIATED
    return _ACTIONS.get(change.action)


def vitals_of(catalogue: Catalogue, seat: str) -> frozenset[int]:
    """Return the vitals in the area a seat watches; raise Refused("report.no_seat") for a seat nobody knows."""
    found: Seat | None = next((one for one in catalogue.seats if one.code == seat), None)
    if found is None:
        known = ", ".join(one.code for one in catalogue.seats[:8])
        raise Refused("report.no_seat", seat=seat, known=known, count=len(catalogue.seats))
    area = found.area or found.centre
    parent = {centre.code: centre.parent for centre in catalogue.centres}

    def inside(centre: str) -> bool:
        code: str | None = centre
        while code and code != area:
            code = parent.get(code)
        return code == area

    under = {code for code in parent if inside(code)}
    return frozenset(vital.number for vital in catalogue.vitals if not vital.retired and vital.centre in under)


def facts(figure: Figure) -> dict[str, object]:
    """Return a figure's cells by column name; None where there was nothing to judge."""
    value = None if math.isnan(figure.value) else round(figure.value, 4)
    return {
        "metric": figure.metric + ("." + figure.params["priority"] if "priority" in figure.params else ""),
        "value": value, "target": figure.target, "limit": figure.limit,
        "verdict": "" if value is None else figure.verdict.value,
    }  # fmt: skip


def line(figure: Figure, texts: Texts) -> str:
    """Return a figure as a line for people."""
    nothing = math.isnan(figure.value)
    return texts.say(
        "report.line",
        metric=texts.say(f"report.{figure.metric}", **_worded(figure, texts)),
        value="–" if nothing else f"{figure.value:.4g}",
        target=f"{figure.target:.4g}",
        limit=f"{figure.limit:.4g}",
        verdict=texts.say("report.nothing" if nothing else f"report.{figure.verdict.value}"),
    )


def _worded(figure: Figure, texts: Texts) -> dict[str, str]:
    if "priority" not in figure.params:
        return figure.params
    return {**figure.params, "priority": texts.say(f"report.priority_{figure.params['priority']}")}


def as_text(found: Iterable[Figure]) -> str:
    """Return the figures as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for figure in found:
        cells = facts(figure)
        writer.writerow([safe(str("" if cells[name] is None else cells[name])) for name in COLUMNS])
    return text.getvalue()

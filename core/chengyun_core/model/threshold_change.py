"""Changes of thresholds (A20): one row replaced under the rules of an import, and another set put in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.catalogue import Catalogue, Threshold, Vital
from chengyun_core.model.catalogue_build import tables_of, threshold_of
from chengyun_core.model.catalogue_cells import text_of
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.catalogue_tables import TABLES, THRESHOLDS
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import parse, reference

COLUMNS = tuple(column.name for column in THRESHOLDS.columns if column.name not in THRESHOLDS.key)
"""What of a rule can be changed: every column that is not its key."""
LONGEST_AHEAD_DAYS = 366
"""A change may be scheduled so far ahead; later ones belong into the next season's set."""

Cells = dict[str, str]
"""Column of the thresholds table → text of the cell, empty: none."""


class Move(StrEnum):
    """What can happen to a change."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    TAKE_EFFECT = "take_effect"
    ROLL_BACK = "roll_back"
    SUPERSEDE = "supersede"


_S, _M = ThresholdState, Move
LIFE: dict[tuple[ThresholdState, Move], ThresholdState] = {
    (_S.WAITING, _M.APPROVE): _S.SCHEDULED,
    (_S.WAITING, _M.REFUSE): _S.REFUSED,
    (_S.WAITING, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.SCHEDULED, _M.TAKE_EFFECT): _S.IN_FORCE,
    (_S.SCHEDULED, _M.REFUSE): _S.REFUSED,
    (_S.SCHEDULED, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.IN_FORCE, _M.ROLL_BACK): _S.ROLLED_BACK,
    (_S.IN_FORCE, _M.SUPERSEDE): _S.SUPERSEDED,
}
"""The life of a change; a scheduled one is refused when the rule it was made for is another one by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that stands up to every rule of the catalogue: what it changes, and from what to what."""

    before: Cells
    after: Cells


def moved(change: ThresholdChange, move: Move, **more: Any) -> ThresholdChange:
    """Return the change after a move, its version raised; raise Refused("threshold.state") where there is none."""
    state = LIFE.get((change.state, move))
    if state is None:
        raise Refused("threshold.state", change=change.number, state=change.state.value, move=move.value)
    return replace(change, state=state, version=change.version + 1, **more)


def cells_of(catalogue: Catalogue, threshold_set: str, vital: str) -> Cells:
    """Return the cells of a rule as they are now; a vital without a rule in the set has none."""
    rule = _rule(catalogue, threshold_set, vital)
    return {} if rule is None else _cells(rule)


def proposed(catalogue: Catalogue, threshold_set: str, vital: str, changes: Mapping[str, str]) -> Proposal:
    """Return what a change would do, checked as an import with the changed row would be.

    Raises:
        Refused: `threshold.set_unknown`, `threshold.vital_unknown`, `threshold.column_unknown`,
            `threshold.nothing_changes`, or the first fault an import would have (`catalogue.…`), with the column it is
            in and how many there are.
    """
    if threshold_set not in {item.code for item in catalogue.threshold_sets}:
        raise Refused("threshold.set_unknown", threshold_set=threshold_set)
    _vital(catalogue, vital)
    unknown = sorted(changes.keys() - set(COLUMNS))
    if unknown:
        raise Refused("threshold.column_unknown", column=unknown[0], known=", ".join(COLUMNS))
    now = cells_of(catalogue, threshold_set, vital)
    after = _checked(catalogue, threshold_set, vital, {**now, **changes})
    differing = [name for name in COLUMNS if now.get(name, "") != after.get(name, "")]
    if not differing:
        raise Refused("threshold.nothing_changes", vital=vital, threshold_set=threshold_set)
    return Proposal(
        before={name: now.get(name, "") for name in differing}, after={name: after.get(name, "") for name in differing}
    )


def still_fits(catalogue: Catalogue, change: ThresholdChange) -> bool:
    """Return whether the columns that a change means to change still are what they were when it was asked for.

    Other columns, and other rules, may have changed meanwhile: the change is then laid upon them.
    """
    now = cells_of(catalogue, change.threshold_set, change.vital_code)
    return all(now.get(name, "") == text for name, text in change.before.items())


def applied(catalogue: Catalogue, change: ThresholdChange, version: int) -> Catalogue:
    """Return the next version with just this rule changed. Raises Refused as `proposed` does."""
    threshold_set, vital = change.threshold_set, change.vital_code
    _vital(catalogue, vital)
    now = cells_of(catalogue, threshold_set, vital)
    cells = _checked(catalogue, threshold_set, vital, {**now, **change.after})
    rule = threshold_of({"threshold_set": threshold_set, "vital": vital, **cells})
    place = next((k for k, row in enumerate(catalogue.thresholds) if _is(row, threshold_set, vital)), None)
    rows = list(catalogue.thresholds)
    if place is None:
        rows.append(rule)
    else:
        rows[place] = rule
    return replace(catalogue, version=version, thresholds=tuple(rows))


def switched(catalogue: Catalogue, threshold_set: str, version: int) -> Catalogue:
    """Return the next version with another set in force; Refused for an unknown one and for the one in force."""
    if threshold_set not in {item.code for item in catalogue.threshold_sets}:
        raise Refused("threshold.set_unknown", threshold_set=threshold_set)
    if threshold_set == catalogue.set_in_force():
        raise Refused("threshold.set_in_force", threshold_set=threshold_set)
    sets = tuple(replace(item, in_force=item.code == threshold_set) for item in catalogue.threshold_sets)
    return replace(catalogue, version=version, threshold_sets=sets)


def _checked(catalogue: Catalogue, threshold_set: str, vital: str, cells: Cells) -> Cells:
    """Return the cells as the catalogue writes them, after the check of an import of what the vital depends on."""
    row = {name: text.strip() for name, text in cells.items() if text.strip()}
    tables = tables_of(_around(catalogue, vital))
    others = [kept for kept in tables["thresholds"] if kept["threshold_set"] != threshold_set]
    tables["thresholds"] = [{"threshold_set": threshold_set, "vital": vital, **row}, *others]
    faults = check(tables)
    if faults:
        raise _refused(faults)
    return _cells(threshold_of(tables["thresholds"][0]))


def _refused(faults: list[CellFault]) -> Refused:
    first = faults[0]
    return Refused(first.code, **{**first.params, "column": first.column, "count": len(faults)})


def _around(catalogue: Catalogue, code: str) -> Catalogue:
    """Return the smallest catalogue that holds a vital with all its rules and everything these rows refer to."""
    vital = _vital(catalogue, code)
    devices = {reference(text).device for text in parse(vital.formula).channels}
    kept: dict[str, dict[str, Any]] = {
        "vitals": {code: vital},
        "devices": {row.code: row for row in catalogue.devices if row.code in devices},
    }
    for name in ("devices", "vitals", "subtracks", "tracks", "posts"):
        _draw_in(catalogue, name, kept)
    centres = {row.code: row for row in catalogue.centres}
    for code_of_place in list(kept["centres"]):
        place = centres[code_of_place]
        while place.parent:
            place = centres[place.parent]
            kept["centres"][place.code] = place
    rows = {name: tuple(of_name.values()) for name, of_name in kept.items()}
    return Catalogue(
        centres=rows["centres"], sectors=catalogue.sectors, tracks=rows["tracks"], subtracks=rows["subtracks"],
        devices=rows["devices"], channels=tuple(row for row in catalogue.channels if row.device in devices),
        vitals=rows["vitals"], threshold_sets=catalogue.threshold_sets,
        thresholds=tuple(row for row in catalogue.thresholds if row.vital == code), posts=rows["posts"],
    )  # fmt: skip


def _draw_in(catalogue: Catalogue, name: str, kept: dict[str, dict[str, Any]]) -> None:
    """Keep the rows that the kept rows of a table refer to; tables are visited so that none is needed twice."""
    for column in TABLES[name].columns:
        if column.refers:
            wanted = {getattr(row, column.name) for row in kept.get(name, {}).values()}
            rows = kept.setdefault(column.refers, {})
            rows |= {row.code: row for row in getattr(catalogue, column.refers) if row.code in wanted}


def _vital(catalogue: Catalogue, code: str) -> Vital:
    found = next((vital for vital in catalogue.vitals if vital.code == code and not vital.retired), None)
    if found is None:
        raise Refused("threshold.vital_unknown", vital=code)
    return found


def _rule(catalogue: Catalogue, threshold_set: str, vital: str) -> Threshold | None:
    return next((row for row in catalogue.thresholds if _is(row, threshold_set, vital)), None)


def _is(row: Threshold, threshold_set: str, vital: str) -> bool:
    return row.vital == vital and row.threshold_set == threshold_set


def _cells(rule: Threshold) -> Cells:
    """Return the cells of a rule that differ from the column's default, as an export writes them."""
    defaults = {item.name: item.default for item in fields(Threshold)}
    values = {name: getattr(rule, name) for name in COLUMNS}
    return {name: text_of(value) for name, value in values.items() if value is not None and value != defaults[name]}


def latest(changes: Iterable[ThresholdChange], vital: str) -> ThresholdChange | None:
    """Return the last change that came into force on a vital's rules, None when there is none (for the alarm card)."""
    done = (ThresholdState.IN_FORCE, ThresholdState.ROLLED_BACK, ThresholdState.SUPERSEDED)
    return max(
        (change for change in changes if change.vital_code == vital and change.state in done),
        key=lambda change: change.catalogue_version,
        default=None,
    )

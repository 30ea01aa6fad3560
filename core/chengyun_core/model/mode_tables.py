"""Presets of 急时 as rows of a table: one row each; codes within a cell are parted by spaces."""

from collections.abc import Iterable, Mapping

from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import Preset

COLUMNS = (
    "code", "name", "threshold_set", "layout", "sound", "reinforcement", "call_out", "report_every_min", "layers",
    "plans",
)  # fmt: skip
MOST_FAULTS = 50


def presets(rows: Iterable[Mapping[str, str]]) -> tuple[list[Preset], list[Reason]]:
    """Return the presets in their order, and what is wrong with which row (2: the first of them).

    Whether sets, lists and plans exist the centre tells when it takes them, and the preview before they are used.
    """
    made: dict[str, Preset] = {}
    faults: list[Reason] = []
    for line, row in enumerate(rows, start=2):
        told = {column: (row.get(column) or "").strip() for column in COLUMNS}
        fault = _fault(line, told, made)
        if fault is None:
            made[told["code"]] = _preset(told)
        else:
            faults.append(fault)
    return list(made.values()), faults[:MOST_FAULTS]


def is_same(one: Preset, other: Preset | None) -> bool:
    """Return whether two presets say the same, whatever their versions."""
    return other is not None and all(
        getattr(one, name) == getattr(other, name) for name in (*COLUMNS,)
    )  # fmt: skip


def _preset(told: Mapping[str, str]) -> Preset:
    return Preset(
        code=told["code"], name=told["name"], threshold_set=told["threshold_set"], layout=told["layout"],
        sound=told["sound"], reinforcement=tuple(told["reinforcement"].split()), call_out=told["call_out"],
        report_every_min=float(told["report_every_min"] or 0), layers=tuple(told["layers"].split()),
        plans=tuple(told["plans"].split()),
    )  # fmt: skip


def _fault(line: int, told: Mapping[str, str], made: Mapping[str, Preset]) -> Reason | None:
    where = {"line": str(line)}
    for column in ("code", "name"):
        if not told[column]:
            return Reason(code="mode.row_empty", params={**where, "column": column})
    if told["code"] in made:
        return Reason(code="mode.row_twice", params={**where, "preset": told["code"]})
    try:
        float(told["report_every_min"] or 0)
    except ValueError:
        return Reason(code="mode.row_number", params={**where, "value": told["report_every_min"][:40]})
    return None

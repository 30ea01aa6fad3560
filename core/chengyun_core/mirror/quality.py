"""From the answers of both daemons to the data quality scores of vitals: for the explain card and the command line."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np

from chengyun_core.model.catalogue import Vital
from chengyun_core.model.data_quality import Counted
from chengyun_core.wire.envelope import QualityTold, Verdicts

_LOCAL = timezone(timedelta(hours=8))


def counted_of(told: QualityTold, verdicts: Verdicts, vitals: Iterable[Vital]) -> dict[int, Counted]:
    """Return by vital number what was counted of the vitals named in `told` and in `vitals`.

    told: answer of ingest's `quality`; verdicts: answer of the centre's `alarm.verdicts`, which may name fewer or more
    vitals. ValueError when the columns of `told` are not equally long.
    """
    found = {number: (acked, false) for number, acked, false in verdicts.rows}
    calibrated = {vital.number: vital.calibrated for vital in vitals if not vital.retired}
    columns = (told.expected, told.present), (told.received, told.late, told.bad)
    floats = [np.frombuffer(column, "<f8").tolist() for column in columns[0]]
    whole = [np.frombuffer(column, "<i8").tolist() for column in columns[1]]
    counted = {}
    for number, *row in zip(np.frombuffer(told.vital, "<u4").tolist(), *floats, *whole, strict=True):
        if number in calibrated:
            expected, present, received, late, bad = row
            acked, false = found.get(number, (0, 0))
            counted[number] = Counted(
                expected=expected, present=present, received=received, late=late, bad=bad, acked=acked, false=false,
                calibrated=calibrated[number],
            )  # fmt: skip
    return counted


def day_of(at_ns: int) -> date:
    """Return the local date (UTC+8) of a profile time, against which calibrations age."""
    return datetime.fromtimestamp(at_ns // 1_000_000_000, UTC).astimezone(_LOCAL).date()

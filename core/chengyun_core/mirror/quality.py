"""From the answers of both daemons to the data quality scores of vitals: for the explain card and the command line."""

from collections.abc import Iterable, Sequence
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
    counted = {}
    for told_number, expected, present, received, late, bad in zip(*_columns(told), strict=True):
        number = int(told_number)
        if number in calibrated:
            acked, false = found.get(number, (0, 0))
            counted[number] = Counted(
                expected=expected, present=present, received=int(received), late=int(late), bad=int(bad), acked=acked,
                false=false, calibrated=calibrated[number],
            )  # fmt: skip
    return counted


def merged(answers: Sequence[QualityTold]) -> QualityTold:
    """Return the answers of several ingest daemons as one: of each vital the row of the daemon that owns its channels.

    A daemon expects no sample of a vital that is another's, so the row that expects most is its owner's. ValueError
    when there is no answer.
    """
    rows: dict[int, tuple[float | int, ...]] = {}
    for told in answers:
        for number, *row in zip(*_columns(told), strict=True):
            if number not in rows or row[0] > rows[int(number)][0]:
                rows[int(number)] = tuple(row)
    numbers = sorted(rows)
    columns = [[rows[number][place] for number in numbers] for place in range(5)]
    expected, present = (np.array(column, "<f8").tobytes() for column in columns[:2])
    received, late, bad = (np.array(column, "<i8").tobytes() for column in columns[2:])
    return QualityTold(
        from_ns=min(told.from_ns for told in answers), until_ns=max(told.until_ns for told in answers),
        vital=np.array(numbers, "<u4").tobytes(), expected=expected, present=present, received=received, late=late,
        bad=bad,
    )  # fmt: skip


def _columns(told: QualityTold) -> list[list[float | int]]:
    """Return numbers, expected, present, received, late and bad."""
    floats = (np.frombuffer(column, "<f8").tolist() for column in (told.expected, told.present))
    whole = (np.frombuffer(column, "<i8").tolist() for column in (told.received, told.late, told.bad))
    return [np.frombuffer(told.vital, "<u4").tolist(), *floats, *whole]


def day_of(at_ns: int) -> date:
    """Return the local date (UTC+8) of a profile time, against which calibrations age."""
    return datetime.fromtimestamp(at_ns // 1_000_000_000, UTC).astimezone(_LOCAL).date()

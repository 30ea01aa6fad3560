"""`chengyun quality`: scores joined from both daemons' answers, worst first, safe as CSV."""

import csv
import io

import numpy as np

from chengyun_core.launch.quality_command import COLUMNS, csv_of, facts_of, judged
from chengyun_core.model.catalogue import Vital
from chengyun_core.wire.envelope import QualityTold, Verdicts

DAY_NS = 86_400 * 10**9
UNTIL = 20_000 * DAY_NS


def _vital(number: int, code: str, **more: object) -> Vital:
    return Vital(
        number=number, code=code, name=f"={code}", subtrack="YJ01A", centre="500000", unit="m", owner_post="p",
        vital_class="risk", period_s=1.0, decimals=1, formula="last(A.x)", **more,
    )  # type: ignore[arg-type]  # fmt: skip


def _told(rows: list[tuple[int, float, float, int, int, int]]) -> QualityTold:
    number, expected, present, received, late, bad = zip(*rows, strict=True)
    whole = (np.array(column, "<i8").tobytes() for column in (received, late, bad))
    floats = (np.array(column, "<f8").tobytes() for column in (expected, present))
    names = ("expected", "present", "received", "late", "bad")
    return QualityTold(
        from_ns=UNTIL - DAY_NS, until_ns=UNTIL, vital=np.array(number, "<u4").tobytes(),
        **dict(zip(names, (*floats, *whole), strict=True)),
    )  # fmt: skip


VITALS = (
    _vital(0, "GOOD", calibrated="2024-10-01"),
    _vital(1, "SILENT"),
    _vital(2, "NEVER-COUNTED"),
    _vital(3, "LIAR"),
    _vital(4, "GONE", retired=True),
)
TOLD = _told(
    [
        (0, 100.0, 100.0, 100, 0, 0),
        (1, 100.0, 0.0, 0, 0, 0),
        (2, 0.0, 0.0, 0, 0, 0),
        (3, 50.0, 50.0, 60, 0, 0),
        (4, 100.0, 100.0, 100, 0, 0),
    ]
)
VERDICTS = Verdicts(rows=((3, 10, 10), (77, 1, 1)))


def test_that_the_worst_come_first_and_those_without_a_count_last() -> None:
    rows = judged(VITALS, TOLD, VERDICTS)
    assert [(row.vital.code, row.score.score) for row in rows] == [
        ("SILENT", 0), ("LIAR", 83), ("GOOD", 100), ("NEVER-COUNTED", None),
    ]  # fmt: skip


def test_that_a_row_tells_the_parts_and_the_counts_behind_them() -> None:
    facts = facts_of(judged(VITALS, TOLD, VERDICTS)[1])
    assert tuple(facts) == COLUMNS
    assert (facts["truth"], facts["availability"], facts["calibration"]) == (0.0, 1.0, None)
    assert (facts["received"], facts["acked"], facts["false"]) == (60, 10, 10)


def test_that_the_csv_can_be_read_back_and_hides_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(judged(VITALS, TOLD, VERDICTS)))))
    assert [row["score"] for row in rows] == ["0", "83", "100", ""]
    assert rows[0]["name"] == "'=SILENT"
    assert rows[2]["calibrated"] == "2024-10-01"

"""Answers of both daemons made one: of each vital its owner's row, with the centre's verdicts and its calibration."""

import numpy as np
import pytest

from chengyun_core.mirror.quality import counted_of, day_of, merged
from chengyun_core.model.catalogue import Vital
from chengyun_core.wire.envelope import QualityTold, Verdicts

SECOND = 1_000_000_000


def _told(rows: dict[int, tuple[float, float, int, int, int]], *, from_ns: int = 5, until_ns: int = 9) -> QualityTold:
    expected, present, received, late, bad = zip(*rows.values(), strict=True)
    return QualityTold(
        from_ns=from_ns, until_ns=until_ns, vital=np.array(list(rows), "<u4").tobytes(),
        expected=np.array(expected, "<f8").tobytes(), present=np.array(present, "<f8").tobytes(),
        received=np.array(received, "<i8").tobytes(), late=np.array(late, "<i8").tobytes(),
        bad=np.array(bad, "<i8").tobytes(),
    )  # fmt: skip


def _vital(number: int, calibrated: str = "", *, retired: bool = False) -> Vital:
    return Vital(
        number=number, code=f"V{number}", name="", subtrack="", centre="", unit="", owner_post="", vital_class="risk",
        period_s=1.0, decimals=0, formula="last(A.x)", calibrated=calibrated, retired=retired,
    )  # fmt: skip


NOTHING = (0.0, 0.0, 0, 0, 0)


def test_that_each_vital_has_its_owner_s_row() -> None:
    one = _told({0: (10.0, 9.0, 9, 1, 0), 1: NOTHING, 2: NOTHING}, from_ns=5, until_ns=9)
    other = _told({0: NOTHING, 1: (20.0, 20.0, 21, 0, 2), 2: NOTHING}, from_ns=3, until_ns=8)
    for answers in ([one, other], [other, one]):
        told = merged(answers)
        assert (told.from_ns, told.until_ns) == (3, 9)
        found = counted_of(told, Verdicts(), [_vital(number) for number in range(3)])
        assert {number: (row.expected, row.received, row.late, row.bad) for number, row in found.items()} == {
            0: (10.0, 9, 1, 0), 1: (20.0, 21, 0, 2), 2: (0.0, 0, 0, 0),
        }  # fmt: skip


def test_that_one_answer_stays_as_it_is() -> None:
    told = _told({0: (10.0, 9.0, 9, 1, 0), 4: (2.0, 1.5, 3, 0, 1)})
    assert merged([told]) == told


def test_that_no_answer_is_an_error() -> None:
    with pytest.raises(ValueError, match="empty"):
        merged([])


def test_that_verdicts_and_calibration_are_joined_and_retired_vitals_left_out() -> None:
    told = _told({0: (10.0, 9.0, 9, 1, 0), 1: (10.0, 9.0, 9, 1, 0)})
    found = counted_of(told, Verdicts(rows=((0, 4, 1), (7, 1, 1))), [_vital(0, "2026-01-01"), _vital(1, retired=True)])
    assert list(found) == [0]
    assert (found[0].acked, found[0].false, found[0].calibrated, found[0].present) == (4, 1, "2026-01-01", 9.0)


def test_that_a_calibration_ages_by_the_local_date() -> None:
    assert day_of(0).isoformat() == "1970-01-01"
    assert day_of(16 * 3600 * SECOND).isoformat() == "1970-01-02"

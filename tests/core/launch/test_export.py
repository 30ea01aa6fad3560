"""Exported alarms: the columns of the contract, UTC times, the last word of the journal, no spreadsheet formula."""

import csv
import io
from dataclasses import replace

from chengyun_core.launch import export
from chengyun_core.model.alarm import Alarm, NoteCode
from chengyun_core.model.change import Change
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.wire import codec

RAISED = Alarm(
    number=1, vital=7, vital_code="WL.CT", colour=WarningColour.RED, band=WarningColour.RED, side=Side.HIGH,
    value=183.62, limit=183.5, raised_at=1_597_900_000_000_000_000, changed_at=1_597_900_000_000_000_000,
)  # fmt: skip


def _change(number: int, alarm: Alarm) -> Change:
    return Change(
        number=number, at_ns=alarm.changed_at, action="alarm.raise", kind="alarm", key=str(alarm.number),
        version=alarm.version, record=codec.pack(alarm),
    )  # fmt: skip


def _rows(alarms: list[Alarm]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export.alarms_csv(alarms))))


def test_that_the_last_record_of_an_alarm_is_what_is_exported() -> None:
    acked = replace(
        RAISED, acked_at=1_597_900_015_250_000_000, acked_by="officer", note_code=NoteCode.VERIFYING, version=2
    )
    rows = _rows(export.alarms_of([_change(1, RAISED), _change(2, acked)]))
    assert rows == [
        {
            "vital": "WL.CT",
            "colour": "red",
            "raised_at": "2020-08-20T05:06:40.000000Z",
            "returned_at": "",
            "acked_at": "2020-08-20T05:06:55.250000Z",
            "acked_by": "officer",
            "note": "verifying",
        }
    ]


def test_that_a_note_that_a_spreadsheet_would_run_is_disarmed() -> None:
    rows = _rows([replace(RAISED, note='=HYPERLINK("x")')])
    assert rows[0]["note"] == '\'=HYPERLINK("x")'


def test_that_changes_of_other_kinds_are_passed_over() -> None:
    other = replace(_change(3, RAISED), kind="session", record=b"")
    assert export.alarms_of([other]) == []

"""WF9 and WF1 at the real windows: composed, printed, walked, signed by both; rows, papers and figures looked at."""

import contextlib
import io
import sqlite3
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from chengyun_core.launch import cli
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.duty import Check, Handover, HandoverState, ItemState
from chengyun_core.model.duty_commands import TickItem, WriteHandoverLines
from chengyun_core.model.failure import Refused
from chengyun_core.store import duty_figures
from tests.core.report.report_samples import words_of
from tests.flows import hand_over
from tests.flows.hand_over import HandingOver, end_of_a_shift
from tests.support import duty_evening as evening
from tests.support.living_city import OFFICER

pytestmark = [pytest.mark.flow, pytest.mark.timeout(500)]
_OF = "SELECT COUNT(DISTINCT key) FROM journal WHERE "
OF_SEAT = {
    "seat_events_handled": _OF + "kind = 'event'",
    "seat_orders_given": _OF
    + "kind = 'order' AND version = 1 AND action IN ('order.send', 'order.hold', 'order.wait')",
    "seat_call_outs": _OF + "kind = 'call_out' AND version = 1",
}
"""Figure of a seat → the statement a seat and a time are added to."""
PLAIN = {
    "alarms_raised": "SELECT COUNT(*) FROM journal WHERE action = 'alarm.raise' AND version = 1",
    "acknowledged": "SELECT COUNT(*) FROM journal WHERE action = 'alarm.acknowledge'",
    "events_opened": "SELECT COUNT(*) FROM journal WHERE action = 'event.open'",
    "plans_started": "SELECT COUNT(*) FROM journal WHERE action = 'plan.start'",
    "log_lines": "SELECT COUNT(*) FROM journal WHERE action = 'log.write'",
}
"""Figure → how anybody would count it: rows of the journal, between the two times that are added."""
GRADES = {0: "events_ungraded", 1: "events_general", 2: "events_larger", 3: "events_major", 4: "events_extraordinary"}


@pytest.mark.parametrize("by_mouse", [False, pytest.param(True, marks=pytest.mark.long)])
def test_that_a_shift_is_composed_printed_walked_and_signed_and_the_seat_passes(tmp_path: Path, by_mouse: bool) -> None:
    with end_of_a_shift(tmp_path, by_mouse=by_mouse) as at:
        hand_over.enact(at)
        sheet = at.sheet()
        _both_signed_and_every_item_is_decided(sheet)
        assert hand_over.walk_keys(at) <= hand_over.WALK_KEYS
        assert hand_over.since(at, "WF1") < hand_over.WF1_BUDGET_S
        assert at.steps[-1].since_s < hand_over.WF9_BUDGET_S + hand_over.WF1_BUDGET_S
        _who_acted(at)
        _figures_equal_a_recount(at, sheet)
        _papers_say_the_same(at, sheet, tmp_path)
        _nobody_edits_it_again(at, sheet)
        assert at.chain_fault() == ""


def _both_signed_and_every_item_is_decided(sheet: Handover) -> None:
    assert sheet.state is HandoverState.SIGNED
    assert [one.account for one in sheet.signatures] == [OFFICER, evening.TAKER]
    assert len({one.digest for one in sheet.signatures}) == 1, "both signed the same sheet"
    assert Counter(item.kind.value for item in sheet.items) == {**evening.COUNTS, "unacknowledged": 3}
    (refused,) = [item for item in sheet.items if item.state is ItemState.REFUSED]
    assert (refused.owner, refused.reason) == (OFFICER, hand_over.WHY), "what is refused stays with the giver"
    assert {item.state for item in sheet.items if item is not refused} == {ItemState.KNOWN}
    assert sheet.lines == hand_over.LINES
    assert {one.name for one in sheet.checks} >= {"sound", "links", "console_clock", "screens", "journal", "backup"}
    assert all(one.good or one.reason for one in sheet.checks)
    assert Check(name="cameras", good=True) in sheet.checks, "of the four looked at nine in ten are online"


def _who_acted(at: HandingOver) -> None:
    ticks = at.rows("handover.tick")
    assert {row.account for row in ticks} == {evening.TAKER}
    last = max(row.number for row in at.changes() if row.kind == "handover")
    deeds = [row.action for row in at.changes() if row.account == evening.TAKER and row.number < last]
    assert {one.partition(".")[0] for one in deeds} <= {"session", "handover", "export"}, "he only reads and ticks"
    noted = [row.params["what"] for row in at.rows("export.note")]
    assert noted == ["handover"] * len(noted)
    assert len(noted) >= 2


def _figures_equal_a_recount(at: HandingOver, sheet: Handover) -> None:
    with contextlib.closing(sqlite3.connect(at.city.profile.folder / "centre" / "chengyun.db")) as plain:
        (begun,) = plain.execute("SELECT at_ns FROM journal WHERE action = 'shift.begin' ORDER BY number").fetchone()
        span = (begun, sheet.figures_until)
        for name, statement in PLAIN.items():
            (count,) = plain.execute(f"{statement} AND at_ns >= ? AND at_ns < ?", span).fetchone()
            assert sheet.figures.get(name, 0) == count, name
        rows = plain.execute(
            "SELECT grade, COUNT(*) FROM events WHERE opened_at >= ? AND opened_at < ? GROUP BY 1", span
        )
        grades = dict(rows.fetchall())
        assert {name: sheet.figures[name] for name in GRADES.values()} == {
            name: grades.get(grade, 0) for grade, name in GRADES.items()
        }  # fmt: skip
        for name, statement in OF_SEAT.items():
            (count,) = plain.execute(
                f"{statement} AND seat = ? AND at_ns >= ? AND at_ns < ?", (sheet.seat, *span)
            ).fetchone()
            assert sheet.figures[name] == count, name
    assert sheet.figures["alarms_raised"] >= 3
    assert set(sheet.figures) <= {name.value for name in (*duty_figures.SQL, *duty_figures.SEAT_SQL)}


def _papers_say_the_same(at: HandingOver, sheet: Handover, folder: Path) -> None:
    said = "".join(words_of(at.papers("signed")[-1].read_bytes()))
    number, _, head = sheet.audit_head.partition(":")
    titles = [item.title.partition(" ")[0] for item in sheet.items]
    for told in (sheet.code, number, head, evening.NOTICE, *hand_over.LINES, *titles):
        assert "".join(told.split()) in said, told
    assert "未经双方签字" not in said
    book = folder / "sheet.xlsx"
    profile = str(at.city.profile.folder)
    with contextlib.redirect_stdout(io.StringIO()):
        assert cli.main(["report", "handover", str(sheet.number), "--xlsx", str(book), "--profile", profile]) == 0
    cells = [row for page in openpyxl.load_workbook(book) for row in page.iter_rows(values_only=True)]
    assert any(row[0] == "新增告警" and row[1] == sheet.figures["alarms_raised"] for row in cells if len(row) > 1)


def _nobody_edits_it_again(at: HandingOver, sheet: Handover) -> None:
    item = sheet.items[0]
    with at.city.door() as door:
        _refused(door, WriteHandoverLines(handover=sheet.number, version=sheet.version, lines=("later",)))
        _refused(door, TickItem(
            handover=sheet.number, version=sheet.version, kind=item.kind, key=item.key, seen=item.version
        ))  # fmt: skip
    assert at.sheet() == sheet


def _refused(door: DoorClient, command: object) -> None:
    with pytest.raises(Refused):
        door.send(command)

"""Events of another system: every bad cell told with its place, all or nothing, the same file twice is once (E1)."""

from pathlib import Path

import pytest
import xlsxwriter

from chengyun_core.launch import events_command
from chengyun_core.launch.report import Report
from chengyun_core.model.event import EventSource, Hop
from chengyun_core.model.event_commands import ImportedEvent, ImportEvents, OpenEvent
from chengyun_core.model.failure import Refused
from chengyun_core.tabular import event_file
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.event_asks import AskNothing, EventCounts
from chengyun_resources.texts import Texts
from tests.core.centre.event_room import WATER, asked, event, peopled_city, refused
from tests.core.centre.room import ADMIN_KEY, Room

HEAD = "title,centre,matter,source,source_ref,source_at,narrative,attributes,longitude\n"
GOOD = (
    HEAD
    + f'爆管,500103,{WATER},citizen,12345-1,2027-01-15 15:00:00,"第一行\n第二行",diameter_mm=400|hurt=1,106.5\n'
    + "垃圾,500106,,,12345-2,2027-01-15T06:00:00Z,,,\n"
)


class _Door:
    """A room's door as the command line asks it."""

    def __init__(self, room: Room, stops_after: int = 10**9) -> None:
        self._room = room
        self._left = stops_after

    def ask(self, kind: str, body: object, *, timeout_s: float | None = None, request_id: str = "") -> bytes:
        del timeout_s
        reply = self._room.ask(kind, body, ADMIN_KEY, request_id)
        if reply.outcome != "done":
            raise Refused(reply.code, **reply.params)
        return reply.body

    def send(self, command: object, *, timeout_s: float | None = None, request_id: str = "") -> Done:
        self._left -= 1
        if self._left < 0:
            raise ConnectionError
        return codec.unpack(self.ask("event.import", command, timeout_s=timeout_s, request_id=request_id), Done)


@pytest.fixture
def peopled(room: Room) -> Room:
    room.adopt(peopled_city())
    return room


def _imported(room: Room, file: Path, *, check_only: bool = False, stops_after: int = 10**9) -> Report:
    rows = event_file.read(file)
    door = _Door(room, stops_after)
    return events_command.import_rows(door, file, rows, 480, Texts("en"), check_only=check_only)


def _total(room: Room) -> int:
    return asked(room, ADMIN_KEY, "event.counts", AskNothing(), EventCounts).total


def test_that_a_good_file_is_checked_then_imported_and_twice_is_once(peopled: Room, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(GOOD, "utf-8")
    assert _imported(peopled, file, check_only=True).facts["imported"] is False
    assert _total(peopled) == 0
    for _ in range(2):
        assert _imported(peopled, file).facts == {"outcome": "done", "events": 2, "known": 0, "imported": True}
    assert _total(peopled) == 2
    more = tmp_path / "more.csv"
    more.write_text(GOOD + "路灯,500103,,,12345-3,,,,\n", "utf-8")
    assert _imported(peopled, more).facts == {"outcome": "done", "events": 3, "known": 2, "imported": True}
    assert (_total(peopled), event(peopled, 3).title) == (3, "路灯")
    first, second = event(peopled, 1), event(peopled, 2)
    assert (first.source, first.source_ref, first.narrative) == (EventSource.CITIZEN, "12345-1", "第一行\n第二行")
    assert (first.attributes, first.longitude) == ({"diameter_mm": "400", "hurt": "1"}, 106.5)
    # 15:00 in the city's time and 06:00 UTC are an hour apart.
    assert first.source_at - second.source_at == 3600 * 10**9
    assert (second.source, second.hops[Hop.SOURCE]) == (EventSource.IMPORT, second.source_at)


def test_that_a_workbook_is_imported_too(peopled: Room, tmp_path: Path) -> None:
    file = tmp_path / "events.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("events")
        for line, row in enumerate((("title", "centre", "longitude"), ("爆管", "500103", 106.5))):
            sheet.write_row(line, 0, row)
    assert _imported(peopled, file).facts["events"] == 1
    assert event(peopled).longitude == 106.5


FAULTS = {
    "爆管,999999,,,,,,,": ("centre", "event.no_centre"), "爆管,500103,NO,,,,,,": ("matter", "event.no_matter"),
    "爆管,500103,,alarm,,,,,": ("source", "catalogue.cell_not_word"),
    "爆管,500103,,,,gestern,,,": ("source_at", "event.import_time"),
    "爆管,500103,,,,,,=1+1,": ("attributes", "catalogue.cell_is_formula"),
    "=HYPERLINK(1),500103,,,,,,,": ("title", "catalogue.cell_is_formula"),
    "爆管,500103,,,,,,noequals,": ("attributes", "event.import_attribute"),
    "爆管,500103,,,,,,,190": ("longitude", "catalogue.cell_out_of_range"),
    "a\u202eb,500103,,,,,,,": ("title", "catalogue.cell_control_character"),
    ",500103,,,x,,,,": ("title", "catalogue.cell_missing"),
    "爆管,500103,,,12345-1,,,,": ("source_ref", "event.import_twice"),
    "爆管,500103,,,,2099-01-01T00:00:00Z,,,": ("", "event.not_yet"),
}  # fmt: skip
"""A bad row → the column that is told, and why; the last is found by the centre alone."""


@pytest.mark.parametrize(("row", "told"), FAULTS.items())
def test_that_one_bad_row_keeps_all_out_and_is_told_with_file_line_and_column(
    peopled: Room, tmp_path: Path, row: str, told: tuple[str, str]
) -> None:
    file = tmp_path / "events.csv"
    file.write_text(GOOD + row + "\n", "utf-8")
    report = _imported(peopled, file)
    (fault,) = report.facts["faults"]
    # The narrative of the first row takes two lines of the file.
    assert (fault["file"], fault["line"], fault["column"], fault["code"]) == ("events.csv", 5, *told)
    assert "events.csv line 5" in report.lines[0]
    assert report.exit_code == 1
    assert _total(peopled) == 0


def test_that_an_import_cut_off_is_finished_by_running_it_again(peopled: Room, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("title,centre\n" + "".join(f"第{n}件,500103\n" for n in range(450)), "utf-8")
    with pytest.raises(ConnectionError):
        _imported(peopled, file, stops_after=2)
    assert _total(peopled) == 400
    _imported(peopled, file)
    assert _total(peopled) == 450
    assert event(peopled, 450).title == "第449件"


def test_that_the_centre_takes_a_batch_whole_or_not_at_all(peopled: Room) -> None:
    good = OpenEvent(source=EventSource.IMPORT, title="甲", centre="500103")
    bad = OpenEvent(source=EventSource.IMPORT, title="乙", centre="500103", alarms=(1,))
    rows = (ImportedEvent(line=2, event=good), ImportedEvent(line=3, event=bad))
    told = refused(peopled, ADMIN_KEY, ImportEvents(file="f.csv", batch=1, rows=rows))
    assert (told.code, told.params["faults"]) == ("event.import_faults", "3: event.import_links")
    assert refused(peopled, ADMIN_KEY, ImportEvents(file="f", batch=1, rows=())).code == "event.batch_size"
    assert _total(peopled) == 0


def test_that_what_is_no_file_of_events_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"launch\.no_file"):
        event_file.read(tmp_path / "none.csv")
    empty = tmp_path / "empty.csv"
    empty.write_text("title,centre\n", "utf-8")
    with pytest.raises(Refused, match=r"launch\.no_events"):
        event_file.read(empty)

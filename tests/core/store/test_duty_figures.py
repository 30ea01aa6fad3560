"""The figures of a shift, recounted: by plain Python over what was written, by SQLite's own tool, by PostgreSQL."""

import random
import sqlite3
import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from chengyun_core.model.duty_figures import FigureName, SeatFigure, ShiftFigures
from chengyun_core.store import duty_figures
from chengyun_core.store.chain_tables import EVENTS, ORDERS, RECEIPTS, SIDE_REQUESTS
from chengyun_core.store.tables import ALARMS, JOURNAL
from tests.support.fresh_database import fresh
from tests.support.postgres import Server, opened

HOUR = 3600 * 10**9
EPOCH = 1_784_000_000 * 10**9
BEGIN, END = EPOCH + 24 * HOUR, EPOCH + 36 * HOUR
STEPS = ("sent", "delivered", "read", "signed", "arrived", "handling", "fed_back", "checked")
OTHERS = {
    FigureName.EVENTS_CLOSED: ("event", "event.close"), FigureName.REPORTS_SENT: ("report", "report.send"),
    FigureName.REPORTS_OVERDUE: ("event", "event.report_overdue"), FigureName.PLANS_STARTED: ("plan_run", "plan.start"),
    FigureName.SUPERVISIONS: ("supervision", "supervision.issue"), FigureName.CALL_TRIES: ("call", "call.note"),
    FigureName.MODE_CHANGES: ("mode", "mode.in_force"), FigureName.RECEIPTS_REMINDED: ("receipt", "receipt.remind"),
}  # fmt: skip
FIRST_ROWS = {
    FigureName.WARNINGS_RECEIVED: "warning", FigureName.CALL_OUTS: "call_out", FigureName.LOG_LINES: "log_line",
}  # fmt: skip


@dataclass
class Written:
    """What the generator wrote, and what it must count to, kept apart from any SQL."""

    dice: random.Random
    rows: list[dict[str, object]] = field(default_factory=list)
    alarms: list[dict[str, object]] = field(default_factory=list)
    events: list[dict[str, object]] = field(default_factory=list)
    orders: list[dict[str, object]] = field(default_factory=list)
    receipts: list[dict[str, object]] = field(default_factory=list)
    requests: list[dict[str, object]] = field(default_factory=list)
    told: Counter[FigureName] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    reminded: set[str] = field(default_factory=set)
    flooded: set[int] = field(default_factory=set)
    """Seconds of the shift in which a seat was in flood."""

    def moment(self) -> int:
        """Return a time in the day before, in the shift, after it, or exactly on an edge."""
        edges = (BEGIN, BEGIN - 1, END, END - 1)
        return self.dice.choice(edges) if self.dice.random() < 0.3 else EPOCH + self.dice.randrange(60 * HOUR)

    def row(self, at: int, kind: str, action: str, key: object, version: int = 2) -> None:
        self.rows.append({"at_ns": at, "kind": kind, "action": action, "key": str(key), "version": version})


def inside(at: int) -> bool:
    return BEGIN <= at < END


def written(seed: int) -> Written:
    made = Written(random.Random(seed))
    for number in range(1, 201):
        _alarm(made, number)
    for number in range(1, 61):
        _event(made, number)
    for number in range(1, 81):
        _order(made, number)
    for seat in range(6):
        _flood(made, seat)
    for name, (kind, action) in OTHERS.items():
        _others(made, name, kind, action)
    for name, kind in FIRST_ROWS.items():
        for number in range(20):
            at = made.moment()
            made.row(at, kind, f"{kind}.begin", number, 1)
            made.row(at, kind, f"{kind}.change", number, 2)
            made.told[name] += inside(at)
    made.events.sort(key=lambda event: event["opened_at"])  # type: ignore[arg-type,return-value]
    made.events = [{**event, "number": at} for at, event in enumerate(made.events, start=1)]
    made.rows.sort(key=lambda row: row["at_ns"])  # type: ignore[arg-type,return-value]
    return made


def _alarm(made: Written, number: int) -> None:
    raised, colour = made.moment(), made.dice.randint(1, 4)
    made.row(raised, "alarm", "alarm.raise", number, 1)
    if made.dice.random() < 0.2:
        # It came back within its life: the same alarm calls again.
        made.row(raised, "alarm", "alarm.raise", number, 2)
        made.told[FigureName.ALARM_CALLS] += inside(raised)
    called = raised
    if made.dice.random() < 0.3:
        called = raised + made.dice.randrange(1, HOUR)
        action = made.dice.choice(("alarm.escalate", "alarm.realarm"))
        made.row(called, "alarm", action, number)
        made.told[FigureName.ALARM_CALLS] += action == "alarm.realarm" and inside(called)
    acked = called + made.dice.randrange(1, HOUR) if made.dice.random() < 0.7 else None
    if acked is not None:
        made.row(acked, "alarm", "alarm.acknowledge", number)
        made.row(acked + 1, "alarm", "alarm.return", number)
        if inside(acked):
            made.told[FigureName.ACKNOWLEDGED] += 1
            made.took.append((acked - called) / 1e9)
    shelved = made.dice.random() < 0.2
    closed = acked is not None and made.dice.random() < 0.8
    made.told[FigureName.ALARM_CALLS] += inside(raised)
    made.told[FigureName.ALARMS_RAISED] += inside(raised)
    made.told[FigureName(f"alarms_{('blue', 'yellow', 'orange', 'red')[colour - 1]}")] += inside(raised)
    made.told[FigureName.ALARMS_OPEN] += acked is None and not closed and not shelved and raised < END
    made.told[FigureName.ALARMS_SHELVED] += shelved and not closed and raised < END
    made.alarms.append({
        "number": number, "vital": number, "vital_code": f"V{number}", "colour": colour, "band": colour, "side": 1,
        "raised_at": raised, "changed_at": raised, "acked_at": acked, "note": "", "closed": closed, "raises": 1,
        "shelved_at": raised if shelved else None, "shelve_reason": "", "version": 1, "change": 1,
    })  # fmt: skip


def _event(made: Written, number: int) -> None:
    opened, grade, living = made.moment(), made.dice.randint(0, 4), made.dice.random() < 0.5
    made.told[FigureName.EVENTS_OPENED] += inside(opened)
    made.told[FigureName(f"events_{('ungraded', 'general', 'larger', 'major', 'extraordinary')[grade]}")] += inside(
        opened
    )
    made.told[FigureName.EVENTS_LIVING] += living and opened < END
    made.events.append({
        "number": number, "code": f"E{number}", "state": "graded", "living": living, "owed": False, "grade": grade,
        "matter": "", "centre": "C", "district": "C", "source": "manual", "source_ref": "", "lead": "", "text": "",
        "source_at": opened, "opened_at": opened, "record": b"", "version": 1, "change": 1,
    })  # fmt: skip


def _order(made: Written, number: int) -> None:
    issued = made.moment()
    made.told[FigureName.ORDERS_ISSUED] += inside(issued)
    made.orders.append({
        "number": number, "code": f"O{number}", "state": "sent", "living": True, "centre": "C", "issued_at": issued,
        "record": b"", "version": 1, "change": 1,
    })  # fmt: skip
    for place in range(1, made.dice.randint(2, 5)):
        step, living = made.dice.choice(STEPS), made.dice.random() < 0.6
        due = made.moment() if made.dice.random() < 0.7 else None
        made.told[FigureName.RECEIPTS_ASKED] += inside(issued)
        made.told[FigureName.RECEIPTS_SIGNED] += inside(issued) and STEPS.index(step) >= STEPS.index("signed")
        made.told[FigureName.RECEIPTS_FED_BACK] += inside(issued) and step in STEPS[-2:]
        made.told[FigureName.RECEIPTS_OVERDUE] += living and due is not None and due < END
        made.receipts.append({
            "order_number": number, "place": place, "recipient": "U", "step": step, "state": "open", "living": living,
            "due_at": due, "record": b"", "version": 1, "change": 1,
        })  # fmt: skip
    asked = made.moment()
    made.told[FigureName.SIDE_REQUESTS] += inside(asked)
    made.requests.append({
        "number": number, "order_number": number, "place": 1, "recipient": "U", "kind": "extend", "state": "waiting",
        "asked_at": asked, "record": b"", "version": 1, "change": 1,
    })  # fmt: skip


def _flood(made: Written, seat: int) -> None:
    """Write floods of a seat, overlapping those of other seats; the last one may not have ended."""
    at = EPOCH
    while (began := at + 10**9 * made.dice.randrange(60, 6 * 3600)) < EPOCH + 50 * HOUR:
        at = began + 10**9 * made.dice.randrange(60, 2 * 3600)
        made.row(began, "flood", "flood.begin", f"S{seat}")
        lasts = at > END and made.dice.random() < 0.5
        if not lasts:
            made.row(at, "flood", "flood.end", f"S{seat}")
        end = END if lasts else at
        made.flooded |= set(range(max(began, BEGIN) // 10**9, min(end, END) // 10**9))
        if lasts:
            return


def _others(made: Written, name: FigureName, kind: str, action: str) -> None:
    for _ in range(30):
        at, key = made.moment(), str(made.dice.randint(1, 9))
        made.row(at, kind, action, key)
        made.row(at, kind, f"{action}_not", key)
        if name is FigureName.RECEIPTS_REMINDED:
            made.reminded |= {key} if inside(at) else set()
        else:
            made.told[name] += inside(at)


def expected(made: Written) -> dict[FigureName, float]:
    values = {name: float(made.told[name]) for name in FigureName}
    values[FigureName.RECEIPTS_REMINDED] = float(len(made.reminded))
    values[FigureName.FLOOD_MINUTES] = len(made.flooded) / 60
    values[FigureName.ACK_MEDIAN_S] = statistics.median(made.took)
    values[FigureName.ACK_LONGEST_S] = max(made.took)
    return values


def put(connection: Connection, made: Written) -> None:
    empty = {
        "chain": 1, "realm": "live", "account": "", "seat": "", "post": "", "area": "", "part": 0, "record": b"",
        "params": b"\x80", "prev_hash": b"", "hashed": b"", "hash": b"", "signature": b"",
    }  # fmt: skip
    rows = [{**empty, "number": at, "command_id": f"c{at}", **row} for at, row in enumerate(made.rows, start=1)]
    for table, found in (
        (JOURNAL, rows), (ALARMS, made.alarms), (EVENTS, made.events), (ORDERS, made.orders),
        (RECEIPTS, made.receipts), (SIDE_REQUESTS, made.requests),
    ):  # fmt: skip
        connection.execute(insert(table), found)


def counted(values: ShiftFigures) -> dict[FigureName, float]:
    return {name: round(value, 6) for name, value in values.values.items()}


def rounded(values: dict[FigureName, float]) -> dict[FigureName, float]:
    return {name: round(value, 6) for name, value in values.items()}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a database filled from one seed."""
    path = tmp_path_factory.mktemp("figures") / "centre.db"
    database = fresh(path)
    with database.writing() as connection:
        put(connection, written(7))
    database.close()
    return path


def test_that_the_figures_are_what_was_written(file: Path) -> None:
    database = fresh(file)
    with database.reading() as connection:
        found = duty_figures.count(connection, BEGIN, END)
    database.close()
    assert counted(found) == rounded(expected(written(7)))
    assert found.head == len(written(7).rows)


def test_that_the_printed_statements_count_the_same_when_typed_into_another_tool(file: Path) -> None:
    wanted = expected(written(7))
    everything = {"begin": BEGIN, "end": END, "first": 0, "last": 2**63 - 1, "first_event": 0, "last_event": 2**63 - 1}
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        for name, statement in duty_figures.SQL.items():
            (value,) = connection.execute(statement, everything).fetchone()
            assert value == pytest.approx(wanted[name]), name
    connection.close()


def test_that_the_numbers_looked_between_leave_nothing_out(file: Path) -> None:
    database = fresh(file)
    with database.reading() as connection:
        bound = duty_figures.bounds(connection, BEGIN, END)
    database.close()
    opened = [int(str(one["number"])) for one in written(7).events if inside(int(str(one["opened_at"])))]
    assert bound["first_event"] <= opened[0]
    assert bound["last_event"] >= opened[-1]
    numbers = [at for at, row in enumerate(written(7).rows, start=1) if inside(int(str(row["at_ns"])))]
    assert bound["first"] <= numbers[0]
    assert bound["last"] >= numbers[-1]
    assert bound["last"] - bound["first"] < len(written(7).rows), "and they do leave out what is far away"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_that_two_halves_of_a_shift_add_up_to_it(tmp_path: Path, seed: int) -> None:
    database = fresh(tmp_path / "centre.db")
    with database.writing() as connection:
        put(connection, written(seed))
        middle = BEGIN + 5 * HOUR + 1
        whole = duty_figures.count(connection, BEGIN, END).values
        first = duty_figures.count(connection, BEGIN, middle).values
        second = duty_figures.count(connection, middle, END).values
    database.close()
    for name in (FigureName.ALARMS_RAISED, FigureName.ACKNOWLEDGED, FigureName.ORDERS_ISSUED, FigureName.FLOOD_MINUTES):
        assert first[name] + second[name] == pytest.approx(whole[name])


def test_that_no_statement_reads_a_whole_table(file: Path) -> None:
    everything = {"begin": BEGIN, "end": END, "first": 0, "last": 1, "first_event": 0, "last_event": 1}
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        scans = {
            (name.value, row[3])
            for name, statement in duty_figures.SQL.items()
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", everything)
            if row[3].startswith("SCAN") and row[3].split()[1] in ("alarms", "events", "orders", "receipts", "journal")
            and "uq_alarms_living_vital" not in row[3]
        }  # fmt: skip
    connection.close()
    assert scans == set()


def test_that_a_time_in_which_nothing_happened_has_noughts_and_no_median(tmp_path: Path) -> None:
    database = fresh(tmp_path / "centre.db")
    with database.reading() as connection:
        found = duty_figures.count(connection, BEGIN, END)
    database.close()
    assert found[FigureName.ALARMS_RAISED] == 0
    assert found[FigureName.FLOOD_MINUTES] == 0
    assert found[FigureName.ACK_MEDIAN_S] is None


def test_that_a_server_counts_the_same(postgres_server: Server, tmp_path: Path) -> None:
    postgres_server.make("figures", "newest")
    database = opened(postgres_server, "figures", tmp_path / "database.url")
    with database.writing() as connection:
        put(connection, written(7))
    with database.reading() as connection:
        found = duty_figures.count(connection, BEGIN, END)
    database.close()
    postgres_server.drop("figures")
    assert counted(found) == rounded(expected(written(7)))


SEATS, AREA = ("S1", "S2", ""), frozenset(range(1, 101))
"""Seats rows are written from, and the vitals in the area of S1."""
_KINDS = (
    ("event", "event.grade"), ("event", "event.open"), ("order", "order.send"), ("order", "order.recall"),
    ("order", "order.hold"), ("call_out", "call_out.start"), ("call_out", "call_out.end"), ("mode", "mode.switch"),
)  # fmt: skip


def seated(seed: int) -> Written:
    """Return what was written, each row from a seat, and rows besides that only a seat's figures tell apart."""
    made, dice = written(seed), random.Random(seed)
    for number in range(400):
        kind, action = dice.choice(_KINDS)
        made.row(made.moment(), kind, action, 1 + number % 40, dice.choice((1, 2)))
    made.rows.sort(key=lambda row: row["at_ns"])  # type: ignore[arg-type,return-value]
    made.rows = [{**row, "seat": dice.choice(SEATS)} for row in made.rows]
    return made


def of_seat(made: Written, seat: str) -> dict[SeatFigure, float]:
    """Count a seat's figures in plain Python, over the rows as they were written."""
    rows = [(at, row) for at, row in enumerate(made.rows) if inside(int(str(row["at_ns"])))]
    own = [(at, row) for at, row in rows if row["seat"] == seat]
    acknowledged = [(at, row) for at, row in own if row["action"] == "alarm.acknowledge"]
    calls = {"alarm.raise", "alarm.escalate", "alarm.realarm"}
    took = []
    for at, row in acknowledged:
        before = [one for one in made.rows[:at] if one["key"] == row["key"] and one["action"] in calls]
        took.append((int(str(row["at_ns"])) - int(str(before[-1]["at_ns"]))) / 1e9)
    given = {"order.send", "order.hold", "order.wait"}
    counted: dict[SeatFigure, float] = {
        SeatFigure.ALARMS_RAISED: sum(
            row["action"] == "alarm.raise" and row["version"] == 1 and int(str(row["key"])) in AREA for _, row in rows
        ),
        SeatFigure.ACKNOWLEDGED: len(acknowledged), SeatFigure.ACK_MEDIAN_S: statistics.median(took),
        SeatFigure.EVENTS_HANDLED: len({row["key"] for _, row in own if row["kind"] == "event"}),
        SeatFigure.ORDERS_GIVEN: sum(row["action"] in given and row["version"] == 1 for _, row in own),
        SeatFigure.CALL_OUTS: sum(row["kind"] == "call_out" and row["version"] == 1 for _, row in own),
    }  # fmt: skip
    return counted


@pytest.mark.parametrize("seed", [4, 5])
def test_that_a_seats_figures_are_those_of_its_rows_and_its_area(tmp_path: Path, seed: int) -> None:
    made = seated(seed)
    database = fresh(tmp_path / "centre.db")
    with database.writing() as connection:
        put(connection, made)
        found = duty_figures.count(connection, BEGIN, END, seat="S1", vitals=AREA)
        other = duty_figures.count(connection, BEGIN, END)
    database.close()
    assert {name: pytest.approx(value) for name, value in of_seat(made, "S1").items()} == found.of_seat
    assert found.of_seat[SeatFigure.ACKNOWLEDGED] > 0
    assert (other.values, other.of_seat) == (found.values, {})


def test_that_a_server_counts_a_seats_figures_the_same(postgres_server: Server, tmp_path: Path) -> None:
    made = seated(4)
    postgres_server.make("seat_figures", "newest")
    database = opened(postgres_server, "seat_figures", tmp_path / "database.url")
    with database.writing() as connection:
        put(connection, made)
    with database.reading() as connection:
        found = duty_figures.count(connection, BEGIN, END, seat="S1", vitals=AREA)
    database.close()
    postgres_server.drop("seat_figures")
    assert {name: pytest.approx(value) for name, value in of_seat(made, "S1").items()} == found.of_seat

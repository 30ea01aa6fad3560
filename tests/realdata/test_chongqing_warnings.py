"""All warnings of Chongqing from twenty days of July in their order, on a simulated clock, from import to end."""

import csv
import io
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chengyun_core.bulletins.texts import time_ns
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.callout import Call, CallState, Outcome
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import OfficialWarning, WarningState
from chengyun_core.model.warning_commands import NoteCall, StartWarningCall, TakeWarning
from chengyun_core.store import call_table, warning_table
from tests.core.centre.room import SETTINGS, Room
from tests.support.in_memory import memory_folder
from tests.support.reference_room import reference_catalogue

pytestmark = pytest.mark.timeout(300)  # nearly a thousand commits; two cores are shared with others
POLL_NS = 30 * 60 * 10**9
"""About the time between two looks at the feed of who collected it."""
RELAYED = "table"


@dataclass
class Course:
    """What came of it."""

    room: Room
    session: str
    rows: list[dict[str, str]]
    looks: list[int]
    """When the feed was looked at, profile ns UTC."""
    lifted: int = 0
    called: list[int] = field(default_factory=list)
    most_in_force: int = 0
    seconds: float = 0.0


@pytest.fixture(scope="module")
def feed(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "warnings_cn" / "warnings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def rows(feed: list[dict[str, str]]) -> list[dict[str, str]]:
    found = [row for row in feed if row["adcode"].startswith("50")]
    return sorted(found, key=lambda row: (row["issued"], row["adcode"], row["type"]))


@pytest.fixture(scope="module")
def course(feed: list[dict[str, str]], rows: list[dict[str, str]]) -> Iterator[Course]:
    settings = CentreSettings(
        argon2_time_cost=SETTINGS.argon2_time_cost, argon2_memory_kib=SETTINGS.argon2_memory_kib, reserve_mib=0,
        session_hours=24 * 120.0,
    )  # fmt: skip
    with memory_folder() as folder, Room(folder, settings) as room:
        room.clock.now_ns = min(time_ns(row["first_seen"]) or 0 for row in rows) - 10**9
        room.adopt(reference_catalogue())
        session = room.officer("chief", "500000.watch_chief", "500000.duty_officer")
        looks = {time_ns(row[name]) or 0 for row in feed for name in ("first_seen", "last_seen")}
        made = Course(room, session, rows, sorted(looks))
        begun = time.monotonic()
        _play(made)
        made.seconds = time.monotonic() - begun
        yield made


def _play(course: Course) -> None:
    """Take what each look at the feed showed first, and lift what the next one did not show any more."""
    steps: dict[tuple[int, int], list[dict[str, str]]] = {}
    for row in course.rows:
        steps.setdefault((time_ns(row["first_seen"]) or 0, 0), []).append(row)
        last = time_ns(row["last_seen"]) or 0
        gone_at = next((look for look in course.looks if look > last), last + POLL_NS)
        steps.setdefault((gone_at, 1), []).append(row)
    for (at, kind), seen in sorted(steps.items(), key=lambda step: step[0]):
        _until(course.room, at)
        if kind == 0:
            _take(course, seen)
        else:
            _lift(course, seen, at)
        with course.room.ledger.reading() as connection:
            course.most_in_force = max(course.most_in_force, warning_table.count_living(connection))
    _until(course.room, course.room.clock.now_ns + 60 * 86_400 * 10**9)


def _until(room: Room, at_ns: int) -> None:
    """Let time pass from one thing that is due to the next."""
    while True:
        waits = room.desk.due.next_in_s()
        if waits is None or room.clock.now_ns + waits * 1e9 >= at_ns:
            break
        room.clock.now_ns += round(waits * 1e9)
        room.tend()
    room.clock.now_ns = max(room.clock.now_ns, at_ns)
    room.tend()


def _take(course: Course, seen: list[dict[str, str]]) -> None:
    course.room.done(TakeWarning(name="feed.csv", data=table(seen)), course.session)
    for row in seen:
        held = _known(course.room, row)
        grave = held.colour is WarningColour.RED and held.category == "rainstorm"
        if grave and held.state is WarningState.IN_FORCE and held.call_out is None and held.area.centres:
            call = StartWarningCall(warning=held.number, version=held.version)
            course.called.append(int(course.room.done(call, course.session).key))
            _answer(course, course.called[-1])


def table(rows: list[dict[str, str]]) -> bytes:
    """Return rows as the bytes of the feed."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _identity(row: dict[str, str]) -> str:
    return "/".join("_".join(row[name].split()) for name in ("adcode", "type", "issued", "color"))


def _known(room: Room, row: dict[str, str]) -> OfficialWarning:
    with room.ledger.reading() as connection:
        held = warning_table.by_identity(connection, RELAYED, _identity(row))
    assert held is not None
    return held


def _answer(course: Course, call_out: int) -> None:
    """Let every third be away: he is tried twice, and his next as well, till the superior is told."""
    for place in range(len(_calls(course.room, call_out))):
        while (call := _call(course.room, call_out, place)).state not in (CallState.CONFIRMED, CallState.ESCALATED):
            there = place % 3
            outcome = Outcome.CONFIRMED if there else Outcome.NO_ANSWER
            note = NoteCall(
                call_out=call_out, place=place, version=call.version, channel="电话", number="", outcome=outcome,
                words="收到，已通知到户" if there else "", said_by="赵某" if there else "",
            )  # fmt: skip
            course.room.done(note, course.session)


def _call(room: Room, call_out: int, place: int) -> Call:
    with room.ledger.reading() as connection:
        found = call_table.call(connection, call_out, place)
    assert found is not None
    return found


def _calls(room: Room, call_out: int) -> list[Call]:
    with room.ledger.reading() as connection:
        return [call for call, _, _ in call_table.calls_of(connection, call_out)]


def _lift(course: Course, gone: list[dict[str, str]], at: int) -> None:
    """Lift what vanished from the feed before its time and was not replaced: by the Cancel the feed never sends."""
    held = [(row, _known(course.room, row)) for row in gone]
    lifted = [
        _cancel(one, row["last_seen"])
        for row, one in held
        if one.state is WarningState.IN_FORCE and one.expires_at is not None and one.expires_at > at + POLL_NS
    ]
    if lifted:
        course.room.done(TakeWarning(name="lift.xml", data=f"<feed>{''.join(lifted)}</feed>".encode()), course.session)
        course.lifted += len(lifted)


def _cancel(held: OfficialWarning, seen: str) -> str:
    sent = f"{seen[:-1]}+00:00"
    return (
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>lift-{held.number}</identifier>'
        f"<sender>{RELAYED}</sender><sent>{sent}</sent><status>Actual</status><msgType>Cancel</msgType>"
        f"<scope>Public</scope><references>{RELAYED},{held.identifier},{sent}</references></alert>"
    )


def _all(room: Room) -> list[OfficialWarning]:
    with room.ledger.reading() as connection:
        return warning_table.older(connection, 0, living_only=False, colours=(), limit=5000)


def test_that_every_row_is_taken_once_and_none_is_left_in_force(course: Course) -> None:
    kept = [one for one in _all(course.room) if one.format == "table"]
    assert len(kept) == len(course.rows) == 799
    states = Counter(one.state for one in kept)
    assert WarningState.IN_FORCE not in states
    assert states[WarningState.CANCELLED] == course.lifted > 0
    assert states[WarningState.SUPERSEDED] > 0
    assert states.total() == 799
    told = f"{course.seconds:.1f} s, {dict(states)}, {course.most_in_force} at most in force"
    print(f"\n{told}, {len(course.called)} call-outs")


def test_that_an_import_again_takes_nothing(course: Course) -> None:
    done = course.room.done(TakeWarning(name="feed.csv", data=table(course.rows[:1])), course.session)
    assert [code for _, code in done.left] == ["warning.known"]


def test_that_each_is_where_its_code_says_and_placeholders_are_nowhere(course: Course) -> None:
    places = course.room.desk.city.centres
    for one in _all(course.room):
        if one.format == "table":
            (code,) = one.area.codes
            assert one.area.centres == ((code,) if code in places else ()), (code, one.area)


def test_that_everybody_who_was_called_confirmed_or_was_told_to_the_superior(course: Course) -> None:
    states: Counter[CallState] = Counter()
    for number in course.called:
        states.update(call.state for call in _calls(course.room, number))
        with course.room.ledger.reading() as connection:
            held = call_table.call_out(connection, number)
        assert held is not None
        assert held.ended_at is not None
        assert held.confirmed + held.escalated == held.addressees
    assert states.keys() == {CallState.CONFIRMED, CallState.ESCALATED}
    print(f"\n{dict(states)}")

"""The tables a roster is imported from, people and shifts, every unacceptable cell told by line and column (H3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from chengyun_core.model.catalogue_rows import Faults, Row, rows_of
from chengyun_core.model.catalogue_tables import Cell, Column, Table, Tables
from chengyun_core.model.duty import Assignment, Certificate, Demand, DutyRole, Person, Shift
from chengyun_core.model.stamp import parse_local

PEOPLE, ROSTER = "people", "roster"
MOST_FAULTS = 500
LONGEST_SHIFT_H = 48
_ROLES = tuple(role.value for role in DutyRole)
_MODES = ("peacetime", "emergency")
_MINUTE_NS = 60 * 10**9


def _text(
    name: str, meaning: str, *, longest: int = 200, required: bool = False, words: tuple[str, ...] = ()
) -> Column:
    return Column(name=name, kind=Cell.TEXT, meaning=meaning, longest=longest, required=required, words=words)


def _code(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name=name, kind=Cell.CODE, meaning=meaning, longest=64, required=required)


PEOPLE_TABLE = Table(
    name=PEOPLE,
    record=Person,
    key=("code",),
    meaning="Who does duty; a known code is written anew.",
    optional=True,
    columns=(
        _code("code", "number of service or any other code that stays", required=True),
        _text("name", "name", longest=64, required=True),
        _code("centre", "code of the centre; empty: the profile's own"),
        _text("unit", "department or unit", longest=64),
        _code("account", "account with which he signs on; empty: none"),
        _text("posts", "codes of posts, by |", longest=500),
        _text("phones", "telephone numbers in the order they are tried, by |", longest=200),
        _text("certificates", "`role=until` by |, e.g. `officer=2027-06-30`", longest=500),
    ),
)
ROSTER_TABLE = Table(
    name=ROSTER,
    record=Assignment,
    key=("begins", "person"),
    meaning="One person on one shift a row; rows with the same centre, shift and begin are one shift.",
    optional=True,
    columns=(
        _text("shift", "name of the shift", longest=40, required=True),
        _text("begins", "ISO 8601 time; without a zone in the city's", longest=40, required=True),
        _text("ends", "ISO 8601 time, at most 48 h later", longest=40, required=True),
        _code("centre", "code of the centre; empty: the profile's own"),
        _code("person", "code of somebody of the people; empty: the row only says what the shift needs"),
        _text("role", "as whom", words=_ROLES, required=True),
        _code("seat", "seat of the catalogue, for officers"),
        Column(
            name="needs", kind=Cell.INTEGER, meaning="how many of the role the shift needs at least", low=0, high=99
        ),
        _text("mode", "mode in which it needs them (default peacetime)", words=_MODES),
    ),
)
TABLES: dict[str, Table] = {PEOPLE: PEOPLE_TABLE, ROSTER: ROSTER_TABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What codes must be of, and the zone of times without one."""

    centre: str
    """The profile's own: of rows that name none."""
    centres: frozenset[str]
    seats: frozenset[str]
    people: frozenset[str]
    """Codes that are on record already."""
    accounts: frozenset[str]
    zone_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What a file says; shifts have no numbers yet."""

    people: tuple[Person, ...] = ()
    shifts: tuple[Shift, ...] = ()


@dataclass(slots=True)
class _Building:
    """One shift while its rows are read."""

    shift: Shift
    line: int
    assignments: list[Assignment] = field(default_factory=list)
    demands: dict[tuple[DutyRole, str], Demand] = field(default_factory=dict)


def read(tables: Tables, known: Known) -> tuple[Roster, Faults]:
    """Return what the tables say, and what is wrong with them; the roster is worth nothing while there are faults."""
    faults = Faults(MOST_FAULTS, TABLES)
    rows = rows_of(tables, faults, TABLES)
    if not any(rows.values()):
        faults.add(ROSTER, 0, "", "", "roster.empty")
    people = _people(rows.get(PEOPLE, []), known, faults)
    codes = known.people | {person.code for person in people}
    shifts = _shifts(rows.get(ROSTER, []), replace(known, people=codes), faults)
    return Roster(people=tuple(people), shifts=tuple(shifts)), faults


def _people(rows: list[Row], known: Known, faults: Faults) -> list[Person]:
    found: dict[str, Person] = {}
    for row in rows:
        code, account = row.text("code"), row.text("account")
        if code in found:
            faults.add(PEOPLE, row.line, "code", code, "roster.person_twice", person=code)
        if account and account not in known.accounts:
            faults.add(PEOPLE, row.line, "account", account, "account.unknown", account=account)
        found[code] = Person(
            code=code, name=row.text("name"), centre=_centre(row, PEOPLE, known, faults), unit=row.text("unit"),
            account=account, posts=_parts(row, "posts"), phones=_parts(row, "phones"),
            certificates=_certificates(row, faults),
        )  # fmt: skip
    return list(found.values())


def _certificates(row: Row, faults: Faults) -> tuple[Certificate, ...]:
    found = []
    for part in _parts(row, "certificates"):
        role, sign, until = (piece.strip() for piece in part.partition("="))
        if not sign or role not in _ROLES or not _is_date(until):
            faults.add(PEOPLE, row.line, "certificates", part, "roster.certificate", roles=", ".join(_ROLES))
        else:
            found.append(Certificate(role=DutyRole(role), until=until))
    return tuple(found)


def _shifts(rows: list[Row], known: Known, faults: Faults) -> list[Shift]:
    found: dict[tuple[str, str, int], _Building] = {}
    for row in rows:
        held = _building(row, found, known, faults)
        if held is not None:
            _add(row, held, known, faults)
    return [
        replace(held.shift, assignments=tuple(held.assignments), demands=tuple(held.demands.values()))
        for held in found.values()
    ]


def _building(row: Row, found: dict[tuple[str, str, int], _Building], known: Known, faults: Faults) -> _Building | None:
    begins, ends = _time(row, "begins", known, faults), _time(row, "ends", known, faults)
    centre = _centre(row, ROSTER, known, faults)
    if begins is None or ends is None:
        return None
    if not 0 < ends - begins <= LONGEST_SHIFT_H * 60 * _MINUTE_NS:
        faults.add(ROSTER, row.line, "ends", row.text("ends"), "roster.times", hours=LONGEST_SHIFT_H)
        return None
    key = (centre, row.text("shift"), begins)
    if key not in found:
        shift = Shift(number=0, centre=centre, name=row.text("shift"), begins_at=begins, ends_at=ends)
        found[key] = _Building(shift, row.line)
    elif found[key].shift.ends_at != ends:
        faults.add(ROSTER, row.line, "ends", row.text("ends"), "roster.two_ends", first=found[key].line)
    return found[key]


def _add(row: Row, held: _Building, known: Known, faults: Faults) -> None:
    role = row.text("role")
    if role not in _ROLES:
        return
    person, seat = row.text("person"), row.text("seat")
    if "needs" in row.values:
        mode = row.text("mode") or "peacetime"
        count = row.count("needs", 0)
        held.demands[DutyRole(role), mode] = Demand(role=DutyRole(role), count=count, mode=mode)
    if seat and seat not in known.seats:
        faults.add(ROSTER, row.line, "seat", seat, "session.seat_unknown", seat=seat)
    if not person:
        if "needs" not in row.values:
            faults.add(ROSTER, row.line, "person", "", "roster.nobody_and_no_need")
        return
    if person not in known.people:
        faults.add(ROSTER, row.line, "person", person, "person.unknown", person=person)
    if any(one.person == person for one in held.assignments):
        faults.add(ROSTER, row.line, "person", person, "shift.twice", person=person)
    held.assignments.append(Assignment(person=person, role=DutyRole(role), seat=seat))


def _centre(row: Row, table: str, known: Known, faults: Faults) -> str:
    centre = row.text("centre") or known.centre
    if centre not in known.centres:
        faults.add(table, row.line, "centre", centre, "person.centre_unknown", centre=centre)
    return centre


def _parts(row: Row, column: str) -> tuple[str, ...]:
    return tuple(part for text in row.text(column).split("|") if (part := text.strip()))


def _is_date(text: str) -> bool:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat() == text
    except ValueError:
        return False


def _time(row: Row, column: str, known: Known, faults: Faults) -> int | None:
    text = row.text(column)
    if not text:
        return None
    try:
        return parse_local(text, known.zone_minutes)
    except ValueError:
        faults.add(ROSTER, row.line, column, text, "roster.time")
        return None


def tables_of(sheets: Mapping[str, list[dict[str, str]]]) -> Tables:
    """Return sheets under the names of the tables their headings are those of; others keep theirs, and are refused."""
    return {_name(name, rows): rows for name, rows in sheets.items()}


def _name(name: str, rows: list[dict[str, str]]) -> str:
    given = set[str]().union(*rows)
    if name in TABLES or not rows:
        return name
    return ROSTER if "begins" in given or "person" in given else PEOPLE

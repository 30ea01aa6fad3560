"""Which rows an alarm list has: lines and what they fold, then parked, standing, shelved, suppressed and the like."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple, TypeVar

from chengyun_core.mirror.alarm_groups import AlarmGroup
from chengyun_core.mirror.alarms import AlarmBoard, Line, awaits, is_standing, parted
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.alarm import Alarm, Override, OverrideKind
from chengyun_core.model.scales import WarningColour

_Row = TypeVar("_Row", bound=Line | Override)
GRAVE = (WarningColour.RED, WarningColour.ORANGE)


class Section(StrEnum):
    """Lists below the annunciated alarms."""

    OTHERS = "others"
    """What goes to other seats (H4)."""
    PARKED = "parked"
    STANDING = "standing"
    SHELVED = "shelved"
    SUPPRESSED = "suppressed"
    OUT_OF_SERVICE = "out_of_service"


OPEN_AT_FIRST = frozenset({"section:standing", "section:shelved"})
"""What is parked, suppressed or out of service is counted and one key away, but does not compete with what calls."""


class Item(NamedTuple):
    """One row to be: of an alarm, a group, an override without a living alarm, or the heading of a section.

    A tuple, for thousands are made at each change of a flood: 2.4 ms for 6 000, where a frozen dataclass takes 6.6.
    """

    key: str
    what: Alarm | AlarmGroup | Override | Section
    depth: int = 0
    is_open: bool = False
    holds: int = 0
    """Of a section: how many are in it."""
    red: int = 0
    """Of what goes to other seats: how many are red."""
    is_theirs: bool = False
    """It goes to other seats."""


def listing(
    facts: FactMirror,
    now_ns: int,
    *,
    flooded: bool,
    toggled: frozenset[str],
    lets: Callable[[int], bool] | None = None,
    own: AlarmBoard | None = None,
) -> list[Item]:
    """Return the rows of the whole list in order. `toggled`: keys that are not folded as they are at first.

    `lets` says which vitals a focus filter lets through, None: there is no filter; a group is shown whole when one of
    its alarms is inside.
    `own`: what goes to this seat; the rest is one row that can be unfolded. None: all of it.
    """
    board = own if own is not None else facts.board
    let = _let(board.lines, lets)
    lines, parked = parted(let) if flooded else (let, [])
    standing = [line for line in lines if _stands(line, now_ns)]
    away = {id(line) for line in standing}
    items = list(_lines([line for line in lines if id(line) not in away] if away else lines, toggled))
    items += _theirs(facts.board, board, lets, toggled)
    below: dict[Section, Iterable[Line | Override]] = {
        Section.PARKED: parked,
        Section.STANDING: standing,
        Section.SHELVED: board.shelved,
        Section.SUPPRESSED: (*board.suppressed, *_lone(facts, OverrideKind.SUPPRESSED)),
        Section.OUT_OF_SERVICE: (*board.out_of_service, *_lone(facts, OverrideKind.OUT_OF_SERVICE)),
    }
    for section, told in below.items():
        items += _section(section, _let(told, lets), toggled)
    return items


def _theirs(
    every: AlarmBoard, own: AlarmBoard, lets: Callable[[int], bool] | None, toggled: frozenset[str]
) -> Iterator[Item]:  # fmt: skip
    """Yield the row that counts what goes to other seats, and each of it, unfolded: nobody has to read those twice."""
    if own is every:
        return
    mine = {alarm.number for alarm in own.alarms}
    told = _let([alarm for alarm in every.alarms if alarm.number not in mine], lets)
    red = sum([alarm.colour is WarningColour.RED for alarm in told])
    for item in _section(Section.OTHERS, told, toggled):
        is_head = item.what is Section.OTHERS
        yield item._replace(red=red) if is_head else item._replace(is_theirs=True)


def _let(rows: Iterable[_Row], lets: Callable[[int], bool] | None) -> list[_Row]:
    """Return the rows a filter lets through; without one thousands of rows are not asked one by one."""
    return list(rows) if lets is None else [row for row in rows if _is_let(row, lets)]


def _is_let(row: Line | Override, lets: Callable[[int], bool]) -> bool:
    if isinstance(row, AlarmGroup):
        return any(lets(alarm.vital) for alarm in (row.head, *row.members))
    return lets(row.vital)


def key_of_alarm(items: Iterable[Item], number: int) -> str:
    """Return the key of the row that stands for an alarm, "" when it is folded away or not there."""
    for item in items:
        what = item.what.head if isinstance(item.what, AlarmGroup) else item.what
        if isinstance(what, Alarm) and what.number == number:
            return item.key
    return ""


def fold_of_alarm(board: AlarmBoard, number: int) -> str:
    """Return the key of the group that hides an alarm, "" when none does."""
    hiding = (line for line in board.lines if isinstance(line, AlarmGroup) and _holds(line, number))
    return next((line.key for line in hiding), "")


def _holds(group: AlarmGroup, number: int) -> bool:
    return any(alarm.number == number for alarm in group.members)


def _lines(lines: Iterable[Line], toggled: frozenset[str], depth: int = 0) -> Iterator[Item]:
    for line in lines:
        if isinstance(line, Alarm):
            yield Item(key=str(line.number), what=line, depth=depth)
            continue
        is_open = line.key in toggled
        yield Item(key=line.key, what=line, depth=depth, is_open=is_open)
        for member in line.members:
            # A fold hides what can wait; red and orange that nobody has seen stay on the screen (RF13, A1).
            if is_open or (member.colour in GRAVE and awaits(member)):
                yield Item(key=str(member.number), what=member, depth=depth + 1)


def _section(section: Section, told: Iterable[Line | Override], toggled: frozenset[str]) -> Iterator[Item]:
    rows = list(told)
    if not rows:
        return
    key = f"section:{section.value}"
    is_open = (key in OPEN_AT_FIRST) != (key in toggled)
    count = sum(1 + len(row.members) if isinstance(row, AlarmGroup) else 1 for row in rows)
    yield Item(key=key, what=section, is_open=is_open, holds=count)
    if not is_open:
        return
    for row in rows:
        if isinstance(row, Override):
            yield Item(key=f"override:{row.vital}:{row.kind.value}", what=row, depth=1)
        else:
            yield from _lines((row,), toggled, depth=1)


def _stands(line: Line, now_ns: int) -> bool:
    """Return whether a line belongs to the standing ones: somebody has it, and it has been active for a day."""
    return isinstance(line, Alarm) and is_standing(line, now_ns) and not awaits(line)


def _lone(facts: FactMirror, kind: OverrideKind) -> Iterator[Override]:
    """Yield the overrides of a kind whose vital has no alarm to show them on."""
    for override in facts.overrides.values():
        if override.kind is kind and facts.alarm_of_vital(override.vital) is None:
            yield override

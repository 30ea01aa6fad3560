"""Rules of official warnings: what a chain of messages makes of each, who may publish which colour, what holds. Pure.

Sources: 突发事件应对法 (2024) art. 63 (four levels and colours), 64 (what a warning says), 70 (adjusted, lifted);
重庆市突发事件应对条例 (2012) art. 30 (一/二级 the city, 三/四级 the districts); CAP 1.2, 3.2.1 (references).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chengyun_core.model.scales import Level, Realm, WarningColour
from chengyun_core.model.warning import MessageType, OfficialWarning, Status, WarningState

LIVING = frozenset({WarningState.IN_FORCE, WarningState.WAITING})
PUBLISHED = frozenset(WarningState) - {WarningState.DRAFT, WarningState.WAITING, WarningState.REFUSED}
"""States of what was published: only these are links of a chain."""
SECONDED = frozenset({WarningColour.RED})
"""Colours of one's own that wait for a second person (T8)."""
_MAY = {
    Level.CITY: frozenset({WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE}),
    Level.DISTRICT: frozenset({WarningColour.YELLOW, WarningColour.BLUE}),
    Level.TOWN: frozenset[WarningColour](),
}
_RANK = {MessageType.ALERT: 0, MessageType.UPDATE: 1, MessageType.CANCEL: 2}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one message."""

    state: WarningState
    replaced_by: int | None = None


def may_issue(level: Level, colour: WarningColour) -> bool:
    """Return whether a centre of this level publishes warnings of this colour (条例 art. 30).

    The city may publish the lower two as well: it answers for what reaches over several districts.
    """
    return colour in _MAY[level]


def fates(chain: Iterable[OfficialWarning], now: int) -> Mapping[int, Fate]:
    """Return the fate of every message of a chain by number; the same in whatever order they arrived.

    A message holds until the next Update or Cancel of its chain was sent, or until it expires, whichever comes first;
    a Cancel itself never holds. Messages that were never published are no links and are left out.
    """
    ordered = sorted((one for one in chain if one.state in PUBLISHED), key=_sent)
    found: dict[int, Fate] = {}
    ruling: OfficialWarning | None = None
    for one in reversed(ordered):
        found[one.number] = _fate(one, ruling, now)
        if one.message is not MessageType.ALERT:
            ruling = one
    return found


def _sent(one: OfficialWarning) -> tuple[int, int, str, str]:
    return one.issued_at, _RANK[one.message], one.sender, one.identifier


def _fate(one: OfficialWarning, ruling: OfficialWarning | None, now: int) -> Fate:
    if one.message is MessageType.CANCEL:
        return Fate(WarningState.CANCELLED)
    over = one.expires_at is not None and one.expires_at <= (now if ruling is None else ruling.issued_at)
    if over:
        return Fate(WarningState.EXPIRED)
    if ruling is None:
        return Fate(WarningState.IN_FORCE)
    ended = WarningState.CANCELLED if ruling.message is MessageType.CANCEL else WarningState.SUPERSEDED
    return Fate(ended, ruling.number)


def named(reference: str) -> tuple[str, str]:
    """Return (sender, identifier) of a reference `sender,identifier,sent`; what it says of the time adds nothing."""
    sender, _, rest = reference.partition(",")
    return sender, rest.partition(",")[0]


def status_fault(status: Status, realm: str) -> str:
    """Return why a message of this status is not taken in this realm, empty when it is.

    An exercise belongs to the drill realm alone, and what is real to the live one; system and test messages are to be
    disregarded by who acts on warnings (CAP 1.2, 3.2.1).
    """
    if status in (Status.SYSTEM, Status.TEST):
        return "warning.only_a_test"
    if status is Status.EXERCISE and realm != Realm.DRILL:
        return "warning.exercise_in_live"
    return "warning.actual_in_drill" if status is Status.ACTUAL and realm == Realm.DRILL else ""


def oldest_first(chain: Iterable[OfficialWarning]) -> Sequence[OfficialWarning]:
    """Return a chain in the order in which its messages were sent."""
    return sorted(chain, key=_sent)

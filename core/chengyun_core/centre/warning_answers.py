"""Questions about official warnings: pages, and one with its chain, who is concerned, and what is at risk there."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from chengyun_core.centre import call_people, warning_area, warning_calls
from chengyun_core.centre.desk import Desk
from chengyun_core.model.failure import Refused
from chengyun_core.model.mode import Preset
from chengyun_core.model.scales import Mode, WarningColour
from chengyun_core.model.warning import OfficialWarning, WarningState
from chengyun_core.model.warning_rules import oldest_first
from chengyun_core.store import call_table, warning_places, warning_table
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire import codec
from chengyun_core.wire.warning_asks import AskWarning, AskWarnings, Concerned, Warnings, WarningTold
from chengyun_resources.bulletins import categories

PRESETS = RecordLog("mode_preset", Preset)
MOST_ON_A_PAGE = 200
_LOOKED_AT = 2000
"""Rows that a page with words or a place goes through at most; the next page goes on from there."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """How much lies in each centre's own area."""

    points: dict[str, int]
    vitals: dict[str, int]
    events: dict[str, int]


def page(desk: Desk, connection: Connection, ask: AskWarnings) -> bytes:
    """Return warnings, newest first; those of no place of ours concern everybody."""
    if ask.before < 0 or not 1 <= ask.limit <= MOST_ON_A_PAGE:
        raise Refused("ask.out_of_range", after=ask.before, limit=ask.limit, most=MOST_ON_A_PAGE)
    rows = warning_table.older(connection, ask.before, living_only=ask.in_force, colours=ask.colours, limit=_LOOKED_AT)
    wanted = [held for held in rows if _is_wanted(desk, held, ask)]
    shown = wanted[: ask.limit]
    following = 0
    if len(wanted) > len(shown):
        following = shown[-1].number
    elif len(rows) == _LOOKED_AT:
        following = rows[-1].number
    in_force = warning_table.count_living(connection)
    return codec.pack(Warnings(warnings=tuple(shown), next=following, in_force=in_force))


def get(desk: Desk, connection: Connection, ask: AskWarning) -> bytes:
    """Return one warning with its chain and all that lies in its area."""
    held = warning_table.get(connection, ask.warning)
    if held is None:
        raise Refused("warning.unknown", warning=ask.warning)
    told = _concerned(desk, connection, held)
    calls = call_table.call_out(connection, held.call_out) if held.call_out else None
    return codec.pack(
        WarningTold(
            warning=held, chain=tuple(oldest_first(warning_table.chain_of(connection, held.number))), concerned=told,
            risk_points=sum(one.risk_points for one in told), call_out=calls,
            suggests_mode=suggested(desk, connection, held),
        )
    )  # fmt: skip


def suggested(desk: Desk, connection: Connection, held: OfficialWarning) -> str:
    """Return the preset of 急时 a warning suggests: orange or red, in force, somewhere in its area still 平时."""
    kind = categories().get(held.category)
    grave = held.colour >= WarningColour.ORANGE and held.state is WarningState.IN_FORCE
    at_peace = any(desk.mode_at(desk.city.path(code)) is Mode.PEACETIME for code in held.area.centres)
    if kind is None or not kind.presets or not grave or not at_peace:
        return ""
    known = sorted((one for one, _ in PRESETS.standing(connection, lambda _: True)), key=lambda one: one.code)
    fits = (one.code for wanted in kind.presets for one in known if one.code == wanted or wanted in one.name)
    return next(fits, "")


def _is_wanted(desk: Desk, held: OfficialWarning, ask: AskWarnings) -> bool:
    told = f"{held.headline} {held.code} {held.area.text} {held.issuer} {held.category}"
    if not all(word in told for word in ask.words.split()):
        return False
    places = held.area.centres
    return not ask.centre or not places or warning_area.touches(desk.city, places, ask.centre)


def _concerned(desk: Desk, connection: Connection, held: OfficialWarning) -> tuple[Concerned, ...]:
    places = warning_area.concerned(desk.city, held.area.centres)
    counts = _shared(desk, places, _counted(desk, connection, held, places))
    responsible = {one.centre: one.chain[0] for one in reversed(warning_calls.responsible(desk, connection, held))}
    return tuple(_told(desk, connection, code, responsible.get(code, ""), counts) for code in places)


def _told(desk: Desk, connection: Connection, code: str, person: str, counts: _Counts) -> Concerned:
    known = call_people.known(desk.city, connection, person) if person else None
    return Concerned(
        centre=code, name=desk.city.centres[code].name, person=person, person_name=known.name if known else "",
        risk_points=counts.points.get(code, 0), vitals=counts.vitals.get(code, 0), events=counts.events.get(code, 0),
    )  # fmt: skip


def _counted(desk: Desk, connection: Connection, held: OfficialWarning, places: Iterable[str]) -> _Counts:
    """Count by the centre each thing belongs to: points by the outline where there is one, else by their centre."""
    below = [code for code in desk.city.centres if set(desk.city.path(code)) & set(places)]
    if warning_area.outlines(held.area):
        points = warning_area.count_points(connection, held.area)
    else:
        points = warning_places.counts(connection, below)
    vitals = _tally(vital.centre for vital in desk.city.vitals.values())
    return _Counts(points, vitals, _tally(event.centre for event in desk.events.values()))


def _shared(desk: Desk, places: Iterable[str], counts: _Counts) -> _Counts:
    """Give everything to the nearest of the places above it, so that the rows add up to the whole."""
    listed = set(places)

    def to_places(counted: dict[str, int]) -> dict[str, int]:
        found: dict[str, int] = {}
        for code, count in counted.items():
            nearest = next((one for one in desk.city.path(code) if one in listed), None)
            if nearest is not None:
                found[nearest] = found.get(nearest, 0) + count
        return found

    return _Counts(to_places(counts.points), to_places(counts.vitals), to_places(counts.events))


def _tally(codes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in codes:
        found[code] = found.get(code, 0) + 1
    return found

"""Everything a switch of the mode would change, before anybody decides (H1): parts, figures, faults, and its digest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chengyun_core.centre import call_care, mode_care, mode_presets, mode_warnings
from chengyun_core.centre.desk import Desk
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Person
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.mode import Declaration, Part, PartChange, Preset, Scope, ScopeKind, SwitchState
from chengyun_core.model.mode_rules import Outlook, carried, covers, digest, outlook, sets_by_scope
from chengyun_core.model.scales import Mode
from chengyun_core.store import plan_table, session_table
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire import codec
from chengyun_core.wire.mode_asks import AskModePreview, AskPresetCheck, ModePreview, PartPreview

PERSONS = RecordLog("duty_person", Person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A switch as it would be."""

    scope: Scope
    preset: Preset
    view: Outlook
    parts: tuple[PartChange, ...]
    """What the declaration itself carries; of a lift what goes back."""
    sets: dict[str, str]
    """Sets of thresholds by scope as they would be."""
    faults: dict[Part, Reason]
    digest: str
    held: tuple[Declaration, ...] = ()
    """All declarations as they would be."""


def of_declaring(desk: Desk, connection: Connection, scope: Scope, preset_code: str) -> Prospect:
    """Return what declaring 急时 would do. Raises Refused for a scope or a preset nobody knows."""
    return of_preset(desk, connection, scope, mode_care.preset(connection, preset_code))


def of_preset(desk: Desk, connection: Connection, scope: Scope, preset: Preset) -> Prospect:
    """Return what declaring 急时 by a preset would do, saved or not. Raises Refused for a scope nobody knows."""
    check_scope(desk, scope)
    wanted = carried(preset, whole=scope.kind is ScopeKind.CENTRE)
    held = list(desk.declarations.values())
    added = Declaration(
        number=0, issuer=scope.centre, scope=scope, term=0, mode=Mode.EMERGENCY, preset=preset.code, reason="",
        parts=tuple(PartChange(part=part, before="", after=after) for part, after in wanted.items()),
        state=SwitchState.IN_FORCE, declared_at=0, declared_by="",
    )  # fmt: skip
    after = [*held, added]
    view = _outlook(desk, held, after, scope)
    before = {change.part: change.before for change in view.changes}
    parts = tuple(replace(change, before=before[change.part]) for change in added.parts)
    faults = {part: fault for part, value in wanted.items() if (fault := _fault(desk, connection, part, value))}
    about = (scope, Mode.EMERGENCY.value, preset.code, preset.version, tuple(wanted.items()))
    return Prospect(
        scope=scope, preset=preset, view=view, parts=parts, sets=sets_by_scope(after), faults=faults,
        digest=digest(view, *about), held=tuple(after),
    )  # fmt: skip


def of_lifting(desk: Desk, connection: Connection, lifted: Declaration) -> Prospect:
    """Return what lifting a declaration would do: every part as the other declarations have it, or as it was."""
    held = list(desk.declarations.values())
    after = [one for one in held if one.key != lifted.key]
    view = _outlook(desk, held, after, lifted.scope)
    carried_parts = {change.part for change in lifted.parts}
    return Prospect(
        scope=lifted.scope, preset=mode_care.preset(connection, lifted.preset) if lifted.preset else _NONE, view=view,
        parts=tuple(change for change in view.changes if change.part in carried_parts), sets=sets_by_scope(after),
        faults={}, digest=digest(view, lifted.number, lifted.term), held=tuple(after),
    )  # fmt: skip


def preview(desk: Desk, connection: Connection, ask: AskModePreview) -> bytes:
    """Return the parts of a switch with their figures."""
    if ask.lifts:
        found = of_lifting(desk, connection, mode_care.known(desk, ask.lifts))
    else:
        found = of_declaring(desk, connection, ask.scope, ask.preset)
    return _packed(desk, connection, found, ask.seat)


def of_draft(desk: Desk, connection: Connection, ask: AskPresetCheck) -> bytes:
    """Return what a preset would change as it is being written; its texts are judged as when it is saved."""
    mode_presets.check(desk, ask.preset)
    return _packed(desk, connection, of_preset(desk, connection, ask.scope, ask.preset), ask.seat)


def _packed(desk: Desk, connection: Connection, found: Prospect, seat: str) -> bytes:
    seats = present_seats(desk, connection, found.scope, seat)
    figures = Figures(desk, connection, found.scope, seats)
    carried_parts = {change.part for change in found.parts}
    parts = tuple(_part(found, change, figures, carried_parts) for change in found.view.changes)
    return codec.pack(
        ModePreview(
            parts=parts, digest=found.digest, now=found.view.now, then=found.view.then, seats=seats, sets=found.sets,
            warnings=mode_warnings.of(
                desk, connection, found.scope, found.held, limits=found.sets != desk.city.scope_sets, seats=seats
            ),
        )
    )  # fmt: skip


def present_seats(desk: Desk, connection: Connection, scope: Scope, declaring: str = "") -> tuple[str, ...]:
    """Return the seats that lie within a scope and whose console lives: it asked or told something lately.

    A track has no seats of its own, and a seat nobody signed on at has no screen to switch. declaring: seat from which
    it is declared; it takes part wherever it lies.
    """
    if scope.kind is ScopeKind.TRACK:
        return ()
    oldest = desk.clock.monotonic_ns() - round(desk.settings.seat_present_s * NS_PER_S)
    found = []
    for session in session_table.living(connection):
        seat = desk.city.seats.get(session.seat)
        within = seat is not None and covers(scope, desk.city.path(seat.area or seat.centre))
        if (within or session.seat == declaring) and desk.seen.get(session.seat, oldest - 1) >= oldest:
            found.append(session.seat)
    return tuple(sorted(found))


def check_scope(desk: Desk, scope: Scope) -> None:
    """Raise Refused for a scope whose centre or track the catalogue does not know."""
    tracks = {track for _, track, _ in desk.city.kinds.values()}
    if scope.centre not in desk.city.centres:
        raise Refused("mode.scope_unknown", scope=scope.key[:64])
    if (scope.kind is ScopeKind.TRACK) != bool(scope.track) or (scope.track and scope.track not in tracks):
        raise Refused("mode.scope_unknown", scope=scope.key[:64])


class Figures:
    """What the sentences of a preview count; the vitals that would alarm are ingest's to tell."""

    def __init__(self, desk: Desk, connection: Connection, scope: Scope, seats: tuple[str, ...]) -> None:
        self._desk, self._connection, self._scope, self._seats = desk, connection, scope, seats

    def of(self, change: PartChange) -> dict[str, int]:
        """Return the figures of a part."""
        count: dict[Part, Callable[[str], dict[str, int]]] = {
            Part.THRESHOLDS: lambda _: self._vitals(),
            Part.LAYOUT: lambda _: {"seats": len(self._seats)},
            Part.SOUND: lambda _: {"seats": len(self._seats)},
            Part.ROSTER: self._people,
            Part.CALL_OUT: self._addressees,
            Part.REPORTS: lambda after: {"minutes": round(float(after or 0))},
            Part.LAYERS: lambda after: {"layers": len(after.split())},
            Part.PLANS: lambda after: {"plans": len(after.split())},
        }
        return count[change.part](change.after)

    def named(self, part: Part, value: str) -> str:
        """Return what a part's version is called, where the centre knows it: a set of limits, a call list."""
        if part is Part.CALL_OUT and value:
            held = call_care.LISTS.get(self._connection, value)
            return held.name if held is not None else value
        return self._desk.city.set_names.get(value, value) if part is Part.THRESHOLDS else value

    def _vitals(self) -> dict[str, int]:
        city, scope = self._desk.city, self._scope
        inside = {
            number
            for number, vital in city.vitals.items()
            if covers(scope, city.path(vital.centre), city.track_of(vital))
        }
        alarms = sum(alarm.vital in inside for alarm in self._desk.alarms.values())
        return {"vitals": len(inside), "alarms": alarms}

    def _people(self, after: str) -> dict[str, int]:
        posts = set(after.split())
        people = PERSONS.standing(self._connection, lambda person: bool(posts & set(person.posts))) if posts else []
        return {"posts": len(posts), "people": len(people)}

    def _addressees(self, after: str) -> dict[str, int]:
        held = call_care.LISTS.get(self._connection, after) if after else None
        return {"addressees": len(held.chains) if held else 0}


def _part(found: Prospect, change: PartChange, figures: Figures, carried_parts: Iterable[Part]) -> PartPreview:
    touched = change.part in carried_parts
    counted = figures.of(change) if touched else {}
    code = "mode.preview.same"
    if touched:
        code = f"mode.preview.{change.part.value}" if change.after else "mode.preview.back"
    names = {name: figures.named(change.part, value) for name, value in
             (("before", change.before), ("after", change.after))}  # fmt: skip
    told = {**{name: str(number) for name, number in counted.items()}, **names}
    return PartPreview(
        part=change.part, before=change.before, after=change.after, sentence=Reason(code=code, params=told),
        figures=counted, fault=found.faults.get(change.part),
    )  # fmt: skip


def _fault(desk: Desk, connection: Connection, part: Part, value: str) -> Reason | None:
    """Return why a part cannot be switched; such a switch is refused beforehand."""
    if part is Part.THRESHOLDS and value not in desk.city.set_names:
        return Reason(code="threshold.set_unknown", params={"threshold_set": value})
    if part is Part.CALL_OUT:
        held = call_care.LISTS.get(connection, value)
        if held is None:
            return Reason(code="call_list.unknown", params={"list": value})
        if not call_care.addressees_of(desk, connection, held):
            return Reason(code="call_out.nobody", params={"about": value})
    if part is Part.PLANS:
        known = {template.code for template in plan_table.in_force(connection, value.split())}
        unknown = [code for code in value.split() if code not in known]
        if unknown:
            return Reason(code="mode.plan_unknown", params={"plan": unknown[0]})
    return None


def _outlook(desk: Desk, before: list[Declaration], after: list[Declaration], scope: Scope) -> Outlook:
    return outlook(before, after, scope, desk.city.path(scope.centre), desk.city.threshold_set)


_NONE = Preset(code="", name="", version=0)

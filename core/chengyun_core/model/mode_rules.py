"""What is in effect where: the join of all declarations in force that cover a place (RF22). Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from chengyun_core.model.mode import Declaration, InEffect, Part, PartChange, Preset, Scope, ScopeKind, SwitchState
from chengyun_core.model.scales import Mode

Registers = Mapping[str, Declaration]
"""Declarations by the key of their register."""
_HOLDS = frozenset({SwitchState.APPLYING, SwitchState.IN_FORCE})
_VERSIONS_A_TERM = 1_000_000_000
_STANDS = _HOLDS | {SwitchState.ASKED}


def in_effect(declarations: Iterable[Declaration], path: tuple[str, ...], track: str = "") -> InEffect:
    """Return what holds at a place: the greatest mode of all declarations in force that cover it.

    path: code of the place's centre, then its parent's and so on up to the root. track: code of its track, empty for
    a place that is of none. Of every part the narrowest declaration that carries it decides; the order in which
    declarations are given, and how often, makes no difference.
    """
    holding = sorted((one for one in set(declarations) if is_held(one) and covers(one.scope, path, track)),
                     key=lambda one: _width(one, path))  # fmt: skip
    if not holding:
        return InEffect(mode=Mode.PEACETIME)
    parts = {change.part: change.after for one in holding for change in one.parts if change.after}
    return InEffect(
        mode=Mode.EMERGENCY, since=min(one.declared_at for one in holding), by=tuple(one.number for one in holding),
        preset=next((one.preset for one in reversed(holding) if one.preset), ""), parts=parts,
    )  # fmt: skip


def at_seat(declarations: Iterable[Declaration], path: tuple[str, ...], seat: str) -> InEffect:
    """Return what holds at a seat: what holds at its area, and what was declared from it for a centre below.

    Who declares for a district from a city's seat works for that district: his layout and sound change with it (WF3).
    """
    held = set(declarations)
    own = {replace(one, scope=replace(one.scope, centre=path[0])) for one in held if path and is_from(one, seat)}
    return in_effect([one for one in held if not is_from(one, seat)] + list(own), path)


def is_from(declaration: Declaration, seat: str) -> bool:
    """Return whether a declaration for a centre was made from a seat, which takes part in it wherever it lies."""
    return bool(seat) and declaration.declared_seat == seat and declaration.scope.kind is ScopeKind.CENTRE


def is_held(declaration: Declaration) -> bool:
    """Return whether a declaration puts its scope into 急时: confirmed, or being applied."""
    return declaration.mode is Mode.EMERGENCY and declaration.state in _HOLDS


def stands(declaration: Declaration) -> bool:
    """Return whether a register is taken: another declaration of the same scope by the same centre must wait."""
    return declaration.state in _STANDS


def is_living(declaration: Declaration) -> bool:
    """Return whether screens keep it: until it was lifted or refused. An undone one stays, loud, until the next."""
    return declaration.state not in {SwitchState.LIFTED, SwitchState.REFUSED}


def covers(scope: Scope, path: tuple[str, ...], track: str = "") -> bool:
    """Return whether a place lies within a scope; one of a track covers only what is of that track."""
    return scope.centre in path and (scope.kind is ScopeKind.CENTRE or scope.track == track)


def newer(one: Declaration, other: Declaration) -> Declaration:
    """Return which of two states of one register is the later: by term, then by version.

    Two that agree in both and differ all the same are a forgery or a bug of their declarer; every centre takes the same
    of the two, so that no two go apart.
    """
    if rank(one) == rank(other):
        return max(one, other, key=repr)
    return max(one, other, key=rank)


def rank(declaration: Declaration) -> int:
    """Return how late a state of its register is: by term, then by version. Screens merge registers by it."""
    return declaration.term * _VERSIONS_A_TERM + declaration.version


def merged(registers: Registers, told: Iterable[Declaration]) -> dict[str, Declaration]:
    """Return the registers after news of them, in whatever order, however often and however late they came."""
    found = dict(registers)
    for declaration in told:
        held = found.get(declaration.key)
        found[declaration.key] = declaration if held is None else newer(held, declaration)
    return found


def sets_by_scope(declarations: Iterable[Declaration]) -> dict[str, str]:
    """Return the set of thresholds of every scope that declarations in force give one, by the scope's key.

    Of two centres that declare the same scope the one whose code is greater decides: any rule would do that every
    centre computes alike.
    """
    found: dict[str, str] = {}
    for one in sorted(set(declarations), key=lambda item: (item.issuer, item.number)):
        after = next((change.after for change in one.parts if change.part is Part.THRESHOLDS), "")
        if is_held(one) and after:
            found[one.scope.key] = after
    return dict(sorted(found.items()))


def carried(preset: Preset, *, whole: bool) -> dict[Part, str]:
    """Return what a preset carries, part by part; what it leaves alone is missing.

    whole: it is declared for a centre. A track has no seats of its own: no layout, sound or map layer changes with it.
    """
    values = {
        Part.THRESHOLDS: preset.threshold_set,
        Part.LAYOUT: preset.layout if whole else "",
        Part.SOUND: preset.sound if whole else "",
        Part.ROSTER: " ".join(preset.reinforcement),
        Part.CALL_OUT: preset.call_out,
        Part.REPORTS: f"{preset.report_every_min:g}" if preset.report_every_min > 0 else "",
        Part.LAYERS: " ".join(preset.layers) if whole else "",
        Part.PLANS: " ".join(preset.plans),
    }
    return {part: after for part, after in values.items() if after}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a place has now and would have, part by part."""

    now: InEffect
    then: InEffect
    changes: tuple[PartChange, ...]
    """Every part, those that stay the same with equal sides."""


def outlook(
    before: Collection[Declaration], after: Collection[Declaration], scope: Scope, path: tuple[str, ...], base: str
) -> Outlook:  # fmt: skip
    """Return what becomes of a scope when the declarations become others.

    path: as `in_effect` has it, of the scope's centre. base: set of thresholds in force where no declaration gives one.
    """
    now, then = in_effect(before, path, scope.track), in_effect(after, path, scope.track)
    empty = {Part.THRESHOLDS: base}
    changes = tuple(
        PartChange(
            part=part, before=now.parts.get(part, empty.get(part, "")), after=then.parts.get(part, empty.get(part, ""))
        )
        for part in Part
    )  # fmt: skip
    return Outlook(now=now, then=then, changes=changes)


def digest(prospect: Outlook, *about: object) -> str:
    """Return a mark of what would change and for what it was asked: another one means another preview."""
    told = (about, [(change.part.value, change.before, change.after) for change in prospect.changes],
            prospect.now.mode.value, prospect.then.mode.value)  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _width(declaration: Declaration, path: tuple[str, ...]) -> tuple[int, bool, int, str, int]:
    """Order by scope, the widest first; of one scope the superior's declaration before the centre's own."""
    depth = len(path) - path.index(declaration.scope.centre)
    issuer = len(path) - path.index(declaration.issuer) if declaration.issuer in path else 0
    return depth, declaration.scope.kind is ScopeKind.TRACK, issuer, declaration.issuer, declaration.number

"""What mode holds at this seat, what is being switched, and where below it another mode holds."""

from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_core.model import mode_rules
from chengyun_core.model.mode import Declaration, InEffect, ScopeKind, SwitchState
from chengyun_core.model.scales import Mode

PEACETIME = InEffect(mode=Mode.PEACETIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeHere:
    """How things stand at one seat."""

    effect: InEffect = PEACETIME
    held: tuple[Declaration, ...] = ()
    """What makes it so, the widest scope first."""
    switching: tuple[Declaration, ...] = ()
    """转换中: written, and not yet confirmed by all."""
    below: tuple[Declaration, ...] = ()
    """急时 of a part of this seat's area: a district below, or one track."""

    @property
    def is_emergency(self) -> bool:
        """Whether 急时 is in force here and confirmed: what is only being applied shows no red frame yet."""
        return any(one.state is SwitchState.IN_FORCE for one in self.held)


def seat_place(desk: Desk) -> str:
    """Return the code of the centre whose area this seat watches; the profile's own centre before sign-on."""
    names, signed_on = desk.names, desk.session.signed_on
    seat = names.view.seat(signed_on.seat) if names is not None and signed_on is not None else None
    return (seat.area or seat.centre) if seat is not None else desk.session.own_centre


def _seat(desk: Desk) -> str:
    return desk.session.signed_on.seat if desk.session.signed_on is not None else ""


def path_of(desk: Desk, centre: str) -> tuple[str, ...]:
    """Return the codes of a centre and of those above it, itself first."""
    return desk.names.upwards(centre) if desk.names is not None else (centre,)


def mode_here(desk: Desk) -> ModeHere:
    """Return how things stand at the seat taken now; nothing is asked of the centre."""
    declarations = desk.session.facts.mode.declarations.values()
    held = [one for one in declarations if mode_rules.is_held(one)]
    switching = tuple(one for one in declarations if one.state is SwitchState.APPLYING)
    if not held and not switching:
        return ModeHere()
    place = seat_place(desk)
    path = path_of(desk, place)
    effect = mode_rules.at_seat(held, path, _seat(desk))
    by_number = {one.number: one for one in held}
    return ModeHere(
        effect=effect,
        held=tuple(by_number[number] for number in effect.by),
        switching=tuple(one for one in switching if _touches(desk, one, place)),
        below=tuple(
            sorted(
                (one for one in held if one.number not in effect.by and _is_below(desk, one, place)),
                key=lambda one: one.declared_at,
            )
        ),
    )


def touches_seat(desk: Desk, declaration: Declaration) -> bool:
    """Return whether the seat taken now lies in a declaration's scope, or declared it; one of a track has no seats."""
    if mode_rules.is_from(declaration, _seat(desk)):
        return True
    is_whole = declaration.scope.kind is ScopeKind.CENTRE
    return is_whole and declaration.scope.centre in path_of(desk, seat_place(desk))


def _touches(desk: Desk, declaration: Declaration, place: str) -> bool:
    return touches_seat(desk, declaration) or place in path_of(desk, declaration.scope.centre)


def _is_below(desk: Desk, declaration: Declaration, place: str) -> bool:
    """Return whether it holds for a part of the place only."""
    scope = declaration.scope
    if scope.kind is ScopeKind.TRACK:
        return place in path_of(desk, scope.centre) or scope.centre in path_of(desk, place)
    return scope.centre != place and place in path_of(desk, scope.centre)

"""Which official warnings concern the area of the seat taken now, the gravest first."""

from chengyun_console.desk import Desk
from chengyun_console.mode.standing import seat_place
from chengyun_core.model.warning import OfficialWarning, WarningState


def concerning(desk: Desk) -> tuple[OfficialWarning, ...]:
    """Return the warnings in force that concern this seat's area, the gravest first, then the newest.

    One whose area names none of our centres concerns everybody: it was sent to this centre, and nobody knows better.
    """
    warnings = desk.session.facts.warned.warnings
    if not warnings:
        return ()
    place = seat_place(desk)
    found = [one for one in warnings.values() if one.state is WarningState.IN_FORCE and _concerns(desk, one, place)]
    return tuple(sorted(found, key=lambda one: (-one.colour, -one.issued_at, -one.number)))


def _concerns(desk: Desk, warning: OfficialWarning, place: str) -> bool:
    names, centres = desk.names, warning.area.centres
    if names is None or not centres or place in centres:
        return True
    above = set(names.upwards(place))
    return any(code in above or place in names.upwards(code) for code in centres)

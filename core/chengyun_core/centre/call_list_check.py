"""Who would be called now (叫应, H8): a list as it is being written, tried on a kind of warning and a place."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import call_care, call_deeds, call_people, duty_care, warning_area, warning_calls
from chengyun_core.centre.call_care import Addressee
from chengyun_core.centre.desk import Desk
from chengyun_core.model import call_rules
from chengyun_core.model.callout import CallList
from chengyun_core.model.duty import Presence
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec
from chengyun_core.wire.warning_asks import AskCallListCheck, CallLine, CallListChecked

MOST_LINES = 200
MOST_CHAINS = call_care.MOST_ADDRESSEES


def check(desk: Desk, connection: Connection, ask: AskCallListCheck) -> bytes:
    """Answer `call_list.check`: with a kind of warning everybody called for it, without one everybody of the list."""
    call_deeds.check_waits(ask.call_list)
    given = replace(ask.call_list, chains=tuple(chain for chain in ask.call_list.chains if chain))
    if len(given.chains) > MOST_CHAINS:
        raise Refused("call_list.empty", list=given.name, most=MOST_CHAINS)
    known = {code: call_people.known(desk.city, connection, code) for chain in given.chains for code in chain}
    meant = not ask.category or warning_calls.is_for(given, ask.category, ask.colour)
    wanted = _of_warning(desk, connection, ask, given) if ask.category else _of_list(desk, connection, given)
    lines = _Lines(desk, connection)
    settings, waits = desk.settings, call_care.patience_of(desk, given) or call_care.patience(desk)
    return codec.pack(
        CallListChecked(
            lines=tuple(lines.line(one, listed) for one, listed in wanted[:MOST_LINES]), count=len(wanted),
            is_meant=meant, unknown=tuple(code for code, one in known.items() if one is None),
            tries=waits.tries or call_rules.TRIES,
            try_minutes=given.try_minutes or settings.call_try_minutes,
            escalate_minutes=given.escalate_minutes or settings.call_escalate_minutes,
        )
    )  # fmt: skip


Wanted = list[tuple[Addressee, str]]
"""Addressees, each with the name of the list that has him called."""


def _of_list(desk: Desk, connection: Connection, given: CallList) -> Wanted:
    return [(one, given.name) for one in call_care.addressees_of(desk, connection, given)]


def _of_warning(desk: Desk, connection: Connection, ask: AskCallListCheck, given: CallList) -> Wanted:
    """Return whom such a warning calls: by the lists as they would stand with this one, else by the places' posts."""
    centre = ask.centre or duty_care.own_centre(desk)
    if centre not in desk.city.centres:
        raise Refused("person.centre_unknown", centre=centre[:64])
    places = warning_area.concerned(desk.city, (centre,))
    saved = (one for one, _ in call_care.LISTS.standing(connection, lambda one: one.code != given.code))
    lists = [one for one in (given, *saved) if warning_calls.is_for(one, ask.category, ask.colour)]
    found: Wanted = []
    called: set[str] = set()
    for one_list in lists:
        for one in warning_calls.listed_in(desk, connection, one_list, places):
            if one.chain[0] not in called:
                called.add(one.chain[0])
                found.append((one, one_list.name))
    return [*found, *((one, "") for one in warning_calls.by_posts(desk, places, (one for one, _ in found)))]


class _Lines:
    """Says who somebody is and where he is now; the shift that runs is read once."""

    def __init__(self, desk: Desk, connection: Connection) -> None:
        self._city, self._connection = desk.city, connection
        running = duty_care.running(connection, duty_care.own_centre(desk))
        rows = running.assignments if running else ()
        self._presence = {one.person: one.presence for one in rows if one.presence is not Presence.RELIEVED}

    def line(self, one: Addressee, listed: str) -> CallLine:
        """Return the line of an addressee."""
        first, *others = one.chain
        known = call_people.known(self._city, self._connection, first)
        then = tuple(self._name(code) for code in others)
        if known is None:
            return CallLine(centre=one.centre, code=first, then=then, listed=listed)
        presence = self._presence.get(first)
        return CallLine(
            centre=one.centre, code=first, name=known.name, unit=known.unit,
            phone=call_rules.masked(known.phones[0]) if known.phones else "",
            presence=presence.value if presence else "", then=then, listed=listed,
        )  # fmt: skip

    def _name(self, code: str) -> str:
        known = call_people.known(self._city, self._connection, code)
        return known.name if known else code

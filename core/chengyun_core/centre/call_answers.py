"""Questions about call-outs and lists: pages, and one call-out with everybody in it and the numbers to call."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import call_care, call_people
from chengyun_core.centre.desk import Desk
from chengyun_core.model.callout import Call, CallState
from chengyun_core.model.failure import Refused
from chengyun_core.store import call_table
from chengyun_core.wire import codec
from chengyun_core.wire.warning_asks import (
    AskCallLists,
    AskCallOut,
    AskCallOuts,
    CallLists,
    CallOuts,
    CallOutTold,
    CallTold,
)

MOST_ON_A_PAGE = 200


def page(_desk: Desk, connection: Connection, ask: AskCallOuts) -> bytes:
    """Return call-outs, those that run first."""
    if not 1 <= ask.limit <= MOST_ON_A_PAGE:
        raise Refused("ask.out_of_range", after=0, limit=ask.limit, most=MOST_ON_A_PAGE)
    return codec.pack(CallOuts(call_outs=tuple(call_table.page(connection, ask.about, ask.limit))))


def get(desk: Desk, connection: Connection, ask: AskCallOut) -> bytes:
    """Return a call-out with everybody in it; only who may call may ask (model.warning_permissions)."""
    held = call_table.call_out(connection, ask.call_out)
    if held is None:
        raise Refused("call_out.unknown", call_out=ask.call_out)
    calls = call_table.calls_of(connection, held.number)
    told = tuple(_told(desk, connection, call, numbers) for call, numbers, _ in calls)
    return codec.pack(CallOutTold(call_out=held, calls=told))


def lists(_desk: Desk, connection: Connection, ask: AskCallLists) -> bytes:
    """Return the call lists whose name or code holds every word, by code."""
    found = (held for held, _ in call_care.LISTS.standing(connection, lambda _: True))
    words = ask.words.split()
    wanted = [held for held in found if all(word in held.name or word in held.code for word in words)]
    return codec.pack(CallLists(lists=tuple(sorted(wanted, key=lambda held: held.code))))


def _told(desk: Desk, connection: Connection, call: Call, numbers: tuple[str, ...]) -> CallTold:
    whole = tuple(replace(one, number=number) for one, number in zip(call.attempts, numbers, strict=True))
    people = [call_people.known(desk.city, connection, code) for code in call.chain]
    names = tuple(code if one is None else one.name for code, one in zip(call.chain, people, strict=True))
    shown, person = replace(call, attempts=whole), people[call.at]
    if person is None:
        return CallTold(call=shown, chain_names=names)
    phones = () if call.state is CallState.CANCELLED else person.phones
    return CallTold(call=shown, person_name=person.name, unit=person.unit, phones=phones, chain_names=names)

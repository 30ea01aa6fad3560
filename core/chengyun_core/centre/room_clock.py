"""What rooms do by themselves: who is not heard any more has dropped, and everybody is told since when."""

from dataclasses import replace

from chengyun_core.centre import room_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.room import MemberMove, MemberState, Room
from chengyun_core.model.room_rules import is_open, member_of, moved
from chengyun_core.store import room_table


def tend(desk: Desk, ledger: Ledger) -> int:
    """Note who dropped; return how many. Called by the loop."""
    if desk.mail.is_empty():
        return 0
    longest = round(desk.settings.room_silent_s * NS_PER_S)
    found = desk.mail.silent(desk.clock.monotonic_ns(), longest)
    if not found:
        return 0
    with ledger.work(CENTRE) as work:
        by_room: dict[int, list[tuple[str, int]]] = {}
        for number, code, silence in found:
            by_room.setdefault(number, []).append((code, silence))
        for number, gone in by_room.items():
            room = room_table.get(work.connection, number)
            if room is not None and is_open(room):
                _drop(desk, work, room, gone)
    return len(found)


def _drop(desk: Desk, work: Work, room: Room, gone: list[tuple[str, int]]) -> None:
    for code, silence in gone:
        member = member_of(room, code)
        if member is None or member.state is not MemberState.JOINED:
            continue
        # He was last heard then: what everybody sees as «断线 12 s» counts from there, not from when we noticed.
        since = work.at_ns - silence
        seen = room_table.last_row(work.connection, room.number, since)
        dropped = replace(moved(member, MemberMove.DROP, since), notes_seen=seen)
        room_care.write_member(desk, work, room, dropped, "room.drop", actor=CENTRE)
        room = room_table.get(work.connection, room.number) or room

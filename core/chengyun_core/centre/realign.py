"""A new catalogue drops links, rules and vitals: what they grouped, masked or suppressed is judged anew (A7, A8)."""

from chengyun_core.centre import overrides
from chengyun_core.centre.city import City
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.moves import Moves
from chengyun_core.centre.work import Work
from chengyun_core.model.alarm import Alarm
from chengyun_core.store import alarm_table


def realign(desk: Desk, work: Work, city: City) -> None:
    """Bring living alarms in line with the catalogue about to be in force, in the transaction that puts it in force.

    Call after the alarms of vitals that are gone were closed. Each row says why: `reason` catalogue, and the version.
    """
    told = {"reason": "catalogue", "version": city.version}
    for vital, held in list(desk.overrides.items()):
        for override in list(held.values()) if vital not in city.vitals else ():
            overrides.end_gone(desk, work, override)
    living = {(alarm.vital, alarm.aspect): alarm for alarm, _ in alarm_table.living(work.connection)}
    moves = Moves(desk, work, living, city)
    for alarm in list(living.values()):
        if alarm.cause is not None and not _hangs(moves, alarm):
            moves.ungroup(alarm, told)
    for vital in sorted({vital for vital, _ in living}):
        moves.follow(vital, params=told)
    desk.watch(moves)
    moves.write()
    if desk.watcher is not None:
        # After the promises made above: what they call known is known of the catalogue before.
        work.after_commit(desk.watcher.renew)


def _hangs(moves: Moves, alarm: Alarm) -> bool:
    """Return whether an alarm still follows from its first-out; of one that is over the catalogue says nothing."""
    first = moves.by_number(alarm.cause)
    return first is None or first.vital in moves.city.graph.reached([alarm.vital], up=True)

"""Broken glass as the centre keeps it: records read from the journal, those not reviewed on the desk, their timers."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model.rights import BreakGlass
from chengyun_core.store.record_log import RecordLog

LOG = RecordLog("break_glass", BreakGlass)
COUNTER = "break_glass"
TIMER = "glass"
BROKEN, OVERDUE = "session.glass_broken", "session.glass_review_overdue"


def put(desk: Desk, work: Work, glass: BreakGlass, action: str) -> int:
    """Write a record; return its journal number. Desk and timer follow COMMIT."""
    told = {"who": " ".join(glass.accounts), "posts": " ".join(glass.posts), "reason": glass.reason}
    work.after_commit(partial(take_note, desk, glass))
    return work.note(action, LOG.kind, glass.number, glass.version, glass, params=told)


def end(desk: Desk, work: Work, number: int, by: str = "") -> None:
    """Take note that the session a glass was broken for has ended, however that came; `by`: who ended it."""
    glass = LOG.get(work.connection, number)
    if glass is not None and glass.ended_at is None:
        put(
            desk,
            work,
            replace(glass, ended_at=work.at_ns, ended_by=by, version=glass.version + 1),
            "session.glass_ended",
        )


def take_note(desk: Desk, glass: BreakGlass) -> None:
    """Keep on the desk what runs or is not reviewed, and wait for the end of what runs."""
    desk.glass.pop(glass.number, None)
    if glass.reviewed_at is None or glass.ended_at is None:
        desk.glass[glass.number] = glass
    desk.due.wait((TIMER, str(glass.number)), glass.until if glass.ended_at is None else None)


def load(desk: Desk, connection: Connection) -> None:
    """Take up what runs or is not reviewed, at start."""
    desk.glass.clear()
    for glass, _ in LOG.standing(connection, lambda one: one.reviewed_at is None or one.ended_at is None):
        take_note(desk, glass)


def counts(desk: Desk) -> dict[str, int]:
    """Return what the heartbeat counts of them."""
    now_ns = desk.clock.utc_ns()
    owed = [glass for glass in desk.glass.values() if glass.reviewed_at is None]
    return {
        "glass.open": sum(glass.ended_at is None for glass in desk.glass.values()),
        "glass.overdue": sum(glass.review_by <= now_ns for glass in owed),
        "glass.unreviewed": len(owed),
    }


def light(desk: Desk) -> str:
    """Return the lamp `glass`: loud as long as rights are lent, and while a review is overdue."""
    counted = counts(desk)
    if counted["glass.open"]:
        return BROKEN
    return OVERDUE if counted["glass.overdue"] else "ok"

"""A hand-over's sheet: found, merged with what is open now, written; and who is giver and taker."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import camera_looks, duty_care, handover_items
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.seat_rights import incoming_seat
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import Actor
from chengyun_core.model.duty import Check, Handover, HandoverState, Item
from chengyun_core.model.duty_figures import ShiftFigures
from chengyun_core.model.duty_rules import SheetMove, sheet_after
from chengyun_core.model.failure import Refused
from chengyun_core.model.handover_rules import merged
from chengyun_core.model.holding import Subject
from chengyun_core.store import account_table, duty_figures, duty_table, handover_table, session_table

LIVING = handover_table.LIVING
CENTRE_CHECKS = ("database", "journal", "backup", "grouping")
"""Lights of the centre that are checks of every sheet; clock, sound and screens are the console's (WF1 step 4)."""
OURS = frozenset({*CENTRE_CHECKS, camera_looks.CHECK})
"""Names of checks that no console tells."""


def subjects(desk: Desk, work: Work, command: object) -> tuple[Subject, ...]:
    """Return what the seat of a known sheet watches; an unknown sheet is refused to the permitted."""
    found = handover_table.get(work.connection, int(getattr(command, "handover", 0)))
    return () if found is None else (duty_care.subject_of_seat(desk, found.seat),)


def get(connection: Connection, number: int) -> Handover:
    """Return a sheet as it was last written; raise Refused `handover.unknown`."""
    found = handover_table.get(connection, number)
    if found is None:
        raise Refused("handover.unknown", handover=number)
    return found


def as_seen(connection: Connection, number: int, version: int, move: SheetMove) -> Handover:
    """Return a sheet that a move may befall, in the version that was shown."""
    found = get(connection, number)
    sheet_after(found.state, move)
    if found.version != version:
        raise Refused("handover.changed", handover=found.code, version=found.version)
    return found


def now(desk: Desk, connection: Connection, sheet: Handover) -> Handover:
    """Return a sheet as it stands now: a living one with its items and the centre's checks as they are."""
    if sheet.state not in LIVING:
        return sheet
    found = handover_items.collected(desk, connection, sheet.seat, sheet.giver)
    taker = sheet.taker or taker_at(connection, sheet.seat)
    return replace(sheet, items=merged(sheet.items, found), checks=_checks(desk, sheet.checks), taker=taker)


def counting(desk: Desk, connection: Connection, sheet: Handover) -> Callable[[], ShiftFigures] | None:
    """Return a worker's job that counts a sheet's figures up to now; None: this database is read in the loop only.

    Now is when the loop asks, between two units of work: all of before is committed and will be seen, and nothing of
    afterwards lies in the time that is counted.
    """
    beside = desk.beside()
    if beside is None:
        return None
    at_ns, from_ns = desk.clock.utc_ns(), begin_of(connection, sheet)
    vitals = vitals_of(desk, sheet.seat)

    def job() -> ShiftFigures:
        with beside() as own:
            return duty_figures.count(own, min(from_ns, at_ns), at_ns, seat=sheet.seat, vitals=vitals)

    return job


def with_figures(
    desk: Desk, connection: Connection, sheet: Handover, at_ns: int, counted: ShiftFigures | None
) -> Handover:  # fmt: skip
    """Return a sheet with the figures of its shift and seat: equal to a recount over the same time.

    counted: by a worker (`counting`); counted here when there is none, or when the sheet is of another shift by now.
    """
    from_ns = begin_of(connection, sheet)
    if counted is None or counted.seat != sheet.seat or counted.from_ns != min(from_ns, counted.to_ns):
        vitals = vitals_of(desk, sheet.seat)
        counted = duty_figures.count(connection, min(from_ns, at_ns), at_ns, seat=sheet.seat, vitals=vitals)
    return replace(sheet, figures=counted.named(), figures_from=counted.from_ns, figures_until=counted.to_ns)


def begin_of(connection: Connection, sheet: Handover) -> int:
    """Return since when a sheet's figures are counted: its shift's begin, else since the giver has sat there."""
    begun = duty_table.shift(connection, sheet.shift)
    return (begun.begun_at or begun.begins_at) if begun else _since(connection, sheet)


def put(
    desk: Desk, work: Work, sheet: Handover, action: str, params: Mapping[str, object] | None = None,
    *, actor: Actor | None = None,
) -> int:  # fmt: skip
    """Write a sheet with its journal row; a living one is waited for until its time is over."""
    told = {"code": sheet.code, "seat": sheet.seat, **(params or {})}
    change = work.note(
        action, duty_care.HANDOVER, sheet.number, sheet.version, sheet, params=told, actor=actor
    )  # fmt: skip
    handover_table.put(work.connection, sheet, change)
    work.after_commit(partial(wait_for, desk, sheet))
    return change


def moved(sheet: Handover, move: SheetMove, **changes: object) -> Handover:
    """Return the sheet after a move, its version risen; whatever is written into a given sheet voids its signature."""
    after = sheet_after(sheet.state, move)
    if sheet.state is HandoverState.GIVEN and after is HandoverState.OPEN:
        changes = {"signatures": (), "forced_by": "", "forced_reason": "", **changes}
    return replace(sheet, state=after, version=sheet.version + 1, **changes)  # type: ignore[arg-type]


def wait_for(desk: Desk, sheet: Handover) -> None:
    """Wait until a living sheet's time is over; once that was told it is not waited for any more."""
    waits = sheet.state in LIVING and not sheet.overdue
    desk.due.wait((duty_care.HANDOVER_TIMER, str(sheet.number)), sheet.closes_at if waits else None)


def item(sheet: Handover, kind: object, key: str) -> Item:
    """Return one item of a sheet; raise Refused `handover.no_item`."""
    found = next((one for one in sheet.items if one.kind == kind and one.key == key), None)
    if found is None:
        raise Refused("handover.no_item", handover=sheet.code, item=f"{kind}/{key}")
    return found


def name_of(connection: Connection, account: str) -> str:
    """Return what people call an account, itself when it is unknown."""
    record = account_table.get(connection, account) if account else None
    return record.name if record else account


def taker_at(connection: Connection, seat: str) -> str:
    """Return the account that is taking a seat over, empty when nobody is."""
    incoming = session_table.at_seat(connection, incoming_seat(seat))
    return incoming.account if incoming else ""


def _checks(desk: Desk, held: tuple[Check, ...]) -> tuple[Check, ...]:
    """Return the centre's own checks as they are now, and those a console told."""
    ours = [
        Check(name=name, good=code == "ok", reason="" if code == "ok" else code)
        for name in CENTRE_CHECKS if (code := desk.lights.get(name, "ok"))
    ]  # fmt: skip
    seen = camera_looks.check(desk)
    return (*ours, *(() if seen is None else (seen,)), *(check for check in held if check.name not in OURS))


def vitals_of(desk: Desk, seat: str) -> tuple[int, ...]:
    """Return the numbers of the vitals in the area a seat answers for."""
    areas, known = duty_care.areas(desk, seat), dict[str, bool]()
    found = []
    for number, vital in desk.city.vitals.items():
        if vital.centre not in known:
            known[vital.centre] = duty_care.watches(desk, areas, vital.centre)
        if known[vital.centre]:
            found.append(number)
    return tuple(found)


def _since(connection: Connection, sheet: Handover) -> int:
    """Return since when the giver has sat there, for a shift that is on no roster."""
    held = session_table.at_seat(connection, sheet.seat)
    return held.since_ns if held and held.account == sheet.giver else sheet.opened_at

"""Rounds (轮巡) over cameras: written, changed and taken away; every console shows them alike."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import camera_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.camera import (
    GRIDS,
    LEAST_DWELL_S,
    MOST_DWELL_S,
    MOST_ROUND_CAMERAS,
    CameraRound,
)
from chengyun_core.model.camera_commands import RemoveRound, SaveRound
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.rights import Label
from chengyun_core.store import camera_table, counters
from chengyun_core.wire.envelope import Done

KIND = "camera_round"
LONGEST_NAME = 60
MOST_ROUNDS = 500


def subjects_of_saved(desk: Desk, work: Work, command: SaveRound) -> tuple[Subject, ...]:
    """Return the centre a round is written for, and the one it was of."""
    known = camera_table.round_of(work.connection, command.number) if command.number else None
    places = {command.centre, known.centre if known else command.centre}
    return tuple(Subject(name=place, path=desk.city.path(place)) for place in sorted(places))


def subjects_of_removed(desk: Desk, work: Work, command: RemoveRound) -> tuple[Subject, ...]:
    """Return the centre of a known round."""
    known = camera_table.round_of(work.connection, command.round)
    return () if known is None else (Subject(name=known.name, path=desk.city.path(known.centre)),)


def save(desk: Desk, work: Work, caller: Caller, command: SaveRound) -> Done:
    """Write a round."""
    _check(desk, work.connection, caller, command)
    known = _as_seen(work.connection, command.number, command.version) if command.number else None
    if known is None and len(camera_table.rounds(work.connection)) >= MOST_ROUNDS:
        raise Refused("round.too_many", most=MOST_ROUNDS)
    kept = CameraRound(
        number=known.number if known else counters.take(work.connection, camera_table.ROUND_COUNTER, 1),
        name=clean(command.name, field="name", most=LONGEST_NAME, required=True), centre=command.centre,
        cameras=command.cameras, dwell_s=command.dwell_s, grid=command.grid, saved_at=work.at_ns,
        saved_by=caller.account, version=known.version + 1 if known else 1,
    )  # fmt: skip
    return _written(work, "round.save", kept)


def remove(desk: Desk, work: Work, caller: Caller, command: RemoveRound) -> Done:  # noqa: ARG001 - see HANDLERS
    """Take a round away."""
    known = _as_seen(work.connection, command.round, command.version)
    reason = clean(command.reason, field="reason")
    gone = replace(known, removed=True, version=known.version + 1, saved_at=work.at_ns, saved_by=caller.account)
    return _written(work, "round.remove", gone, reason)


def _written(work: Work, action: str, kept: CameraRound, reason: str = "") -> Done:
    told = {"name": kept.name, "cameras": len(kept.cameras), "reason": reason}
    change = work.note(action, KIND, kept.number, kept.version, kept, params=told)
    camera_table.put_round(work.connection, kept, change)
    return Done(change=change, key=str(kept.number), version=kept.version)


def _as_seen(connection: Connection, number: int, version: int) -> CameraRound:
    known = camera_table.round_of(connection, number)
    if known is None or known.removed:
        raise Refused("round.unknown", round=number)
    if known.version != version:
        raise Refused("round.changed", name=known.name, version=known.version, who=known.saved_by)
    return known


def _check(desk: Desk, connection: Connection, caller: Caller, command: SaveRound) -> None:
    if command.centre not in desk.city.centres:
        raise Refused("round.no_centre", centre=command.centre[:64])
    if command.grid not in GRIDS:
        raise Refused("round.grid", grid=command.grid, known=", ".join(map(str, GRIDS)))
    if not LEAST_DWELL_S <= command.dwell_s <= MOST_DWELL_S:
        raise Refused("round.dwell", least=f"{LEAST_DWELL_S:g}", most=f"{MOST_DWELL_S:g}")
    count = len(command.cameras)
    if not 1 <= count <= MOST_ROUND_CAMERAS or len(set(command.cameras)) != count:
        raise Refused("round.cameras", count=count, most=MOST_ROUND_CAMERAS)
    for code in command.cameras:
        camera = camera_care.get(desk, code)
        camera_care.expect_cleared(connection, caller, camera)
        if camera.label is Label.HIDE:
            # A round is told to everybody, and so would be that this camera exists.
            raise Refused("round.hidden", camera=code)

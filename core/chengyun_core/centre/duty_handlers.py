"""Commands and asks about duty with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import (
    duty_answers,
    duty_log,
    duty_roster,
    duty_seats,
    handover_care,
    handover_deeds,
    handover_signing,
    roster_changes,
    roster_import,
    sessions,
)
from chengyun_core.centre.handler import Handler

_ANSWERS, _PASSWORDS, _IMPORTS, _FILES = "answers", "passwords", "imports", "files"
"""Lanes of handlers.LANES."""

DUTY_HANDLERS: dict[str, Handler] = {
    "duty.presence": Handler(handle=duty_roster.tell_presence, subjects=duty_roster.subjects_of_known),
    "handover.cancel": Handler(handle=handover_deeds.cancel, subjects=handover_care.subjects),
    "handover.check": Handler(handle=handover_deeds.note_check, subjects=handover_care.subjects),
    "handover.force": Handler(
        handle=handover_signing.force, subjects=handover_care.subjects, prepare=handover_signing.prepare,
        lane=_PASSWORDS,
    ),
    "handover.lines": Handler(
        handle=handover_deeds.write_lines, subjects=handover_care.subjects, prepare=handover_deeds.prepare_lines,
        lane=_ANSWERS,
    ),
    "handover.open": Handler(
        handle=handover_deeds.open_sheet, subjects=handover_deeds.subjects_of_open,
        prepare=handover_deeds.prepare_open, lane=_ANSWERS,
    ),
    "handover.refuse": Handler(handle=handover_deeds.refuse, subjects=handover_care.subjects),
    "handover.sign": Handler(
        handle=handover_signing.sign, subjects=handover_care.subjects, prepare=handover_signing.prepare,
        lane=_PASSWORDS,
    ),
    "handover.tick": Handler(handle=handover_deeds.tick, subjects=handover_care.subjects),
    "log.write": Handler(handle=duty_log.write, prepare=duty_log.prepare, lane=_FILES),
    "person.save": Handler(handle=duty_roster.save_person, subjects=duty_roster.subjects_of_person),
    "roster.import": Handler(
        handle=roster_import.take, subjects=roster_import.subjects, prepare=roster_import.prepare, lane=_IMPORTS
    ),
    "seat.cover": Handler(handle=duty_seats.cover),
    "seat.give_back": Handler(handle=duty_seats.give_back),
    "seat.lend": Handler(handle=duty_seats.lend),
    "shift.begin": Handler(handle=duty_roster.begin, subjects=duty_roster.subjects_of_known),
    "shift.cancel": Handler(handle=roster_changes.cancel, subjects=duty_roster.subjects_of_known),
    "shift.copy": Handler(handle=roster_changes.copy, subjects=duty_roster.subjects_of_known),
    "shift.save": Handler(handle=duty_roster.save_shift, subjects=duty_roster.subjects_of_shift),
    "shift.swap": Handler(handle=roster_changes.swap, subjects=roster_changes.subjects_of_swap),
}  # fmt: skip
"""Command kind → handler. Alphabetical."""

DUTY_ANSWERS: dict[str, Callable[..., bytes]] = {
    "duty.now": duty_answers.now,
    "handover.get": duty_answers.sheet,
    "handover.page": duty_answers.sheets,
    "log.page": duty_log.page,
    "person.page": duty_answers.people,
    "roster.check": roster_import.check,
    "session.seated": sessions.seated,
    "shift.check": duty_answers.check,
    "shift.page": duty_answers.shifts,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

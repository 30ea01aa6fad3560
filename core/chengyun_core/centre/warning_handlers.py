"""Commands and asks about official warnings and call-outs with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import (
    approvals,
    call_answers,
    call_deeds,
    call_list_check,
    warning_answers,
    warning_deeds,
    warning_import,
)
from chengyun_core.centre.handler import Handler

_FILES = "files"
"""The lane of handlers.LANES in which contents are checked."""

WARNING_HANDLERS: dict[str, Handler] = {
    "call.note": Handler(handle=call_deeds.note, subjects=call_deeds.subjects_of_try),
    "call_list.save": Handler(handle=call_deeds.save),
    "call_out.cancel": Handler(handle=call_deeds.cancel, subjects=call_deeds.subjects),
    "call_out.start": Handler(handle=call_deeds.start),
    "warning.call": Handler(handle=warning_deeds.call, subjects=warning_deeds.subjects_of_call),
    "warning.cancel": Handler(handle=warning_deeds.cancel, subjects=warning_deeds.subjects),
    "warning.import": Handler(handle=warning_import.take, prepare=warning_import.prepare, lane=_FILES),
    "warning.issue": Handler(handle=warning_deeds.issue, subjects=warning_deeds.subjects_of_issue),
}
"""Command kind → handler. Alphabetical."""

WARNING_SECONDED: approvals.SecondedDeeds = {
    "warning.issue": approvals.Seconded(
        subjects=warning_deeds.subjects_of_issue, given=warning_deeds.issue_given, ended=warning_deeds.issue_ended
    ),
}
"""Deeds that wait for a second person. Alphabetical."""

WARNING_ANSWERS: dict[str, Callable[..., bytes]] = {
    "call_list.check": call_list_check.check,
    "call_list.page": call_answers.lists,
    "call_out.get": call_answers.get,
    "call_out.page": call_answers.page,
    "warning.check": warning_import.checked,
    "warning.get": warning_answers.get,
    "warning.page": warning_answers.page,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

"""Commands and asks about the mode with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import (
    approvals,
    mode_answers,
    mode_orders,
    mode_presets,
    mode_preview,
    mode_reports,
    mode_switch,
)
from chengyun_core.centre.handler import Handler

MODE_HANDLERS: dict[str, Handler] = {
    "mode.confirm": Handler(handle=mode_switch.confirm),
    "mode.declare": Handler(handle=mode_switch.declare, subjects=mode_switch.subjects),
    "mode.give_report": Handler(handle=mode_reports.give, subjects=mode_reports.subjects),
    "mode.lift": Handler(handle=mode_switch.lift, subjects=mode_switch.subjects_of_lift),
    "mode.order": Handler(handle=mode_orders.order, subjects=mode_orders.subjects),
    "mode.refuse_order": Handler(handle=mode_orders.refuse, subjects=mode_orders.subjects_of_answer),
    "mode_preset.save": Handler(handle=mode_presets.save, subjects=mode_presets.subjects),
}
"""Command kind → handler. Alphabetical."""

MODE_SECONDED: approvals.SecondedDeeds = {
    "mode.declare": approvals.Seconded(
        subjects=mode_switch.subjects, given=mode_switch.declared, ended=mode_switch.not_declared,
        prepare=mode_switch.prepare_declare,
    ),
    "mode.lift": approvals.Seconded(
        subjects=mode_switch.subjects_of_lift, given=mode_switch.lifted, ended=mode_switch.not_lifted,
        prepare=mode_switch.prepare_lift,
    ),
}  # fmt: skip
"""Deeds that wait for a second person. Alphabetical."""

MODE_ANSWERS: dict[str, Callable[..., bytes]] = {
    "catalogue.sets": mode_answers.sets,
    "mode.page": mode_answers.page,
    "mode.preview": mode_preview.preview,
    "mode_preset.check": mode_preview.of_draft,
    "session.here": mode_answers.here,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

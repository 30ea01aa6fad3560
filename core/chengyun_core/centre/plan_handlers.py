"""Commands and asks about plans with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import (
    approvals,
    library_import,
    plan_answers,
    plan_editions,
    plan_library,
    plan_runs,
    point_answers,
)
from chengyun_core.centre.handler import Handler

_IMPORTS = "imports"
"""The lane of handlers.LANES that catalogues are checked in."""

PLAN_HANDLERS: dict[str, Handler] = {
    "plan.bind": Handler(handle=plan_library.bind, subjects=plan_library.subjects_of_point),
    "plan.end_step": Handler(handle=plan_runs.end_step, subjects=plan_runs.subjects),
    "plan.import": Handler(
        handle=library_import.take,
        subjects=library_import.subjects,
        prepare=library_import.prepare,
        stage=library_import.stage,
        lane=_IMPORTS,
        is_great=True,
    ),
    "plan.note_drill": Handler(handle=plan_editions.note_drill, subjects=plan_editions.subjects),
    "plan.raise_tier": Handler(handle=plan_runs.raise_tier, subjects=plan_runs.subjects),
    "plan.redline": Handler(handle=plan_runs.redline, subjects=plan_runs.subjects),
    "plan.retire": Handler(handle=plan_editions.retire, subjects=plan_editions.subjects),
    "plan.save": Handler(handle=plan_editions.save, subjects=plan_editions.subjects),
    "plan.send_orders": Handler(handle=plan_runs.send_orders, subjects=plan_runs.subjects),
    "plan.skip_step": Handler(handle=plan_runs.skip_step, subjects=plan_runs.subjects),
    "plan.start": Handler(handle=plan_runs.start, subjects=plan_runs.subjects_of_start),
    "plan.stop": Handler(handle=plan_runs.stop, subjects=plan_runs.subjects),
    "plan.submit": Handler(handle=plan_editions.submit, subjects=plan_editions.subjects),
    "plan.unbind": Handler(handle=plan_library.unbind, subjects=plan_library.subjects_of_point),
    "risk_point.drop": Handler(handle=plan_library.drop_point, subjects=plan_library.subjects_of_drop),
    "risk_point.save": Handler(handle=plan_library.save_point, subjects=plan_library.subjects_of_save),
}
"""Command kind → handler. Alphabetical."""

PLAN_SECONDED: approvals.SecondedDeeds = {
    "plan.submit": approvals.Seconded(
        subjects=plan_editions.subjects, given=plan_editions.approved, ended=plan_editions.turned_down
    ),
}
"""Deeds that wait for a second person. Alphabetical."""

PLAN_ANSWERS: dict[str, Callable[..., bytes]] = {
    "plan.diff": plan_answers.diff,
    "plan.drafts": plan_answers.drafts,
    "plan.export": plan_answers.export,
    "plan.gaps": plan_answers.gaps,
    "plan.get": plan_answers.get,
    "plan.library": plan_answers.library,
    "plan.match": plan_answers.match,
    "plan.page": plan_answers.page,
    "plan.run": plan_answers.runs,
    "plan.try": plan_answers.tried,
    "risk_point.get": point_answers.get,
    "risk_point.near": plan_answers.near,
    "risk_point.page": point_answers.page,
    "risk_point.places": point_answers.places,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

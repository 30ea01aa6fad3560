"""Every command kind with what carries it out: one table, nothing registered elsewhere."""

from collections.abc import Callable
from functools import partial

from chengyun_core.centre import (
    accounts,
    alarms,
    approvals,
    asks,
    break_glass,
    catalogue,
    overrides,
    sessions,
    situations,
    threshold_sets,
    thresholds,
)
from chengyun_core.centre.camera_handlers import (
    CAMERA_ANSWERS,
    CAMERA_BY_CALLER,
    CAMERA_HANDLERS,
    CAMERA_THREADS,
    CAMERAS,
)
from chengyun_core.centre.device_handlers import DEVICE_ANSWERS, DEVICE_HANDLERS
from chengyun_core.centre.dispatch_handlers import DISPATCH_ANSWERS, DISPATCH_HANDLERS
from chengyun_core.centre.drawing_handlers import DRAWING_ANSWERS, DRAWING_HANDLERS
from chengyun_core.centre.duty_handlers import DUTY_ANSWERS, DUTY_HANDLERS
from chengyun_core.centre.event_handlers import EVENT_ANSWERS, EVENT_HANDLERS, EVENT_SECONDED, FILES
from chengyun_core.centre.fact_handlers import FACT_ANSWERS, FACT_HANDLERS
from chengyun_core.centre.handler import Handler
from chengyun_core.centre.map_handlers import MAP_ANSWERS, MAP_ASIDE, MAP_HANDLERS
from chengyun_core.centre.mode_handlers import MODE_ANSWERS, MODE_HANDLERS, MODE_SECONDED
from chengyun_core.centre.order_handlers import ORDER_ANSWERS, ORDER_HANDLERS, ORDER_SECONDED
from chengyun_core.centre.paper_handlers import PAPER_ANSWERS, PAPER_HANDLERS
from chengyun_core.centre.plan_handlers import PLAN_ANSWERS, PLAN_HANDLERS, PLAN_SECONDED
from chengyun_core.centre.rights_handlers import RIGHTS_ANSWERS, RIGHTS_HANDLERS
from chengyun_core.centre.room_handlers import ROOM_ANSWERS, ROOM_BY_CALLER, ROOM_HANDLERS
from chengyun_core.centre.warning_handlers import WARNING_ANSWERS, WARNING_HANDLERS, WARNING_SECONDED
from chengyun_core.centre.workers import Job

PASSWORDS = "passwords"
IMPORTS = "imports"
ANSWERS_LANE = "answers"
"""Questions whose answer takes long to read: in a worker, on a connection of its own (`ASIDE`)."""
LANES = {ANSWERS_LANE: 16, CAMERAS: 64, PASSWORDS: 32, IMPORTS: 2, FILES: 16}
"""Lane → jobs that may wait; one more is refused as busy."""
THREADS = {CAMERAS: CAMERA_THREADS}
"""Lane → threads, where it has more than one."""

SIGN_ON = "session.sign_on"
"""Has no session yet, hence a path of its own in the bus."""
BREAK_GLASS = "session.break_glass"
SIGN_ONS = frozenset({SIGN_ON, BREAK_GLASS})
"""Commands that open a session, and so have none."""

_SECONDED_OF_SENSING: approvals.SecondedDeeds = {
    "alarm.shelve": approvals.Seconded(subjects=alarms.subjects, given=alarms.shelf_given, ended=overrides.not_given),
    "threshold.propose": approvals.Seconded(
        subjects=thresholds.subjects, given=thresholds.approved, ended=thresholds.turned_down
    ),
    "threshold.roll_back": approvals.Seconded(
        subjects=thresholds.subjects, given=thresholds.approved, ended=thresholds.turned_down
    ),
    "vital.suppress": approvals.Seconded(
        subjects=overrides.subjects, given=overrides.suppression_given, ended=overrides.not_given
    ),
}

SECONDED: approvals.SecondedDeeds = dict(
    sorted(
        {
            **_SECONDED_OF_SENSING,
            **EVENT_SECONDED,
            **MODE_SECONDED,
            **ORDER_SECONDED,
            **PLAN_SECONDED,
            **WARNING_SECONDED,
        }.items()
    )
)
"""Deeds that may wait for a second person → what becomes of them then; alphabetical."""

_SENSING_AND_SEATS: dict[str, Handler] = {
    "account.create": Handler(
        handle=accounts.create, subjects=accounts.subjects_of_new, prepare=accounts.prepare_hash, lane=PASSWORDS
    ),
    "account.disable": Handler(handle=accounts.disable, subjects=accounts.subjects_of_known),
    "account.set_password": Handler(
        handle=accounts.set_password, subjects=accounts.subjects_of_known, prepare=accounts.prepare_hash, lane=PASSWORDS
    ),
    "alarm.acknowledge": Handler(handle=alarms.acknowledge, subjects=alarms.subjects),
    "alarm.acknowledge_page": Handler(handle=alarms.acknowledge_page, subjects=alarms.subjects_of_page),
    "alarm.assign": Handler(handle=alarms.assign, subjects=alarms.subjects),
    "alarm.comment": Handler(handle=alarms.comment, subjects=alarms.subjects),
    "alarm.shelve": Handler(handle=alarms.shelve, subjects=alarms.subjects),
    "alarm.unacknowledge": Handler(handle=alarms.unacknowledge, subjects=alarms.subjects),
    "alarm.unshelve": Handler(handle=alarms.unshelve, subjects=alarms.subjects),
    "approval.give": Handler(
        handle=partial(approvals.give, SECONDED), prepare=partial(approvals.prepare_give, SECONDED), lane=PASSWORDS
    ),
    "approval.refuse": Handler(handle=partial(approvals.refuse, SECONDED)),
    "catalogue.import": Handler(
        handle=catalogue.put_in_force, subjects=catalogue.subjects, prepare=catalogue.prepare_import, lane=IMPORTS
    ),
    "session.sign_off": Handler(handle=sessions.sign_off),
    BREAK_GLASS: Handler(handle=break_glass.open_session, prepare=break_glass.prepare, lane=PASSWORDS),
    SIGN_ON: Handler(handle=sessions.sign_on, prepare=sessions.prepare_sign_on, lane=PASSWORDS),
    "situation.dismiss": Handler(handle=situations.dismiss, subjects=situations.subjects),
    "situation.merge": Handler(handle=situations.merge, subjects=situations.subjects),
    "situation.split": Handler(handle=situations.split, subjects=situations.subjects),
    "threshold.propose": Handler(
        handle=thresholds.propose, subjects=thresholds.subjects, prepare=thresholds.prepare_proposal, lane=IMPORTS
    ),
    "threshold.roll_back": Handler(
        handle=thresholds.roll_back, subjects=thresholds.subjects, prepare=thresholds.prepare_roll_back, lane=IMPORTS
    ),
    "threshold.switch_set": Handler(
        handle=threshold_sets.switch, subjects=threshold_sets.subjects, prepare=threshold_sets.prepare, lane=IMPORTS
    ),
    "vital.put_back": Handler(handle=overrides.put_back, subjects=overrides.subjects),
    "vital.release": Handler(handle=overrides.release, subjects=overrides.subjects),
    "vital.suppress": Handler(handle=overrides.suppress, subjects=overrides.subjects),
    "vital.take_out": Handler(handle=overrides.take_out, subjects=overrides.subjects),
}

HANDLERS: dict[str, Handler] = dict(
    sorted(
        {
            **_SENSING_AND_SEATS,
            **CAMERA_HANDLERS,
            **DISPATCH_HANDLERS,
            **DEVICE_HANDLERS,
            **DRAWING_HANDLERS,
            **DUTY_HANDLERS,
            **EVENT_HANDLERS,
            **FACT_HANDLERS,
            **MAP_HANDLERS,
            **MODE_HANDLERS,
            **ORDER_HANDLERS,
            **PAPER_HANDLERS,
            **PLAN_HANDLERS,
            **RIGHTS_HANDLERS,
            **ROOM_HANDLERS,
            **WARNING_HANDLERS,
        }.items()
    )
)
"""Command kind → handler; the kinds are those of model.command.COMMANDS, alphabetical."""

ANSWERS: dict[str, Callable[..., bytes]] = {
    "alarm.verdicts": asks.alarm_verdicts,
    "catalogue.get": asks.catalogue,
    "changes.since": asks.changes_since,
    "seats": asks.seats,
    "snapshot": asks.snapshot,
    "threshold.history": asks.threshold_history,
    **CAMERA_ANSWERS,
    **DISPATCH_ANSWERS,
    **DEVICE_ANSWERS,
    **DRAWING_ANSWERS,
    **DUTY_ANSWERS,
    **EVENT_ANSWERS,
    **FACT_ANSWERS,
    **MAP_ANSWERS,
    **MODE_ANSWERS,
    **ORDER_ANSWERS,
    **PAPER_ANSWERS,
    **PLAN_ANSWERS,
    **WARNING_ANSWERS,
    **RIGHTS_ANSWERS,
    **ROOM_ANSWERS,
}
"""Ask → what answers it: (desk, connection, body) -> bytes."""

BY_CALLER: dict[str, Callable[..., bytes | Job]] = {**CAMERA_BY_CALLER, **ROOM_BY_CALLER}
"""Ask whose answer hangs on who asks → what answers it: (desk, ledger, caller, body) -> bytes, or a job of lane
`cameras` that returns them."""

ASIDE = MAP_ASIDE | frozenset({
    "handover.get", "paper.daily", "paper.event", "paper.handover", "past.facts", "risk_point.places",
    "roster.check",
})  # fmt: skip
"""Asks that a worker answers from the desk as it was when they came: they read a whole shift, a flood, or a file."""

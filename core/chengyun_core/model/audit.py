"""What the journal says of a deed: by whom, from where, and the words for what the centre does of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who answers for a deed. Empty fields: none."""

    account: str
    seat: str = ""
    post: str = ""
    """The post whose row of the permission table allowed it."""
    area: str = ""
    """Code of the centre whose subtree the actor's session covers."""


CENTRE = Actor(account="centre")
"""The daemon itself: shelf expiry, lock-out, start."""
INGEST = Actor(account="ingest")
"""The ingest daemon, known by its key."""
LOCAL_ADMIN_NAME = "local-admin"
"""Whoever on this machine can read the profile's admin key."""
SCREEN_NAME = "screen"
"""A console nobody has signed on at; it reads and never acts, so no journal row carries the name."""

OWN_ACTIONS: tuple[str, ...] = (
    "account.lock_out",
    "account.recovery_used",
    "account.sign_on_failed",
    "alarm.close",
    "alarm.ease",
    "alarm.escalate",
    "alarm.raise",
    "alarm.return",
    "alarm.shelf_expired",
    "approval.ask",
    "approval.expire",
    "approval.withdraw",
    "attachment.keep",
    "camera.stream",
    "centre.start",
    "clock.set",
    "clock.stepped",
    "crypto.change",
    "dispatch.left_to_people",
    "dispatch.sent_by_machine",
    "drawing.change",
    "event.child_joined",
    "event.child_left",
    "event.merged_in",
    "event.reached.arrived",
    "event.reached.checked",
    "event.reached.fed_back",
    "event.reached.ordered",
    "event.reached.planned",
    "event.reached.signed",
    "event.report_overdue",
    "event.split_out",
    "event.void_not_given",
    "evidence.answer",
    "evidence.lapse",
    "evidence.wish",
    "handover.give",
    "handover.overdue",
    "handover.void_signature",
    "improvement.add",
    "journal.lost",
    "mode.heard",
    "mode.in_force",
    "mode.lifted",
    "mode.not_given",
    "mode.order_followed",
    "mode.order_late",
    "mode.order_open_again",
    "mode.report_asked",
    "mode.report_dropped",
    "mode.report_due",
    "mode.switch",
    "mode.switch_back",
    "mode.thresholds",
    "mode.undo",
    "order.approved",
    "order.done",
    "order.hold",
    "order.progress",
    "order.refused",
    "order.wait",
    "ptz.free",
    "ptz.preset",
    "receipt.check_failed",
    "receipt.denied",
    "receipt.extend",
    "receipt.keep",
    "receipt.recall",
    "receipt.remind",
    "receipt.return",
    "receipt.send",
    "receipt.suspend",
    "receipt.void",
    "report.received",
    "report.send",
    "seat.cover_ended",
    "seat.heard",
    "seat.silent",
    "session.end",
    "session.glass_ended",
    "session.take_over",
    "shift.close",
    "shift.hand_over",
    "side_request.ask",
    "side_request.give",
    "side_request.moot",
    "side_request.refuse",
    "side_request.withdraw",
    "supervision.issue",
    "threshold.approve",
    "threshold.compare",
    "threshold.refuse",
    "threshold.rolled_back",
    "threshold.supersede",
    "threshold.take_effect",
    "threshold.withdraw",
)
"""Actions of journal rows that no officer's command of that name made; alphabetical. The others are COMMANDS' kinds."""

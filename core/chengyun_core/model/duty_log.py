"""Which journal rows a shift log tells (H6): what people read of the night, not what the machine notes for itself."""

LOGGED = frozenset({
    "alarm.acknowledge", "alarm.comment", "alarm.escalate", "alarm.raise", "alarm.realarm", "alarm.return",
    "alarm.shelve", "alarm.unshelve",
    "call.escalate", "call.note", "call_out.cancel", "call_out.end", "call_out.start",
    "duty.presence",
    "event.assign", "event.check", "event.close", "event.feed_back", "event.grade", "event.merge", "event.open",
    "event.report", "event.report_overdue", "event.return", "event.resume", "event.suspend", "event.verify",
    "event.void",
    "flood.begin", "flood.end",
    "heard.call_back", "heard.write",
    "handover.cancel", "handover.force", "handover.give", "handover.open", "handover.overdue", "handover.refuse",
    "handover.sign", "handover.void_signature",
    "log.write",
    "mode.give_report", "mode.in_force", "mode.lifted", "mode.order", "mode.order_late", "mode.report_due", "mode.undo",
    "order.recall", "order.send", "order.void",
    "plan.raise_tier", "plan.start", "plan.stop",
    "receipt.arrive", "receipt.check", "receipt.confirm", "receipt.escalate", "receipt.feed_back", "receipt.sign",
    "receipt.urge",
    "room.close", "room.decide", "room.open",
    "seat.cover", "seat.cover_ended", "seat.give_back", "seat.heard", "seat.lend", "seat.silent",
    "session.end", "session.sign_off", "session.sign_on", "session.take_over",
    "shift.begin", "shift.cancel", "shift.close", "shift.copy", "shift.hand_over", "shift.save", "shift.swap",
    "supervision.issue",
    "threshold.switch_set",
    "warning.end", "warning.expire", "warning.import", "warning.issue", "warning.supersede",
})  # fmt: skip
"""Actions, each with a sentence `timeline.<action>`. Clustering, marks, badges and progress are not among them."""

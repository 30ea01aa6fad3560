"""Commands and asks about events with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import (
    event_asks,
    event_deeds,
    event_drafts,
    event_files,
    event_links,
    event_notes,
    event_opening,
    event_reports,
    event_reviews,
    event_side_moves,
    event_timeline,
)
from chengyun_core.centre.approvals import Seconded
from chengyun_core.centre.event_seen import subjects, subjects_of_teller
from chengyun_core.centre.handler import Handler

FILES = "files"
"""Lane of `handlers.LANES` in which contents are checked: a long import must not keep an officer's photo waiting."""

EVENT_HANDLERS: dict[str, Handler] = {
    "attachment.add": Handler(
        handle=event_files.add, subjects=event_files.subjects, prepare=event_files.prepare, lane=FILES
    ),
    "event.assign": Handler(handle=event_deeds.assign, subjects=subjects),
    "event.check": Handler(handle=event_deeds.check, subjects=subjects),
    "event.citizen": Handler(handle=event_notes.citizen, subjects=subjects),
    "event.close": Handler(handle=event_deeds.close, subjects=subjects),
    "event.edit": Handler(handle=event_opening.edit, subjects=event_opening.subjects_of_edit),
    "event.evaluate": Handler(handle=event_deeds.evaluate, subjects=subjects),
    "event.feed_back": Handler(handle=event_deeds.feed_back, subjects=subjects),
    "event.grade": Handler(handle=event_deeds.grade, subjects=subjects),
    "event.hand_command": Handler(handle=event_links.hand_command, subjects=subjects),
    "event.import": Handler(handle=event_opening.import_batch, subjects=event_opening.subjects_of_import),
    "event.link": Handler(handle=event_links.link, subjects=event_links.subjects_of_link),
    "event.link_alarms": Handler(handle=event_links.link_alarms, subjects=subjects),
    "event.merge": Handler(handle=event_side_moves.merge, subjects=event_side_moves.subjects_of_merge),
    "event.note": Handler(handle=event_notes.note, subjects=subjects_of_teller),
    "event.open": Handler(handle=event_opening.open_event, subjects=event_opening.subjects_of_new),
    "event.report": Handler(handle=event_reports.send, subjects=subjects),
    "event.report_received": Handler(handle=event_reports.received, subjects=event_reports.subjects_of_receipt),
    "event.resume": Handler(handle=event_side_moves.resume, subjects=subjects),
    "event.return": Handler(handle=event_side_moves.give_back, subjects=subjects),
    "event.review": Handler(handle=event_reviews.review, subjects=subjects),
    "event.split": Handler(handle=event_side_moves.split, subjects=subjects),
    "event.suspend": Handler(handle=event_side_moves.suspend, subjects=subjects),
    "event.take_command": Handler(handle=event_links.take_command, subjects=subjects),
    "event.verify": Handler(handle=event_deeds.verify, subjects=subjects),
    "event.void": Handler(handle=event_side_moves.void, subjects=subjects),
    "improvement.finish": Handler(handle=event_reviews.finish, subjects=event_reviews.subjects_of_item),
}
"""Command kind → handler. Alphabetical."""

EVENT_SECONDED: dict[str, Seconded] = {
    "event.void": Seconded(subjects=subjects, given=event_side_moves.void_given, ended=event_side_moves.void_not_given),
}
"""Deeds on events that may wait for a second person."""

EVENT_ANSWERS: dict[str, Callable[..., bytes]] = {
    "attachment.get": event_files.content,
    "attachment.held": event_files.held,
    "attachment.part": event_files.part,
    "event.check_import": event_opening.check_import,
    "event.counts": event_asks.counts,
    "event.draft_report": event_drafts.draft,
    "event.get": event_asks.get,
    "event.hops": event_timeline.hops,
    "event.owed": event_asks.owed,
    "event.page": event_asks.page,
    "event.people": event_asks.people,
    "event.prefill": event_asks.prefill,
    "event.search": event_asks.search,
    "event.similar": event_asks.similar,
    "event.timeline": event_timeline.timeline,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

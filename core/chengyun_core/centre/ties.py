"""What a record, a question or a deed hangs on, however it names it: what a label on an event reaches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from chengyun_core.centre import approvals, event_reports, event_reviews, feedbacks, supervision
from chengyun_core.model.approval import Approval
from chengyun_core.model.callout import Call, CallOut
from chengyun_core.model.camera import CameraLook, Evidence, EvidenceWish, PtzLock
from chengyun_core.model.command import COMMANDS
from chengyun_core.model.duty import Item, ItemKind, LogLine
from chengyun_core.model.event import Attachment, Event
from chengyun_core.model.order import SideRequest, Supervision, parsed_key
from chengyun_core.model.paper import Paper
from chengyun_core.store import (
    call_table,
    drawing_table,
    duty_table,
    order_table,
    plan_table,
    request_table,
    room_table,
)
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import LogRow
from chengyun_core.wire.order_asks import BoardLine

Key = tuple[str, str]
"""(kind, key) as labels and the journal have it."""
NAMED = {
    "attachment": "attachment", "call_out": "call_out", "corrects": "log_line", "drawing": "drawing",
    "event": "event", "improvement": "improvement", "into": "event", "order": "order", "parent": "event",
    "report": "report", "request": "side_request", "room": "room", "run": "plan_run",
}  # fmt: skip
"""Field of a question or command → kind of the record whose number it holds."""


_ITEMS = {ItemKind.APPROVAL: "approval", ItemKind.CALL_OUT: "call_out", ItemKind.NOTICE: "log_line"}
"""Item of a hand-over that names no event itself → kind of the record its key is of."""
_READERS: dict[str, Callable[[Connection, int], object]] = {
    "approval": approvals.LOG.get, "attachment": feedbacks.ATTACHMENTS.get, "call_out": call_table.call_out,
    "drawing": drawing_table.get, "improvement": event_reviews.LOG.get, "log_line": duty_table.line,
    "order": order_table.get, "plan_run": plan_table.run, "report": event_reports.LOG.get,
    "room": room_table.get, "side_request": request_table.get, "supervision": supervision.LOG.get,
}  # fmt: skip
"""Kind → what reads its record by number."""


@dataclass(slots=True)
class Ties:
    """Made anew for each answer; asks the database at most once for each record that is named."""

    connection: Connection | None = None
    """None: only what a record says of itself is known."""
    _known: dict[Key, tuple[Key, ...]] = field(default_factory=dict)

    def of(self, record: object) -> tuple[Key, ...]:
        """Return all a record is and is about; a label on any of them lies on it, too."""
        match record:
            case Event():
                return (("event", str(record.number)),)
            case Attachment():
                return ("attachment", str(record.number)), *self.about(record.about)
            case LogLine():
                return ("log_line", str(record.number)), *self.about(record.about)
            case LogRow():
                return self._of_row(record)
            case CallOut() | Paper():
                return self.about(record.about)
            case Call():
                return self.behind("call_out", str(record.call_out))
            case SideRequest():
                return self.behind("order", str(record.order))
            case Approval():
                return self._of_approval(record)
        return self._of_others(record)

    def of_body(self, kind: str, body: object) -> tuple[Key, ...]:
        """Return what a question or a deed names."""
        # The order of a mode is another register's.
        numbers = {name: getattr(body, name, None) for name in NAMED if name != "order" or not kind.startswith("mode.")}
        found = [
            tie for name, number in numbers.items() if isinstance(number, int)
            for tie in self.behind(NAMED[name], str(number))
        ]  # fmt: skip
        about = getattr(body, "about", None)
        found += self.about(about) if isinstance(about, str) else ()
        found += [tie for draft in _drafts(body) for tie in self.of_body(kind, draft)]
        return tuple(found)

    def about(self, text: str) -> tuple[Key, ...]:
        """Return what `event/12`, `receipt:7.2` and their like lead to."""
        kind, _, key = text.replace("/", ":", 1).partition(":")
        return self.behind(kind, key) if key else ()

    def behind(self, kind: str, key: str) -> tuple[Key, ...]:
        """Return a record by its key, and what it hangs on."""
        named = (kind, key)
        if named not in self._known:
            self._known[named] = ()  # whatever names itself in a circle ends here
            self._known[named] = (named, *self._further(kind, key))
        return self._known[named]

    def _further(self, kind: str, key: str) -> tuple[Key, ...]:
        if kind == "dispatch":
            return (("event", key),)
        if self.connection is None:
            return ()
        if kind == "receipt" and (number := parsed_key(key)) is not None:
            record = order_table.receipt(self.connection, *number)
            return self.behind("order", str(number[0])) if record is None or record.event is None else self.of(record)
        if kind == "call":
            return self.behind("call_out", key.partition(".")[0])
        read = _READERS.get(kind)
        return self.of(read(self.connection, int(key))) if read is not None and _is_number(key) else ()

    def _of_row(self, row: LogRow) -> tuple[Key, ...]:
        """The row of a free line is that line, and about what its writer named.

        That a sheet was signed is told by a line, whoever may read the sheet's free words.
        """
        line = row.sentence.params.get("line", "") if row.sentence.code == "log.text" else ""
        about = (tie for tie in self.about(row.about) if tie[0] != "handover")
        return *((("log_line", line),) if line else ()), *about

    def _of_others(self, record: object) -> tuple[Key, ...]:
        if isinstance(record, Item) and record.event is None:
            kind = _ITEMS.get(record.kind, "")
            return self.behind(kind, record.key) if kind else ()
        if isinstance(record, Supervision):
            return tuple(one for key in record.receipts for one in self.behind("receipt", key))
        if isinstance(record, BoardLine):
            return self.of(record.standing.receipt)
        if isinstance(record, CameraLook | Evidence | EvidenceWish | PtzLock):
            return self._of_camera(record)
        event = getattr(record, "event", None)
        return (("event", str(event)),) if isinstance(event, int) else ()

    def _of_camera(self, record: CameraLook | Evidence | EvidenceWish | PtzLock) -> tuple[Key, ...]:
        """What is told of a camera lies under its label, and evidence under that of its event, too."""
        event = record.event if isinstance(record, Evidence) else None
        return ("camera", record.camera), *(() if event is None else (("event", str(event)),))

    def _of_approval(self, approval: Approval) -> tuple[Key, ...]:
        """What waits for a second person is about what its command is about."""
        kind = COMMANDS.get(approval.action)
        if kind is None or not approval.command:
            return ()
        try:
            return self.of_body(approval.action, codec.unpack(approval.command, kind))
        except codec.BadMessage:
            # Written by an older program; the deed can be carried out by nobody any more, and names nothing.
            return ()


def _drafts(body: object) -> Iterable[Any]:
    """Return the orders inside a batch of orders."""
    drafts = getattr(body, "drafts", ())
    return drafts if isinstance(drafts, tuple) else ()


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19

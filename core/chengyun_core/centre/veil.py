"""What somebody without the clearance is answered: labelled records dimmed or gone, in the centre, before it is sent.

One place for all answers and changes: a record is known by what it is (an event, an attachment) or hangs on (an order
of an event), wherever it stands in an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from sqlalchemy import Connection

from chengyun_core.centre import labels
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.mirror.records import RECORDS
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.change import Change
from chengyun_core.model.duty import Item
from chengyun_core.model.event import Attachment, Event, EventReport, Improvement
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights import RANK, Label
from chengyun_core.model.situation import Situation
from chengyun_core.store import order_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import CENTRE_ASKS
from chengyun_core.wire.event_asks import EventPage
from chengyun_core.wire.rights_asks import AuditRow, AuditRowTold

DIMMED = "***"
"""Instead of words that are not to be read: short, in no language, and no field is missing."""
WORDS = frozenset({
    "grade_reason", "informant", "lapsed_reason", "name", "narrative", "place", "reason", "said_by", "source_ref",
    "task", "text", "title", "verdict", "words",
})  # fmt: skip
"""Fields that tell what it is about. Where it is, when, how grave and how far stay: who is not cleared still works."""
DIM_ANSWERS = frozenset({"changes.since", "event.counts", "event.get", "event.owed", "event.page", "order.page",
                         "receipt.page", "snapshot", "supervision.board"})  # fmt: skip
"""Answers a dimmed record may stand in. In others its words could be read between the lines: there it is gone."""
_SEEN_BY_ALL = (Alarm, Situation)
"""Name an event, and are not about it."""
_RECORDS: dict[str, type[Any]] = {
    **RECORDS, "attachment": Attachment, "improvement": Improvement, "report": EventReport
}  # fmt: skip
_GONE = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """Hangs before one asker."""

    above: Mapping[tuple[str, str], Label]
    """Labelled records stricter than the asker's clearance."""
    dims: bool = True
    """Whether a dimmed record may be shown dimmed; else it is gone."""

    def label_of(self, record: object) -> Label:
        """Return under which label a record lies for this asker."""
        if isinstance(record, Event):
            return self._of("event", record.number)
        if isinstance(record, Attachment):
            kind, _, key = record.about.partition(":")
            return max(self._of("attachment", record.number), self._of(kind, key), key=RANK.__getitem__)
        event = getattr(record, "event", None)
        about = isinstance(event, int) and not isinstance(record, _SEEN_BY_ALL)
        return self._of("event", event) if about else Label.NORMAL

    def seen(self, value: Any) -> Any:
        """Return a value as the asker may see it; raise Refused when the whole of it is hidden."""
        shown = self._shown(value)
        if shown is _GONE:
            raise Refused("label.not_cleared", label=Label.HIDE.value)
        return shown

    def _of(self, kind: str, key: object) -> Label:
        return self.above.get((kind, str(key)), Label.NORMAL)

    def _shown(self, value: Any) -> Any:
        if isinstance(value, Change):
            return self._change(value)
        if isinstance(value, EventPage):
            return self._page(value)
        if isinstance(value, AuditRow | AuditRowTold):
            return self._audited(value)
        if isinstance(value, tuple):
            return tuple(shown for one in value if (shown := self._shown(one)) is not _GONE)
        if isinstance(value, dict):
            return {name: shown for name, one in value.items() if (shown := self._shown(one)) is not _GONE}
        return self._record(value) if is_dataclass(value) and not isinstance(value, type) else value

    def _record(self, value: Any) -> Any:
        label = self.label_of(value)
        if isinstance(value, Item) and label is not Label.NORMAL:
            # Never gone: a hand-over can only be signed when every item was ticked, and somebody has to know of it.
            return replace(value, title=DIMMED, owner=DIMMED)
        if label is Label.HIDE or (label is Label.DIM and not self.dims):
            return _GONE
        parts = {field.name: self._shown(getattr(value, field.name)) for field in fields(value)}
        if any(part is _GONE for part in parts.values()):
            return _GONE
        changed = {name: part for name, part in parts.items() if part is not getattr(value, name)}
        if label is Label.DIM:
            changed |= {name: DIMMED for name in WORDS & parts.keys() if isinstance(parts[name], str) and parts[name]}
            changed |= {name: {} for name in ("attributes", "climbed") if name in parts}
            changed |= {name: None for name in ("feedback",) if name in parts}
        return replace(value, **changed) if changed else value

    def _page(self, page: EventPage) -> EventPage:
        """Its records travel as they lie in the database, packed."""
        events = ((packed, codec.unpack(packed, Event)) for packed in page.records)
        shown = ((packed, event, self._record(event)) for packed, event in events)
        kept = (packed if after is event else codec.pack(after) for packed, event, after in shown if after is not _GONE)
        return replace(page, records=tuple(kept))

    def _audited(self, value: Any) -> Any:
        """An auditor sees that a row is there, whose and when; of what may hang on something labelled no words."""
        row = value.row if isinstance(value, AuditRowTold) else value
        if row.kind not in _RECORDS:
            return value
        bare = replace(row, params={})
        return bare if value is row else replace(value, row=bare, record=b"", before=b"")

    def _change(self, change: Change) -> Any:
        kind = _RECORDS.get(change.kind)
        if kind is None or not change.record:
            return change
        record = codec.unpack(change.record, kind)
        shown = self._record(record)
        if shown is _GONE:
            return _GONE
        return change if shown is record else replace(change, record=codec.pack(shown), params={})


def answered(desk: Desk, connection: Connection, caller: Caller, kind: str, data: bytes) -> bytes:
    """Return an answer as the caller may see it; raise Refused when he may not see it at all."""
    answer = CENTRE_ASKS[kind][1]
    above = _above(desk, connection, caller)
    if not above or answer is None:
        return data
    return codec.pack(Veil(above=above, dims=kind in DIM_ANSWERS).seen(codec.unpack(data, answer)))


def refuse_asked(desk: Desk, connection: Connection, caller: Caller, kind: str, body: object) -> None:
    """Raise Refused for a question or deed about a record the caller may not see, or sees only dimmed."""
    above = _above(desk, connection, caller)
    label = _label_in(above, connection, body) if above else Label.NORMAL
    if label is Label.HIDE and hasattr(body, "event"):
        # As if it did not exist: that it does is what is hidden.
        raise Refused("event.unknown", event=body.event)
    if label is Label.HIDE or (label is Label.DIM and kind not in DIM_ANSWERS and not hasattr(body, "order")):
        raise Refused("label.not_cleared", label=label.value)


def is_labelled(desk: Desk, change: Change) -> bool:
    """Return whether a change is of a labelled record: it is not broadcast, and each asks for what he may see."""
    kind = _RECORDS.get(change.kind) if desk.labels else None
    if kind is None or not change.record:
        return False
    return Veil(above=desk.labels).label_of(codec.unpack(change.record, kind)) is not Label.NORMAL


def _label_in(above: Mapping[tuple[str, str], Label], connection: Connection, body: object) -> Label:
    named = ((name, getattr(body, name, None)) for name in ("event", "attachment"))
    keys = [(name, number) for name, number in named if isinstance(number, int)]
    order = getattr(body, "order", None)
    # A recipient of a dimmed order goes on with it; one of a hidden event's has been told nothing of it.
    if isinstance(order, int) and (found := order_table.get(connection, order)) is not None:
        keys.append(("event", found.event or 0))
    return max((above.get((kind, str(key)), Label.NORMAL) for kind, key in keys), key=RANK.__getitem__,
               default=Label.NORMAL)  # fmt: skip


def _above(desk: Desk, connection: Connection, caller: Caller) -> Mapping[tuple[str, str], Label]:
    if not desk.labels:
        return {}
    clearance = RANK[labels.clearance_of(connection, caller)]
    return {key: label for key, label in desk.labels.items() if RANK[label] > clearance}

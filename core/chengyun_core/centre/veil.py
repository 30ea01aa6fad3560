"""What somebody without the clearance is answered: labelled records dimmed or gone, in the centre, before it is sent.

One place for all answers and changes: a record is known by what it is (an event, an attachment) or hangs on (an order
of an event, a line of the log about it), wherever it stands in an answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection

from chengyun_core.centre import event_asks, labels, map_within
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ties import Key, Ties
from chengyun_core.mirror.records import RECORDS
from chengyun_core.model.approval import Approval
from chengyun_core.model.change import Change
from chengyun_core.model.duty import Handover, Item
from chengyun_core.model.event import Attachment, Event, EventReport, Improvement
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.rights import DIMMED, RANK, Label
from chengyun_core.wire import codec
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.duty_asks import LogRow
from chengyun_core.wire.event_asks import EventPage
from chengyun_core.wire.rights_asks import AuditRow, AuditRowTold

WORDS = frozenset({
    "answer", "call_back", "camera_name", "cancelled",
    "check_reason", "decided_reason", "done_note", "drafted", "findings", "grade_reason", "informant",
    "lapsed_reason", "measures", "name", "narrative", "note", "over_capacity", "place", "reason", "redlined",
    "returned_reason", "said_by", "settled", "source_ref", "talked_to", "target", "task", "text", "tier_reason",
    "time_limit", "title", "verdict", "words",
})  # fmt: skip
"""Fields that tell what it is about. Where it is, when, how grave and how far stay: who is not cleared still works."""
EMPTIED = frozenset({"attributes", "climbed", "values"})
LISTED = frozenset({"agenda", "votes"})
"""Lists of words and of who said what: nothing of them stays."""
"""Tables of words and of who said what: nothing of them stays."""
DIM_ANSWERS = frozenset({
    "call_out.get", "call_out.page", "changes.since", "drawing.of_event", "event.counts", "event.get", "event.owed",
    "event.page", "evidence.page", "log.page", "order.page", "past.facts", "receipt.page", "snapshot",
    "supervision.board",
})  # fmt: skip
"""Answers a dimmed record may stand in. In others its words could be read between the lines: there it is gone."""
TELLS_NOTHING = frozenset({
    "alarm", "catalogue", "comment", "device_stage", "duty_person", "flood", "late", "map_layer",
    "override", "seat_cover", "session", "shift", "situation", "threshold", "unit",
})  # fmt: skip
"""Kinds of changes that are about no event, order or line, though an alarm may name one: they are not looked at."""
_RECORDS: dict[str, type[Any]] = {
    **RECORDS, "attachment": Attachment, "improvement": Improvement, "report": EventReport
}  # fmt: skip
_WORDLESS_IN_AUDIT = frozenset({*_RECORDS, "dispatch", labels.KIND, "paper", "supervision"})
_LEFT_OUT: dict[str, Callable[..., bytes]] = {
    "event.counts": event_asks.counts, "event.page": event_asks.page, "event.search": event_asks.search,
    "event.similar": event_asks.similar, "map.within": map_within.within,
}  # fmt: skip
"""Answers that are made without what is gone for the asker, not veiled afterwards: a number, a page that is cut short
or the place where it goes on would tell that something is there."""
_UNKNOWN = {
    "attachment": "attachment.unknown", "drawing": "drawing.unknown", "event": "event.unknown",
    "order": "order.unknown",
}  # fmt: skip
_OF_AN_EVENT = frozenset({
    "drawing", "event", "improvement", "order", "plan_run", "receipt", "report",
    "room", "room_decision", "room_poll",
})  # fmt: skip
"""Kinds of records that hang on their event and on nothing else."""
_GONE = object()


class _Peek(msgspec.Struct):
    """What of such a record says under which label it lies; the rest is not looked at."""

    event: int | None = None


_PEEK = msgspec.msgpack.Decoder(_Peek)


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """Hangs before one asker."""

    above: Mapping[Key, Label]
    """Labelled records stricter than the asker's clearance."""
    dims: bool = True
    """Whether a dimmed record may be shown dimmed; else it is gone."""
    ties: Ties = field(default_factory=Ties)

    def label_of(self, record: object) -> Label:
        """Return under which label a record lies for this asker."""
        return self.over(self.ties.of(record))

    def seen(self, value: Any) -> Any:
        """Return a value as the asker may see it; raise Refused when the whole of it is hidden."""
        shown = self._shown(value)
        if shown is _GONE:
            raise Refused("label.not_cleared", label=Label.HIDE.value)
        return shown

    def lies_over(self, change: Change) -> bool:
        """Return whether a change is not for everybody as it is."""
        return self._change(change) is not change

    def over(self, ties: tuple[Key, ...]) -> Label:
        """Return the strictest label over what is named."""
        return max((self.above.get(tie, Label.NORMAL) for tie in ties), key=RANK.__getitem__, default=Label.NORMAL)

    def _shown(self, value: Any) -> Any:
        if isinstance(value, Change):
            return self._change(value)
        if isinstance(value, EventPage):
            return self._page(value)
        if isinstance(value, AuditRow | AuditRowTold):
            return self._audited(value)
        if isinstance(value, tuple):
            shown = tuple(after for one in value if (after := self._shown(one)) is not _GONE)
            same = len(shown) == len(value) and all(after is one for after, one in zip(shown, value, strict=True))
            return value if same else shown
        if isinstance(value, dict):
            kept = {name: shown for name, one in value.items() if (shown := self._shown(one)) is not _GONE}
            return value if len(kept) == len(value) and all(kept[name] is value[name] for name in kept) else kept
        return self._record(value) if is_dataclass(value) and not isinstance(value, type) else value

    def _record(self, value: Any) -> Any:
        label = self.label_of(value)
        if isinstance(value, Item) and label is not Label.NORMAL:
            # Never gone: a hand-over can only be signed when every item was ticked, and somebody has to know of it.
            return replace(value, title=DIMMED, owner=DIMMED, reason=value.reason and DIMMED)
        if label is Label.HIDE or (label is Label.DIM and (not self.dims or isinstance(value, Approval))):
            # A second person who may not read what he answers for is none: it waits for another.
            return _GONE
        parts = {field.name: self._shown(getattr(value, field.name)) for field in fields(value)}
        if any(part is _GONE for part in parts.values()):
            return _GONE
        changed = {name: part for name, part in parts.items() if part is not getattr(value, name)}
        shown = replace(value, **changed) if changed else value
        if isinstance(value, Handover) and self.over((("handover", str(value.number)),)) is not Label.NORMAL:
            shown = replace(shown, lines=(DIMMED,) * len(value.lines))
        return dimmed(shown) if label is Label.DIM else shown

    def _page(self, page: EventPage) -> EventPage:
        """Its records travel as they lie in the database, packed."""
        events = ((packed, codec.unpack(packed, Event)) for packed in page.records)
        shown = ((packed, event, self._record(event)) for packed, event in events)
        kept = (packed if after is event else codec.pack(after) for packed, event, after in shown if after is not _GONE)
        return replace(page, records=tuple(kept))

    def _audited(self, value: Any) -> Any:
        """An auditor sees that a row is there, whose and when; of what may hang on something labelled no words."""
        row = value.row if isinstance(value, AuditRowTold) else value
        if row.kind not in _WORDLESS_IN_AUDIT:
            return value
        bare = replace(row, params={})
        return bare if value is row else replace(value, row=bare, record=b"", before=b"")

    def _change(self, change: Change) -> Any:
        if change.kind in TELLS_NOTHING:
            return change
        kind = _RECORDS.get(change.kind)
        if kind is None or not change.record:
            return self._named(change)
        if change.kind in _OF_AN_EVENT and self.over(_peeked(change)) is Label.NORMAL:
            return change
        record = codec.unpack(change.record, kind)
        shown = self._record(record)
        if shown is _GONE:
            return _GONE
        return change if shown is record else replace(change, record=codec.pack(shown), params={})

    def _named(self, change: Change) -> Any:
        """A change no screen keeps a record of is known by its key: that of an event, of a sheet, of a paper."""
        label = self.over(self.ties.behind(change.kind, change.key))
        if label is Label.NORMAL:
            return change
        return _GONE if label is Label.HIDE else replace(change, record=b"", params={})


def _peeked(change: Change) -> tuple[Key, ...]:
    """Return the event of a packed record without taking it apart: a snapshot has thousands, and few are labelled."""
    if change.kind == "event":
        return (("event", change.key),)
    event = _PEEK.decode(change.record).event
    return () if event is None else (("event", str(event)),)


def dimmed(value: Any) -> Any:
    """Return a record without its words, and so all that lies within it."""
    if isinstance(value, LogRow):
        code = value.sentence.code
        return replace(
            value, title=value.title and DIMMED, sentence=Reason(code=code, params=_starred(value.sentence.params)),
            attachment="", file=None,
        )  # fmt: skip
    if isinstance(value, tuple):
        return tuple(dimmed(one) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed: dict[str, Any] = {}
    for one in fields(value):
        part = getattr(value, one.name)
        if one.name in WORDS and isinstance(part, str):
            changed[one.name] = part and DIMMED
        elif one.name in EMPTIED:
            changed[one.name] = {}
        elif one.name in LISTED:
            changed[one.name] = ()
        elif one.name == "feedback":
            changed[one.name] = None
        else:
            changed[one.name] = dimmed(part)
    return replace(value, **changed)


def _starred(params: Mapping[str, str]) -> dict[str, str]:
    return dict.fromkeys(params, DIMMED)


def answer(
    desk: Desk, connection: Connection, caller: Caller, kind: str, body: Any, give: Callable[..., bytes]
) -> bytes:
    """Return an answer as the caller may see it; raise Refused when he may not see it at all.

    give: what answers this kind to who may see everything: desk, connection, question → packed answer.
    """
    told = CENTRE_ASKS[kind][1]
    above = _above(desk, connection, caller)
    if not above or told is None:
        return give(desk, connection, body)
    dims = kind in DIM_ANSWERS
    if kind in _LEFT_OUT:
        gone = {Label.HIDE} if dims else {Label.HIDE, Label.DIM}
        numbers = frozenset(int(key) for (of_kind, key), label in above.items() if of_kind == "event" and label in gone)
        data = _LEFT_OUT[kind](desk, connection, body, without=numbers)
    else:
        data = give(desk, connection, body)
    return codec.pack(Veil(above=above, dims=dims, ties=Ties(connection)).seen(codec.unpack(data, told)))


def refuse_asked(desk: Desk, connection: Connection, caller: Caller, kind: str, body: object) -> None:
    """Raise Refused for a question or deed about a record the caller may not see, or sees only dimmed."""
    above = _above(desk, connection, caller)
    if not above:
        return
    named = Ties(connection).of_body(kind, body)
    label = Veil(above=above).over(named)
    if label is Label.HIDE:
        # As if it did not exist: that it does is what is hidden.
        for name, code in _UNKNOWN.items():
            if isinstance(getattr(body, name, None), int):
                raise Refused(code, **{name: getattr(body, name)})
        raise Refused("label.not_cleared", label=label.value)
    if label is Label.DIM and kind not in DIM_ANSWERS and not _goes_on(kind, body):
        raise Refused("label.not_cleared", label=label.value)


def is_labelled(desk: Desk, change: Change, connection: Connection | None = None) -> bool:
    """Return whether a change is of a labelled record: it is not broadcast, and each asks for what he may see."""
    return bool(desk.labels) and Veil(above=desk.labels, ties=Ties(connection)).lies_over(change)


def _goes_on(kind: str, body: object) -> bool:
    """A recipient of a dimmed order goes on with it and adds his pictures; one of a hidden event's knows of nothing."""
    return hasattr(body, "order") or kind in ("attachment.add", "receipt.decide", "receipt.withdraw")


def _above(desk: Desk, connection: Connection, caller: Caller) -> Mapping[Key, Label]:
    if not desk.labels:
        return {}
    clearance = RANK[labels.clearance_of(connection, caller)]
    return {key: label for key, label in desk.labels.items() if RANK[label] > clearance}

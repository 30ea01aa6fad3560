"""The shift log (H6): free lines written, and pages in which journal rows stand beside them; there is no second log."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection

from chengyun_core.centre import duty_care, event_files, labels
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.seat_rights import real_seat
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import LogKind, LogLine, Shift, ShiftState
from chengyun_core.model.duty_commands import WriteLogLine
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.rights import Label
from chengyun_core.store import counters, duty_log, duty_table, handover_table
from chengyun_core.store.duty_log import Row
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskLog, Log, LogRow
from chengyun_core.wire.envelope import Done

LONGEST_LINE = 1000
LONGEST_ABOUT = 64
MOST_ROWS = 500
WITHOUT_SHIFT_NS = 12 * 3600 * NS_PER_S
"""How far back the log goes where no shift is on the roster."""


def prepare(desk: Desk, connection: Connection, command: WriteLogLine) -> Callable[[], str] | None:  # noqa: ARG001 - see HANDLERS
    """Return the slow part of a line with a snapshot: its content is checked and sealed. None: there is none."""
    if not command.attachment:
        return None
    store = desk.files
    if store is None:
        raise Refused("log.no_attachment", digest=command.attachment[:64])
    return lambda: store.seal(command.attachment, command.size)


def write(desk: Desk, work: Work, caller: Caller, command: WriteLogLine, media: str | None) -> Done:
    """Write a free line into the shift that runs; what was written before stays as it is, a correction is a line."""
    if command.kind is LogKind.AUTOMATIC:
        raise Refused("log.automatic")
    labels.expect_cleared(work.connection, caller, command.label)
    corrected = _corrected(work, command)
    centre = _centre_of(desk, caller)
    running = duty_care.running(work.connection, centre)
    line = LogLine(
        number=counters.take(work.connection, duty_table.LINE_COUNTER, 1), shift=running.number if running else 0,
        kind=command.kind, text=clean(command.text, field="line", most=LONGEST_LINE, required=True),
        about=clean(command.about, field="about", most=LONGEST_ABOUT), attachment=command.attachment,
        written_at=work.at_ns, written_by=caller.account, written_seat=real_seat(duty_care.seat_of(caller)),
        corrects=corrected,
    )  # fmt: skip
    if media is not None:
        line = replace(line, file=_kept(work, command, line, media))
    params = {"text": line.text, "corrects": line.corrects or ""}
    change = work.note("log.write", duty_care.LINE, line.number, line.version, line, params=params)
    duty_table.add_line(work.connection, line, centre, change)
    if command.label is not Label.NORMAL:
        labels.lay(desk, work, (duty_care.LINE, str(line.number)), command.label, "log.write")
    return Done(change=change, key=str(line.number), version=line.version)


def page(desk: Desk, connection: Connection, ask: AskLog) -> bytes:
    """Answer `log.page`: a bounded look back from a journal number, so that no flood makes it slow."""
    if not 1 <= ask.limit <= MOST_ROWS or ask.before < 0:
        raise Refused("ask.out_of_range", after=ask.before, limit=ask.limit, most=MOST_ROWS)
    shift = duty_care.shift(connection, ask.shift) if ask.shift else duty_care.running(connection, _own(desk))
    span = _span(desk, shift)
    kinds = frozenset(ask.kinds)
    rows, reached = duty_log.newest(connection, span, ask.before, ask.limit, kinds, shift.first_row if shift else 0)
    lines = {row.number: codec.unpack(row.record, LogLine) for row in rows if row.kind == duty_care.LINE}
    corrected = duty_table.corrections(connection, [line.number for line in lines.values()])
    locks = _Locks(shift, handover_table.signed_in(connection, shift.number) if shift else {})
    told = tuple(_row(desk, row, lines.get(row.number), corrected, locks) for row in rows)
    return codec.pack(Log(rows=told, next=reached))


class _Locks:
    """What of a shift's log is locked: all of it once it is closed, a seat's once that was handed over (WF9)."""

    def __init__(self, shift: Shift | None, signed: Mapping[str, int]) -> None:
        self._all = shift is not None and shift.state is ShiftState.CLOSED
        self._signed = signed

    def hold(self, seat: str, number: int) -> bool:
        """Return whether a row of a seat, by its journal number, is locked."""
        return self._all or number <= self._signed.get(real_seat(seat), 0)


def _row(desk: Desk, row: Row, line: LogLine | None, corrected: Mapping[int, int], locks: _Locks) -> LogRow:
    if line is not None:
        return LogRow(
            number=row.number, at_ns=row.at_ns, kind=line.kind, about=line.about, account=row.account, seat=row.seat,
            sentence=Reason(code="log.text", params={"text": line.text, "line": str(line.number)}),
            attachment=line.attachment, file=line.file, corrects=line.corrects, corrected_by=corrected.get(line.number),
            locked=locks.hold(row.seat, row.number),
        )  # fmt: skip
    kind = LogKind.CALL if row.kind in duty_log.CALLS else LogKind.AUTOMATIC
    return LogRow(
        number=row.number, at_ns=row.at_ns, kind=kind,
        sentence=Reason(code=f"timeline.{row.action}", params=row.params), about=f"{row.kind}/{row.key}",
        title=_title(desk, row), account=row.account, seat=row.seat, locked=locks.hold(row.seat, row.number),
    )  # fmt: skip


def _title(desk: Desk, row: Row) -> str:
    """Return what people call the thing a row is about, from its record: a vital's name, a code with a title."""
    try:
        record: dict[str, Any] = msgspec.msgpack.decode(row.record) if row.record else {}
    except msgspec.MsgspecError:
        return row.key
    vital = desk.city.vitals.get(record.get("vital", -1)) if row.kind in ("alarm", "override") else None
    if vital is not None:
        return vital.name
    words = (record.get("code"), record.get("title") or record.get("name") or record.get("headline"))
    return " ".join(str(word) for word in words if word) or row.key


def _span(desk: Desk, shift: Shift | None) -> tuple[int, int]:
    now = desk.clock.utc_ns()
    if shift is None:
        return now - WITHOUT_SHIFT_NS, now + 1
    # A shift's log goes from when it began to when the next one did, whatever the roster had foreseen.
    begun = shift.begins_at if shift.begun_at is None else shift.begun_at
    return begun, max(shift.ends_at, now + 1) if shift.relieved_at is None else shift.relieved_at


def _corrected(work: Work, command: WriteLogLine) -> int | None:
    if command.corrects is None:
        return None
    known = duty_table.line(work.connection, command.corrects)
    if known is None:
        raise Refused("log.line_unknown", line=command.corrects)
    return known.number


def _kept(work: Work, command: WriteLogLine, line: LogLine, media: str) -> int:
    """Keep the snapshot as an attachment of the line, so that it is read back as any other file is."""
    kept = Attachment(
        number=counters.take(work.connection, event_files.COUNTER, 1), about=f"{duty_care.LINE}:{line.number}",
        digest=command.attachment, name=event_files.label(command.name), size=command.size, media=media,
        added_at=work.at_ns, added_by=line.written_by, added_seat=line.written_seat,
    )  # fmt: skip
    work.note("attachment.keep", event_files.LOG.kind, kept.number, kept.version, kept)
    return kept.number


def _centre_of(desk: Desk, caller: Caller) -> str:
    seat = desk.city.seats.get(real_seat(duty_care.seat_of(caller)))
    return seat.centre if seat else _own(desk)


def _own(desk: Desk) -> str:
    return duty_care.own_centre(desk)

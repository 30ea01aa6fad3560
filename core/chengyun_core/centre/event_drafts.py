"""Drafts a report from the timeline's facts, each sentence traced to its journal rows; nothing is made up (E7)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from chengyun_core.centre import event_care, event_reports, event_timeline
from chengyun_core.centre.desk import Desk
from chengyun_core.model.event import Event, EventReport, ReportKind
from chengyun_core.model.failure import Refused
from chengyun_core.store.event_rows import Row
from chengyun_core.wire import codec
from chengyun_core.wire.event_asks import AskDraft, Draft, DraftLine
from chengyun_resources.texts import LANGUAGES, Texts

MOST_NOTES = 5


def draft(desk: Desk, connection: Connection, ask: AskDraft) -> bytes:
    """Answer `event.draft_report`: a 续报 tells what came since the report before it, the others tell everything."""
    if ask.language not in LANGUAGES:
        raise Refused("ask.no_language", language=ask.language[:16])
    event = event_care.get(connection, ask.event)
    rows = event_timeline.rows_of(connection, event, limit=event_timeline.MOST_ROWS)
    since = _since(connection, event, ask.kind, rows)
    lines = _Writer(desk, Texts(ask.language), event, rows, since).lines(ask.kind)
    return codec.pack(Draft(text="\n".join(line.text for line in lines), lines=tuple(lines)))


def _since(connection: Connection, event: Event, kind: ReportKind, rows: Sequence[Row]) -> int:
    """Return the journal number after which facts are new; 0 for reports that tell everything."""
    reports = [event_reports.LOG.get(connection, number) for number in event.report_numbers]
    if kind is not ReportKind.FOLLOW_UP or not any(isinstance(report, EventReport) for report in reports):
        return 0
    sent = [row.number for row in rows if row.action == "event.report"]
    return max(sent, default=0)


class _Writer:
    """Writes sentences of one event in one language."""

    def __init__(self, desk: Desk, texts: Texts, event: Event, rows: Sequence[Row], since: int) -> None:
        self._desk = desk
        self._texts = texts
        self._event = event
        self._all = rows
        self._new = [row for row in rows if row.number > since]

    def lines(self, kind: ReportKind) -> list[DraftLine]:
        """Return the sentences in their order; those without facts are left out."""
        return [self._head(kind), *self._what(kind), *self._graded(), *self._led(), *self._ordered(), *self._noted(),
                *self._ended(), self._stands()]  # fmt: skip

    def _line(self, sentence: str, rows: Sequence[Row], /, **params: object) -> DraftLine:
        return DraftLine(text=self._texts.say(sentence, **params), rows=tuple(row.number for row in rows))

    def _of(self, *actions: str, rows: Sequence[Row] | None = None) -> list[Row]:
        return [row for row in (self._new if rows is None else rows) if row.action in actions]

    def _head(self, kind: ReportKind) -> DraftLine:
        event = self._event
        opened = self._of("event.open", "event.import", rows=self._all)[:1]
        centre = self._desk.city.centres.get(event.centre)
        return self._line(
            f"draft.head.{kind.value}", opened, code=event.code, title=event.title,
            at=self._desk.shown(event.source_at), place=event.place or (centre.name if centre else event.centre),
        )  # fmt: skip

    def _what(self, kind: ReportKind) -> list[DraftLine]:
        told = self._of("event.open", "event.import", "event.edit", rows=self._all)
        if kind is ReportKind.FOLLOW_UP or not self._event.narrative:
            return []
        return [self._line("draft.what", told, narrative=" ".join(self._event.narrative.split("\n")))]

    def _graded(self) -> list[DraftLine]:
        rows = self._of("event.grade")
        if not rows:
            return []
        grade = self._texts.say(f"event.grade.{rows[-1].params.get('grade', '')}")
        return [self._line("draft.graded", rows[-1:], at=self._desk.shown(rows[-1].at_ns), grade=grade)]

    def _led(self) -> list[DraftLine]:
        rows = self._of("event.assign")
        if not rows or not self._event.lead:
            return []
        names = [self._unit(code) for code in self._event.assisting]
        code = "draft.led" if not names else "draft.led_with"
        return [self._line(code, rows[-1:], lead=self._unit(self._event.lead), assisting=self._joined(names))]

    def _ordered(self) -> list[DraftLine]:
        sent = self._of("order.send", "order.release")
        reached = {step: self._of(f"event.reached.{step}", rows=self._new) for step in ("signed", "arrived")}
        lines = [self._line("draft.ordered", sent, count=len(sent))] if sent else []
        return lines + [
            self._line(f"draft.{step}", rows[:1], at=self._desk.shown(_source(rows[0])))
            for step, rows in reached.items() if rows
        ]  # fmt: skip

    def _noted(self) -> list[DraftLine]:
        return [
            self._line(
                "draft.note", [row], at=self._desk.shown(_source(row)), text=" ".join(row.params["text"].split()),
                who=row.params.get("said_by") or row.account,
            )
            for row in self._of("event.note")[-MOST_NOTES:]
        ]  # fmt: skip

    def _ended(self) -> list[DraftLine]:
        found = []
        for action in ("event.feed_back", "event.reached.fed_back", "event.check", "event.close", "event.suspend"):
            rows = [row for row in self._of(action) if row.params.get("passed", "1") == "1"]
            if rows:
                words = rows[-1].params.get("words") or rows[-1].params.get("reason", "")
                code = f"draft.{action.rpartition('.')[2]}"
                code = "draft.feed_back" if code == "draft.fed_back" else code
                found.append(self._line(code, rows[-1:], at=self._desk.shown(_source(rows[-1])), words=words))
        return found

    def _stands(self) -> DraftLine:
        state = self._texts.say(f"event.state.{self._event.state.value}")
        return self._line("draft.stands", self._all[-1:], state=state)

    def _unit(self, code: str) -> str:
        unit = self._desk.city.units.get(code)
        return unit.name if unit else code

    def _joined(self, names: Sequence[str]) -> str:
        return self._texts.say("draft.and").join(names)


def _source(row: Row) -> int:
    told = row.params.get("source_at", "")
    return int(told) if told.isascii() and told.isdigit() else row.at_ns

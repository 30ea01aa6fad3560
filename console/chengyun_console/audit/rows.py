"""Rows of the journal in words: what was done, to what, by whom; and one row with its record before and after."""

from dataclasses import dataclass

from chengyun_console.actions.table import ACTIONS
from chengyun_console.desk import Desk
from chengyun_core.wire.codec import BadMessage, fields_in
from chengyun_core.wire.rights_asks import AuditRow, AuditRowTold
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

_SECRET = frozenset({"password", "secret", "salt", "hash", "totp", "command"})
"""Fields of records nobody reads from a screen."""
_LONGEST = 400
_MOST_FIELDS = 60


@dataclass(frozen=True, slots=True)
class AuditWords:
    """Writes with the names a desk has now."""

    desk: Desk

    def action(self, action: str) -> str:
        """Return what was done in words: as a timeline or a button says it, else the action's code itself."""
        title = next((one.title for one in ACTIONS if one.permission == action), "")
        code = next((code for code in (f"audit.{action}", title) if code and self.desk.texts.has(code)), "")
        return self.desk.say(code) if code else action

    def row(self, row: AuditRow) -> FactRow:
        """Return one row of the list."""
        between = self.desk.say("events.pieces_between")
        who = between.join(part for part in (self.person(row.account), row.seat) if part)
        about = " ".join(part for part in (row.kind, row.key) if part)
        return FactRow(
            key=str(row.number), severity=Severity.NONE, title=self.action(row.action),
            detail=between.join(part for part in (who, about) if part), age=self.desk.figures.stamp(row.at_ns),
            status=self.desk.figures.count(row.number),
        )  # fmt: skip

    def person(self, account: str) -> str:
        """Return who did it; without an account the machine did."""
        if not account:
            return self.desk.say("auditing.machine")
        name = self.desk.people.names.get(account, "")
        return f"{name} {account}".strip() if name != account else account

    def sections(self, told: AuditRowTold) -> tuple[SheetSection, ...]:
        """Return a row with everything: who, the record before and after, the parameters, and whether it is right."""
        say, row = self.desk.say, told.row
        record = say("auditing.record_told", kind=row.kind, key=row.key, version=row.version) if row.kind else ""
        who = (
            ("time", self.desk.figures.stamp(row.at_ns)), ("account", self.person(row.account)), ("seat", row.seat),
            ("post", row.post), ("action", row.action), ("record", record),
            ("command", row.command_id),
        )  # fmt: skip
        verdict = say(told.fault) if told.fault else say("auditing.right")
        proof = (
            SheetLine(
                label=say("auditing.verdict"), text=verdict, colour=Colour.RED_TEXT if told.fault else Colour.DONE
            ),
            SheetLine(label=say("auditing.hash"), text=row.hash),
        )  # fmt: skip
        params = tuple(SheetLine(label=name, text=value[:_LONGEST]) for name, value in sorted(row.params.items()))
        return (
            SheetSection(
                title=say("auditing.section.who"),
                lines=tuple(SheetLine(label=say(f"auditing.{name}"), text=text) for name, text in who if text),
            ),
            SheetSection(title=say("auditing.section.change"), lines=self._changes(told)),
            *((SheetSection(title=say("auditing.section.params"), lines=params),) if params else ()),
            SheetSection(title=say("auditing.section.proof"), lines=proof),
        )  # fmt: skip

    def _changes(self, told: AuditRowTold) -> tuple[SheetLine, ...]:
        """Return the fields that changed, each with what it was and what it became."""
        say, before, after = self.desk.say, _fields(told.before), _fields(told.record)
        if not after and not before:
            return (SheetLine(label="", text=say("auditing.no_record"), colour=Colour.TEXT_SECOND),)
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        lines = tuple(self._change(name, before.get(name), after.get(name)) for name in names[:_MOST_FIELDS])
        return lines or (SheetLine(label="", text=say("auditing.same"), colour=Colour.TEXT_SECOND),)

    def _change(self, name: str, before: object, after: object) -> SheetLine:
        say = self.desk.say
        if name in _SECRET:
            return SheetLine(label=name, text=say("auditing.hidden"))
        if before is None:
            return SheetLine(label=name, text=say("auditing.new", after=_written(after)))
        if after is None:
            return SheetLine(label=name, text=say("auditing.gone", before=_written(before)))
        return SheetLine(label=name, text=say("auditing.was", before=_written(before), after=_written(after)))


def _fields(record: bytes) -> dict[str, object]:
    """Return the fields of a record, none of one that cannot be read or is none."""
    if not record:
        return {}
    try:
        return fields_in(record)
    except BadMessage:
        return {}


def _written(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

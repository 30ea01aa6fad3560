"""Labels of events and attachments (G6): set by command, kept in a table, known on the desk, told to no exporter."""

from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre.account_rows import noted, places
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.rights import RANK, Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.store import account_table, event_table, label_table
from chengyun_core.wire.envelope import Done

KINDS = frozenset({"attachment", "event"})
"""What may be labelled. Vitals are not: their values go out from ingest to every console, past this daemon."""
_SEES_ALL = frozenset({PostKind.LOCAL_ADMIN, PostKind.INGEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSet:
    """A label as the journal tells it (kind `label`, key `<kind>:<key>`)."""

    kind: str
    key: str
    label: Label
    before: Label


def load(desk: Desk, connection: Connection) -> None:
    """Take up every label, at start."""
    desk.labels = label_table.every(connection)


def subjects_of_label(desk: Desk, work: Work, command: SetLabel) -> tuple[Subject, ...]:
    """Return the place of a labelled event; an attachment has none."""
    found = event_table.get(work.connection, int(command.key)) if _is_event(command) else None
    return () if found is None else (Subject(name=found.code, path=desk.city.path(found.centre)),)


def set_label(desk: Desk, work: Work, caller: Caller, command: SetLabel) -> Done:
    """Label a record; nobody labels what he may not see whole himself."""
    reason = clean(command.reason, field="reason", required=True)
    if command.kind not in KINDS or not command.key.isdecimal():
        raise Refused("label.no_kind", kind=command.kind[:64], known=", ".join(sorted(KINDS)))
    if _is_event(command) and event_table.get(work.connection, int(command.key)) is None:
        raise Refused("event.unknown", event=command.key)
    before = desk.labels.get((command.kind, command.key), Label.NORMAL)
    if RANK[max(before, command.label, key=RANK.__getitem__)] > RANK[clearance_of(work.connection, caller)]:
        raise Refused("label.not_cleared", label=command.label.value)
    told = LabelSet(kind=command.kind, key=command.key, label=command.label, before=before)
    params = {"label": command.label.value, "before": before.value, "reason": reason}
    change = work.note("label.set", "label", f"{command.kind}:{command.key}", 1, told, params=params)
    label_table.put(work.connection, command.kind, command.key, command.label, change)
    work.after_commit(partial(_keep, desk, command.kind, command.key, command.label))
    return Done(change=change, key=f"{command.kind}:{command.key}", version=1)


def subjects_of_clearance(desk: Desk, work: Work, command: SetClearance) -> tuple[Subject, ...]:
    """Return the places of the account's posts."""
    record = account_table.get(work.connection, command.account)
    return () if record is None else places(desk, record.account, record.posts)


def set_clearance(desk: Desk, work: Work, caller: Caller, command: SetClearance) -> Done:  # noqa: ARG001 - see HANDLERS
    """Say which labels somebody sees through, from his next request on; never one's own."""
    reason = clean(command.reason, field="reason", required=True)
    record = account_table.get(work.connection, command.account)
    if record is None:
        raise Refused("account.unknown", account=command.account)
    if record.account == caller.account:
        raise Refused("account.own_posts", account=record.account)
    changed = replace(record, clearance=command.clearance, version=record.version + 1)
    account_table.replace(work.connection, changed)
    told = {"before": record.clearance.value, "after": command.clearance.value, "reason": reason}
    return noted(work, "account.set_clearance", changed, told)


def clearance_of(connection: Connection, caller: Caller) -> Label:
    """Return the strictest label whose records somebody sees whole; deny by default."""
    if any(holding.kind in _SEES_ALL for holding in caller.holdings):
        return Label.HIDE
    record = account_table.get(connection, caller.account)
    return Label.NORMAL if record is None else record.clearance


def expect_shareable(desk: Desk, event: int) -> None:
    """Raise Refused when an event is labelled: what is labelled does not go up (G6)."""
    label = desk.labels.get(("event", str(event)), Label.NORMAL)
    if label is not Label.NORMAL:
        raise Refused("label.not_shared", event=event, label=label.value)


def _is_event(command: SetLabel) -> bool:
    return command.kind == "event" and command.key.isdecimal()


def _keep(desk: Desk, kind: str, key: str, label: Label) -> None:
    desk.labels.pop((kind, key), None)
    if label is not Label.NORMAL:
        desk.labels[kind, key] = label

"""Labels of events, files and free words (G6): set by command, kept in a table, known on the desk."""

from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre.account_rows import noted, of_another, places
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.change import Change
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.rights import RANK, Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.store import account_table, duty_table, event_table, handover_table, label_table
from chengyun_core.wire.envelope import Done

KIND = "label"
"""Of the journal rows that tell of labels."""
KINDS = frozenset({"attachment", "event", "handover", "log_line"})
"""What may be labelled; of a hand-over its free lines. Vitals are not (docs/decisions/0340)."""
CAMERA = "camera"
"""Labelled by its row of the catalogue, not by command."""
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
    lay_over_cameras(desk)


def lay_over_cameras(desk: Desk) -> None:
    """Have the labels that the catalogue lays over cameras reach all that is told of them."""
    for known in [key for key in desk.labels if key[0] == CAMERA]:
        del desk.labels[known]
    labelled = (camera for camera in desk.city.cameras.values() if camera.label is not Label.NORMAL)
    desk.labels.update({(CAMERA, camera.code): camera.label for camera in labelled})


def subjects_of_label(desk: Desk, work: Work, command: SetLabel) -> tuple[Subject, ...]:
    """Return the place of a labelled event; an attachment has none."""
    found = event_table.get(work.connection, int(command.key)) if _is_event(command) else None
    return () if found is None else (Subject(name=found.code, path=desk.city.path(found.centre)),)


def set_label(desk: Desk, work: Work, caller: Caller, command: SetLabel) -> Done:
    """Label a record; nobody labels what he may not see whole himself."""
    reason = clean(command.reason, field="reason", required=True)
    if command.kind not in KINDS or not command.key.isdecimal():
        raise Refused("label.no_kind", kind=command.kind[:64], known=", ".join(sorted(KINDS)))
    _expect_known(work.connection, command)
    before = desk.labels.get((command.kind, command.key), Label.NORMAL)
    expect_cleared(work.connection, caller, max(before, command.label, key=RANK.__getitem__))
    change = lay(desk, work, (command.kind, command.key), command.label, reason)
    return Done(change=change, key=f"{command.kind}:{command.key}", version=1)


def expect_cleared(connection: Connection, caller: Caller, label: Label) -> None:
    """Raise Refused for who does not see through a label himself: he neither lays nor lifts it."""
    if RANK[label] > RANK[clearance_of(connection, caller)]:
        raise Refused("label.not_cleared", label=label.value)


def lay(desk: Desk, work: Work, record: tuple[str, str], label: Label, reason: str) -> int:
    """Write a label of (kind, key) with its row; it holds from the COMMIT on, before anything is broadcast."""
    kind, key = record
    before = desk.labels.get(record, Label.NORMAL)
    told = LabelSet(kind=kind, key=key, label=label, before=before)
    params = {"label": label.value, "before": before.value, "reason": reason}
    change = work.note("label.set", KIND, f"{kind}:{key}", 1, told, params=params)
    label_table.put(work.connection, kind, key, label, change)
    work.after_commit(partial(_keep, desk, kind, key, label))
    return change


def bare(change: Change) -> Change:
    """Return a change as every console may get it: that a label changed, not of what, nor why.

    It has each console ask anew for all it holds: what was told before the label must not stay on a screen.
    """
    return replace(change, key="", record=b"", params={}) if change.kind == KIND else change


def subjects_of_clearance(desk: Desk, work: Work, command: SetClearance) -> tuple[Subject, ...]:
    """Return the places of the account's posts."""
    record = account_table.get(work.connection, command.account)
    return () if record is None else places(desk, record.account, record.posts)


def set_clearance(desk: Desk, work: Work, caller: Caller, command: SetClearance) -> Done:  # noqa: ARG001 - see HANDLERS
    """Say which labels somebody sees through, from his next request on; never one's own."""
    reason = clean(command.reason, field="reason", required=True)
    record = of_another(work, command.account, caller)
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
    label = of_event(desk, event)
    if label is not Label.NORMAL:
        raise Refused("label.not_shared", event=event, label=label.value)


def of_event(desk: Desk, event: int | None) -> Label:
    """Return the label of an event; of none nothing is labelled."""
    return Label.NORMAL if event is None else desk.labels.get(("event", str(event)), Label.NORMAL)


def expect_sent_down(desk: Desk, event: int | None, target: str) -> None:
    """Raise Refused when something of a labelled event would go to a centre that is not below this one (G6).

    Who is below gets it with its label under the signature: an order has to be carried out.
    """
    label = of_event(desk, event)
    own = desk.settings.centre or desk.city.root()
    if label is not Label.NORMAL and target and (target == own or own not in desk.city.path(target)):
        raise Refused("label.not_shared", event=event, label=label.value)


def _expect_known(connection: Connection, command: SetLabel) -> None:
    """Refuse to label what is not there; a file's number is known to whoever sees its list."""
    number = int(command.key)
    if command.kind == "event" and event_table.get(connection, number) is None:
        raise Refused("event.unknown", event=command.key)
    if command.kind == "log_line" and duty_table.line(connection, number) is None:
        raise Refused("log.line_unknown", line=command.key)
    if command.kind == "handover" and handover_table.get(connection, number) is None:
        raise Refused("handover.unknown", handover=command.key)


def _is_event(command: SetLabel) -> bool:
    return command.kind == "event" and command.key.isdecimal()


def _keep(desk: Desk, kind: str, key: str, label: Label) -> None:
    desk.labels.pop((kind, key), None)
    if label is not Label.NORMAL:
        desk.labels[kind, key] = label

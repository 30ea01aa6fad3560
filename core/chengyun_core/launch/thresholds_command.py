"""`chengyun thresholds`: preview and switch the set in force, propose and undo changes, approve them, list them."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.alarm_records import ThresholdChange
from chengyun_core.model.approval import Approval
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.command import (
    GiveApproval,
    ProposeThreshold,
    RefuseApproval,
    RollBackThreshold,
    SwitchThresholdSet,
)
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.stamp import iso_utc, ns_of
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskCatalogue, AskPreview, Hello, Preview, Snapshot
from chengyun_resources.texts import Texts

_LIMIT_S = 60.0
SHOWN = 20


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry out `chengyun thresholds ACT`, as the machine's local administrator."""
    acts: dict[str, Callable[[Profile, argparse.Namespace, Texts], Report]] = {
        "approve": _decide, "list": _list, "preview": _preview, "propose": _propose, "refuse": _decide,
        "rollback": _roll_back, "switch": _switch,
    }  # fmt: skip
    return acts[options.act](profile, options, texts)


def _preview(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    preview = previewed(profile, options.threshold_set)
    with _centre(profile) as door:
        names = _names(door)
    colours = Counter(WarningColour(colour).name.lower() for _, colour in preview.would_alarm)
    gravest = sorted(preview.would_alarm, key=lambda row: (-row[1], row[0]))
    lines = [texts.say("launch.previewed", count=len(gravest), threshold_set=options.threshold_set)]
    lines += [
        f"{WarningColour(colour).name.lower():>6}  {names.get(vital, vital)}" for vital, colour in gravest[:SHOWN]
    ]
    facts = [
        {"vital": names.get(vital, vital), "colour": WarningColour(colour).name.lower()} for vital, colour in gravest
    ]
    told = {"threshold_set": options.threshold_set, "would_alarm": len(gravest), "colours": colours, "vitals": facts}
    return Report(lines=tuple(lines), facts=told)


def _switch(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    seen = len(previewed(profile, options.threshold_set).would_alarm)
    command = SwitchThresholdSet(threshold_set=options.threshold_set, reason=options.reason, seen_alarms=seen)
    with _centre(profile) as door:
        done = door.send(command, timeout_s=_LIMIT_S)
    told = {"threshold_set": options.threshold_set, "version": done.version, "seen_alarms": seen}
    return Report(lines=(texts.say("launch.switched", **told),), facts={"outcome": "done", **told})


def _propose(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    with _centre(profile) as door:
        command = ProposeThreshold(
            threshold_set=options.threshold_set or _catalogue(door).set_in_force(), vital_code=options.vital,
            changes=cells_of(options.cells), reason=options.reason, effective_at=time_of(options.at),
        )  # fmt: skip
        done = door.send(command, timeout_s=_LIMIT_S)
        return _waiting(door, int(done.key), texts)


def _roll_back(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    with _centre(profile) as door:
        known = {change.number: change for change in changes_of(door)}
        if options.change not in known:
            raise Refused("threshold.unknown", change=options.change)
        version = known[options.change].version
        command = RollBackThreshold(change=options.change, version=version, reason=options.reason)
        done = door.send(command, timeout_s=_LIMIT_S)
        return _waiting(door, int(done.key), texts)


def _decide(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    with _centre(profile) as door:
        approval = _approval(door, options.change)
        command: GiveApproval | RefuseApproval = GiveApproval(approval=approval.number, version=approval.version)
        if options.act == "refuse":
            command = RefuseApproval(approval=approval.number, version=approval.version, reason=options.reason)
        door.send(command)
        change = next(change for change in changes_of(door) if change.number == options.change)
    line = texts.say("launch.threshold_line", change=change.number, **_shown(change))
    return Report(lines=(line,), facts={"outcome": "done", **facts_of(change)})


def _approval(door: DoorClient, number: int) -> Approval:
    """Return the request that a change waits for; Refused when it waits for none."""
    rows = _snapshot(door).records
    changes = (codec.unpack(row.record, ThresholdChange) for row in rows if row.kind == "threshold")
    wanted = next((change.approval for change in changes if change.number == number), None)
    waiting = (codec.unpack(row.record, Approval) for row in rows if row.kind == "approval")
    found = next((approval for approval in waiting if approval.number == wanted), None)
    if found is None:
        raise Refused("launch.nothing_waits", change=number)
    return found


def _waiting(door: DoorClient, number: int, texts: Texts) -> Report:
    change = next(change for change in changes_of(door) if change.number == number)
    line = texts.say("launch.threshold_waits", change=number, **_shown(change))
    return Report(lines=(line,), facts={"outcome": "done", **facts_of(change)})


def _list(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:  # noqa: ARG001 - an act's signature
    with _centre(profile) as door:
        changes = changes_of(door)
    lines = [texts.say("launch.threshold_line", change=change.number, **_shown(change)) for change in changes]
    if not changes:
        lines = [texts.say("launch.no_threshold_changes")]
    return Report(lines=tuple(lines), facts={"changes": [facts_of(change) for change in changes]})


def previewed(profile: Profile, threshold_set: str) -> Preview:
    """Return what the ingest daemons say would alarm now, each of its own vitals; Trouble when one does not run."""
    found: set[tuple[int, int]] = set()
    for shard in of_profile(profile.folder).ingest:
        with DoorClient(shard.door, timeout_s=_LIMIT_S) as door:
            answer = door.ask("preview", AskPreview(threshold_set=threshold_set))
        found |= set(codec.unpack(answer, Preview).would_alarm)
    return Preview(threshold_set=threshold_set, would_alarm=tuple(sorted(found)))


def changes_of(door: DoorClient) -> list[ThresholdChange]:
    """Return the changes of thresholds the centre tells, by number."""
    told = [codec.unpack(row.record, ThresholdChange) for row in _snapshot(door).records if row.kind == "threshold"]
    return sorted(told, key=lambda change: change.number)


def _snapshot(door: DoorClient) -> Snapshot:
    hello = Hello(protocol=PROTOCOL_VERSION, client="cli")
    return codec.unpack(door.ask("snapshot", hello, timeout_s=_LIMIT_S), Snapshot)


def facts_of(change: ThresholdChange) -> dict[str, object]:
    """Return a change as a program reads it; times are UTC ISO 8601."""
    return {
        "change": change.number, "state": change.state.value, "vital": change.vital_code,
        "threshold_set": change.threshold_set, "before": change.before, "after": change.after,
        "reason": change.reason, "author": change.author, "asked_at": iso_utc(change.asked_at),
        "approver": change.approver, "effective_at": iso_utc(change.effective_at),
        "catalogue_version": change.catalogue_version, "rolls_back": change.rolls_back, "params": change.params,
    }  # fmt: skip


def cells_of(texts: list[str]) -> dict[str, str]:
    """Return the cells written as COLUMN=TEXT; Refused for one without `=`."""
    cells = {}
    for text in texts:
        name, given, value = text.partition("=")
        if not given:
            raise Refused("launch.cell_without_equals", text=text)
        cells[name.strip()] = value.strip()
    return cells


def time_of(text: str | None) -> int | None:
    """Return the ns of an ISO time; one without a zone is local (UTC+8 by the machine's own zone)."""
    if text is None:
        return None
    try:
        return ns_of(datetime.fromisoformat(text).astimezone(UTC))
    except (ValueError, OverflowError):
        raise Refused("launch.not_a_time", text=text) from None


def _shown(change: ThresholdChange) -> dict[str, str]:
    cells = ", ".join(
        f"{name} {change.before.get(name) or '—'} → {change.after.get(name) or '—'}" for name in change.after
    )
    return {
        "vital": change.vital_code, "threshold_set": change.threshold_set, "cells": cells, "author": change.author,
        "approver": change.approver or "—", "reason": change.reason, "state": change.state.value,
        "asked_at": iso_utc(change.asked_at), "effective_at": iso_utc(change.effective_at) or "—",
    }  # fmt: skip


def _names(door: DoorClient) -> dict[int, str]:
    return {vital.number: f"{vital.code} {vital.name}" for vital in _catalogue(door).vitals}


def _catalogue(door: DoorClient) -> Catalogue:
    return codec.unpack(door.ask("catalogue.get", AskCatalogue(), timeout_s=_LIMIT_S), Catalogue)


@contextmanager
def _centre(profile: Profile) -> Iterator[DoorClient]:
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        yield door

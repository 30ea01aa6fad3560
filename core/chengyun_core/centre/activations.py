"""Activations and bands from ingest: deduped, in order, a journal row per move, one transaction per run."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from chengyun_core.centre import evidence_deeds, plan_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.moves import Moves
from chengyun_core.centre.plan_care import VitalSeen
from chengyun_core.centre.work import Work
from chengyun_core.model.activation import Activation, ActivationKey, BandNow
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.alarm_records import LateViolation
from chengyun_core.model.alarm_rules import Seen
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.failure import Refused
from chengyun_core.model.priority import priority
from chengyun_core.model.scales import AlarmPriority, Aspect, Side, WarningColour
from chengyun_core.store import alarm_table, counters, streams
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Confirmed, Done, SendActivations, SendBands

LATE = RecordLog("late", LateViolation)
LATE_COUNTER = "late"


def take(desk: Desk, work: Work, message: SendActivations) -> Confirmed:
    """Make a run of activations durable; what was confirmed before is passed over."""
    first = _in_order(message.activations)
    known = streams.confirmed(work.connection, first.shard, first.epoch)
    fresh = [activation for activation in message.activations if activation.seq > known]
    if not fresh:
        return _confirmed(first, known)
    if fresh[0].seq > known + 1:
        work.after_commit(lambda: desk.count("activations.gaps"))
    moves = Moves.around(desk, work, [one.vital for one in fresh])
    for activation in fresh:
        _take_one(moves, activation)
    desk.watch(moves)
    _wish_for_pictures(desk, moves)
    moves.write()
    _tell_plans(desk, work, (_seen_by_plans(desk, one) for one in fresh if not one.late))
    streams.confirm(work.connection, first.shard, first.epoch, fresh[-1].seq)
    work.after_commit(lambda: desk.count("activations", len(fresh)))
    return _confirmed(first, fresh[-1].seq)


def reconcile(desk: Desk, work: Work, message: SendBands) -> Done:
    """Bring alarms in line with the bands ingest holds: a return that happened while something was down is not lost."""
    newest = streams.newest_epoch(work.connection, message.shard)
    known = streams.confirmed(work.connection, message.shard, message.epoch)
    if message.epoch < newest or message.as_of_seq < known:
        return Done(change=0)
    held = alarm_table.living_between(work.connection, message.vitals_from, message.vitals_to)
    named = {(band.vital, _aspect(band)): band for band in message.bands if _owns(message, band.vital)}
    told = {key for key in held if _owns(message, key[0])} | named.keys()
    moves = Moves.around(desk, work, {vital for vital, _ in told})
    seen_now: list[Seen] = []
    for key in sorted(told):
        alarm = moves.living.get(key)
        if key not in named and alarm is None:
            continue
        seen = _seen_band(desk, named[key]) if key in named else _gone(alarm or held[key], message.at_ns)
        # Of what is gone only the band is known: its value is the one it alarmed with.
        seen_now.append(seen if key in named else replace(seen, value=math.nan))
        # No cause of its own: the same bands may be told twice with other deeds in between.
        moves.see(seen, params={"reconciled": message.as_of_seq})
    desk.watch(moves)
    moves.write()
    _tell_plans(desk, work, (_seen_by_plans(desk, one) for one in seen_now))
    work.after_commit(lambda: desk.count("reconciled", moves.made))
    return Done(change=moves.last_change)


def _wish_for_pictures(desk: Desk, moves: Moves) -> None:
    """Not while a run is taken for a second time without watchers."""
    if desk.watches:
        evidence_deeds.look(desk, moves)


def _tell_plans(desk: Desk, work: Work, seen: Iterable[VitalSeen | None]) -> None:
    """Tell running plans of the vitals they wait for; not while a run is taken for a second time without watchers."""
    if desk.plan_vitals and desk.watches:
        plan_care.vitals_changed(desk, work, [one for one in seen if one is not None])


def _seen_by_plans(desk: Desk, one: Activation | Seen) -> VitalSeen | None:
    vital = desk.city.vitals.get(one.vital)
    if vital is None or _aspect_of(one) is not Aspect.PROCESS:
        return None
    band = one.after if isinstance(one, Activation) else one.band
    return VitalSeen(vital=vital.code, band=band, value=one.value, at_ns=one.at_ns)


def _aspect_of(one: Activation | Seen) -> Aspect:
    return _aspect(one) if isinstance(one, Activation) else one.aspect


def _owns(message: SendBands, vital: int) -> bool:
    """Of a vital another daemon judges this one cannot say that it returned."""
    if not message.vitals_from <= vital < message.vitals_to:
        return False
    if message.owned is None:
        return True
    place = bisect_right(message.owned, vital, key=lambda run: run[0])
    return place > 0 and vital < message.owned[place - 1][1]


def _take_one(moves: Moves, activation: Activation) -> None:
    vital = moves.desk.city.vitals.get(activation.vital)
    if vital is None:
        # Retired meanwhile, or of a version we never had: nobody could look at it. Confirmed, counted, passed over.
        moves.work.after_commit(lambda: moves.desk.count("activations.unknown_vital"))
        return
    key = f"activation:{activation.shard}:{activation.epoch}:{activation.seq}"
    if activation.late and activation.after > activation.before:
        _record_late(moves, activation, vital.code, key)
        return
    if activation.late and (activation.vital, _aspect(activation)) not in moves.living:
        # It eased long ago from a violation that was recorded and never annunciated: no alarm of now begins with it.
        return
    seen = Seen(
        vital=activation.vital,
        vital_code=vital.code,
        at_ns=activation.at_ns,
        band=activation.after,
        side=activation.side,
        value=activation.value,
        limit=activation.limit,
        aspect=_aspect(activation),
        priority=_priority(vital, _aspect(activation)),
    )
    moves.see(seen, cause=key)


def _record_late(moves: Moves, late: Activation, code: str, key: str) -> None:
    """Keep what a late sample tells of the past: it does not annunciate (V9).

    If the band still holds, the next bands tell it.
    """
    work = moves.work
    record = LateViolation(
        number=counters.take(work.connection, LATE_COUNTER, 1), vital=late.vital, vital_code=code, at=late.at_ns,
        recorded_at=work.at_ns, band=late.after, side=late.side, value=late.value, limit=late.limit,
    )  # fmt: skip
    work.note("alarm.late", LATE.kind, record.number, record.version, record, cause=key)
    work.after_commit(lambda: moves.desk.count("activations.late"))


def _aspect(of: Activation | BandNow) -> Aspect:
    # By its side: an ingest daemon of an earlier version names no aspect.
    return Aspect.COMMS if of.side is Side.MISSING else of.aspect


def _priority(vital: Vital, aspect: Aspect) -> AlarmPriority:
    """A lost link tells nothing of the process: it is never more than medium."""
    own = priority(vital.consequence, vital.respond_min)
    if aspect is Aspect.PROCESS:
        return own
    return AlarmPriority.MEDIUM if own >= AlarmPriority.HIGH else AlarmPriority.LOW


def _in_order(activations: Sequence[Activation]) -> Activation:
    if not activations:
        raise Refused("ingest.empty_run")
    first = activations[0]
    for before, after in pairwise(activations):
        if (after.shard, after.epoch) != (first.shard, first.epoch) or after.seq <= before.seq:
            raise Refused("ingest.run_disordered", seq=after.seq, before=before.seq)
    return first


def _confirmed(first: Activation, seq: int) -> Confirmed:
    return Confirmed(key=ActivationKey(shard=first.shard, epoch=first.epoch, seq=seq))


def _seen_band(desk: Desk, band: BandNow) -> Seen:
    vital = desk.city.vitals.get(band.vital)
    return Seen(
        vital=band.vital,
        vital_code=vital.code if vital else "",
        at_ns=band.since_ns,
        # A vital that is not in the catalogue raises nothing.
        band=band.band if vital else WarningColour.NONE,
        side=band.side,
        value=band.value,
        limit=band.limit,
        aspect=_aspect(band),
        priority=_priority(vital, _aspect(band)) if vital else AlarmPriority.LOW,
    )


def _gone(alarm: Alarm, at_ns: int) -> Seen:
    return Seen(
        vital=alarm.vital,
        vital_code=alarm.vital_code,
        at_ns=at_ns,
        band=WarningColour.NONE,
        side=Side.NONE,
        value=alarm.value,
        limit=alarm.limit,
        aspect=alarm.aspect,
        priority=alarm.priority,
    )

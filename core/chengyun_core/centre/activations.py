"""Activations and bands from ingest: deduped, in order, a journal row per move, one transaction per run."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model import alarm_rules
from chengyun_core.model.activation import Activation, ActivationKey, BandNow
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.alarm_rules import Seen
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.store import alarm_table, counters, streams
from chengyun_core.wire.envelope import Confirmed, Done, SendActivations, SendBands


def take(desk: Desk, work: Work, message: SendActivations) -> Confirmed:
    """Make a run of activations durable; what was confirmed before is passed over."""
    first = _in_order(message.activations)
    known = streams.confirmed(work.connection, first.shard, first.epoch)
    fresh = [activation for activation in message.activations if activation.seq > known]
    if not fresh:
        return _confirmed(first, known)
    if fresh[0].seq > known + 1:
        work.after_commit(lambda: desk.count("activations.gaps"))
    moves = _Moves(desk, work, alarm_table.living_of(work.connection, [one.vital for one in fresh]))
    for activation in fresh:
        _take_one(moves, activation)
    moves.write()
    streams.confirm(work.connection, first.shard, first.epoch, fresh[-1].seq)
    work.after_commit(lambda: desk.count("activations", len(fresh)))
    return _confirmed(first, fresh[-1].seq)


def reconcile(desk: Desk, work: Work, message: SendBands) -> Done:
    """Bring alarms in line with the bands ingest holds: a return that happened while something was down is not lost."""
    newest = streams.newest_epoch(work.connection, message.shard)
    known = streams.confirmed(work.connection, message.shard, message.epoch)
    if message.epoch < newest or message.as_of_seq < known:
        return Done(change=0)
    living = alarm_table.living_between(work.connection, message.vitals_from, message.vitals_to)
    living = {key: alarm for key, alarm in living.items() if _owns(message, alarm.vital)}
    named = {band.vital: band for band in message.bands if _owns(message, band.vital)}
    living |= alarm_table.living_of(work.connection, named)
    moves = _Moves(desk, work, living)
    for vital in sorted(living.keys() | named.keys()):
        seen = _seen_band(desk, named[vital]) if vital in named else _gone(living[vital], message.at_ns)
        # No cause of its own: the same bands may be told twice with other deeds in between.
        moves.see(seen, params={"reconciled": message.as_of_seq})
    moves.write()
    work.after_commit(lambda: desk.count("reconciled", moves.made))
    return Done(change=moves.last_change)


def _owns(message: SendBands, vital: int) -> bool:
    """Of a vital another daemon judges this one cannot say that it returned."""
    if not message.vitals_from <= vital < message.vitals_to:
        return False
    if message.owned is None:
        return True
    place = bisect_right(message.owned, vital, key=lambda run: run[0])
    return place > 0 and vital < message.owned[place - 1][1]


@dataclass(slots=True)
class _Moves:
    """The moves of one run: the records as they become, and which of them are new."""

    desk: Desk
    work: Work
    living: dict[int, Alarm]
    made: int = 0
    last_change: int = 0
    _first: int = 0
    _new: dict[int, tuple[Alarm, int]] = field(default_factory=dict)
    _known: dict[int, tuple[Alarm, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._first = counters.last(self.work.connection, alarm_table.COUNTER) + 1

    @property
    def next_number(self) -> int:
        """Return the number the next new alarm gets."""
        return self._first + len(self._new)

    def see(self, seen: Seen, *, cause: str | None = None, params: dict[str, object] | None = None) -> None:
        """Take an observation of a vital."""
        alarm = self.living.get(seen.vital)
        if alarm is None and seen.band is WarningColour.NONE:
            return
        step = alarm_rules.first_raise(self.next_number, seen) if alarm is None else alarm_rules.observed(alarm, seen)
        if step is None:
            return
        moved = step.alarm
        change = self.work.note(
            f"alarm.{step.move}", "alarm", moved.number, moved.version, moved, cause=cause, params=params
        )
        self.made, self.last_change = self.made + 1, change
        target = self._new if moved.number >= self._first else self._known
        target[moved.number] = (moved, change)
        if moved.closed:
            del self.living[seen.vital]
        else:
            self.living[seen.vital] = moved

    def write(self) -> None:
        """Write what became of the alarms."""
        connection = self.work.connection
        # Known ones first: a life that ends makes room for the next one of the same vital.
        alarm_table.replace(connection, list(self._known.values()))
        alarm_table.add(connection, list(self._new.values()))
        if self._new:
            counters.take(connection, alarm_table.COUNTER, len(self._new))
        touched = [alarm for alarm, _ in (*self._known.values(), *self._new.values())]
        self.work.after_commit(lambda: self.desk.timers.rearm(touched))


def _take_one(moves: _Moves, activation: Activation) -> None:
    vital = moves.desk.city.vitals.get(activation.vital)
    if vital is None:
        # Retired meanwhile, or of a version we never had: nobody could look at it. Confirmed, counted, passed over.
        moves.work.after_commit(lambda: moves.desk.count("activations.unknown_vital"))
        return
    if activation.late and activation.after > activation.before:
        # A late sample does not annunciate (ALARMS.md); if the band still holds, the next bands tell it.
        moves.work.after_commit(lambda: moves.desk.count("activations.late"))
        return
    seen = Seen(
        vital=activation.vital,
        vital_code=vital.code,
        at_ns=activation.at_ns,
        band=activation.after,
        side=activation.side,
        value=activation.value,
        limit=activation.limit,
    )
    moves.see(seen, cause=f"activation:{activation.shard}:{activation.epoch}:{activation.seq}")


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
    )

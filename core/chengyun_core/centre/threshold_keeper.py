"""Puts approved changes of thresholds in force when their time comes, and notes those that a later version undid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chengyun_core.centre import catalogue, thresholds
from chengyun_core.centre.catalogue import Built
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.one_job import OneJob
from chengyun_core.centre.work import Work
from chengyun_core.centre.workers import Undertake
from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.audit import CENTRE, LOCAL_ADMIN_NAME
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.scales import Mode
from chengyun_core.model.threshold_change import Move, applied, moved, still_fits
from chengyun_core.store import threshold_log
from chengyun_core.wire import codec

HELD_LOOK_S = 1.0
"""How often changes held back by an emergency are looked at."""
AGAIN_AFTER_S = 5.0
"""After a failure of ours or a full lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the worker made of the changes that are due."""

    built: Built | None
    """None: none of them could be applied."""
    fitting: tuple[ThresholdChange, ...] = ()
    unfit: tuple[tuple[ThresholdChange, Reason], ...] = ()


class ThresholdKeeper:
    """Tended by the loop in every turn; its slow work is done by a worker, one job at a time."""

    def __init__(self, desk: Desk, ledger: Ledger, undertake: Undertake) -> None:
        self._desk = desk
        self._ledger = ledger
        self._job = OneJob(
            desk, undertake, what="changes of thresholds", bugs="threshold.bugs", again_after_s=AGAIN_AFTER_S
        )
        self._looked_at = 0
        """Version in which the changes in force were last looked for."""

    def tend(self) -> None:
        """Begin what is due. Raises Trouble when the database cannot be read; it is due again in the next turn."""
        if not self._job.is_free:
            return
        if not self._take_up_due():
            self._look_for_undone()

    def _take_up_due(self) -> bool:
        now = self._desk.clock.utc_ns()
        due = [number for number, at in self._desk.scheduled.items() if at <= now]
        if not due:
            return False
        with self._ledger.reading() as connection:
            known = [thresholds.known(connection, number) for number in due]
            changer = thresholds.last_change(self._desk, connection)
        changes = [change for change in known if self._may_now(change)]
        if not changes:
            self._job.rest(HELD_LOOK_S)
            return False
        changes.sort(key=lambda change: (change.effective_at or change.asked_at, change.number))
        base, packed = self._desk.city.version, self._desk.packed
        return self._job.begin(lambda: next_version(packed, base, changes, changer), self._put_in_force)

    def _may_now(self, change: ThresholdChange) -> bool:
        """As the permission table: no limit changes under an officer's hands in an emergency, unless the machine's own
        administrator asked for it or approved it. What is due meanwhile takes effect with the return to peacetime."""
        modes = {self._desk.mode_of(subject) for subject in thresholds.subjects_of(self._desk, change.vital_code)}
        return Mode.EMERGENCY not in modes or LOCAL_ADMIN_NAME in {change.author, change.approver}

    def _look_for_undone(self) -> None:
        """A change is in force only as long as an import or a later change leaves its limits alone."""
        version, packed = self._desk.city.version, self._desk.packed
        if version == self._looked_at:
            return
        with self._ledger.reading() as connection:
            in_force = threshold_log.standing(connection, [ThresholdState.IN_FORCE])
        if not in_force:
            self._looked_at = version
        else:
            self._job.begin(lambda: (version, undone(packed, in_force)), self._note_undone)

    def _put_in_force(self, prepared: object) -> None:
        assert isinstance(prepared, Prepared)
        with self._ledger.work(CENTRE) as work:
            for change in (*prepared.fitting, *(change for change, _ in prepared.unfit)):
                if thresholds.known(work.connection, change.number) != change:
                    raise Refused("threshold.changed_meanwhile", change=change.number, state=change.state.value)
            for change, reason in prepared.unfit:
                self._turn_down(work, change, reason)
            if prepared.built is not None:
                self._take_effect(work, prepared.built, prepared.fitting)

    def _take_effect(self, work: Work, built: Built, changes: Sequence[ThresholdChange]) -> None:
        numbers = ",".join(str(change.number) for change in changes)
        done = catalogue.put(self._desk, work, built, "threshold.take_effect", {"changes": numbers})
        for change in changes:
            self._end_earlier(work, change)
            now = moved(change, Move.TAKE_EFFECT, catalogue_version=done.version)
            told: dict[str, object] = {"author": change.author, "approver": change.approver}
            thresholds.put(self._desk, work, now, threshold_log.TAKE_EFFECT, told)

    def _end_earlier(self, work: Work, change: ThresholdChange) -> None:
        for earlier in threshold_log.standing(work.connection, [ThresholdState.IN_FORCE]):
            same = (earlier.threshold_set, earlier.vital_code) == (change.threshold_set, change.vital_code)
            if not same or not earlier.after.keys() & change.after.keys():
                continue
            rolled_back = earlier.number == change.rolls_back
            ended = moved(earlier, Move.ROLL_BACK if rolled_back else Move.SUPERSEDE)
            action = "threshold.rolled_back" if rolled_back else "threshold.supersede"
            thresholds.put(self._desk, work, ended, action, {"by": change.number})

    def _turn_down(self, work: Work, change: ThresholdChange, reason: Reason) -> None:
        told: dict[str, object] = {"reason": reason.code, **reason.params}
        params = {**change.params, "refused": reason.code, **reason.params}
        thresholds.put(self._desk, work, moved(change, Move.REFUSE, params=params), "threshold.refuse", told)

    def _note_undone(self, found: object) -> None:
        assert isinstance(found, tuple)
        version, changes = found
        with self._ledger.work(CENTRE) as work:
            for change in changes:
                if thresholds.known(work.connection, change.number) == change:
                    ended = moved(change, Move.SUPERSEDE, params={**change.params, "version": str(version)})
                    thresholds.put(self._desk, work, ended, "threshold.supersede", {"version": version})
        self._looked_at = version


def next_version(
    packed: bytes, base: int, changes: Sequence[ThresholdChange], changer: dict[str, object]
) -> Prepared:  # fmt: skip
    """Return the version with these changes laid upon the one in force, one after the other. Slow: for a worker.

    packed: msgpack of the catalogue in force, version `base`. changer: who made that version, for those that no longer
    fit because their limits were changed meanwhile.
    """
    now = codec.unpack(packed, Catalogue)
    fitting: list[ThresholdChange] = []
    unfit: list[tuple[ThresholdChange, Reason]] = []
    for change in changes:
        try:
            if not still_fits(now, change):
                raise Refused("threshold.no_longer_fits", vital=change.vital_code, **changer)
            now = applied(now, change, base + 1)
        except Refused as no:
            unfit.append((change, no.reason))
        else:
            fitting.append(change)
    built = catalogue.packed_up(now, base) if fitting else None
    return Prepared(built=built, fitting=tuple(fitting), unfit=tuple(unfit))


def undone(packed: bytes, in_force: Sequence[ThresholdChange]) -> list[ThresholdChange]:
    """Return the changes whose limits a version no longer has. Slow: for a worker."""
    now = codec.unpack(packed, Catalogue)
    return [change for change in in_force if not still_fits(now, replace(change, before=change.after))]

"""Watches over switches: undoes what was not confirmed in time or failed, and aligns limits with what others declare.

Tended by the loop in every turn. The slow work (another version of the catalogue) is done by a worker, one at a time.
"""

import logging

from chengyun_core.centre import catalogue, mode_switch
from chengyun_core.centre.catalogue import Built
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.one_job import OneJob
from chengyun_core.centre.workers import Undertake
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.mode import Declaration, SwitchState
from chengyun_core.model.mode_rules import sets_by_scope

logger = logging.getLogger(__name__)

AGAIN_AFTER_S = 1.0
"""After a failure of ours or a full lane: soon, for a city waits in 转换中."""


class ModeKeeper:
    """One per daemon; knows since when it saw each switch wait."""

    def __init__(self, desk: Desk, ledger: Ledger, undertake: Undertake) -> None:
        self._desk = desk
        self._ledger = ledger
        self._job = OneJob(desk, undertake, what="a switch of the mode", bugs="mode.bugs", again_after_s=AGAIN_AFTER_S)
        self._found_waiting = {one.key for one in desk.declarations.values() if one.state is SwitchState.APPLYING}
        """Registers that waited already when this process began: who confirms has to find the centre again."""
        self._until: dict[tuple[str, int], int] = {}
        """(register, term) → monotonic ns until which it is waited for."""

    def tend(self) -> None:
        """Begin what is due. Raises Trouble when the database cannot be written; it is due again in the next turn."""
        if not self._job.is_free:
            return
        waiting = [one for one in self._desk.declarations.values() if one.state is SwitchState.APPLYING]
        self._note(waiting)
        failed = next((one for one in waiting if self._has_failed(one)), None)
        if failed is not None:
            self._undo(failed)
        elif not waiting:
            self._align()

    def _note(self, waiting: list[Declaration]) -> None:
        now, settings = self._desk.clock.monotonic_ns(), self._desk.settings
        living = {(one.key, one.term) for one in waiting}
        self._until = {key: until for key, until in self._until.items() if key in living}
        for one in waiting:
            after_start = one.key in self._found_waiting
            patience = settings.mode_confirm_after_start_s if after_start else settings.mode_confirm_s
            self._until.setdefault((one.key, one.term), now + round(patience * NS_PER_S))
        self._found_waiting &= {one.key for one in waiting}

    def _has_failed(self, one: Declaration) -> bool:
        return bool(one.fault) or self._until[one.key, one.term] <= self._desk.clock.monotonic_ns()

    def _undo(self, failed: Declaration) -> None:
        logger.error("the switch %d of %s is undone: %s %s", failed.number, failed.key, failed.fault, failed.faulty)
        job = mode_switch.rebuild(self._desk, mode_switch.sets_without(self._desk, failed))
        self._job.begin(job, lambda built: self._write_undone(failed, built))

    def _write_undone(self, failed: Declaration, built: object) -> None:
        assert built is None or isinstance(built, Built)
        held = self._desk.declarations.get(failed.key)
        if held is None or (held.term, held.state) != (failed.term, SwitchState.APPLYING):
            return  # the last confirmation came while the worker worked
        with self._ledger.work(CENTRE) as work:
            mode_switch.undone(self._desk, work, held, built)
        self._desk.count("mode.undone")

    def _align(self) -> None:
        """Put the sets in force that declarations of other centres, or of before a restored database, ask for."""
        sets = sets_by_scope(self._desk.declarations.values())
        known = {scope: code for scope, code in sets.items() if code in self._desk.city.set_names}
        if known != self._desk.city.scope_sets and self._desk.packed:
            self._job.begin(mode_switch.rebuild(self._desk, known), self._write_aligned)

    def _write_aligned(self, built: object) -> None:
        if not isinstance(built, Built):
            return
        with self._ledger.work(CENTRE) as work:
            told = " ".join(f"{scope}={code}" for scope, code in built.city.scope_sets.items())
            catalogue.put(self._desk, work, built, "mode.thresholds", {"sets": told})

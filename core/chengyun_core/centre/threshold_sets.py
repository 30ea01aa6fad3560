"""Another set of thresholds put in force (V2): with the preview the officer saw, compared with what then came of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import catalogue
from chengyun_core.centre.catalogue import Built
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.alarm import is_active
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import SwitchThresholdSet
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.threshold_change import switched
from chengyun_core.store import alarm_table, catalogue_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done

logger = logging.getLogger(__name__)

COMPARED_AFTER_S = 10
"""By then ingest has fetched the version and judged every vital anew; rules with an on-delay may still be waiting."""
MOST_DIFFERENCE, MOST_SHARE = 10, 0.2
"""What came may differ from what was previewed by so many alarms, or by this share of them, unremarked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A switch whose outcome is still to be compared with its preview."""

    due_mono_ns: int
    threshold_set: str
    version: int
    seen_alarms: int


def subjects(desk: Desk, work: Work, command: SwitchThresholdSet) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the whole city: one set is in force for all of it."""
    return (Subject(name=command.threshold_set, path=desk.city.path(desk.city.root())),)


def prepare(desk: Desk, connection: Connection, command: SwitchThresholdSet) -> Callable[[], Built]:  # noqa: ARG001
    """Return the slow part: the next version with the other set in force."""
    base, packed = desk.city.version, desk.packed

    def job() -> Built:
        if not packed:
            raise Refused("catalogue.none_yet")
        now = codec.unpack(packed, Catalogue)
        return catalogue.packed_up(switched(now, command.threshold_set, base + 1), base)

    return job


def switch(desk: Desk, work: Work, caller: Caller, command: SwitchThresholdSet, built: Built) -> Done:  # noqa: ARG001
    """Put the set in force. Ingest follows the version; alarms that only the old set gave return by themselves."""
    reason = clean(command.reason, field="reason", required=True)
    if command.seen_alarms < 0:
        raise Refused("threshold.seen_alarms", seen=command.seen_alarms)
    before = catalogue_table.in_force(work.connection)
    told = {"from": before.threshold_set if before else "", "to": command.threshold_set, "reason": reason}
    done = catalogue.put(
        desk, work, built, "threshold.switch_set", {**told, "seen_alarms": command.seen_alarms}
    )  # fmt: skip
    compare_later(desk, work, command.threshold_set, done.version, command.seen_alarms)
    return done


def compare_later(desk: Desk, work: Work, threshold_set: str, version: int, seen_alarms: int) -> None:
    """Have what comes of a switch be compared with the number of alarms its officer saw in the preview."""
    waiting = Switch(
        due_mono_ns=desk.clock.monotonic_ns() + COMPARED_AFTER_S * NS_PER_S, threshold_set=threshold_set,
        version=version, seen_alarms=seen_alarms,
    )  # fmt: skip
    # Whoever switched a moment ago is answered by this switch: his preview can no longer be compared with anything.
    work.after_commit(lambda: desk.switches.__setitem__(slice(None), [waiting]))


def compare(desk: Desk, ledger: Ledger) -> None:
    """Write into the journal how many vitals alarm now, for a switch made ten seconds ago; called by the loop.

    The centre holds no values and cannot preview by itself: it keeps the number the officer saw, and tells afterwards
    whether it was true.
    """
    now = desk.clock.monotonic_ns()
    for waiting in [item for item in desk.switches if item.due_mono_ns <= now]:
        with ledger.work(CENTRE) as work:
            _note(desk, work, waiting)
            work.after_commit(partial(desk.switches.remove, waiting))


def _note(desk: Desk, work: Work, switch_made: Switch) -> None:
    found = sum(is_active(alarm) for alarm, _ in alarm_table.living(work.connection))
    differing = differs(switch_made.seen_alarms, found)
    if differing:
        logger.warning("%d vitals alarm after a switch previewed with %d", found, switch_made.seen_alarms)
        work.after_commit(partial(desk.count, "threshold.previews_wrong"))
    told = {"seen_alarms": switch_made.seen_alarms, "found_alarms": found, "differs": differing}
    # Kind `preview` is in the journal only: no screen keeps it.
    work.note("threshold.compare", "preview", switch_made.threshold_set, switch_made.version, params=told)


def differs(seen: int, found: int) -> bool:
    """Return whether so many alarms are not what the preview told: off by more than 10, or by more than a fifth."""
    return abs(found - seen) > min(MOST_DIFFERENCE, MOST_SHARE * max(seen, 1))

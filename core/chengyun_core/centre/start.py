"""What happens before the first request: the file brought up to date and verified, realm, epoch and clock settled."""

import logging
from dataclasses import dataclass

from chengyun_core.centre import approvals, catalogue, floods, overrides, situations, thresholds, time_law
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.loop import Loop
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S, ClockLaw, ProfileClock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.scales import Mode
from chengyun_core.store import alarm_table, answers, chain, counters, facts
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.engine import Database
from chengyun_core.store.keys import Signer
from chengyun_core.store.upgrade import upgrade
from chengyun_resources.texts import Texts

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the start found and settled."""

    epoch: int
    law: ClockLaw
    chain_light: str
    """`ok`, or the code of what is wrong with the journal's end."""


class Beats:
    """Stands in for the loop while it does not exist yet: the ledger is older than the sockets."""

    def __init__(self) -> None:
        self._loop: Loop | None = None

    def lead_to(self, loop: Loop) -> None:
        """From now on pass everything to the loop."""
        self._loop = loop

    def __call__(self) -> None:
        """Let a due heartbeat out while something waits."""
        if self._loop is not None:
            self._loop.beat_if_due()

    def publish(self, change: Change) -> None:
        """Hint at a change; before the sockets exist nobody listens, and the journal has it."""
        if self._loop is not None:
            self._loop.publish(change)


def opened(database: Database) -> Database:
    """Return the database checked and brought to the newest step; closed again when that fails."""
    try:
        with database.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise Trouble("store.damaged", file=database.path, reason=found)
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return database


def begin(ledger: Ledger, settings: CentreSettings, clock: ProfileClock, signer: Signer) -> Begun:
    """Settle realm, epoch and clock in one transaction, after a look at the journal's end."""
    with ledger.reading() as connection:
        tail = counters.last(connection, journal_rows.COUNTER)
        first = max(1, tail - settings.verify_rows + 1)
        verdict = chain.verify(connection, signer.public(), first, tail, signatures=chain.LAST_ONLY)
    if verdict.fault:
        logger.critical("the journal is not whole: %s at row %d", verdict.fault, verdict.number)
    ledger.tail = tail
    with ledger.work(CENTRE) as work:
        _settle_realm(work.connection, settings)
        law = time_law.settle(work, settings)
        clock.follow(law)
        last_epoch = int(facts.get(work.connection, "epoch") or 0)
        epoch = max(time_law.MACHINE.utc_ns(), last_epoch + 1)
        facts.put(work.connection, "epoch", str(epoch))
        forgotten = clock.utc_ns() - round(settings.keep_answers_days * 86_400 * NS_PER_S)
        answers.forget_before(work.connection, forgotten)
        work.note("centre.start", "centre", "centre", epoch, params={"chain": verdict.fault or "ok"})
    return Begun(epoch=epoch, law=law, chain_light=verdict.fault or "ok")


def load(desk: Desk, ledger: Ledger) -> None:
    """Fill the desk from the database: catalogue, mode, overrides, situations, and the timers of what waits."""
    with ledger.reading() as connection:
        catalogue.load(desk, connection)
        desk.mode = Mode(facts.get(connection, "mode") or Mode.PEACETIME)
        living = [alarm for alarm, _ in alarm_table.living(connection)]
        desk.silent.clear()
        desk.alarms_are(living)
        overrides.load(desk, connection)
        watch = situations.Watch(desk, floods.Floods(desk))
        watch.load(connection)
        desk.watcher = watch
        approvals.load(desk, connection)
        thresholds.load(desk, connection)


def sentence(fault: Refused | Trouble) -> str:
    """Return what is wrong as a sentence for the log, in both languages of the house."""
    reason = fault.reason
    return " / ".join(Texts(language).say(reason.code, **reason.params) for language in ("zh_CN", "en"))


def _settle_realm(connection: object, settings: CentreSettings) -> None:
    kept = facts.get(connection, "realm")  # type: ignore[arg-type]
    if kept is None:
        facts.put(connection, "realm", settings.realm)  # type: ignore[arg-type]
    elif kept != settings.realm:
        raise Refused("centre.other_realm", kept=kept, asked=settings.realm)

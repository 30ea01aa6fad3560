"""What happens before the first request: the file brought up to date and verified, realm, epoch and clock settled."""

import logging
from dataclasses import dataclass

from sqlalchemy import Connection, select

from chengyun_core.centre import (
    approvals,
    call_care,
    catalogue,
    duty_clock,
    event_care,
    evidence_deeds,
    floods,
    glass_care,
    labels,
    library_import,
    mode_care,
    mode_orders,
    mode_reports,
    order_sweeps,
    overrides,
    plan_care,
    ptz_deeds,
    receipt_care,
    repair_clock,
    roll_calls,
    room_care,
    situation_events,
    situations,
    thresholds,
    time_law,
    units,
    warning_care,
)
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import EPOCH, Ledger
from chengyun_core.centre.loop import Loop
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.centre.work import Work
from chengyun_core.crypto.choice import provider
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S, ClockLaw, ProfileClock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.stamp import iso_utc
from chengyun_core.store import alarm_table, answers, chain, facts
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.head_file import Noted
from chengyun_core.store.keys import Signer
from chengyun_core.store.port import Store
from chengyun_core.store.recovery import Findings
from chengyun_core.store.tables import JOURNAL
from chengyun_core.store.upgrade import upgrade
from chengyun_resources.texts import Texts

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the start found and settled."""

    epoch: int
    law: ClockLaw
    chain_light: str
    """`ok`, or the code of what is wrong with the journal's end, or of what was done to the file before."""
    lost: "Lost | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Rows that were answered for and are gone: told with their numbers and times, for people have to make up for them.

    The times are profile times: of the last row that is left (0: none is), and of the last one that is gone.
    """

    first: int
    last: int
    since_ns: int
    until_ns: int


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


def opened(database: Store) -> Store:
    """Return the database checked and brought to the newest step; closed again when that fails."""
    try:
        database.check()
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return database


def begin(
    ledger: Ledger, settings: CentreSettings, clock: ProfileClock, signer: Signer, findings: Findings | None = None
) -> Begun:
    """Settle realm, epoch and clock in one transaction, after a look at the journal's end.

    `findings`: what was found damaged and done about it when the file was opened.
    """
    found = findings or Findings()
    noted = ledger.head.last() if ledger.head is not None else None
    with ledger.reading() as connection:
        head = journal_rows.head(connection)
        first = max(1, head.number - settings.verify_rows + 1)
        verdict = chain.verify(
            connection, signer.public(), first, head.number, signatures=chain.LAST_ONLY, held=_held(noted, head)
        )
        lost = _lost(connection, noted, head)
    if verdict.fault:
        logger.critical("the journal is not whole: %s at row %d", verdict.fault, verdict.number)
    ledger.tail = head.number
    with ledger.work(CENTRE) as work:
        _settle_realm(work.connection, settings)
        law = time_law.settle(work, settings)
        clock.follow(law)
        last_epoch = int(facts.get(work.connection, EPOCH) or 0)
        epoch = max(time_law.MACHINE.utc_ns(), last_epoch + 1)
        facts.put(work.connection, EPOCH, str(epoch))
        forgotten = clock.utc_ns() - round(settings.keep_answers_days * 86_400 * NS_PER_S)
        answers.forget_before(work.connection, forgotten)
        if lost is not None or found.restored is not None:
            ledger.journal.begin_chain()
        _note_lost(work, lost, found)
        _settle_hash(ledger, work, settings)
        params = {"chain": verdict.fault or "ok", "healed": len(found.healed), "damaged": len(found.damaged)}
        work.note("centre.start", "centre", "centre", epoch, params=params)
    ledger.fence = str(epoch)
    ledger.note_head_anew()
    return Begun(epoch=epoch, law=law, chain_light=_light(verdict.fault, lost, found), lost=lost)


def _settle_hash(ledger: Ledger, work: Work, settings: CentreSettings) -> None:
    """Go on with the hash the journal has; with another one from the row after this, when the settings name it."""
    wanted = provider(settings.crypto).digest_name
    found = journal_rows.digest_in_use(work.connection) or wanted
    ledger.journal.digest = found
    if found != wanted:
        work.note(journal_rows.CHANGEOVER, "journal", "digest", 1, params={"from": found, "to": wanted})
        work.after_commit(lambda: setattr(ledger.journal, "digest", wanted))


def _held(noted: Noted | None, head: journal_rows.Head) -> journal_rows.Head | None:
    """What was noted outside the file is as good as a head held elsewhere, as far as the rows go."""
    if noted is None or noted.number > head.number:
        return None
    return journal_rows.Head(number=noted.number, hash=noted.hash)


def _lost(connection: Connection, noted: Noted | None, head: journal_rows.Head) -> Lost | None:
    if noted is None or noted.number <= head.number:
        return None
    since = connection.execute(select(JOURNAL.c.at_ns).where(JOURNAL.c.number == head.number)).scalar()
    return Lost(first=head.number + 1, last=noted.number, since_ns=since or 0, until_ns=noted.at_ns)


def _note_lost(work: Work, lost: Lost | None, found: Findings) -> None:
    """Tell what is gone, in the log and in the journal for good."""
    if lost is None:
        return
    since, until = iso_utc(lost.since_ns), iso_utc(lost.until_ns)
    logger.critical("journal rows %d to %d, of %s to %s, are lost", lost.first, lost.last, since, until)
    backup = found.restored.path.name if found.restored else ""
    params = {"first": lost.first, "last": lost.last, "since": since, "until": until, "backup": backup}
    work.note("journal.lost", "journal", lost.first, lost.last, params=params)


def _light(fault: str, lost: Lost | None, found: Findings) -> str:
    if fault:
        return fault
    if found.restored is not None:
        return "store.restored"
    if lost is not None:
        return "journal.tail_missing"
    return "store.pages_differ" if found.damaged else "ok"


def load(desk: Desk, ledger: Ledger) -> None:
    """Fill the desk from the database: catalogue, mode, overrides, situations, and the timers of what waits."""
    ledger.journal.terms = lambda: _terms(desk)
    with ledger.reading() as connection:
        catalogue.load(desk, connection)
        glass_care.load(desk, connection)
        labels.load(desk, connection)
        mode_care.load(desk, connection)
        mode_orders.load(desk, connection)
        mode_reports.load(desk, connection)
        living = [alarm for alarm, _ in alarm_table.living(connection)]
        desk.silent.clear()
        desk.alarms.clear()
        desk.alarms_are(living)
        overrides.load(desk, connection)
        watch = situations.Watch(desk, floods.Floods(desk))
        watch.load(connection)
        desk.watcher = watch
        approvals.load(desk, connection)
        duty_clock.load(desk, connection)
        event_care.load(desk, connection)
        situation_events.begin(desk, watch.joining)
        receipt_care.load(desk, connection)
        repair_clock.load(desk, connection)
        order_sweeps.load(desk, connection)
        roll_calls.load(desk, connection)
        room_care.load(desk, connection)
        ptz_deeds.load(desk, connection)
        evidence_deeds.load(desk, connection)
        call_care.load(desk, connection)
        warning_care.load(desk, connection)
        units.keep(desk, connection)
        thresholds.load(desk, connection)
        plan_care.load(desk, connection)
        library_import.load(desk, connection)


def _terms(desk: Desk) -> journal_rows.Terms:
    lasts_ns = round(desk.settings.sent_facts_last_hours * 3600 * NS_PER_S)
    return journal_rows.Terms(issuer=desk.settings.centre or desk.city.root(), lasts_ns=lasts_ns)


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

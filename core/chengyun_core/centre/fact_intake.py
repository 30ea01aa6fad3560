"""Signed facts of other centres, taken: verified in a worker, each once, in one unit of work (RF22, H2, RELIABILITY 8).

The courier that brings them by wire comes with the federation; a file brings them already, and both end here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from chengyun_core.centre import mode_care, mode_orders
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.work import Work
from chengyun_core.crypto.choice import provider
from chengyun_core.model.fact_commands import TakeFacts
from chengyun_core.model.failure import Refused
from chengyun_core.model.mode import Declaration, ModeOrder
from chengyun_core.store import outbox
from chengyun_core.store.taken_facts import TakenFacts
from chengyun_core.wire import codec, fact_file, signed_fact
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.fact_asks import AskFacts, FactsWaiting
from chengyun_core.wire.fact_file import FactFile
from chengyun_core.wire.signed_fact import Roster, SignedFact

EXPIRED, LATER, KNOWN = "fact.some_expired", "fact.some_later", "fact.all_known"
"""Warnings of an answer: some came too late, some are of kinds this program does not take yet, none was new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a file held."""

    facts: tuple[SignedFact, ...]
    expired: int
    """Facts that came too late: told, and not taken."""


def prepare(desk: Desk, connection: Connection, command: TakeFacts) -> Callable[[], Opened]:  # noqa: ARG001 - see HANDLERS
    """Return the slow part: every signature."""
    roster, realm, now_ns = roster_of(desk.settings.fact_keys), desk.settings.realm, desk.clock.utc_ns()
    own = _own(desk)
    return lambda: _opened(fact_file.read(command.data), roster, realm, own, now_ns)


def take(desk: Desk, work: Work, caller: Caller, command: TakeFacts, opened: Opened) -> Done:  # noqa: ARG001 - see HANDLERS
    """Take what is new; `Done.key` counts it, `Done.version` what was known already.

    A fact that was taken before does nothing, in whatever order, however often and however late it comes. One of a kind
    that only the federation takes stays untaken, so that it can be brought again then.
    """
    ours = [fact for fact in opened.facts if fact.kind in _TAKES]
    fresh = TakenFacts(work.connection).take_all(ours)
    for fact in fresh:
        _TAKES[fact.kind](desk, work, fact)
    new, known, later = len(fresh), len(ours) - len(fresh), len(opened.facts) - len(ours)
    counts = {"taken": new, "known": known, "later": later, "expired": opened.expired}
    issuer = opened.facts[0].issuer if opened.facts else ""
    change = work.note("fact.take", "fact", issuer or "-", work.at_ns, params={"from": issuer, **counts})
    told = ((EXPIRED, opened.expired), (LATER, later), (KNOWN, not new and known))
    return Done(change=change, key=str(new), version=known, warnings=tuple(code for code, is_so in told if is_so))


def waiting(desk: Desk, connection: Connection, ask: AskFacts) -> bytes:
    """Answer `facts.waiting`: what waits for another centre as the bytes of a file, what is live first."""
    if not 1 <= ask.limit <= fact_file.MOST_FACTS:
        raise Refused("ask.out_of_range", after=0, limit=ask.limit, most=fact_file.MOST_FACTS)
    known = (*desk.settings.linked_centres, desk.settings.upper_centre)
    if ask.target not in known or not ask.target:
        raise Refused("fact.unknown_target", target=ask.target[:64])
    sealed = outbox.next_batch(connection, ask.target, ask.limit, live_after_ns=desk.clock.utc_ns() - LIVE_NS)
    rows = next((one.rows for one in outbox.standing(connection) if one.target == ask.target), 0)
    file = FactFile(issuer=_own(desk), target=ask.target, facts=tuple(sealed), left=max(0, rows - len(sealed)))
    return codec.pack(FactsWaiting(file=fact_file.written(file), facts=len(sealed), left=file.left))


def roster_of(keys: Iterable[str]) -> Roster:
    """Return whose facts are taken; raise Refused `fact.key_bad` for a line that is not `<centre>=<64 hexadecimal>`."""
    found = {}
    for line in keys:
        centre, _, key = line.partition("=")
        try:
            found[centre] = bytes.fromhex(key)
        except ValueError as fault:
            raise Refused("fact.key_bad", line=line[:80]) from fault
        if not centre or len(found[centre]) != _KEY_BYTES:
            raise Refused("fact.key_bad", line=line[:80])
    return Roster(keys=found)


def _opened(file: FactFile, roster: Roster, realm: str, own: str, now_ns: int) -> Opened:
    """Verify every fact. One that is forged, of another realm or for somebody else has the whole file refused."""
    found, expired, suite = [], 0, provider(outbox.SIGNED_BY)
    for data in file.facts:
        try:
            found.append(signed_fact.verified(data, roster, suite, realm=realm, centre=own, now_ns=now_ns))
        except Refused as refused:
            if refused.reason.code != "fact.expired":
                raise
            expired += 1
    return Opened(facts=tuple(found), expired=expired)


def _take_register(desk: Desk, work: Work, fact: SignedFact) -> None:
    mode_care.take(desk, work, fact.issuer, [codec.unpack(fact.record, Declaration)])


def _take_order(desk: Desk, work: Work, fact: SignedFact) -> None:
    mode_orders.take(desk, work, fact.issuer, codec.unpack(fact.record, ModeOrder))


def _own(desk: Desk) -> str:
    return desk.settings.centre or desk.city.root()


_TAKES: dict[str, Callable[[Desk, Work, SignedFact], None]] = {
    mode_care.LOG.kind: _take_register, mode_care.ORDERS.kind: _take_order,
}  # fmt: skip
"""Kind of a fact → what it does. Alphabetical."""
_KEY_BYTES = 32
LIVE_NS = 60 * 10**9
"""A fact younger than this is live: it goes before the backlog of a day."""

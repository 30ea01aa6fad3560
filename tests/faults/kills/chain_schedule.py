"""Kills the centre amid the whole chain, alarms to closed events, and holds what it left against every promise."""

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from chengyun_core.model.activation import Activation
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.command import KIND_OF, CreateAccount, SignOn
from chengyun_core.model.order import Order, Sweep
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.store import chain, journal, order_table
from chengyun_core.store.chain_tables import ORDERS
from chengyun_core.store.engine import Database
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Confirmed, Done, Hello, Reply, SendActivations, SignedOn, Snapshot
from tests.core.centre.process import CentreProcess
from tests.faults.kills import chain_people as people
from tests.faults.powercut import chain_work

VITALS, PASSWORD = 30, "a long password"
ROUNDS, A_ROUND = 3, 12
"""Looks of one life of the daemon, and the deeds after each whose answers are waited for."""
IN_FLIGHT = 5
"""Deeds sent after them without waiting: the kill falls amid these."""
TO_MANY, JUST_ANSWERED = 0.4, 0.3
"""Shares of lives that end amid an order to all towns, and with an answer that has only just come."""
LONGEST_S = 0.12
AUTOPSY_EVERY = 5
BANDS = (WarningColour.YELLOW, WarningColour.RED, WarningColour.NONE)
HELLO = Hello(protocol=PROTOCOL_VERSION, client="chain")


@dataclass(slots=True)
class Outcome:
    """What many kills came to."""

    seed: int
    kills: int = 0
    amid_sweeps: int = 0
    """Kills after which an order was found whose receipts were not all written or changed."""
    autopsies: int = 0
    done: dict[str, Done] = field(default_factory=dict)
    """Command id → what was promised."""
    refused: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, people.Deed] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    confirmed: int = 0
    rows: int = 0
    records: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, object]:
        """Return the counts in the words of the report."""
        deeds = {f"answered {kind}": count for kind, count in sorted(self.kinds.items())}
        return {
            "kills": self.kills, "of these amid an order to many": self.amid_sweeps, "autopsies": self.autopsies,
            "promises held": len(self.done), "refusals held": len(self.refused), "commands repeated": self.repeated,
            "activations confirmed": self.confirmed, "journal rows": self.rows, **self.records, **deeds,
        }  # fmt: skip


class City:
    """A centre that is killed, the sessions of three people, and what they were told."""

    def __init__(self, centre: CentreProcess, outcome: Outcome, chance: random.Random) -> None:
        self.centre, self.outcome, self.chance, self._clock = centre, outcome, chance, ProfileClock()
        self.sessions: dict[str, str] = {}
        self._of: dict[str, people.Deed] = {}

    def found(self) -> None:
        """Bring the centre up whole, with its catalogue and accounts."""
        self.centre.start()
        self.centre.import_city(vitals=VITALS, seats=3)
        posts = {
            people.OFFICER: ("500000.duty_officer",), people.CHECKER: ("500000.watch_chief",),
            people.UNIT: people.UNITS,
        }  # fmt: skip
        for place, (name, held) in enumerate(posts.items(), 1):
            made = CreateAccount(account=name, name=name, password=PASSWORD, posts=held)
            assert self.centre.do(made, self.centre.admin_key).outcome == "done"
            reply = self.centre.do(SignOn(account=name, password=PASSWORD, seat=f"S-{place}"), "")
            self.sessions[name] = codec.unpack(reply.body, SignedOn).token

    def live(self) -> None:
        """One life of the daemon: ask again what is unknown, sense, work, and be killed with some deeds in flight."""
        for command_id in [*self.outcome.unknown, *self._some_answered()]:
            self._note(command_id, self._ask(command_id))
        self._sense()
        for _ in range(ROUNDS):
            for deed in people.deeds(self._seen(), self.chance, A_ROUND):
                command_id = self._intend(deed)
                self._note(command_id, self._ask(command_id))
        self._last_deeds(self._seen())
        self.centre.kill()
        self.outcome.kills += 1

    def _last_deeds(self, seen: people.Seen) -> None:
        """Have deeds in flight as the kill comes: some, an order to all towns amid its writing, or one answered."""
        end = self.chance.random()
        if end < JUST_ANSWERED:
            (deed,) = people.deeds(seen, self.chance, 1)
            command_id = self._intend(deed)
            self._note(command_id, self._ask(command_id))
            return
        many = people.to_many(seen) if end < JUST_ANSWERED + TO_MANY else []
        for deed in [*people.deeds(seen, self.chance, IN_FLIGHT), *many]:
            command_id = self._intend(deed)
            self.centre.send(KIND_OF[type(deed[0])], deed[0], self.sessions[deed[1]], command_id)
        if many:
            # Once it was answered its recipients are promised, and most of their receipts are still to be written.
            self._note(command_id, self._answer(command_id))
        ends_at = time.perf_counter() + self.chance.random() * LONGEST_S
        while time.perf_counter() < ends_at:
            pass

    def settle(self) -> None:
        """Learn what became of everything."""
        for command_id in list(self.outcome.unknown):
            self._note(command_id, self._ask(command_id))

    def _intend(self, deed: people.Deed) -> str:
        command_id = uuid.UUID(int=self.chance.getrandbits(128)).hex
        self._of[command_id] = self.outcome.unknown[command_id] = deed
        return command_id

    def _ask(self, command_id: str) -> Reply:
        command, who = self._of[command_id]
        return self.centre.do(command, self.sessions[who], command_id)

    def _answer(self, command_id: str) -> Reply:
        reply = self.centre.answer(command_id)
        assert reply is not None, self.centre.log()
        return reply

    def _note(self, command_id: str, reply: Reply) -> None:
        outcome, kind = self.outcome, KIND_OF[type(self._of[command_id][0])]
        outcome.unknown.pop(command_id, None)
        if reply.outcome == "failed":
            outcome.faults.append(f"{kind} failed: {reply.code} {reply.params}")
            return
        before = outcome.done.get(command_id) or outcome.refused.get(command_id)
        now = codec.unpack(reply.body, Done) if reply.outcome == "done" else reply.code
        outcome.repeated += before is not None
        if before is not None and before != now:
            outcome.faults.append(f"{kind} {command_id} was answered {before}, then {now}")
        if isinstance(now, Done):
            outcome.kinds[kind] += before is None
            outcome.done[command_id] = now
        else:
            outcome.refused[command_id] = now

    def _some_answered(self) -> list[str]:
        known = sorted(self.outcome.done)
        return self.chance.sample(known, min(2, len(known)))

    def _sense(self) -> None:
        count = self.chance.randint(1, 8)
        run = [self._activation(self.outcome.confirmed + ahead) for ahead in range(1, count + 1)]
        reply = self.centre.ask("ingest.activations", SendActivations(activations=tuple(run)), self.centre.ingest_key)
        assert reply is not None, self.centre.log()
        assert reply.outcome == "done", reply
        self.outcome.confirmed = codec.unpack(reply.body, Confirmed).key.seq

    def _activation(self, seq: int) -> Activation:
        band = BANDS[seq // VITALS % len(BANDS)]
        return Activation(
            shard=0, epoch=3, seq=seq, vital=1 + seq % VITALS, at_ns=self._clock.utc_ns(), before=WarningColour.NONE,
            after=band, side=Side.HIGH, value=1.0, limit=1.0, catalogue_version=1,
        )  # fmt: skip

    def _seen(self) -> people.Seen:
        reply = self.centre.ask("snapshot", HELLO, self.sessions[people.OFFICER])
        assert reply is not None, self.centre.log()
        return people.seen(codec.unpack(reply.body, Snapshot), self._clock.utc_ns())


def run(
    kills: int, seed: int, folder: Path, *, module: tuple[str, ...] = (), goes_on: Callable[[], bool] = lambda: True
) -> Outcome:
    """Kill so many times, while `goes_on`; stop at the first fault. module: what runs instead of the centre."""
    outcome, chance = Outcome(seed), random.Random(seed)
    with CentreProcess(folder / "p") as centre:
        city = City(centre, outcome, chance)
        city.found()
        centre.stop()
        centre.module = module or centre.module
        centre.start()
        while outcome.kills < kills and goes_on() and not outcome.faults:
            try:
                city.live()
                _examine(centre, outcome, whole=outcome.kills % AUTOPSY_EVERY == 0)
                centre.start()
            except AssertionError as stuck:
                outcome.faults.append(f"after {outcome.kills} kills of seed {seed}: {stuck}")
        if not outcome.faults:
            city.settle()
            centre.kill()
            _examine(centre, outcome, whole=True)
    return outcome


def _examine(centre: CentreProcess, outcome: Outcome, *, whole: bool) -> None:
    """Hold the files of a dead centre against what was promised; every few kills against each other, too."""
    database = Database(centre.profile.folder / "centre" / "chengyun.db")
    where = f"after {outcome.kills} kills of seed {outcome.seed}: "
    try:
        with database.reading() as connection:
            outcome.amid_sweeps += _is_swept(connection)
            found = _lost(connection, outcome) + _incomplete(connection)
            if whole:
                outcome.autopsies += 1
                found += chain_work.half_done(connection) + _chain_faults(centre, connection)
                _count(connection, outcome)
    finally:
        database.close()
    outcome.faults += [where + fault for fault in found]


def _lost(connection: Connection, outcome: Outcome) -> list[str]:
    columns = select(JOURNAL.c.number, JOURNAL.c.command_id)
    rows = {row.number: row.command_id for row in connection.execute(columns)}
    outcome.rows = len(rows)
    lost = [
        f"promised and lost: row {done.change} of {command_id}"
        for command_id, done in outcome.done.items()
        if done.change and rows.get(done.change) != command_id
    ]
    acted = set(rows.values())
    lost += [f"refused, and it acted: {command_id}" for command_id in outcome.refused if command_id in acted]
    causes = sum(command_id.startswith("activation:0:3:") for command_id in acted)
    return lost + (
        [] if causes >= outcome.confirmed else [f"confirmed {outcome.confirmed} activations, {causes} there"]
    )


def _incomplete(connection: Connection) -> list[str]:
    """Every order has the receipts it says it has: all of them, or as many as were reached."""
    found = []
    for record in connection.execute(select(ORDERS.c.record)).scalars():
        order = codec.unpack(record, Order)
        there = len(order_table.receipts_of(connection, order.number))
        reached = order.swept if order.sweeping is Sweep.ADDRESS else order.recipients
        if there != reached:
            found.append(f"order {order.number} says {reached} receipts, {there} are there")
    return found


def _is_swept(connection: Connection) -> bool:
    records = connection.execute(select(ORDERS.c.record).where(ORDERS.c.living.is_(True))).scalars()
    return any(codec.unpack(record, Order).sweeping is not None for record in records)


def _chain_faults(centre: CentreProcess, connection: Connection) -> list[str]:
    public = bytes.fromhex((centre.profile.folder / "keys" / "sign.pub").read_text("ascii").strip())
    verdict = chain.verify(connection, public, 1, journal.head(connection).number)
    return [f"the chain is broken: {verdict.fault} at row {verdict.number}"] if verdict.fault else []


def _count(connection: Connection, outcome: Outcome) -> None:
    counted: Counter[str] = Counter()
    actions = select(JOURNAL.c.action).where(JOURNAL.c.kind.in_(("event", "order", "receipt")))
    counted.update(connection.execute(actions).scalars())
    outcome.records = {
        f"rows {name}": counted[name]
        for name in ("event.open", "event.alarms_joined", "order.send", "receipt.send", "receipt.feed_back",
                     "receipt.lapse", "receipt.carry", "event.close", "event.void", "event.merge")
    }  # fmt: skip

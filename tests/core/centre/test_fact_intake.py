"""Signed facts of another centre, brought by a file: an order is followed, its answer heard, each once (RF22, H2)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.centre import mode_care
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.crypto.choice import provider
from chengyun_core.model.command import GiveApproval
from chengyun_core.model.fact_commands import TakeFacts
from chengyun_core.model.mode import Declaration, ModeOrder, ModeOrderState, Scope
from chengyun_core.model.mode_commands import DeclareMode, OrderMode, RefuseModeOrder
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.scales import Mode
from chengyun_core.store import outbox
from chengyun_core.store.outbox import SIGNED_BY
from chengyun_core.wire import codec, fact_file, signed_fact
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.fact_asks import AskFacts, FactsWaiting
from chengyun_core.wire.fact_file import FactFile
from chengyun_core.wire.mode_asks import AskModePreview, ModePreview
from tests.core.centre.mode_room import CITY, YUZHONG, flooding_city
from tests.core.centre.room import ADMIN_KEY, INGEST_KEY, PASSWORD, Room

WITHIN = Scope(centre=YUZHONG)
FAST = {"argon2_time_cost": 1, "argon2_memory_kib": 64, "reserve_mib": 0}


class Pair:
    """A city and its district, each with a daemon and a database of its own; files go between them."""

    def __init__(self, folder: Path) -> None:
        above = CentreSettings(**FAST, linked_centres=(YUZHONG,))  # type: ignore[arg-type]
        below = CentreSettings(**FAST, centre=YUZHONG, upper_centre=CITY)  # type: ignore[arg-type]
        self.above, self.below = Room(folder / "above", above), Room(folder / "below", below)
        for room, other, code in ((self.above, self.below, YUZHONG), (self.below, self.above, CITY)):
            room.adopt(flooding_city())
            room.settings = replace(room.settings, fact_keys=(f"{code}={other.desk.public.hex()}",))
            room.desk.settings = room.settings
        self.chief = self.above.officer("chief", "500000.watch_chief", seat="A-01")
        self.officer = self.below.officer("yz", "500103.watch_chief", seat="Y-01")
        self.below.make("yz2", "500103.watch_chief")

    def close(self) -> None:
        """Close both."""
        self.above.ledger.close()
        self.below.ledger.close()

    def order(self, scope: Scope = WITHIN) -> None:
        """Have the city order the district to declare."""
        order = OrderMode(
            centre=YUZHONG, mode=Mode.EMERGENCY, scope=scope, preset="", reason="全市防汛", minutes=10
        )  # fmt: skip
        self.above.done(order, self.chief)

    def down(self) -> bytes:
        """Return the file for the district."""
        return written(self.above, YUZHONG).file

    def up(self) -> bytes:
        """Return the file for the city."""
        return written(self.below, CITY).file


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.close()


def written(room: Room, target: str, limit: int = 2000) -> FactsWaiting:
    """Return what waits for another centre as a file."""
    reply = room.ask("facts.waiting", AskFacts(target=target, limit=limit), ADMIN_KEY)
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, FactsWaiting)


def taken(room: Room, data: bytes) -> Reply:
    """Bring a file in at the machine."""
    return room.do(TakeFacts(data=data), ADMIN_KEY)


def counted(reply: Reply) -> tuple[int, int, tuple[str, ...]]:
    """Return how many were new, how many known, and what was warned of."""
    assert reply.outcome == "done", reply
    done = codec.unpack(reply.body, Done)
    return int(done.key), done.version or 0, done.warnings


def orders(room: Room) -> list[ModeOrder]:
    """Return the orders of a centre."""
    with room.ledger.reading() as connection:
        return [one for one, _ in mode_care.ORDERS.standing(connection, lambda _: True)]


def follow(pair: Pair, number: int) -> Declaration:
    """Declare in the district as ordered, two deciding, and confirm."""
    room = pair.below
    ask = AskModePreview(scope=WITHIN, mode=Mode.EMERGENCY)
    seen = codec.unpack(room.ask("mode.preview", ask, pair.officer).body, ModePreview).digest
    asked = DeclareMode(scope=WITHIN, mode=Mode.EMERGENCY, preset="", reason="按市令", seen=seen, order=number)
    waits = room.done(asked, pair.officer)
    given = GiveApproval(approval=int(waits.key), version=waits.version, account="yz2", secret=PASSWORD)
    assert room.do(given, pair.officer).outcome == "done"
    return max(room.desk.declarations.values(), key=lambda one: one.number)


def test_that_an_order_by_file_is_followed_below_and_its_answer_is_heard_above(pair: Pair) -> None:
    pair.order()
    assert counted(taken(pair.below, pair.down()))[0] == 1
    (below,) = orders(pair.below)
    assert (below.origin, below.state, below.by_centre) == (f"{CITY}/1", ModeOrderState.OPEN, CITY)
    declared = follow(pair, below.number)
    assert declared.ordered_by == CITY
    assert counted(taken(pair.above, pair.up()))[0] > 0
    (above,) = orders(pair.above)
    assert (above.state, above.answered_by) == (ModeOrderState.FOLLOWED, "yz")
    register = pair.above.desk.declarations[f"{YUZHONG}/{YUZHONG}"]
    assert (register.issuer, register.mode) == (YUZHONG, Mode.EMERGENCY)
    assert pair.above.desk.mode_at((YUZHONG, CITY)) is Mode.EMERGENCY
    assert pair.above.desk.mode_at((CITY,)) is Mode.PEACETIME


def test_that_a_refusal_goes_up_and_what_comes_late_or_twice_changes_nothing(pair: Pair) -> None:
    pair.order()
    first = pair.down()
    taken(pair.below, first)
    (held,) = orders(pair.below)
    refused = RefuseModeOrder(order=held.number, version=held.version, reason="水位未涨")
    assert pair.below.do(refused, pair.officer).outcome == "done"
    up = pair.up()
    assert counted(taken(pair.above, up))[0] > 0
    (above,) = orders(pair.above)
    assert (above.state, above.answer) == (ModeOrderState.REFUSED, "水位未涨")
    rows = pair.above.ledger.tail
    assert counted(taken(pair.above, up)) == (0, 1, ("fact.all_known",))
    assert pair.above.ledger.tail == rows + 1, "only that a file came"
    assert orders(pair.above) == [above]
    assert counted(taken(pair.below, first))[:2] == (0, 1)
    pair.below.restart()
    pair.below.desk.settings = pair.below.settings
    pair.below.adopt(flooding_city())
    assert counted(taken(pair.below, first))[:2] == (0, 1), "nor after a restart"
    assert len(orders(pair.below)) == 1


def test_that_an_order_is_late_above_until_its_answer_comes(pair: Pair) -> None:
    pair.order()
    taken(pair.below, pair.down())
    for room in (pair.above, pair.below):
        room.clock.advance(601)
        room.tend()
    (above,) = orders(pair.above)
    assert above.state is ModeOrderState.LATE
    (below,) = orders(pair.below)
    follow(pair, below.number)
    taken(pair.above, pair.up())
    assert orders(pair.above)[0].state is ModeOrderState.FOLLOWED


def test_that_a_file_with_one_forged_fact_does_nothing_at_all(pair: Pair) -> None:
    pair.order()
    file = fact_file.read(pair.down())
    rows = pair.below.ledger.tail
    secret = b"\x07" * 32
    fact = signed_fact.verified(
        file.facts[0], signed_fact.Roster(keys={CITY: pair.above.desk.public}), provider(SIGNED_BY), realm="live",
        centre=YUZHONG, now_ns=pair.below.clock.utc_ns(),
    )  # fmt: skip
    forged = signed_fact.signed(replace(fact, number=99), secret, provider(SIGNED_BY))
    data = fact_file.written(FactFile(issuer=CITY, target=YUZHONG, facts=(*file.facts, forged)))
    assert taken(pair.below, data).code == "fact.signature_wrong"
    assert (pair.below.ledger.tail, orders(pair.below)) == (rows, [])


def test_that_what_is_for_another_centre_or_from_a_stranger_is_refused(pair: Pair) -> None:
    pair.order()
    assert taken(pair.above, pair.down()).code == "fact.unknown_issuer"
    pair.below.desk.settings = replace(pair.below.settings, fact_keys=())
    assert taken(pair.below, pair.down()).code == "fact.unknown_issuer"
    pair.below.desk.settings = replace(pair.below.settings, fact_keys=("500000=zz",))
    assert taken(pair.below, pair.down()).code == "fact.key_bad"
    pair.below.desk.settings = replace(pair.below.settings, centre="500106")
    pair.below.desk.settings = replace(pair.below.desk.settings, fact_keys=pair.below.settings.fact_keys)
    assert taken(pair.below, pair.down()).code == "fact.not_for_us"


def test_that_bytes_that_are_no_file_are_refused_in_words(pair: Pair) -> None:
    for data in (b"", b"CYF1", b"CYF1\n", b"CYF1\nxx", b"PK\x03\x04", fact_file.MAGIC + codec.pack(("a", 1))):
        assert taken(pair.below, data).code == "fact.file_bad", data
    assert taken(pair.below, fact_file.MAGIC + b"0" * fact_file.LARGEST).code == "fact.file_large"


def test_that_facts_that_came_too_late_are_told_and_left(pair: Pair) -> None:
    pair.order()
    data = pair.down()
    pair.below.clock.advance(49 * 3600)
    assert counted(taken(pair.below, data)) == (0, 0, ("fact.some_expired",))
    assert orders(pair.below) == []


def test_that_kinds_of_the_federation_are_left_for_it(pair: Pair) -> None:
    officer = pair.above.officer("li", "500000.duty_officer", seat="A-02")
    draft = OrderDraft(
        title="抢修", text="到场", centre=YUZHONG, recipients=(Recipient(code="500103.duty_officer"),)
    )  # fmt: skip
    pair.above.done(SendOrders(drafts=(draft,)), officer)
    pair.order()
    new, known, warnings = counted(taken(pair.below, pair.down()))
    assert (new, known) == (1, 0)
    assert "fact.some_later" in warnings
    again = counted(taken(pair.below, pair.down()))
    assert again[:2] == (0, 1), "what was left is not marked as taken"
    assert "fact.some_later" in again[2]


def test_that_nobody_but_the_machines_own_admin_brings_facts_in_or_out(pair: Pair) -> None:
    for session in (pair.officer, INGEST_KEY, ""):
        assert pair.below.do(TakeFacts(data=b""), session).outcome == "refused"
        assert pair.below.ask("facts.waiting", AskFacts(target=CITY), session).outcome == "refused"
    assert pair.below.ask("facts.waiting", AskFacts(target="500999"), ADMIN_KEY).code == "fact.unknown_target"
    assert pair.below.ask("facts.waiting", AskFacts(target=""), ADMIN_KEY).code == "fact.unknown_target"


def test_that_an_order_of_somebody_who_is_not_above_is_left(pair: Pair) -> None:
    pair.order()
    (order,) = orders(pair.above)
    pair.below.desk.settings = replace(pair.below.desk.settings, upper_centre="")
    assert counted(taken(pair.below, pair.down()))[0] == 1, "the fact is known from now on"
    assert orders(pair.below) == []
    assert order.state is ModeOrderState.OPEN


def test_that_a_declaration_s_number_means_ours_where_two_centres_count_alike(pair: Pair) -> None:
    pair.order()
    taken(pair.below, pair.down())
    ours = follow(pair, 1)
    theirs = replace(ours, issuer=CITY, scope=Scope(centre=CITY), declared_by="chief", declared_seat="")
    pair.below.desk.declarations = {theirs.key: theirs, **pair.below.desk.declarations}
    assert theirs.number == ours.number
    assert mode_care.known(pair.below.desk, ours.number).issuer == YUZHONG


def test_that_what_is_live_leaves_before_the_backlog_and_orders_before_the_rest(pair: Pair) -> None:
    with pair.above.ledger.reading() as connection:
        assert outbox.standing(connection) == []
    pair.order()
    pair.above.clock.advance(7200)
    pair.order()
    first, later = fact_file.read(written(pair.above, YUZHONG, 1).file), written(pair.above, YUZHONG)
    roster = signed_fact.Roster(keys={CITY: pair.above.desk.public})
    facts = [
        signed_fact.verified(
            one, roster, provider(SIGNED_BY), realm="live", centre=YUZHONG, now_ns=pair.above.clock.utc_ns()
        )
        for one in (*first.facts, *fact_file.read(later.file).facts)
    ]
    assert [fact.place for fact in facts][:3] == [2, 2, 1], "the live one, then the backlog"
    assert (len(first.facts), first.left) == (1, later.facts - 1)
    with pair.above.ledger.reading() as connection:
        (waiting,) = outbox.standing(connection)
    assert (waiting.target, waiting.rows) == (YUZHONG, later.facts)

"""The console's replica under fire: hostile messages among true ones, and the truth is shown again in bounded time."""

import random
from collections.abc import Callable

from chengyun_console.session.replica import Replica
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.run_watch import DEAD_AFTER_NS
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.change import Change
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH
from chengyun_core.wire.envelope import AskChanges, Changes, Heartbeat, Reply, Request, Snapshot
from chengyun_core.wire.frames import FrameKind
from tests.faults.fuzz import mutating, specimens
from tests.support.news_from import S, alarm, beat, change, frame_bytes, moment
from tests.support.small_city import small_city

VITALS = 4
EVERY = list(range(VITALS))
TICK_NS = S // 20
CHECKED_EVERY = 200
FIRST = 10_000_019
"""The journal's length before all this. A city's journal is long: with a short one every absurd small number would be
the very next, and a hint with the next number from the centre's own socket is by nature what is believed."""
"""Hostile messages between two proofs that the replica finds back to the truth."""
HEALED_WITHIN_NS = DEAD_AFTER_NS + 4 * S
"""A lying epoch is outlived after two seconds, a lost answer asked again after five at most."""


class Screen:
    """One replica for the whole run: what one message spoils must be whole again before the next proof."""

    def __init__(self) -> None:
        self._replica = Replica()
        self._now = 100 * S
        self._seq = 0
        self._alarms = 0
        self._truth = [0.0] * VITALS
        self._state, self._facts = StateMirror(), FactMirror()
        self._hostile = 0
        city = small_city(VITALS)
        self._view = CatalogueView(city)
        self._state.resize(self._view.period_s)
        self._state.silent = False
        self._replica.catalogue.cached(codec.pack(city))
        self._replica.settler.take_screen_key("k" * 64)
        self.seeds = [
            *specimens.some_frames(vitals=VITALS), self._beat("ingest"), self._beat("centre"),
            codec.pack(change(FIRST + 1, alarm(1))), codec.pack(Reply(id="facts-1", outcome="done", body=b"\x80")),
        ]  # fmt: skip
        self._settle()

    def thrown(self, dice: random.Random) -> bytes:
        """Return a damaged specimen, or a whole one with absurd values."""
        if dice.random() < 0.6:
            return mutating.damaged(dice.choice(self.seeds), self.seeds, dice)
        if dice.random() < 0.5:
            return specimens.absurd_frame(dice, vitals=VITALS, epoch=7)
        return codec.pack(specimens.absurd(dice.choice((Change, Heartbeat, Reply)), dice))

    def take(self, data: bytes, dice: random.Random) -> str:
        """Hear it as anything a console may hear; every so often prove that nothing of it stays."""
        replica, now = self._replica, moment(self._now)
        before = sum(replica.counters.values())
        at = dice.randrange(8)
        if at < 4:
            replica.heard_ingest((TOPIC_STATE, TOPIC_HEARTBEAT, TOPIC_WATCH, data[:3])[at], data, now)
        elif at < 7:
            replica.heard_centre((TOPIC_CHANGE, TOPIC_HEARTBEAT, data[:2])[at - 4], data, now)
        else:
            replica.replied(data, now)
        refused = sum(replica.counters.values()) > before
        self._now += TICK_NS // 50
        self._hostile += 1
        if self._hostile % CHECKED_EVERY == 0:
            self._settle()
        return "refused" if refused else "used"

    def _settle(self) -> None:
        """Let both daemons go on as ever, and look whether the screen shows what they say."""
        self._seq += 1
        self._alarms += 1
        self._truth = [float(self._seq * 10 + vital) for vital in EVERY]
        self._hear_ingest(TOPIC_STATE, self._frame(FrameKind.STATE, EVERY))
        until = self._now + HEALED_WITHIN_NS
        while self._now < until:
            self._now += TICK_NS
            self._tick()
        self._show()
        assert list(self._state.value) == self._truth, f"wrong values {self._state.value} after a lie"
        assert set(self._facts.alarms) == set(range(1, self._alarms + 1)), f"wrong alarms {sorted(self._facts.alarms)}"
        assert self._facts.complete
        assert not self._replica.state.owes

    def _tick(self) -> None:
        if self._now % (S // 4) < TICK_NS:
            self._hear_ingest(TOPIC_HEARTBEAT, self._beat("ingest"))
            self._replica.heard_centre(TOPIC_HEARTBEAT, self._beat("centre"), moment(self._now))
        for errand in self._replica.turn(moment(self._now)):
            self._replica.errands.sent(errand.request.id, self._now)
            body = self._answer(errand.request)
            reply = Reply(id=errand.request.id, outcome="done" if body is not None else "refused", body=body or b"")
            self._replica.replied(codec.pack(reply), moment(self._now))
        unread = self._replica.catalogue.to_read()
        if unread is not None:
            self._replica.catalogue_read(unread, self._view)
        self._show()

    def _answer(self, request: Request) -> bytes | None:
        answers: dict[str, Callable[[], bytes]] = {
            "snapshot": lambda: self._snapshot(request.id),
            "changes.since": lambda: self._since(codec.unpack(request.body, AskChanges)),
            "catalogue.get": lambda: codec.pack(small_city(VITALS)),
        }
        return answers[request.kind]() if request.kind in answers else None

    def _snapshot(self, request_id: str) -> bytes:
        if request_id.startswith("state"):
            return self._frame(FrameKind.SNAPSHOT, EVERY)
        return codec.pack(Snapshot(through=self._tail, records=self._journal(FIRST)))

    def _since(self, ask: AskChanges) -> bytes:
        return codec.pack(Changes(through=self._tail, tail=self._tail, changes=self._journal(ask.after)))

    def _journal(self, after: int) -> tuple:
        return tuple(change(number, alarm(number - FIRST)) for number in range(after + 1, self._tail + 1))

    @property
    def _tail(self) -> int:
        return FIRST + self._alarms

    def _frame(self, kind: FrameKind, vitals: list[int]) -> bytes:
        values = [self._truth[vital] for vital in vitals]
        return frame_bytes(vitals, values, seq=self._seq, epoch=7, kind=kind, time_ns=self._now)

    def _beat(self, daemon: str) -> bytes:
        tail = self._seq if daemon == "ingest" else self._tail
        return codec.pack(beat(daemon=daemon, epoch=7, tail=tail, sent_ns=self._now))

    def _hear_ingest(self, topic: bytes, payload: bytes) -> None:
        self._replica.heard_ingest(topic, payload, moment(self._now))

    def _show(self) -> None:
        post = self._replica.post()
        if post is None:
            return
        if post.state is not None:
            self._state.apply(post.state)
        if post.facts is not None:
            self._facts.apply(post.facts)

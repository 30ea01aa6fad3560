"""What the session knows and wants, without a socket: messages, replies, wishes, instants in; errands, posts out."""

import logging
from collections import Counter
from typing import TypeVar

from chengyun_console.session.catalogue_care import CatalogueCare, Unread
from chengyun_console.session.errands import Door, Errand, Errands
from chengyun_console.session.history import PATIENCE_NS
from chengyun_console.session.mailbox import Post
from chengyun_console.session.settler import Settler, frame_of
from chengyun_console.session.shards import Shard, Shards
from chengyun_console.session.watched import WatchBuffer
from chengyun_console.session.wishes import (
    SendCommand,
    TakeSeat,
    WantAnswer,
    WantPreview,
    WantSeats,
    WantWindow,
    Watch,
    Wish,
)
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.fact_stream import FactStream
from chengyun_core.mirror.links import Links, LinkWatch, Moment
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import KIND_OF
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec, frames, versions
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH
from chengyun_core.wire.envelope import (
    HISTORY_ASKS,
    INGEST_ASKS,
    AskCatalogue,
    AskChanges,
    AskWatch,
    Hello,
    Reply,
    Request,
)
from chengyun_core.wire.survey_asks import SURVEY_ASKS

SLEPT_NS = 1_500_000_000
"""A turn that comes this late means that the process was stopped or the machine slept (RF30)."""
OWED_FOR_NS = NS_PER_S
"""A debt older than this is shown; most are paid within a tenth of a second and would only make the light flicker."""
GARBAGE_LOGGED = 10
"""Messages told in the log; the rest is only counted, so that a broken daemon cannot fill the disk."""
LEASE_RENEWED_NS = 4 * NS_PER_S
HERE_EVERY_NS = 4 * NS_PER_S
"""How often the centre is told that this seat's console lives: a switch of the mode waits for such seats only."""
CATALOGUE_PATIENCE_NS = 20 * NS_PER_S

HELLO = Hello(protocol=PROTOCOL_VERSION, client="console")

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Replica:
    """The whole protocol of a console. Owned by one thread (the reader's, or a test's)."""

    def __init__(self, shards: int = 1) -> None:
        """Begin with nothing. `shards`: number of the profile's ingest daemons."""
        self.shards = Shards(shards)
        self.ingest = self.shards.each[0].link
        self.centre = LinkWatch("centre")
        self.state = self.shards.each[0].state
        self.facts = FactStream()
        self.catalogue = CatalogueCare()
        self.errands = Errands()
        self.settler = Settler(self.shards, self.facts, self.catalogue)
        self.counters: Counter[str] = Counter()
        """`garbage`: messages on PUB that are not ours; `late_replies`: answers nobody waits for."""
        self._watch = WatchBuffer()
        self._watched: tuple[int, ...] = ()
        self._owing_since: dict[str, int] = {}
        self._last_turn: int | None = None
        self._here_at: int | None = None
        self.is_frozen = False
        """The window takes no post any more (RF27): nobody sees or hears anything there, so it is not said to live."""
        self._links_changed = True
        self._doubts_seat = False
        self._asks = 0

    @property
    def is_urgent(self) -> bool:
        """Return whether an officer waits for something that came; it does not wait for the next tick."""
        return self.settler.inbox.is_urgent

    @property
    def must_post_whole(self) -> bool:
        """Return whether state alone will not do: an officer waits, or its rows belong to a new catalogue."""
        return self.is_urgent or self.settler.inbox.catalogue is not None

    @property
    def has_state_news(self) -> bool:
        """Return whether vitals changed since the last post."""
        return self.shards.has_news

    def heard_ingest(self, topic: bytes, payload: bytes, now: Moment, *, number: int = 0) -> None:
        """Take one message of an ingest daemon's PUB; what is not ours is counted and left."""
        shard = self.shards.each[number]
        try:
            if topic == TOPIC_HEARTBEAT:
                self._ingest_beat(shard, payload, now)
            elif not shard.link.is_usable:
                self.counters["unusable"] += 1
            elif topic == TOPIC_STATE:
                frame = frame_of(payload, frames.FrameKind.STATE)
                self.shards.took(frame, number, now.monotonic_ns, shard.state.took)
            elif topic == TOPIC_WATCH:
                self._take_watched(shard, frame_of(payload, frames.FrameKind.WATCH))
            else:
                raise frames.BadFrame(f"unknown topic {topic!r}")
        except (frames.BadFrame, codec.BadMessage) as fault:
            self._garbage("ingest", fault)

    def heard_centre(self, topic: bytes, payload: bytes, now: Moment) -> None:
        """Take one message of the centre's PUB; what is not ours is counted and left."""
        try:
            if topic == TOPIC_HEARTBEAT:
                self._centre_beat(payload, now)
            elif not self.centre.is_usable:
                self.counters["unusable"] += 1
            elif topic == TOPIC_CHANGE:
                self.facts.hinted(codec.unpack(payload, Change))
            else:
                raise frames.BadFrame(f"unknown topic {topic!r}")
        except (frames.BadFrame, codec.BadMessage) as fault:
            self._garbage("centre", fault)

    def replied(self, data: bytes, now: Moment) -> None:
        """Take one message from a door."""
        try:
            versions.refuse_other(data)
            reply = codec.unpack(data, Reply)
        except Refused as fault:  # not ours, or of another version, which the light of its daemon tells
            self._garbage("a door", fault)
            return
        errand = self.errands.answered(reply.id)
        if errand is None:
            self.counters["late_replies"] += 1
        else:
            self.settler.close(errand, reply, now.monotonic_ns)

    def wish(self, wish: Wish, now: Moment) -> None:
        """Take a wish of the pages."""
        match wish:
            case SendCommand():
                kind = KIND_OF[type(wish.command)]
                self._begin(now, Door.COMMANDS, kind, wish.command, request_id=wish.id, is_command=True)
            case TakeSeat():
                self.settler.take_seat(wish.signed_on)
            case WantWindow():
                owner = self.shards.owner(wish.ask.vital).number
                slot = f"window {wish.slot}"
                self._begin(now, Door.INGEST, "window", wish.ask, request_id=wish.id, slot=slot, shard=owner)
            case WantPreview():
                self._ask_previews(wish, now)
            case WantAnswer():
                door = Door.HISTORY if wish.of_historian else _door_of(wish.kind)
                shard = self._asked_shard(wish.ask) if door is Door.INGEST else 0
                slot = f"answer {wish.slot}"
                self._begin(now, door, wish.kind, wish.ask, request_id=wish.id, slot=slot, shard=shard)
            case WantSeats():
                self._begin(now, Door.CENTRE, "seats", HELLO, request_id=wish.id, slot="seats")
            case Watch():
                self._watched = wish.vitals
                for one in self.shards.each:
                    one.lease_at = None

    def catalogue_read(self, unread: Unread, view: CatalogueView | None) -> bool:
        """Take a decoded catalogue; return whether it is now the one held."""
        if not self.catalogue.read(unread, view) or view is None:
            return False
        self.settler.inbox.catalogue = view
        self.shards.adopt(view.version, view.count, confirmed=self.catalogue.is_confirmed)
        return True

    def turn(self, now: Moment) -> list[Errand]:
        """Let time decide, and return what to send now. Call it at least every tick (50 ms)."""
        if self._last_turn is not None and now.monotonic_ns - self._last_turn > SLEPT_NS:
            for shard in self.shards.each:
                shard.link.slept()
            self.centre.slept()
        self._last_turn = now.monotonic_ns
        self._want(now)
        verdicts = self.errands.judge(now.monotonic_ns)
        for errand, reply in verdicts.ended:
            self.settler.close(errand, reply, now.monotonic_ns)
        self.settler.inbox.unsure.extend(verdicts.unsure)
        for shard in self.shards.each:
            owes = self._overdue(f"ingest-{shard.number}", shard.owes, now)
            self._links_changed |= shard.link.judge(now, owes=owes)
        self._links_changed |= self.centre.judge(now, owes=self._overdue("centre", self._centre_owes(), now))
        return self.errands.due(now.monotonic_ns)

    def post(self) -> Post | None:
        """Return everything new since the last post, None when there is nothing."""
        inbox = self.settler.take_inbox()
        state, facts, watch = self.shards.news(), self.facts.news(), self._watch.news()
        self._doubts_seat = self._doubts_seat or (facts is not None and ("session", self.settler.seat) in facts.gone)
        links = self._links() if self._links_changed else None
        self._links_changed = False
        if inbox.is_empty and not any(part is not None for part in (state, facts, watch, links)):
            return None
        return Post(
            catalogue=inbox.catalogue,
            state=state,
            facts=facts,
            watch=watch,
            links=links,
            own_centre=inbox.own_centre,
            sign_on=inbox.sign_on,
            seats=inbox.seats,
            replies=tuple(inbox.replies),
            unsure=tuple(inbox.unsure),
            windows=tuple(inbox.windows),
            previews=tuple(inbox.previews),
            answers=tuple(inbox.answers),
        )

    def state_post(self) -> Post | None:
        """Return the vitals that changed since the last post and nothing else; None when none did.

        Facts, links and watched samples are worth a post once per tick only: sorting the alarms of a bad night takes
        9 ms, the way of a sample must not wait for it.
        """
        state = self.shards.news()
        return None if state is None else Post(state=state)

    def _links(self) -> Links:
        ingest, shards = self.shards.links()
        return Links(ingest=ingest, centre=self.centre.state, shards=shards if len(shards) > 1 else ())

    def _ingest_beat(self, shard: Shard, payload: bytes, now: Moment) -> None:
        beat = shard.link.heard(payload, now)
        self._links_changed = True
        if beat is None:
            return
        if shard.state.epoch and beat.epoch > shard.state.epoch:
            self.errands.resend((Door.INGEST,), shard=shard.number)
            shard.lease_at = None
            self._watch.lose()
        shard.state.heard(beat, now.monotonic_ns)

    def _centre_beat(self, payload: bytes, now: Moment) -> None:
        beat = self.centre.heard(payload, now)
        self._links_changed = True
        if beat is None:
            return
        for shard in self.shards.each:
            shard.link.expect_realm(beat.realm)
        if self.facts.epoch and beat.epoch > self.facts.epoch:
            self.errands.resend((Door.CENTRE, Door.COMMANDS))
        self.facts.heard(beat, now.monotonic_ns)
        view = self.catalogue.view
        if self.catalogue.named(beat.catalogue) and view is not None:
            self.shards.adopt(view.version, view.count, confirmed=self.catalogue.is_confirmed)

    def _take_watched(self, shard: Shard, frame: frames.Frame) -> None:
        if not shard.follows_watch(frame):
            self._watch.lose()
        self._watch.take(frame)

    def _ask_previews(self, wish: WantPreview, now: Moment) -> None:
        """Every daemon is asked: each knows what would alarm of its own vitals."""
        for shard in self.shards.each:
            alone = len(self.shards.each) == 1
            request_id, slot = (
                (wish.id, "preview") if alone else (f"{wish.id}/{shard.number}", f"preview {shard.number}")
            )
            self._begin(
                now, Door.INGEST, "preview", wish.ask, request_id=request_id, slot=slot, shard=shard.number
            )  # fmt: skip

    def _asked_shard(self, ask: object) -> int:
        """Return who knows about the vitals an ask is of: one of none or of all goes to the first daemon."""
        vitals = getattr(ask, "vitals", ()) or (getattr(ask, "vital", None),)
        return self.shards.owner(vitals[0]).number if isinstance(vitals[0], int) else 0

    def _want(self, now: Moment) -> None:
        """Begin the errands the replica itself needs."""
        at = now.monotonic_ns
        for shard in self.shards.each:
            if (state_id := shard.state.asks(at)) is not None:
                request_id = f"{state_id}/{shard.number}" if shard.number else state_id
                self._begin(now, Door.INGEST, "snapshot", HELLO, request_id=request_id, shard=shard.number)
        if (ask := self.facts.asks(at)) is not None:
            kind, body = ("snapshot", HELLO) if ask.since is None else ("changes.since", ask.since)
            self._begin(now, Door.CENTRE, kind, body, request_id=ask.id, slot="facts")
        if self.settler.reading and (version := self.catalogue.asks(at)) is not None:
            wanted, patience = AskCatalogue(version=version), CATALOGUE_PATIENCE_NS
            self._begin(now, Door.CENTRE, "catalogue.get", wanted, slot="catalogue", patience_ns=patience)
        if self.facts.epoch > self.settler.greeted_epoch:
            self.settler.greeted_epoch = self.facts.epoch
            self._begin(now, Door.CENTRE, "hello", HELLO, slot="hello")
        if (
            self._doubts_seat
        ):  # Our seat's session ended in the journal: the refusal of any ask tells whether it is ours.
            self._doubts_seat = False
            self._begin(now, Door.CENTRE, "changes.since", AskChanges(after=self.facts.through, limit=1), slot="seat")
        for held in self.settler.history.due():
            self._begin(
                now, Door.HISTORY, "window", held.ask, request_id=held.id, slot=held.slot, patience_ns=PATIENCE_NS
            )
        self._say_here(now)
        self._renew_lease(now)

    def _say_here(self, now: Moment) -> None:
        """Tell the centre that somebody's console lives; a screen nobody signed on at has no seat to speak for."""
        if not self.settler.token or self.is_frozen:
            self._here_at = None
        elif self._here_at is None or now.monotonic_ns - self._here_at >= HERE_EVERY_NS:
            self._here_at = now.monotonic_ns
            self._begin(now, Door.CENTRE, "session.here", HELLO, slot="here")

    def _renew_lease(self, now: Moment) -> None:
        if not self._watched:
            return
        of_owner = self.shards.of_owner(self._watched)
        for shard in self.shards.each:
            vitals = of_owner[shard.number]
            if not vitals or shard.state.epoch == 0:
                continue
            if shard.lease_at is None or now.monotonic_ns - shard.lease_at >= LEASE_RENEWED_NS:
                shard.lease_at = now.monotonic_ns
                slot = f"watch {shard.number}"
                self._begin(now, Door.INGEST, "watch", AskWatch(vitals=vitals), slot=slot, shard=shard.number)

    def _centre_owes(self) -> str:
        return "link.refreshing" if self.settler.reading and not self.facts.complete else ""

    def _overdue(self, daemon: str, owes: str, now: Moment) -> str:
        """Return the reason once it has stood for a while."""
        if not owes:
            self._owing_since.pop(daemon, None)
            return ""
        since = self._owing_since.setdefault(daemon, now.monotonic_ns)
        return owes if now.monotonic_ns - since >= OWED_FOR_NS else ""

    def _begin(
        self,
        now: Moment,
        door: Door,
        kind: str,
        body: object,
        *,
        request_id: str = "",
        slot: str = "",
        shard: int = 0,
        is_command: bool = False,
        patience_ns: int = 5 * NS_PER_S,
    ) -> None:
        self._asks += 1
        request = Request(
            id=request_id or f"{kind}-{self._asks}", kind=kind, body=codec.pack(body), session=self.settler.reading
        )
        errand = Errand(
            request=request, door=door, shard=shard, slot=slot, is_command=is_command, patience_ns=patience_ns
        )
        self.errands.begin(errand, now.monotonic_ns)

    def _garbage(self, source: str, fault: Exception) -> None:
        self.counters["garbage"] += 1
        if self.counters["garbage"] <= GARBAGE_LOGGED:
            logger.warning("a message from %s cannot be used and is left: %s", source, fault)


def _door_of(kind: str) -> Door:
    """Return who answers an ask of a page; `status` and `hello` mean ingest's."""
    if kind in INGEST_ASKS:
        return Door.INGEST
    if kind in SURVEY_ASKS:
        return Door.SURVEY
    return Door.HISTORY if kind in HISTORY_ASKS else Door.CENTRE

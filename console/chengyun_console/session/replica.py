"""What the session knows and wants, without a socket: messages, replies, wishes, instants in; errands, posts out."""

import logging
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from chengyun_console.session.answers import PreviewAnswer, SignOnEnded, no_series, preview_of, series_of
from chengyun_console.session.catalogue_care import CatalogueCare, Unread
from chengyun_console.session.errands import Door, Errand, Errands, trouble
from chengyun_console.session.inbox import Inbox
from chengyun_console.session.mailbox import Post
from chengyun_console.session.watched import WatchBuffer
from chengyun_console.session.wishes import SendCommand, WantPreview, WantSeats, WantWindow, Watch, Wish
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.fact_stream import FactStream
from chengyun_core.mirror.links import Links, LinkWatch, Moment
from chengyun_core.mirror.state_stream import StateStream
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import KIND_OF
from chengyun_core.model.failure import Reason
from chengyun_core.wire import codec, frames
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH
from chengyun_core.wire.envelope import (
    AskCatalogue,
    AskPreview,
    AskWatch,
    AskWindow,
    Changes,
    Hello,
    Preview,
    Reply,
    Request,
    Seats,
    SignedOn,
    Snapshot,
    Welcome,
    Window,
)

SLEPT_NS = 1_500_000_000
"""A turn that comes this late means that the process was stopped or the machine slept (RF30)."""
OWED_FOR_NS = NS_PER_S
"""A debt older than this is shown; most are paid within a tenth of a second and would only make the light flicker."""
GARBAGE_LOGGED = 10
"""Messages told in the log; the rest is only counted, so that a broken daemon cannot fill the disk."""
LEASE_RENEWED_NS = 4 * NS_PER_S
CATALOGUE_PATIENCE_NS = 20 * NS_PER_S

HELLO = Hello(protocol=PROTOCOL_VERSION, client="console")

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Replica:
    """The whole protocol of a console. Owned by one thread (the reader's, or a test's)."""

    def __init__(self) -> None:
        self.ingest = LinkWatch("ingest")
        self.centre = LinkWatch("centre")
        self.state = StateStream()
        self.facts = FactStream()
        self.catalogue = CatalogueCare()
        self.errands = Errands()
        self.inbox = Inbox()
        """What came for the pages since the last post."""
        self.counters: Counter[str] = Counter()
        """`garbage`: messages on PUB that are not ours; `late_replies`: answers nobody waits for."""
        self.token = ""
        self._watch = WatchBuffer()
        self._watch_at = (0, 0)
        self._watched: tuple[int, ...] = ()
        self._lease_at: int | None = None
        self._owing_since: dict[str, int] = {}
        self._last_turn: int | None = None
        self._links_changed = True
        self._greeted = 0
        self._asks = 0

    def heard_ingest(self, topic: bytes, payload: bytes, now: Moment) -> None:
        """Take one message of ingest's PUB; what is not ours is counted and left."""
        try:
            if topic == TOPIC_HEARTBEAT:
                self._ingest_beat(payload, now)
            elif not self.ingest.is_usable:
                self.counters["unusable"] += 1
            elif topic == TOPIC_STATE:
                self.state.took(_of_kind(frames.decode(payload), frames.FrameKind.STATE), now.monotonic_ns)
            elif topic == TOPIC_WATCH:
                self._take_watched(_of_kind(frames.decode(payload), frames.FrameKind.WATCH))
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
            reply = codec.unpack(data, Reply)
        except codec.BadMessage as fault:
            self._garbage("a door", fault)
            return
        errand = self.errands.answered(reply.id)
        if errand is None:
            self.counters["late_replies"] += 1
        else:
            self._close(errand, reply, now)

    def wish(self, wish: Wish, now: Moment) -> None:
        """Take a wish of the pages."""
        match wish:
            case SendCommand():
                kind = KIND_OF[type(wish.command)]
                self._begin(now, Door.COMMANDS, kind, wish.command, request_id=wish.id, is_command=True)
            case WantWindow():
                self._begin(now, Door.INGEST, "window", wish.ask, request_id=wish.id, slot=f"window {wish.slot}")
            case WantPreview():
                self._begin(now, Door.INGEST, "preview", wish.ask, request_id=wish.id, slot="preview")
            case WantSeats():
                self._begin(now, Door.CENTRE, "seats", HELLO, request_id=wish.id, slot="seats")
            case Watch():
                self._watched, self._lease_at = wish.vitals, None

    def catalogue_read(self, unread: Unread, view: CatalogueView | None) -> bool:
        """Take a decoded catalogue; return whether it is now the one held."""
        if not self.catalogue.read(unread, view) or view is None:
            return False
        self.inbox.catalogue = view
        self.state.adopt(view.version, view.count, confirmed=self.catalogue.is_confirmed)
        return True

    def turn(self, now: Moment) -> list[Errand]:
        """Let time decide, and return what to send now. Call it at least every tick."""
        if self._last_turn is not None and now.monotonic_ns - self._last_turn > SLEPT_NS:
            self.ingest.slept()
            self.centre.slept()
        self._last_turn = now.monotonic_ns
        self._want(now)
        verdicts = self.errands.judge(now.monotonic_ns)
        for errand, reply in verdicts.ended:
            self._close(errand, reply, now)
        self.inbox.unsure.extend(verdicts.unsure)
        for watch, owes in ((self.ingest, self._ingest_owes()), (self.centre, self._centre_owes())):
            self._links_changed |= watch.judge(now, owes=self._overdue(watch.state.daemon, owes, now))
        return self.errands.due(now.monotonic_ns)

    def post(self) -> Post | None:
        """Return everything new since the last post, None when there is nothing."""
        inbox, self.inbox = self.inbox, Inbox()
        state, facts, watch = self.state.news(), self.facts.news(), self._watch.news()
        links = Links(ingest=self.ingest.state, centre=self.centre.state) if self._links_changed else None
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
        )

    def _ingest_beat(self, payload: bytes, now: Moment) -> None:
        beat = self.ingest.heard(payload, now)
        self._links_changed = True
        if beat is None:
            return
        if self.state.epoch and beat.epoch > self.state.epoch:
            self._restarted((Door.INGEST,))
        self.state.heard(beat)

    def _centre_beat(self, payload: bytes, now: Moment) -> None:
        beat = self.centre.heard(payload, now)
        self._links_changed = True
        if beat is None:
            return
        self.ingest.expect_realm(beat.realm)
        if self.facts.epoch and beat.epoch > self.facts.epoch:
            self._restarted((Door.CENTRE, Door.COMMANDS))
        self.facts.heard(beat)
        view = self.catalogue.view
        if self.catalogue.named(beat.catalogue) and view is not None:
            self.state.adopt(view.version, view.count, confirmed=self.catalogue.is_confirmed)

    def _restarted(self, doors: tuple[Door, ...]) -> None:
        self.errands.resend(doors)
        self._lease_at = None
        if Door.INGEST in doors:
            self._watch.lose()

    def _take_watched(self, frame: frames.Frame) -> None:
        epoch, seq = self._watch_at
        if frame.head.epoch == epoch and frame.head.seq != seq + 1:
            self._watch.lose()
        self._watch_at = frame.head.epoch, frame.head.seq
        self._watch.take(frame)

    def _want(self, now: Moment) -> None:
        """Begin the errands the replica itself needs."""
        at = now.monotonic_ns
        if (state_id := self.state.asks(at)) is not None:
            self._begin(now, Door.INGEST, "snapshot", HELLO, request_id=state_id)
        if (ask := self.facts.asks(at)) is not None:
            kind, body = ("snapshot", HELLO) if ask.since is None else ("changes.since", ask.since)
            self._begin(now, Door.CENTRE, kind, body, request_id=ask.id, slot="facts")
        if self.token and (version := self.catalogue.asks(at)) is not None:
            wanted, patience = AskCatalogue(version=version), CATALOGUE_PATIENCE_NS
            self._begin(now, Door.CENTRE, "catalogue.get", wanted, slot="catalogue", patience_ns=patience)
        if self.facts.epoch > self._greeted:
            self._greeted = self.facts.epoch
            self._begin(now, Door.CENTRE, "hello", HELLO, slot="hello")
        self._renew_lease(now)

    def _renew_lease(self, now: Moment) -> None:
        if not self._watched or self.state.epoch == 0:
            return
        if self._lease_at is None or now.monotonic_ns - self._lease_at >= LEASE_RENEWED_NS:
            self._lease_at = now.monotonic_ns
            self._begin(now, Door.INGEST, "watch", AskWatch(vitals=self._watched), slot="watch")

    def _ingest_owes(self) -> str:
        if self.state.awaits_catalogue is not None:
            return "link.catalogue_awaited"
        return "link.refreshing" if self.state.owes else ""

    def _centre_owes(self) -> str:
        return "link.refreshing" if self.token and not self.facts.complete else ""

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
        is_command: bool = False,
        patience_ns: int = 5 * NS_PER_S,
    ) -> None:
        self._asks += 1
        request = Request(id=request_id or f"{kind}-{self._asks}", kind=kind, body=codec.pack(body), session=self.token)
        errand = Errand(request=request, door=door, slot=slot, is_command=is_command, patience_ns=patience_ns)
        self.errands.begin(errand, now.monotonic_ns)

    def _close(self, errand: Errand, reply: Reply, now: Moment) -> None:
        """Give a reply to whom it belongs; one whose body is not what was asked counts as trouble."""
        try:
            self._settle(errand, reply, now)
        except (codec.BadMessage, frames.BadFrame, ValueError) as fault:
            self._garbage(errand.door.value, fault)
            reason = Reason(code="session.bad_answer", params={"kind": errand.request.kind})
            self._settle(errand, trouble(reply.id, reason), now)

    def _settle(self, errand: Errand, reply: Reply, now: Moment) -> None:
        if reply.outcome == "refused" and reply.code.startswith("session.") and errand.request.session:
            self._lost_seat(errand, reply)
        match errand.door, errand.request.kind:
            case Door.INGEST, "snapshot":
                self._snapshot_came(reply, now)
            case Door.CENTRE, "snapshot":
                self._facts_came(reply, Snapshot, self.facts.snapped)
            case Door.CENTRE, "changes.since":
                self._facts_came(reply, Changes, self.facts.ranged)
            case Door.COMMANDS, "session.sign_on":
                self._sign_on_ended(reply)
            case Door.COMMANDS, kind:
                if kind == "session.sign_off" and reply.outcome == "done":
                    self._hold("")
                self.inbox.replies.append(reply)
            case _, kind:
                self._ask_ended(kind, errand, reply)

    def _ask_ended(self, kind: str, errand: Errand, reply: Reply) -> None:
        done = reply.outcome == "done"
        reason = None if done else Reason(code=reply.code, params=reply.params)
        match kind:
            case "window":
                ask = codec.unpack(errand.request.body, AskWindow)
                series = no_series(ask, reason) if reason else series_of(ask, codec.unpack(reply.body, Window))
                self.inbox.windows.append((reply.id, series))
            case "preview":
                wanted = codec.unpack(errand.request.body, AskPreview).threshold_set
                failed = PreviewAnswer(threshold_set=wanted, failed=reason)
                self.inbox.previews.append(
                    (reply.id, failed if reason else preview_of(codec.unpack(reply.body, Preview)))
                )
            case "seats" if done:
                self.inbox.seats = codec.unpack(reply.body, Seats)
            case "hello" if done:
                self.inbox.own_centre = codec.unpack(reply.body, Welcome).centre
            case "hello":
                self._greeted = 0
            case "catalogue.get" if done:
                self.catalogue.came(codec.unpack(errand.request.body, AskCatalogue).version, reply.body)
            case _:
                if reason is not None:
                    logger.warning("%s was answered with %s %s", kind, reason.code, reason.params)

    def _snapshot_came(self, reply: Reply, now: Moment) -> None:
        if reply.outcome != "done":
            self.state.unanswered()
            return
        frame = _of_kind(frames.decode(reply.body), frames.FrameKind.SNAPSHOT)
        self.state.answered(frame, now.monotonic_ns)

    def _facts_came(self, reply: Reply, kind: type[T], take: Callable[[str, T], None]) -> None:
        if reply.outcome == "done":
            take(reply.id, codec.unpack(reply.body, kind))
        else:
            self.facts.unanswered(reply.id)

    def _sign_on_ended(self, reply: Reply) -> None:
        if reply.outcome != "done":
            self.inbox.sign_on = SignOnEnded(signed_on=None, failed=Reason(code=reply.code, params=reply.params))
            return
        signed_on = codec.unpack(reply.body, SignedOn)
        self._hold(signed_on.token)
        self.inbox.sign_on = SignOnEnded(signed_on=signed_on)

    def _lost_seat(self, errand: Errand, reply: Reply) -> None:
        """The centre knows our session no longer (signed off elsewhere, expired, account disabled)."""
        if errand.request.session == self.token:
            self._hold("")
            self.inbox.sign_on = SignOnEnded(signed_on=None, failed=Reason(code=reply.code, params=reply.params))

    def _hold(self, token: str) -> None:
        self.token = token
        self.facts.allow(allowed=bool(token))

    def _garbage(self, source: str, fault: Exception) -> None:
        self.counters["garbage"] += 1
        if self.counters["garbage"] <= GARBAGE_LOGGED:
            logger.warning("a message from %s cannot be used and is left: %s", source, fault)


def _of_kind(frame: frames.Frame, kind: frames.FrameKind) -> frames.Frame:
    if frame.head.kind is not kind:
        raise frames.BadFrame(f"a {frame.head.kind.name} frame where a {kind.name} frame belongs")
    return frame

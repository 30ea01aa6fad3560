"""What an answer means: to whom it belongs, what it brings for the pages, and what it says about our seat."""

import logging
from collections.abc import Callable
from typing import TypeVar

from chengyun_console.session.answers import PreviewAnswer, SignOnEnded, no_series, preview_of, series_of
from chengyun_console.session.catalogue_care import CatalogueCare
from chengyun_console.session.errands import Door, Errand, trouble
from chengyun_console.session.history import Held, HistoryAsks
from chengyun_console.session.inbox import Inbox
from chengyun_console.session.shards import Shards
from chengyun_core.mirror.fact_stream import FactStream
from chengyun_core.model.failure import Reason
from chengyun_core.wire import codec, frames
from chengyun_core.wire.ask_tables import pair_of
from chengyun_core.wire.envelope import (
    HISTORY_ASKS,
    INGEST_ASKS,
    AskCatalogue,
    AskPreview,
    AskWindow,
    Changes,
    Preview,
    Reply,
    Seats,
    SignedOn,
    Snapshot,
    Welcome,
    Window,
)
from chengyun_core.wire.survey_asks import SURVEY_ASKS

SEAT_LOST = frozenset({"session.expired", "session.none"})
"""Refusals by which the centre says that it knows our session no longer."""
_SENSED = {Door.HISTORY: HISTORY_ASKS, Door.INGEST: INGEST_ASKS, Door.SURVEY: SURVEY_ASKS}

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Settler:
    """Takes every answer, ours included (time-outs). Owned by the reader's thread."""

    def __init__(self, shards: Shards, facts: FactStream, catalogue: CatalogueCare) -> None:
        self.shards = shards
        self.facts = facts
        self._previews: dict[str, list[PreviewAnswer]] = {}
        self.catalogue = catalogue
        self.history = HistoryAsks()
        self.inbox = Inbox()
        """What came for the pages since the last post."""
        self.token = ""
        """Of our session at the centre; empty while nobody is signed on."""
        self.screen_key = ""
        """Lets this console read facts while nobody is signed on: the strip is never dark. Empty: not found yet."""
        self.seat = self.account = ""
        self.greeted_epoch = 0
        """Run of the centre that was asked for its name; 0: ask (again)."""

    @property
    def reading(self) -> str:
        """Return by what right facts are read: the officer's session, else the screen's key; empty: by none."""
        return self.token or self.screen_key

    def take_screen_key(self, key: str) -> None:
        """Read facts by this key whenever nobody is signed on."""
        self.screen_key = key
        self.facts.allow(allowed=bool(self.reading))

    def take_inbox(self) -> Inbox:
        """Return what came, and begin anew."""
        inbox, self.inbox = self.inbox, Inbox()
        return inbox

    def close(self, errand: Errand, reply: Reply, now_ns: int) -> None:
        """Give a reply to whom it belongs; one whose body is not what was asked counts as trouble."""
        try:
            self._settle(errand, reply, now_ns)
        except (codec.BadMessage, frames.BadFrame, ValueError) as fault:
            logger.warning("the answer to %s cannot be used: %s", errand.request.kind, fault)
            reason = Reason(code="session.bad_answer", params={"kind": errand.request.kind})
            self._settle(errand, trouble(reply.id, reason), now_ns)

    def _settle(self, errand: Errand, reply: Reply, now_ns: int) -> None:
        if reply.outcome == "refused" and reply.code in SEAT_LOST:
            self._lost_seat(errand, reply)
        match errand.door, errand.request.kind:
            case Door.INGEST, "snapshot":
                self._snapshot_came(errand.shard, reply, now_ns)
            case Door.CENTRE, "snapshot":
                self._facts_came(reply, Snapshot, self.facts.snapped)
            case Door.CENTRE, "changes.since":
                self._facts_came(reply, Changes, self.facts.ranged)
            case Door.COMMANDS, "session.sign_on":
                self._sign_on_ended(reply)
            case Door.COMMANDS, "session.break_glass" if reply.outcome == "done":
                # Whose it becomes was nobody's before: never «again», whatever seat was held.
                self.take_seat(codec.unpack(reply.body, SignedOn))
            case Door.COMMANDS, kind:
                if kind == "session.sign_off" and reply.outcome == "done":
                    self._hold("", "")
                    self.inbox.sign_on = SignOnEnded(signed_on=None)
                self.inbox.replies.append(reply)
            case _, kind:
                self._ask_ended(kind, errand, reply, now_ns)

    def _ask_ended(self, kind: str, errand: Errand, reply: Reply, now_ns: int) -> None:
        done = reply.outcome == "done"
        reason = None if done else Reason(code=reply.code, params=reply.params)
        match kind:
            case "window":
                self._window_came(errand, reply, reason, now_ns)
            case "preview":
                wanted = codec.unpack(errand.request.body, AskPreview).threshold_set
                failed = PreviewAnswer(threshold_set=wanted, failed=reason)
                self._preview_came(reply.id, failed if reason else preview_of(codec.unpack(reply.body, Preview)))
            case "seats" if done:
                self.inbox.seats = codec.unpack(reply.body, Seats)
            case "hello" if done:
                self.inbox.own_centre = codec.unpack(reply.body, Welcome).centre
            case "hello" if reply.outcome == "trouble":
                self.greeted_epoch = 0
            case "catalogue.get" if done:
                self.catalogue.came(codec.unpack(errand.request.body, AskCatalogue).version, reply.body)
            case _ if errand.slot.startswith("answer "):
                self.inbox.answers.append((reply.id, reason or _answer_to(errand.door, kind, reply.body)))
            case _:
                if reason is not None:
                    logger.warning("%s was answered with %s %s", kind, reason.code, reason.params)

    def _preview_came(self, request_id: str, preview: PreviewAnswer) -> None:
        """Hand on what all daemons together answered; one that failed makes the whole unknown: half a count lies."""
        wish, _, _ = request_id.partition("/")
        if wish not in self._previews:
            self._previews = {wish: []}
        parts = self._previews[wish]
        parts.append(preview)
        if len(parts) < len(self.shards.each):
            return
        del self._previews[wish]
        failed = next((part for part in parts if part.failed is not None), None)
        alarming = tuple(sorted(alarm for part in parts for alarm in part.would_alarm))
        whole = failed or PreviewAnswer(threshold_set=preview.threshold_set, would_alarm=alarming)
        self.inbox.previews.append((wish, whole))

    def _window_came(self, errand: Errand, reply: Reply, reason: Reason | None, now_ns: int) -> None:
        ask = codec.unpack(errand.request.body, AskWindow)
        series = no_series(ask, reason) if reason else series_of(ask, codec.unpack(reply.body, Window))
        if errand.door is Door.HISTORY:
            series = self.history.answered(reply.id, errand.slot, series, now_ns)
        elif self.history.takes(Held(id=reply.id, ask=ask, slot=errand.slot, series=series), now_ns):
            return
        else:
            series = self.history.alone(ask, series)
        self.inbox.windows.append((reply.id, series))

    def _snapshot_came(self, number: int, reply: Reply, now_ns: int) -> None:
        state = self.shards.each[number].state
        if reply.outcome != "done":
            state.unanswered()
            return
        frame = frame_of(reply.body, frames.FrameKind.SNAPSHOT)
        self.shards.took(frame, number, now_ns, state.answered)

    def _facts_came(self, reply: Reply, kind: type[T], take: Callable[[str, T], None]) -> None:
        if reply.outcome == "done":
            take(reply.id, codec.unpack(reply.body, kind))
        else:
            self.facts.unanswered(reply.id)

    def _sign_on_ended(self, reply: Reply) -> None:
        if reply.outcome != "done":
            failed = Reason(code=reply.code, params=reply.params)
            self.inbox.sign_on = SignOnEnded(signed_on=None, failed=failed, again=bool(self.token))
            return
        signed_on = codec.unpack(reply.body, SignedOn)
        again = bool(self.token) and (signed_on.seat, signed_on.account) == (self.seat, self.account)
        self._hold(signed_on.token, signed_on.seat, signed_on.account)
        self.inbox.sign_on = SignOnEnded(signed_on=signed_on, again=again)

    def take_seat(self, signed_on: SignedOn) -> None:
        """Hold a session that is there already: a broken glass's, or one that was opened at the machine."""
        self._hold(signed_on.token, signed_on.seat, signed_on.account)
        self.inbox.sign_on = SignOnEnded(signed_on=signed_on)

    def _lost_seat(self, errand: Errand, reply: Reply) -> None:
        """The centre knows our session no longer (signed off elsewhere, expired, account disabled)."""
        if self.token and errand.request.session == self.token:
            self._hold("", "")
            self.inbox.sign_on = SignOnEnded(signed_on=None, failed=Reason(code=reply.code, params=reply.params))

    def _hold(self, token: str, seat: str, account: str = "") -> None:
        self.token, self.seat, self.account = token, seat, account
        self.facts.allow(allowed=bool(self.reading))


def _answer_to(door: Door, kind: str, body: bytes) -> object:
    """Return the record an ask of a page is answered with; raise wire.codec.BadMessage when the body is no such one."""
    _ask, record = _SENSED[door][kind] if door in _SENSED else pair_of(kind)
    if record is None:
        raise codec.BadMessage(f"{kind} has no answer of its own")
    return codec.unpack(body, record)


def frame_of(data: bytes, kind: frames.FrameKind) -> frames.Frame:
    """Return the frame in `data`; raise BadFrame when it is none, or of another kind."""
    frame = frames.decode(data)
    if frame.head.kind is not kind:
        raise frames.BadFrame(f"a {frame.head.kind.name} frame where a {kind.name} frame belongs")
    return frame

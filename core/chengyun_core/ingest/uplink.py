"""The talk with the centre, sans-io: what to send next and what an answer means. The daemon moves the bytes.

Order of business on each connection: catalogue, activations in runs, and when the spool is empty the table of bands.
Every request is repeated with the same content until it is answered; the centre dedupes, so repeating is harmless.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from chengyun_core.ingest.spool import Spool
from chengyun_core.model.activation import BandNow
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec, versions
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskCatalogue, Confirmed, Heartbeat, Reply, Request, SendActivations, SendBands
from chengyun_core.wire.mode_asks import AskSets, SendRunning, SetsTold

logger = logging.getLogger(__name__)

RUN = 500
"""Activations sent in one request."""
SILENT_NS = 1_500_000_000
"""Without a heartbeat for this long the centre counts as down."""
REFUSED_PAUSE_NS = 2_000_000_000
"""After a refusal or trouble the same request waits this long."""
SAY_EVERY_NS = 2_000_000_000
"""An idle daemon says so often which catalogue it works with: who previews a switch of the mode is told who lives."""
GARBAGE_LOGGED = 20


class Hearer(Protocol):
    """What the uplink tells the daemon."""

    def catalogue_came(self, catalogue: Catalogue) -> None:
        """A catalogue of another version was fetched. Raises Refused when it cannot be worked with."""
        ...


@dataclass(slots=True, kw_only=True)
class _Pending:
    request: Request
    sent_ns: int
    about: int
    """Number of the last activation in it, or the catalogue version asked for."""


class Uplink:
    """One outstanding request at a time. All times are monotonic ns."""

    def __init__(
        self, spool: Spool, hearer: Hearer, *, process_epoch: int, timeout_s: float, session: Callable[[], str],
        profile_ns: Callable[[], int], bands: Callable[[], Iterable[BandNow]],
    ) -> None:  # fmt: skip
        self._spool = spool
        self._hearer = hearer
        self._process_epoch = process_epoch
        self._timeout_ns = round(timeout_s * 1e9)
        self._session = session
        self._profile_ns = profile_ns
        self._bands_now = bands
        self._pending: _Pending | None = None
        self._asked = 0
        self._not_before_ns = 0
        self._heard_ns: int | None = None
        self._centre_epoch = 0
        self._wanted_version: int | None = None
        self._dropped_seen = spool.dropped
        self.catalogue = Catalogue()
        self._said_ns = 0
        """When anything was asked of the centre last."""
        self._sets_asked = 0
        """Version of which it was asked whether only sets differ."""
        self._ran: tuple[int, int] | None = None
        """(version, refused version) the centre was told last that we work with; None: it has to be told anew."""
        self.refused_version: int | None = None
        """A catalogue version the engine could not work with; light `catalogue` says so."""
        self.bands_due = True
        """Whether the centre has still to be told every band, since start, reconnect or a spool that overflowed."""
        self.owned: Callable[[], tuple[tuple[int, int], ...]] | None = None
        """Numbers of our vitals as runs [from, to), set when there are several daemons; None: all of the catalogue."""
        self.garbage = 0
        """Heartbeats of the centre that could not be read."""
        self.light = "ingest.centre_unheard"
        """`ok`, or why facts do not reach the centre."""

    def knows(self, catalogue: Catalogue) -> None:
        """Start from this catalogue (cache)."""
        self.catalogue = catalogue

    def heard(self, beat: Heartbeat, now_ns: int) -> None:
        """Take a heartbeat of the centre; a new epoch, or one after a silence, means that bands must be told again."""
        if beat.protocol != PROTOCOL_VERSION:
            self.heard_other_protocol()
            return
        if beat.epoch != self._centre_epoch or not self.is_connected(now_ns):
            self._centre_epoch = beat.epoch
            self._pending = None  # it was lost with the connection; it is made anew, and the centre dedupes
            self._not_before_ns = 0
            self.bands_due = True
            self._ran = None
        self._heard_ns = now_ns
        self._wanted_version = beat.catalogue
        if self.light in ("ingest.centre_unheard", "ingest.centre_silent", "ingest.centre_protocol"):
            self.light = "ok"

    def heard_other_protocol(self) -> None:
        """Take note that the centre speaks another version: nothing is sent to it, and nothing of it is believed."""
        self.light = "ingest.centre_protocol"
        self._heard_ns = None

    def heard_garbage(self, fault: Refused) -> None:
        """Count a heartbeat that is none; the log tells of the first ones only, they could come four times a second."""
        self.garbage += 1
        if self.garbage <= GARBAGE_LOGGED:
            logger.warning("a heartbeat of the centre cannot be read: %s", fault)

    def is_connected(self, now_ns: int) -> bool:
        """Return whether the centre's heartbeat was heard lately."""
        return self._heard_ns is not None and now_ns - self._heard_ns < SILENT_NS

    def due(self, now_ns: int) -> Request | None:
        """Return the request to send now, None when there is none or an answer is still awaited."""
        if not self.is_connected(now_ns):
            if self._heard_ns is not None:
                self.light = "ingest.centre_silent"
            return None
        if self._pending is not None:
            if now_ns - self._pending.sent_ns < self._timeout_ns:
                return None
            logger.info("no answer of the centre to %s, sent again", self._pending.request.kind)
            self.light = "ingest.centre_slow"
            self.bands_due = True
            self._pending.sent_ns = now_ns
            return self._pending.request
        if now_ns < self._not_before_ns:
            return None
        self._pending = self._next(now_ns)
        return self._pending.request if self._pending else None

    def answered(self, data: bytes, now_ns: int) -> None:
        """Take an answer; one that belongs to no open request is ignored (a late answer to a repeated one)."""
        try:
            versions.refuse_other(data)
            reply = codec.unpack(data, Reply)
        except Refused as fault:
            logger.warning("the centre answers what is no reply: %s", fault)
            return
        pending = self._pending
        if pending is None or reply.id != pending.request.id:
            return
        self._pending = None
        if reply.outcome != "done":
            self._was_refused(pending, reply, now_ns)
            return
        self.light = "ok"
        try:
            self._was_done(pending, reply)
        except Refused as fault:
            logger.error("the centre's answer to %s cannot be read: %s", pending.request.kind, fault)
            self.light = "ingest.centre_answer"
            self._not_before_ns = now_ns + REFUSED_PAUSE_NS

    def _next(self, now_ns: int) -> _Pending | None:
        if self._wanted_version not in (None, 0, self.catalogue.version, self.refused_version):
            return self._catalogue_wanted(self._wanted_version or 0, now_ns)
        if self.catalogue.version and self._ran != self._runs():
            # Before what waits: a switch of the mode is undone when this is not heard within two seconds (H1).
            return self._running(now_ns)
        run = self._spool.run(RUN)
        if run:
            return self._made("ingest.activations", SendActivations(activations=run), now_ns, run[-1].seq)
        if self._spool.dropped != self._dropped_seen:
            self._dropped_seen = self._spool.dropped
            self.bands_due = True
        if self.bands_due and self.catalogue.version and not self._spool.waiting():
            return self._made("ingest.bands", self._bands(), now_ns, self._spool.next_seq - 1)
        if self.catalogue.version and now_ns - self._said_ns >= SAY_EVERY_NS:
            return self._running(now_ns)
        return None

    def _running(self, now_ns: int) -> _Pending:
        version, refused = self._runs()
        told = SendRunning(shard=self._spool.shard, catalogue=version, refused=refused)
        return self._made("ingest.runs", told, now_ns, 0)

    def _catalogue_wanted(self, version: int, now_ns: int) -> _Pending:
        """Ask first whether only sets of scopes differ, as after a switch of the mode: that takes no time."""
        if self.catalogue.version and self._sets_asked != version:
            self._sets_asked = version
            return self._made("catalogue.sets", AskSets(version=version, held=self.catalogue.version), now_ns, 0)
        return self._made("catalogue.get", AskCatalogue(version=version), now_ns, 0)

    def _take_sets(self, told: SetsTold) -> None:
        if told.sets is not None:
            self._take_catalogue(replace(self.catalogue, version=told.version, scope_sets=told.sets))

    def _runs(self) -> tuple[int, int]:
        return self.catalogue.version, self.refused_version or 0

    def _bands(self) -> SendBands:
        return SendBands(
            shard=self._spool.shard, epoch=self._spool.epoch, as_of_seq=self._spool.next_seq - 1,
            at_ns=self._profile_ns(), catalogue_version=self.catalogue.version, vitals_from=0,
            vitals_to=len(self.catalogue.vitals), bands=tuple(self._bands_now()),
            owned=None if self.owned is None else self.owned(),
        )  # fmt: skip

    def _made(self, kind: str, body: object, now_ns: int, about: int) -> _Pending:
        self._asked += 1
        self._said_ns = now_ns
        request = Request(
            id=f"ingest-{self._spool.shard}-{self._process_epoch}-{self._asked}", kind=kind, body=codec.pack(body),
            session=self._session(),
        )  # fmt: skip
        return _Pending(request=request, sent_ns=now_ns, about=about)

    def _was_done(self, pending: _Pending, reply: Reply) -> None:
        match pending.request.kind:
            case "catalogue.get":
                self._take_catalogue(codec.unpack(reply.body, Catalogue))
            case "catalogue.sets":
                self._take_sets(codec.unpack(reply.body, SetsTold))
            case "ingest.activations":
                self._was_confirmed(codec.unpack(reply.body, Confirmed), pending)
            case "ingest.runs":
                self._ran = _told(pending)
            case "ingest.bands":
                # What was numbered while the table was under way follows as activations: nothing is due again.
                self.bands_due = False

    def _was_confirmed(self, confirmed: Confirmed, pending: _Pending) -> None:
        key, first = confirmed.key, self._spool.run(1)
        # More than was asked about: a restart has brought back a segment whose beginning was confirmed long ago. Only
        # what was never numbered here cannot have been confirmed.
        if (key.shard, key.epoch) != (self._spool.shard, self._spool.epoch) or key.seq >= self._spool.next_seq:
            raise Refused("ingest.centre_answer", kind=pending.request.kind)
        self._spool.confirm(key.seq)
        if first == self._spool.run(1):
            # Nothing was confirmed: asking again at once would only spin.
            raise Refused("ingest.centre_answer", kind=pending.request.kind)

    def _take_catalogue(self, catalogue: Catalogue) -> None:
        if catalogue.version == self.catalogue.version:
            return
        try:
            self._hearer.catalogue_came(catalogue)
        except Refused as fault:
            # The city goes on with the version it has; only another one is asked for again.
            logger.error(
                "catalogue version %s cannot be used, %s stays: %s", catalogue.version, self.catalogue.version, fault
            )
            self.refused_version = catalogue.version
            return
        logger.info("catalogue version %s with %s vitals", catalogue.version, len(catalogue.vitals))
        self.catalogue = catalogue
        self.refused_version = None
        self.bands_due = True

    def _was_refused(self, pending: _Pending, reply: Reply, now_ns: int) -> None:
        if self.light != reply.code:
            logger.error(
                "the centre answers %s to %s: %s %s", reply.outcome, pending.request.kind, reply.code, reply.params
            )
        self.light = reply.code
        self._not_before_ns = now_ns + REFUSED_PAUSE_NS
        if pending.request.kind == "ingest.runs":
            # Only a switch waits for it; what is in the spool must not wait behind it for ever.
            self._ran = _told(pending)


def _told(pending: _Pending) -> tuple[int, int]:
    running = codec.unpack(pending.request.body, SendRunning)
    return running.catalogue, running.refused

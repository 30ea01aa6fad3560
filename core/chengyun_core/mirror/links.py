"""Whether a daemon can be heard: connecting, live, stale, lost or refused, since when, and the reason a light shows."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.wire import heartbeat, versions
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Heartbeat

LOST_AFTER_NS = NS_PER_S
"""Four heartbeats missed. With the screen's tick on top, a lost daemon is seen within 1.5 s (RF1)."""
LAGGING_AFTER_S = 2.0
"""A heartbeat older than this on arrival shows that this console is behind (RF18), not that the daemon is."""


class Reach(StrEnum):
    """How a daemon stands to this console."""

    CONNECTING = "connecting"
    """Nothing heard since the start."""
    LIVE = "live"
    STALE = "stale"
    """Heard, but what is shown is incomplete or behind: it is being asked again."""
    LOST = "lost"
    REFUSED = "refused"
    """Heard, but of another protocol version or realm, so that nothing of it is used; or it turned our key away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """One daemon as this console sees it."""

    daemon: str
    reach: Reach = Reach.CONNECTING
    since_ns: int = 0
    """Profile time since when; of LOST: of the last sign of life."""
    reason: Reason = field(default_factory=lambda: Reason(code="link.connecting"))
    """Sentence of the light (`link.*` of the message catalogue)."""
    heartbeat: Heartbeat | None = None
    """The last one heard, for counters, gauges, lights and the demo's name."""
    lag_s: float = 0.0
    """How old the last heartbeat was on arrival."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Both daemons."""

    ingest: LinkState = field(default_factory=lambda: LinkState(daemon="ingest"))
    """Of several ingest daemons the sum (mirror.shard_merge.summary)."""
    centre: LinkState = field(default_factory=lambda: LinkState(daemon="centre"))
    shards: tuple[LinkState, ...] = ()
    """Each ingest daemon, by number; empty: there is one only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The three times of one instant: monotonic for time-outs, profile for what is shown, machine UTC for lags."""

    monotonic_ns: int
    profile_ns: int
    machine_ns: int


class LinkWatch:
    """Follows one daemon's heartbeats. Owned by one thread."""

    def __init__(self, daemon: str) -> None:
        self.state = LinkState(daemon=daemon)
        self._realm = ""
        self._heard: Moment | None = None
        self._refusal: Reason | None = None
        self._turned_away: Reason | None = None

    @property
    def is_usable(self) -> bool:
        """Return whether messages of this daemon may be applied."""
        return self._refusal is None

    def expect_realm(self, realm: str) -> None:
        """Accept only this realm (live or drill) from now on."""
        self._realm = realm

    def turned_away(self, reason: Reason | None) -> None:
        """Take why the daemon does not let this machine's key in, None when it does (or nothing is known)."""
        name = {"daemon": daemon_code(self.state.daemon)}
        self._turned_away = None if reason is None else Reason(code=reason.code, params={**name, **reason.params})

    def heard(self, payload: bytes, now: Moment) -> Heartbeat | None:
        """Take a heartbeat's bytes; return it when it is of our protocol and realm. Raises wire.codec.BadMessage."""
        theirs = versions.named_in(payload)
        if theirs is not None and theirs != PROTOCOL_VERSION:
            self._heard = now
            self._refusal = Reason(
                code="link.protocol",
                params={"daemon": daemon_code(self.state.daemon), "theirs": str(theirs), "ours": str(PROTOCOL_VERSION)},
            )
            return None
        beat = heartbeat.read(payload)
        self._heard = now
        self._refusal = self._realm_refused(beat)
        lag_s = (now.machine_ns - beat.sent_ns) / NS_PER_S
        self.state = replace(self.state, heartbeat=beat, lag_s=max(0.0, lag_s))
        return beat if self._refusal is None else None

    def judge(self, now: Moment, *, owes: str = "") -> bool:
        """Decide the reach at this instant; return whether it changed. `owes`: reason code of what is still missing."""
        reach, reason = self._verdict(now, owes)
        if (reach, reason) == (self.state.reach, self.state.reason):
            return False
        since_ns = self.state.since_ns if reach is self.state.reach else self._since(reach, now)
        self.state = replace(self.state, reach=reach, reason=reason, since_ns=since_ns)
        return True

    def slept(self) -> None:
        """Take note that this process did not run for a while (RF30): what was heard before is no sign of life now."""
        if self._heard is not None:
            self._heard = replace(self._heard, monotonic_ns=self._heard.monotonic_ns - LOST_AFTER_NS)

    def _verdict(self, now: Moment, owes: str) -> tuple[Reach, Reason]:
        name = {"daemon": daemon_code(self.state.daemon)}
        if self._turned_away is not None:
            return Reach.REFUSED, self._turned_away
        if self._heard is None:
            return Reach.CONNECTING, Reason(code="link.connecting", params=name)
        if now.monotonic_ns - self._heard.monotonic_ns >= LOST_AFTER_NS:
            return Reach.LOST, Reason(code="link.lost", params=name)
        if self._refusal is not None:
            return Reach.REFUSED, self._refusal
        if self.state.lag_s > LAGGING_AFTER_S:
            return Reach.STALE, Reason(code="link.lagging", params={**name, "seconds": f"{self.state.lag_s:.0f}"})
        if owes:
            return Reach.STALE, Reason(code=owes, params=name)
        return Reach.LIVE, Reason(code="link.live", params=name)

    def _since(self, reach: Reach, now: Moment) -> int:
        """Return since when: a lost daemon is lost since its last sign of life, not since we noticed."""
        return self._heard.profile_ns if reach is Reach.LOST and self._heard is not None else now.profile_ns

    def _realm_refused(self, beat: Heartbeat) -> Reason | None:
        if not self._realm or beat.realm == self._realm:
            return None
        params = {"daemon": daemon_code(self.state.daemon), "theirs": beat.realm, "ours": self._realm}
        return Reason(code="link.realm", params=params)


def daemon_code(daemon: str) -> str:
    """Return the code of a daemon's name in the message catalogue."""
    return f"link.daemon.{daemon}"

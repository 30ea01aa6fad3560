"""The book of requests on the way: what to send when, what came back, what is overdue. No socket, no Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.mirror.links import daemon_code
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Reply, Request

MOST_UNDER_WAY = 6
"""Asks under way at one door; more wait here, where a newer one can still supersede them."""
RESEND_EVERY_NS = 2 * NS_PER_S
GIVE_UP_NS = 60 * NS_PER_S
"""A command without an answer for so long ends as «unknown»: the officer looks at the list, which tells the truth."""


class Door(StrEnum):
    """Where a request goes."""

    INGEST = "ingest"
    HISTORY = "history"
    """The historian's: windows that reach further back than ingest's memory."""
    SURVEY = "survey"
    """The survey's: density, places and health of devices."""
    CENTRE = "centre"
    """Asks of the centre that may take long; kept apart so that a command never waits behind them."""
    COMMANDS = "commands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One request and how long to wait for it."""

    request: Request
    door: Door
    patience_ns: int = 5 * NS_PER_S
    is_command: bool = False
    """Commands are repeated with the same id until their outcome is known (RF24); asks are simply given up."""
    shard: int = 0
    """Which of several ingest daemons, for Door.INGEST."""
    slot: str = ""
    """A newer errand of the same slot supersedes this one; empty: never."""


@dataclass(slots=True)
class _UnderWay:
    errand: Errand
    begun_ns: int
    sent_ns: int | None = None
    """When it was sent last; None: it has to be sent (again)."""
    ever_sent: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What time has decided: errands given up with a reply of our own, and commands whose outcome is not known yet."""

    ended: tuple[tuple[Errand, Reply], ...] = ()
    unsure: tuple[str, ...] = field(default=())


class Errands:
    """Requests by id. Owned by one thread."""

    def __init__(self) -> None:
        self._under_way: dict[str, _UnderWay] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    def begin(self, errand: Errand, now_ns: int) -> Errand | None:
        """Take an errand; return the one it supersedes, which is forgotten: its answer will go unheard."""
        old = self._of_slot(errand.slot)
        if old is not None:
            del self._under_way[old.request.id]
        self._under_way[errand.request.id] = _UnderWay(errand, now_ns)
        return old

    def due(self, now_ns: int) -> list[Errand]:
        """Return the errands to send now: those never sent, and commands whose repetition is due."""
        room: dict[tuple[Door, int], int] = {}
        due: list[Errand] = []
        for entry in self._under_way.values():
            door = entry.errand.door, entry.errand.shard
            room[door] = room.get(door, MOST_UNDER_WAY) - 1
            if room[door] >= 0 and self._is_due(entry, now_ns):
                due.append(entry.errand)
        return due

    def sent(self, request_id: str, now_ns: int) -> None:
        """Take note that a request left."""
        entry = self._under_way[request_id]
        entry.sent_ns, entry.ever_sent = now_ns, True

    def answered(self, request_id: str) -> Errand | None:
        """Return the errand an answer belongs to and close it; None for an answer nobody waits for any more."""
        entry = self._under_way.pop(request_id, None)
        return entry.errand if entry is not None else None

    def resend(self, doors: Iterable[Door], *, shard: int = 0) -> None:
        """Take note that the daemon behind these doors was restarted: whatever it was asked is sent again at once."""
        wanted = set(doors)
        for entry in self._under_way.values():
            if entry.errand.door in wanted and entry.errand.shard == shard:
                entry.sent_ns = None

    def judge(self, now_ns: int) -> Verdicts:
        """Return what is overdue: asks end as not answered; commands become unsure first and end unknown at last."""
        ended: list[tuple[Errand, Reply]] = []
        unsure: list[str] = []
        for request_id, entry in list(self._under_way.items()):
            code = self._overdue(entry, now_ns)
            if code:
                del self._under_way[request_id]
                ended.append((entry.errand, trouble(request_id, Reason(code=code, params=_said(entry.errand)))))
            elif self._became_unsure(entry, now_ns):
                entry.unsure = True
                unsure.append(request_id)
        return Verdicts(ended=tuple(ended), unsure=tuple(unsure))

    def _of_slot(self, slot: str) -> Errand | None:
        same = (entry.errand for entry in self._under_way.values() if slot and entry.errand.slot == slot)
        return next(same, None)

    def _is_due(self, entry: _UnderWay, now_ns: int) -> bool:
        if entry.sent_ns is None:
            return True
        return entry.unsure and now_ns - entry.sent_ns >= RESEND_EVERY_NS

    def _became_unsure(self, entry: _UnderWay, now_ns: int) -> bool:
        return entry.errand.is_command and not entry.unsure and now_ns - entry.begun_ns >= entry.errand.patience_ns

    def _overdue(self, entry: _UnderWay, now_ns: int) -> str:
        waited = now_ns - entry.begun_ns
        if waited < entry.errand.patience_ns:
            return ""
        if not entry.ever_sent:
            return "session.not_sent"
        if not entry.errand.is_command:
            return "session.no_answer"
        return "session.outcome_unknown" if waited >= GIVE_UP_NS else ""


def trouble(request_id: str, reason: Reason) -> Reply:
    """Return a reply of our own: the world failed before the daemon could answer."""
    return Reply(id=request_id, outcome="trouble", code=reason.code, params=reason.params)


def _said(errand: Errand) -> dict[str, str]:
    daemon = {Door.INGEST: "ingest", Door.HISTORY: "historian", Door.SURVEY: "survey"}.get(errand.door, "centre")
    return {"kind": errand.request.kind, "daemon": daemon_code(daemon)}

"""What every handler may need, in one place: the city in force, clock, settings, keys for tokens and hashes."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Protocol, Self

from chengyun_core.centre.camera_desk import CameraDesk
from chengyun_core.centre.city import City
from chengyun_core.centre.mailboxes import Mailboxes
from chengyun_core.centre.passwords import Passwords
from chengyun_core.centre.risk_places import RiskPlaceBook
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.centre.shelf import ShelfTimers
from chengyun_core.centre.timers import DueTimes
from chengyun_core.model.alarm import Alarm, AlarmState, Override, OverrideKind, effective
from chengyun_core.model.clock import NS_PER_S, Clock
from chengyun_core.model.dispatch import UnitRecord
from chengyun_core.model.duty import SeatCover
from chengyun_core.model.event import Event
from chengyun_core.model.holding import Subject
from chengyun_core.model.mode import Declaration
from chengyun_core.model.mode_rules import in_effect
from chengyun_core.model.rights import BreakGlass, Label
from chengyun_core.model.room import Room
from chengyun_core.model.scales import Mode, WarningColour
from chengyun_core.store.attachments import AttachmentStore
from chengyun_core.store.port import Beside

if TYPE_CHECKING:
    from chengyun_core.centre.moves import Moves
    from chengyun_core.centre.threshold_sets import Switch
    from chengyun_core.centre.work import Work

Due = tuple[str, str]
"""(`realarm`, alarm number) or (`override`, vital:kind)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Watcher(Protocol):
    """What looks at every run of moves (centre.situations)."""

    def look(self, moves: "Moves") -> None:
        """Look at the moves of a run, and add what they bring about to the same unit of work."""
        ...

    def look_at(self, work: "Work", alarm: Alarm, action: str) -> None:
        """Look at what an officer or a timer did to one alarm."""
        ...

    def renew(self) -> None:
        """Judge anew what hangs on the catalogue: it is another one."""
        ...


@dataclass(slots=True, kw_only=True)
class Desk:
    """The daemon's working state. Changed only after COMMIT and only by the daemon's one thread."""

    settings: CentreSettings
    clock: Clock
    passwords: Passwords
    timers: ShelfTimers
    token_key: str
    """Secret from which session tokens are made, so that a repeated sign-on gets the same token again."""
    city: City = field(default_factory=City)
    glass: dict[int, BreakGlass] = field(default_factory=dict)
    """Broken glass that runs or is not reviewed, by number."""
    glass_tries: list[int] = field(default_factory=list)
    """Monotonic ns of the wrong tries to break it, lately."""
    labels: dict[tuple[str, str], Label] = field(default_factory=dict)
    """(kind, key) → label of the records that are dimmed or hidden; all others are normal."""
    public: bytes = b""
    """The key others verify this centre's signatures with."""
    packed: bytes = b""
    """msgpack of the catalogue in force, empty when there is none."""
    published: bytes = b""
    """The same as consoles and ingest get it: without addresses of cameras (centre.camera_catalogue)."""
    cameras: CameraDesk = field(default_factory=CameraDesk)
    """What is held of cameras besides facts."""
    declarations: dict[str, Declaration] = field(default_factory=dict)
    """Registers of the mode by key, as they last were committed: what is in effect where is computed from them."""
    seen: dict[str, int] = field(default_factory=dict)
    """Seat → monotonic ns at which its session last asked or told anything."""
    here: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    """Seat → hash of its session's token and monotonic ns, when that session's console last said that it lives."""
    running: dict[int, int] = field(default_factory=dict)
    """Shard of ingest → version of the catalogue it said it works with."""
    ingest_heard: dict[int, int] = field(default_factory=dict)
    """Shard of ingest → monotonic ns at which it last told anything."""
    only_sets: dict[int, int] = field(default_factory=dict)
    """Version of the catalogue that a switch of the mode made in this run → the one before it, which is the same but
    for the sets of scopes."""
    counters: dict[str, int] = field(default_factory=dict)
    switches: "list[Switch]" = field(default_factory=list)
    """Switches of the threshold set still to be compared with their preview."""
    overrides: dict[int, dict[OverrideKind, Override]] = field(default_factory=dict)
    """Overrides set by officers that stand on vitals, strongest first; those of rules and masks end by themselves."""
    acknowledged: dict[str, list[int]] = field(default_factory=dict)
    """Seat → profile ns of its last acknowledgements (A17)."""
    due: "DueTimes[Due]" = field(init=False)
    """When overrides end, acknowledged alarms call again, and what waits for a second person expires."""
    plan_vitals: dict[int, frozenset[str]] = field(default_factory=dict)
    """Running plan → codes of the vitals it waits for."""
    alarms: dict[int, Alarm] = field(default_factory=dict)
    """Living alarms by number, as they last were committed: a flood's six thousand take a quarter of a second to
    read."""
    silent: dict[int, tuple[Override, ...]] = field(default_factory=dict)
    """Living alarm → the overrides that stand on it, for the counts of the heartbeat."""
    watcher: "Watcher | None" = None
    """Looks at every run of moves before it is written: chatter, situations, floods."""
    watch_light: str = "ok"
    """`ok`, or that alarms stand which were not grouped: the watcher failed on their run."""
    _watches: bool = field(init=False, default=True)
    files: AttachmentStore | None = None
    """Contents of attachments; None: this centre keeps none."""
    map_files: AttachmentStore | None = None
    """The same contents, for files of maps: those may be larger."""
    event_grams: dict[int, frozenset[str]] = field(default_factory=dict)
    """Living event → letter pairs of its words, for near ones."""
    events: dict[int, Event] = field(default_factory=dict)
    """Living events by number, as they last were committed: for counts, near ones and alarms that are taken."""
    sweeps: dict[int, frozenset[str]] = field(default_factory=dict)
    """Order whose receipts are still being written or changed → recipients that will carry it, and do not yet."""
    units: dict[str, tuple[UnitRecord, int]] = field(default_factory=dict)
    """Unit → what it last told of itself, and the journal number of that; one that never told anything is not here."""
    looked_at: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """Event → what counted when the machine last looked whether to send it out (centre.dispatch_due)."""
    covers: dict[str, SeatCover] = field(default_factory=dict)
    """Seat that is lent or covered → which other seat answers for its area, and until when (H4)."""
    lights: dict[str, str] = field(default_factory=dict)
    """Lights of the centre as they were told last: `ok`, or a reason code."""
    beside: "Callable[[], Beside | None]" = lambda: None
    """What gives a worker a connection of its own; None: whatever is read is read in the loop."""
    risk_places: RiskPlaceBook = field(default_factory=RiskPlaceBook)
    """Where risk points are, for questions about areas; filled by whichever worker asks first."""
    rooms: dict[int, Room] = field(default_factory=dict)
    """Open rooms of consultation by number."""
    mail: Mailboxes = field(default_factory=Mailboxes)
    """Words that wait for members of rooms, and when each was last heard."""
    scheduled: dict[int, int] = field(default_factory=dict)
    """Approved changes of thresholds: number → profile ns at which each takes effect, 0: at once."""

    def __post_init__(self) -> None:
        self.due = DueTimes(self.clock, rate=self.timers.rate)

    def still(self) -> Self:
        """Return the desk as it is now, for a worker to read: what the loop changes from now on is not in it."""
        held = copy(self)
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, dict):
                setattr(held, one.name, dict(value))
        return held

    def mode_at(self, path: tuple[str, ...] = (), track: str = "") -> Mode:
        """Return the mode in effect at a place; without a path that of the uppermost centre."""
        if not self.declarations:
            return Mode.PEACETIME
        return in_effect(self.declarations.values(), path or self.city.path(self.city.root()), track).mode

    def mode_of(self, subject: Subject) -> Mode:
        """Return the mode in effect where a permission's subject is."""
        return self.mode_at(subject.path, subject.track)

    def watch(self, moves: "Moves") -> None:
        """Have a run of moves looked at before it is written."""
        if self.watcher is not None and self._watches:
            self.watcher.look(moves)

    @property
    def watches(self) -> bool:
        """Return whether runs are looked at: not within `unwatched`."""
        return self._watches

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """Within this block runs are written without being looked at; the watcher learns of them afterwards."""
        self._watches = False
        try:
            yield
        finally:
            self._watches = True
            if self.watcher is not None:
                self.watcher.renew()

    def alarms_are(self, alarms: Iterable[Alarm]) -> None:
        """Take note of alarms as they now are: their shelves and their re-alarms are waited for, or no longer."""
        held = list(alarms)
        self.timers.rearm(held)
        for alarm in held:
            self._keep(alarm)
            self.due.wait(("realarm", str(alarm.number)), self._realarm_ns(alarm))
            self.silent.pop(alarm.number, None)
            if alarm.overrides and not alarm.closed:
                self.silent[alarm.number] = alarm.overrides

    def _keep(self, alarm: Alarm) -> None:
        """Keep a living alarm; of two states told in one unit of work the later version stands, whichever came last."""
        known = self.alarms.get(alarm.number)
        if alarm.closed:
            self.alarms.pop(alarm.number, None)
        elif known is None or alarm.version >= known.version:
            self.alarms[alarm.number] = alarm

    def silenced(self) -> dict[str, int]:
        """Return how many are silent and why (A7): vitals that officers silenced, alarms that rules and causes did."""
        kinds = [kind for held in self.overrides.values() for kind in held]
        by_itself = [override.kind for held in self.silent.values() for override in held if not override.by]
        return {
            "masked": by_itself.count(OverrideKind.MASKED),
            "out_of_service": kinds.count(OverrideKind.OUT_OF_SERVICE),
            "shelved": len(self.timers),
            "suppressed": kinds.count(OverrideKind.SUPPRESSED) + by_itself.count(OverrideKind.SUPPRESSED),
        }

    def _realarm_ns(self, alarm: Alarm) -> int | None:
        """Return when an alarm calls again by itself (A4): red, still active, acknowledged and not cleared."""
        minutes = self.settings.realarm_red_minutes
        waits = alarm.colour is WarningColour.RED and effective(alarm) is AlarmState.ACKED and minutes > 0
        return round((alarm.acked_at or 0) + minutes * 60 * NS_PER_S) if waits else None

    def was_seen(self, seat: str) -> None:
        """Take note that a seat's session just asked or told something: its console lives."""
        if seat:
            self.seen[seat] = self.clock.monotonic_ns()

    def count(self, name: str, by: int = 1) -> None:
        """Count something for the heartbeat."""
        self.counters[name] = self.counters.get(name, 0) + by

    def token(self, command_id: str, account: str, seat: str) -> str:
        """Return the session token that a sign-on command gives."""
        text = f"{command_id}\x00{account}\x00{seat}"
        return hmac.new(bytes.fromhex(self.token_key), text.encode(), hashlib.sha256).hexdigest()

    def shown(self, at_ns: int | None) -> str:
        """Return a time as an officer reads it in a sentence: local date and time to the second."""
        if at_ns is None:
            return ""
        zone = timezone(timedelta(minutes=self.settings.zone_minutes))
        moment = (_EPOCH + timedelta(microseconds=at_ns // 1000)).astimezone(zone)
        return moment.strftime("%Y-%m-%d %H:%M:%S")

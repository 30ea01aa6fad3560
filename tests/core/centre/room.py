"""A centre without sockets for tests: the real door, bus, ledger and database, a clock that is told the time."""

import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from chengyun_core.centre import (
    alarms,
    approvals,
    auto_dispatch,
    break_glass,
    call_clock,
    camera_catalogue,
    duty_clock,
    event_clock,
    evidence_deeds,
    labels,
    library_import,
    mode_orders,
    mode_reports,
    order_sweeps,
    overrides,
    plan_clock,
    ptz_deeds,
    receipt_clock,
    roll_calls,
    room_clock,
    start,
    warning_care,
)
from chengyun_core.centre.city import city_of
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.door import Answer, Door
from chengyun_core.centre.gate import Gate
from chengyun_core.centre.handlers import LANES, SECONDED
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.mode_keeper import ModeKeeper
from chengyun_core.centre.passwords import Passwords
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.centre.shelf import ShelfTimers
from chengyun_core.centre.situations import Watch
from chengyun_core.centre.workers import Job, Result
from chengyun_core.model.activation import Activation
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.catalogue import Catalogue, Sector, Subtrack, Track, Vital
from chengyun_core.model.change import Change
from chengyun_core.model.clock import ManualClock
from chengyun_core.model.command import KIND_OF, CreateAccount, SignOn
from chengyun_core.model.places import Centre, Seat
from chengyun_core.model.scales import Level, Side, WarningColour
from chengyun_core.store import alarm_table, keys
from chengyun_core.store.attachments import AttachmentStore
from chengyun_core.store.head_file import HeadFile
from chengyun_core.store.journal import Journal
from chengyun_core.store.port import Store
from chengyun_core.store.reserve import Reserve
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply, Request, SendActivations, SignedOn, Welcome
from tests.support.fresh_database import fresh

NOON_NS = 1_800_000_000_000_000_000
INGEST_KEY, ADMIN_KEY, SCREEN_KEY = "1" * 64, "2" * 64, "3" * 64
PASSWORD = "a long password"
SETTINGS = CentreSettings(argon2_time_cost=1, argon2_memory_kib=64, reserve_mib=0)

Opens = Callable[[Path], Store]


def file_in(folder: Path) -> Store:
    """Return the database in a file of a room's folder."""
    return fresh(folder / "centre" / "chengyun.db")


OPENS: list[Opens] = [file_in]
"""What opens a room's database; tests/support/postgres.py puts a server's in its place for a while."""


def city() -> Catalogue:
    """Return a catalogue of two districts side by side with a vital in each, and six seats."""
    return Catalogue(
        version=1,
        centres=(
            Centre(code="500000", name="重庆市", level=Level.CITY),
            Centre(code="500103", name="渝中区", level=Level.DISTRICT, parent="500000"),
            Centre(code="500106", name="沙坪坝区", level=Level.DISTRICT, parent="500000"),
        ),
        sectors=(Sector(code="YJ", scheme="full", name="应急动员", order=1),),
        tracks=(Track(code="YJ01", sector="YJ", name="防汛", owner_post="500000.track_owner.1", order=1),),
        subtracks=(
            Subtrack(code="YJ01A", track="YJ01", name="水位", owner_post="500000.track_owner.2", order=1),
        ),
        vitals=tuple(
            vital(number, code, centre)
            for number, (code, centre) in enumerate(
                (("SW-CITY", "500000"), ("SW-YUZHONG", "500103"), ("SW-SHAPINGBA", "500106"), ("SW-4", "500000"))
            )
        ),
        seats=(
            *(Seat(code=f"A-{n:02}", name="席", centre="500000", post="500000.duty_officer") for n in range(1, 10)),
            Seat(code="Y-01", name="渝中席", centre="500103", post="500103.duty_officer"),
            Seat(code="A-YZ", name="看渝中的席", centre="500000", post="500000.duty_officer", area="500103"),
        ),
    )  # fmt: skip


def vital(number: int, code: str, centre: str, *, retired: bool = False) -> Vital:
    """Return a vital with an owner of its own."""
    return Vital(
        number=number, code=code, name=code, subtrack="YJ01A", centre=centre, unit="m",
        owner_post=f"{centre}.track_owner.{7 + number}", vital_class="risk", period_s=2.0, decimals=2,
        formula="last(HYD.level)", retired=retired,
    )  # fmt: skip


class Lane:
    """A worker that works when told to, so that a test decides what happens in between."""

    def __init__(self) -> None:
        self.jobs: list[tuple[int, Job]] = []
        self.full = False

    def take(self, ticket: int, job: Job) -> bool:
        """Queue a job."""
        if self.full:
            return False
        self.jobs.append((ticket, job))
        return True

    def run(self) -> list[Result]:
        """Do what is queued."""
        jobs, self.jobs = self.jobs, []
        return [_done(ticket, job) for ticket, job in jobs]


def _done(ticket: int, job: Job) -> Result:
    try:
        return Result(ticket, value=job())
    except Exception as fault:  # noqa: BLE001 - as the worker does
        return Result(ticket, fault=fault)


class Room:
    """The centre. `restart` closes and opens it on the same files, as a new process would."""

    def __init__(self, folder: Path, settings: CentreSettings = SETTINGS) -> None:
        self.folder = folder
        self.settings = settings
        self.clock = ManualClock(NOON_NS)
        self.published: list[Change] = []
        self.seq = 0
        self._open(city())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self.ledger.close()

    def restart(self) -> None:
        """Close, open anew on the same files, take over the catalogue that was in force."""
        self.ledger.close()
        self._open(None)

    def ask(self, kind: str, body: object, session: str = "", request_id: str = "") -> Reply:
        """Return the answer to a request, workers' part included."""
        return codec.unpack(self.raw(self.bytes_of(kind, body, session, request_id)), Reply)

    def raw(self, data: bytes) -> bytes:
        """Return what the door answers to bytes."""
        answer = self.door.take(b"peer", data)
        if answer is None:
            (answer,) = self.work()
        return answer.data

    def work(self) -> list[Answer]:
        """Let the workers work and return the answers that come of it."""
        answers = [self.door.finish(result) for lane in self.lanes.values() for result in lane.run()]
        while self.door.stages():
            answers.append(self.door.go_on())
        return [answer for answer in answers if answer is not None]

    def do(self, command: object, session: str, request_id: str = "") -> Reply:
        """Return the answer to a command."""
        return self.ask(KIND_OF[type(command)], command, session, request_id)

    def done(self, command: object, session: str) -> Done:
        """Carry a command out that must be done."""
        reply = self.do(command, session)
        assert reply.outcome == "done", reply
        return codec.unpack(reply.body, Done)

    def officer(self, account: str = "officer", *posts: str, seat: str = "A-01") -> str:
        """Make an account, sign it on and return its session."""
        self.make(account, *posts)
        return self.signed_on(account, seat)

    def make(self, account: str, *posts: str) -> None:
        """Make an account nobody signs on with yet."""
        made = CreateAccount(
            account=account, name=f"名 {account}", password=PASSWORD, posts=posts or ("500000.duty_officer",)
        )
        self.done(made, ADMIN_KEY)

    def signed_on(self, account: str, seat: str) -> str:
        """Sign on and return the session."""
        reply = self.do(SignOn(account=account, password=PASSWORD, seat=seat), "")
        assert reply.outcome == "done", reply
        return codec.unpack(reply.body, SignedOn).token

    def observe(self, vital_number: int, after: WarningColour, *, late: bool = False, before: int = 0) -> Reply:
        """Send the next activation of a vital."""
        self.seq += 1
        sent = activation(self.seq, vital_number, after, at_ns=self.clock.utc_ns(), late=late, before=before)
        return self.ask("ingest.activations", SendActivations(activations=(sent,)), INGEST_KEY)

    def alarm(self, number: int) -> Alarm:
        """Return an alarm as it lies in the database."""
        with self.ledger.reading() as connection:
            found = alarm_table.get(connection, number)
        assert found is not None
        return found

    def living(self) -> dict[int, Alarm]:
        """Return the living alarms by vital."""
        with self.ledger.reading() as connection:
            return {alarm.vital: alarm for alarm, _ in alarm_table.living(connection)}

    def expire(self) -> int:
        """Do what the loop does when timers may be due."""
        return alarms.expire_shelves(self.desk, self.ledger)

    def tend(self) -> None:
        """Do what the loop does for overrides, re-alarms, approvals and floods when timers may be due."""
        due = self.desk.due.due()
        overrides.expire(self.desk, self.ledger, [key for kind, key in due if kind == "override"])
        alarms.call_again(self.desk, self.ledger, [key for kind, key in due if kind == "realarm"])
        event_clock.expire(self.desk, self.ledger, due)
        approvals.expire(SECONDED, self.desk, self.ledger)
        break_glass.expire(self.desk, self.ledger)
        duty_clock.tend(self.desk, self.ledger)
        receipt_clock.tend(self.desk, self.ledger)
        order_sweeps.tend(self.desk, self.ledger)
        auto_dispatch.tend(self.desk, self.ledger)
        roll_calls.tend(self.desk, self.ledger)
        room_clock.tend(self.desk, self.ledger)
        call_clock.tend(self.desk, self.ledger)
        ptz_deeds.tend(self.desk, self.ledger)
        evidence_deeds.tend(self.desk, self.ledger)
        warning_care.expire(self.desk, self.ledger)
        plan_clock.tend(self.desk, self.ledger)
        library_import.tend(self.desk, self.ledger)
        mode_orders.tend(self.desk, self.ledger)
        mode_reports.tend(self.desk, self.ledger)
        self.modes.tend()
        assert isinstance(self.desk.watcher, Watch)
        self.desk.watcher.tend(self.ledger)

    def adopt(self, new: Catalogue) -> None:
        """Put a catalogue in force without an import."""
        self.desk.city, self.desk.packed = city_of(new), codec.pack(new)
        self.desk.published = camera_catalogue.published(self.desk.packed)
        labels.lay_over_cameras(self.desk)

    def _open(self, new: Catalogue | None) -> None:
        self.ledger = Ledger(
            lambda: start.opened(OPENS[0](self.folder)),
            Journal(keys.signer(self.folder / "keys"), self.settings.realm),
            self.clock,
            Reserve(self.folder / "centre" / "reserve.bin", self.settings.reserve_mib * 2**20),
            self.published.append,
            head=HeadFile(self.folder / "centre" / "chengyun.head"),
        )
        self.desk = Desk(
            settings=self.settings,
            clock=self.clock,
            passwords=Passwords(self.settings),
            timers=ShelfTimers(self.clock),
            token_key=keys.secret(self.folder / "keys" / "token.key"),
            public=keys.signer(self.folder / "keys").public(),
            files=AttachmentStore(self.folder / "centre" / "attachments"),
            map_files=AttachmentStore(
                self.folder / "centre" / "attachments",
                largest=self.settings.largest_map_mib * 2**20,
                incoming="incoming-maps",
            ),
        )
        self.desk.beside = self.ledger.beside
        start.load(self.desk, self.ledger)
        self.ledger.reopened = lambda: start.load(self.desk, self.ledger)
        if self.desk.city.version == 0:
            self.adopt(new or city())
        self.lanes: dict[str, Any] = {name: Lane() for name in LANES}
        gate = Gate(
            ingest_key=INGEST_KEY, admin_key=ADMIN_KEY, screen_key=SCREEN_KEY, session_hours=self.settings.session_hours
        )
        welcome = Welcome(protocol=1, daemon="centre", epoch=1, realm=self.settings.realm)
        self.door = Door(self.desk, self.ledger, gate, self.lanes, welcome)
        self.modes = ModeKeeper(self.desk, self.ledger, partial(self.door.undertake, "imports"))

    @staticmethod
    def bytes_of(kind: str, body: object, session: str = "", request_id: str = "") -> bytes:
        """Return the bytes of a request."""
        made = Request(id=request_id or uuid.uuid4().hex, kind=kind, body=codec.pack(body), session=session)
        return codec.pack(made)


def activation(
    seq: int,
    number: int,
    after: WarningColour,
    *,
    at_ns: int,
    epoch: int = 7,
    late: bool = False,
    before: int = 0,
) -> Activation:
    """Return an activation as ingest would number it."""
    return Activation(
        shard=0, epoch=epoch, seq=seq, vital=number, at_ns=at_ns, before=WarningColour(before), after=after,
        side=Side.HIGH, value=180.0 + after, limit=180.0, catalogue_version=1, late=late,
    )  # fmt: skip

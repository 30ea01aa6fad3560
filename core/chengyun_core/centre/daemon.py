"""The centre daemon: its composition root, read top to bottom."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

import zmq

from chengyun_core.centre import backup_keeper, event_indexer, start
from chengyun_core.centre.backup_keeper import BackupKeeper
from chengyun_core.centre.camera_desk import CameraDesk
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.door import Door
from chengyun_core.centre.event_indexer import EventIndexer
from chengyun_core.centre.gate import Gate
from chengyun_core.centre.handlers import LANES, THREADS
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.lock import ProfileLock
from chengyun_core.centre.loop import Loop, Sockets
from chengyun_core.centre.opening import Opening, ServerOpening
from chengyun_core.centre.passwords import Passwords
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.centre.shelf import ShelfTimers
from chengyun_core.centre.workers import Worker
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.store import keys
from chengyun_core.store.attachments import AttachmentStore
from chengyun_core.store.backups import Backups
from chengyun_core.store.head_file import HeadFile
from chengyun_core.store.journal import Journal
from chengyun_core.store.reserve import Reserve
from chengyun_core.wire import addresses, secret_file, sockets
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Welcome
from chengyun_core.wire.guard import Guard

logger = logging.getLogger(__name__)

NOT_STARTED = 3
"""Exit code when the daemon could not start; the log says why."""


def run(profile: Path, settings: CentreSettings, stop: threading.Event | None = None) -> int:
    """Run the centre of a profile until `stop`, SIGTERM or SIGINT; return 0, or NOT_STARTED with the reason logged."""
    try:
        with ExitStack() as stack:
            loop = _composed(profile, settings, stack)
            loop.run(stack.enter_context(_stopped_by_signals(stop)))
    except (Refused, Trouble) as fault:
        logger.error("the centre daemon does not run: %s", start.sentence(fault))
        return NOT_STARTED
    return 0


def _composed(profile: Path, settings: CentreSettings, stack: ExitStack) -> Loop:
    stack.enter_context(ProfileLock(addresses.run_folder(profile) / "centre.pid"))
    key_folder = profile / "keys"
    signer = keys.signer(key_folder)
    clock = ProfileClock()
    lanes = _lanes(stack)
    beats = start.Beats()
    database = profile / "centre" / "chengyun.db"
    backups = Backups(database.with_name("backup"), signer.public(), settings.backups_kept)
    opening = _opening(profile, database, settings, backups, beats)
    ledger = _ledger(
        opening, database.with_name("reserve.bin"), settings, Journal(signer, settings.realm), clock, beats
    )
    stack.callback(ledger.close)
    begun = start.begin(ledger, settings, clock, signer, opening.findings)

    desk = _desk(profile, settings, clock, signer, stack)
    desk.beside = ledger.beside
    start.load(desk, ledger)
    ledger.reopened = partial(start.load, desk, ledger)
    welcome = Welcome(protocol=PROTOCOL_VERSION, daemon="centre", epoch=begun.epoch, realm=settings.realm)
    door = Door(desk, ledger, _gate(key_folder, settings), lanes, welcome)

    undertake = partial(door.undertake, backup_keeper.LANE)
    # A server's backups are made where the server is.
    every_minutes = settings.backup_every_minutes if settings.database == "sqlite" else 0.0
    keeper = BackupKeeper(database, backups, ledger, undertake, every_minutes)
    indexer = EventIndexer(ledger, partial(door.undertake, event_indexer.LANE))
    loop = Loop(desk, ledger, door, lanes, _bound(profile, stack), begun, keeper, indexer)
    beats.lead_to(loop)
    logger.info("the centre daemon of %s runs, realm %s, journal %d", profile, settings.realm, ledger.tail)
    return loop


def _desk(
    profile: Path, settings: CentreSettings, clock: ProfileClock, signer: keys.Signer, stack: ExitStack
) -> Desk:  # fmt: skip
    desk = Desk(
        settings=settings,
        clock=clock,
        passwords=Passwords(settings),
        timers=ShelfTimers(clock, rate=clock.law.rate),
        token_key=keys.secret(profile / "keys" / "token.key"),
        public=signer.public(),
        files=AttachmentStore(profile / "centre" / "attachments"),
        map_files=AttachmentStore(
            profile / "centre" / "attachments", largest=settings.largest_map_mib * 2**20, incoming="incoming-maps"
        ),
        cameras=CameraDesk.of(profile),
    )
    stack.callback(desk.cameras.close)
    return desk


def _lanes(stack: ExitStack) -> dict[str, Worker]:
    own = {backup_keeper.LANE: 1, event_indexer.LANE: 1}
    lanes = {
        name: Worker(name, queued=queued, threads=THREADS.get(name, 1)) for name, queued in {**LANES, **own}.items()
    }
    for lane in lanes.values():
        stack.callback(lane.close)
    return lanes


def _opening(
    profile: Path, database: Path, settings: CentreSettings, backups: Backups, beats: start.Beats
) -> Opening | ServerOpening:
    """Return what opens the database the settings name; raise Refused when they name none there is."""
    head = HeadFile(database.with_name("chengyun.head"))
    if settings.database == "sqlite":
        return Opening(database, backups, head, beats)
    if settings.database == "postgresql":
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return ServerOpening(profile / "keys" / "database.url", head, beats)
    raise Refused("store.unknown_kind", kind=settings.database)


def _ledger(
    opening: Opening | ServerOpening, given_up: Path, settings: CentreSettings, journal: Journal, clock: ProfileClock,
    beats: start.Beats,
) -> Ledger:  # fmt: skip
    reserve = Reserve(given_up, settings.reserve_mib * 2**20)
    ledger = Ledger(opening, journal, clock, reserve, beats.publish, head=opening.head)
    ledger.gives_up = opening.can_put_back
    reserve.restore()
    return ledger


def _gate(key_folder: Path, settings: CentreSettings) -> Gate:
    return Gate(
        ingest_key=keys.secret(key_folder / "ingest.key"),
        admin_key=keys.secret(key_folder / "admin.key"),
        screen_key=keys.secret(key_folder / "screen.key"),
        session_hours=settings.session_hours,
    )


def _bound(profile: Path, stack: ExitStack) -> Sockets:
    where = addresses.bound_by_daemons(profile)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    stack.callback(context.destroy, 0)
    guard = stack.enter_context(closing(Guard(context, profile)))
    changes = guard.broadcast(where.centre_changes, queued=sockets.FACTS_QUEUED)
    return Sockets(guard=guard, door=guard.door(where.centre_door, large=True), changes=changes)


@contextmanager
def _stopped_by_signals(stop: threading.Event | None) -> Iterator[threading.Event]:
    """Give the event that ends the loop; where we own the main thread, SIGTERM and SIGINT set it."""
    event = stop or threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature is given by signal.signal
        event.set()

    secret_file.forbid_core_files()
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

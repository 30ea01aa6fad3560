"""The daemon itself, in its process, on its sockets: heartbeats, hints, one per profile, restart, clean end."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zmq

from chengyun_core.centre import daemon
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import AcknowledgeAlarm, CreateAccount, ShelveAlarm, SignOn
from chengyun_core.model.scales import WarningColour
from chengyun_core.store.engine import Database, driver
from chengyun_core.wire import addresses, codec, sockets
from chengyun_core.wire.endpoints import TOPIC_CHANGE, TOPIC_HEARTBEAT
from chengyun_core.wire.envelope import Heartbeat, Hello, Reply, Request, SendActivations, SignedOn, Welcome
from tests.core.centre.process import CentreProcess
from tests.core.centre.room import NOON_NS, activation

pytestmark = [pytest.mark.wire, pytest.mark.slow]
HELLO = Hello(protocol=1, client="test")
PASSWORD = "correct horse"


class Listener:
    """Hears what the centre publishes."""

    def __init__(self, profile: Path) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = sockets.subscriber(
            self._context, addresses.of_profile(profile).centre_changes, TOPIC_CHANGE, TOPIC_HEARTBEAT, queued=10_000
        )

        self.beats = 0
        """Heartbeats heard so far."""

    def beat(self, wanted: Callable[[Heartbeat], bool] = lambda _: True) -> Heartbeat:
        """Return the next heartbeat that is as wanted."""
        while True:
            topic, data = self._next()
            self.beats += topic == TOPIC_HEARTBEAT
            if topic == TOPIC_HEARTBEAT and wanted(found := codec.unpack(data, Heartbeat)):
                return found

    def change(self, action: str) -> Change:
        """Return the next change of that action."""
        while True:
            topic, data = self._next()
            if topic == TOPIC_CHANGE and (found := codec.unpack(data, Change)).action == action:
                return found

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()
        self._context.term()

    def _next(self) -> tuple[bytes, bytes]:
        assert self._socket.poll(15_000), "the centre is silent"
        topic, data = self._socket.recv_multipart()
        return topic, data


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreProcess]:
    with CentreProcess(tmp_path / "p") as made:
        made.start()
        yield made


@pytest.fixture
def listener(centre: CentreProcess) -> Iterator[Listener]:
    made = Listener(centre.profile.folder)
    yield made
    made.close()


def _officer(centre: CentreProcess) -> str:
    centre.import_city(8)
    account = CreateAccount(account="officer", name="值班员", password=PASSWORD, posts=("500000.duty_officer",))
    assert centre.do(account, centre.admin_key).outcome == "done"
    reply = centre.do(SignOn(account="officer", password=PASSWORD, seat="A-01"), "")
    return codec.unpack(reply.body, SignedOn).token


def _raise(centre: CentreProcess, seq: int, colour: WarningColour = WarningColour.YELLOW) -> None:
    message = SendActivations(activations=(activation(seq, seq, colour, at_ns=NOON_NS),))
    reply = centre.ask("ingest.activations", message, centre.ingest_key)
    assert reply is not None
    assert reply.outcome == "done"


def test_that_a_newcomer_hears_a_heartbeat_and_then_every_change_with_its_number(
    centre: CentreProcess, listener: Listener
) -> None:
    first = listener.beat()
    assert (first.daemon, first.realm, first.tail) == ("centre", "live", 1)
    assert first.lights == {"backup": "ok", "database": "ok", "glass": "ok", "grouping": "ok", "journal": "ok"}
    session = _officer(centre)
    _raise(centre, 1)
    raised = listener.change("alarm.raise")
    centre.do(AcknowledgeAlarm(alarm=1, version=1), session)
    acked = listener.change("alarm.acknowledge")
    assert (acked.number, acked.seat, acked.account) == (raised.number + 1, "A-01", "officer")
    later = listener.beat(lambda beat: beat.tail >= acked.number)
    assert later.tail >= acked.number
    assert (later.catalogue, later.epoch) == (1, first.epoch)
    assert later.gauges["commit_p99_ms"] > 0


def test_that_a_killed_daemon_comes_back_with_a_later_epoch_and_its_sessions(
    centre: CentreProcess, listener: Listener
) -> None:
    first = listener.beat()
    session = _officer(centre)
    _raise(centre, 1)
    centre.kill()
    centre.start()
    again = listener.beat(lambda beat: beat.epoch != first.epoch)
    assert again.epoch > first.epoch
    assert centre.do(AcknowledgeAlarm(alarm=1, version=1), session).outcome == "done"


def test_that_a_second_daemon_of_the_profile_is_refused_and_names_the_first(
    centre: CentreProcess, caplog: pytest.LogCaptureFixture
) -> None:
    assert daemon.run(centre.profile.folder, CentreSettings(), threading.Event()) == daemon.NOT_STARTED
    pid = (addresses.run_folder(centre.profile.folder) / "centre.pid").read_text("ascii").strip()
    assert pid == str(centre.pid)
    assert pid in caplog.text
    assert centre.ask("hello", HELLO) is not None


def test_that_a_daemon_of_the_other_realm_does_not_open_this_database(
    centre: CentreProcess, caplog: pytest.LogCaptureFixture
) -> None:
    assert centre.stop() == 0
    settings = CentreSettings(realm="drill", reserve_mib=0)
    assert daemon.run(centre.profile.folder, settings, threading.Event()) == daemon.NOT_STARTED
    assert "drill" in caplog.text


def test_that_bytes_of_strangers_do_not_stop_it(centre: CentreProcess) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    stranger = sockets.caller(context, addresses.of_profile(centre.profile.folder).centre_door)
    for parts in ([b""], [b"\xff" * 1000], [b"a", b"b", b"c"], [b"\x81" * 100_000], [b"\xdd\xff\xff\xff\xff"]):
        stranger.send_multipart(parts)
    stranger.close()
    context.term()
    reply = centre.ask("hello", HELLO)
    assert reply is not None
    assert codec.unpack(reply.body, Welcome).protocol == 1


def test_that_passwords_are_checked_without_holding_up_acknowledgements(centre: CentreProcess) -> None:
    session = _officer(centre)
    for seq in range(1, 6):
        _raise(centre, seq)
    slow = [centre.send("session.sign_on", SignOn(account="nobody", password="x", seat="A-01")) for _ in range(20)]
    command_id = centre.send("alarm.acknowledge", AcknowledgeAlarm(alarm=1, version=1), session)
    order = [centre.next_id() for _ in range(21)]
    assert set(order) == {*slow, command_id}
    assert order.index(command_id) < 20, "the officer did not wait for every stranger"


def test_that_of_eight_officers_at_once_one_acknowledges_and_seven_are_told_by_whom(centre: CentreProcess) -> None:
    centre.import_city(8, seats=8)
    for n in range(1, 9):
        made = CreateAccount(account=f"o{n}", name=f"值班员{n}", password=PASSWORD, posts=("500000.duty_officer",))
        assert centre.do(made, centre.admin_key).outcome == "done"
    signed = [centre.do(SignOn(account=f"o{n}", password=PASSWORD, seat=f"S-{n}"), "") for n in range(1, 9)]
    tokens = [codec.unpack(reply.body, SignedOn).token for reply in signed]
    _raise(centre, 1)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    door = addresses.of_profile(centre.profile.folder).centre_door
    consoles = [sockets.caller(context, door) for _ in tokens]
    command = codec.pack(AcknowledgeAlarm(alarm=1, version=1))
    for console in consoles:
        assert console.poll(10_000, zmq.POLLOUT)
    for n, (console, token) in enumerate(zip(consoles, tokens, strict=True)):
        for _ in range(2):  # a double click
            made = Request(id=f"click-{n}", kind="alarm.acknowledge", body=command, session=token)
            console.send(codec.pack(made))
    replies = [[_reply(console) for _ in range(2)] for console in consoles]
    for console in consoles:
        console.close()
    context.term()
    assert all(first == second for first, second in replies), "both clicks get the same answer"
    outcomes = [first for first, _ in replies]
    (winner,) = [n for n, reply in enumerate(outcomes, 1) if reply.outcome == "done"]
    told = {(reply.code, reply.params["who"]) for reply in outcomes if reply.outcome == "refused"}
    assert told == {("alarm.already_acknowledged", f"o{winner}")}


def _reply(console: zmq.Socket[bytes]) -> Reply:
    assert console.poll(15_000)
    return codec.unpack(console.recv(), Reply)


@pytest.mark.fault
def test_that_a_locked_file_is_told_as_busy_while_the_heart_goes_on_beating(
    centre: CentreProcess, listener: Listener
) -> None:
    session = _officer(centre)
    _raise(centre, 1)
    foreign = driver().connect(str(centre.profile.folder / "centre" / "chengyun.db"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    first = listener.beat(lambda beat: beat.tail >= 5)
    before = listener.beats
    command_id = centre.send("alarm.acknowledge", AcknowledgeAlarm(alarm=1, version=1), session)
    reply = centre.answer(command_id)
    assert reply is not None
    assert (reply.outcome, reply.code) == ("trouble", "store.busy")
    told = listener.beat(lambda beat: beat.lights["database"] == "store.busy")
    assert told.sent_ns - first.sent_ns < 6 * NS_PER_S
    assert listener.beats - before >= 4, "the centre beats through two seconds of waiting"
    foreign.execute("ROLLBACK")
    foreign.close()
    assert centre.do(AcknowledgeAlarm(alarm=1, version=1), session, command_id).outcome == "done"
    assert listener.beat(lambda beat: beat.lights["database"] == "ok")


def test_that_a_shelf_runs_out_by_itself_on_a_clock_sixty_times_as_fast(tmp_path: Path) -> None:
    with CentreProcess(tmp_path / "fast", "clock_rate = 60.0\n") as centre:
        centre.start()
        listener = Listener(centre.profile.folder)
        session = _officer(centre)
        _raise(centre, 1, WarningColour.YELLOW)
        centre.do(ShelveAlarm(alarm=1, version=1, minutes=1, reason="x"), session)
        shelved = listener.change("alarm.shelve")
        expired = listener.change("alarm.shelf_expired")
        assert expired.at_ns - shelved.at_ns >= 60 * NS_PER_S
        assert listener.beat().law.rate == 60.0
        listener.close()


def test_that_a_damaged_database_without_backups_is_not_opened_and_says_what_to_do(
    centre: CentreProcess, caplog: pytest.LogCaptureFixture
) -> None:
    assert centre.stop() == 0
    path = centre.profile.folder / "centre" / "chengyun.db"
    shutil.rmtree(path.with_name("backup"), ignore_errors=True)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(len(whole) - 100))
    settings = CentreSettings(reserve_mib=0)
    assert daemon.run(centre.profile.folder, settings, threading.Event()) == daemon.NOT_STARTED
    assert "backup" in caplog.text


def test_that_a_journal_changed_behind_its_back_lights_a_lamp(centre: CentreProcess) -> None:
    centre.import_city(2)
    assert centre.stop() == 0
    database = Database(centre.profile.folder / "centre" / "chengyun.db")
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_keeps_words")
        connection.exec_driver_sql("UPDATE journal SET account = 'nobody' WHERE number = 2")
    database.close()
    centre.start()
    listener = Listener(centre.profile.folder)
    assert listener.beat().lights["journal"] == "journal.words_differ"
    listener.close()


def test_that_settings_of_another_clock_begin_a_new_law_and_the_same_ones_do_not(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    settings = CentreSettings(reserve_mib=0, clock_rate=10.0)
    laws = []
    for asked in (settings, settings, replace(settings, clock_rate=1.0)):
        assert daemon.run(tmp_path, asked, stop) == 0
        database = Database(tmp_path / "centre" / "chengyun.db")
        with database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT count(*) FROM journal WHERE action = 'clock.set'")
            laws.append(rows.scalar_one())
        database.close()
    assert laws == [1, 1, 2]

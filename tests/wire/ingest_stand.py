"""A stand for the real ingest daemon: a centre that takes activations, a listener on PUB, a client at the door."""

import threading
from contextlib import contextmanager

import zmq

from chengyun_core.ingest import daemon
from chengyun_core.model.activation import ActivationKey
from chengyun_core.model.clock import REAL_TIME
from chengyun_core.model.failure import Refused
from chengyun_core.wire import addresses, codec, frames, sockets
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH
from chengyun_core.wire.envelope import Confirmed, Done, Heartbeat, Hello, Reply, Request, SendActivations, SendBands
from chengyun_core.wire.mode_asks import SendRunning, SetsTold
from tests.support.fake_daemon import FakeDaemon
from tests.support.waiting import wait_until

KEY = "0123456789abcdef"


class TakingCentre(FakeDaemon):
    """Owns the catalogue and the clock; takes activations once and in order, and hears the bands."""

    daemon = "centre"

    def __init__(self, profile, catalogue):
        at = addresses.of_profile(profile)
        super().__init__(at.centre_changes, at.centre_door, queued=sockets.FACTS_QUEUED)
        self.catalogue = catalogue
        self.law = REAL_TIME
        self.taken = []
        self._last = {}
        self.doubles = 0
        self.bands = []
        self.runs = 0

    def beat(self):
        now = self._clock.utc_ns()
        return Heartbeat(
            daemon="centre", protocol=self.protocol, epoch=self.epoch, tail=0, clock_ns=now, sent_ns=now,
            catalogue=self.catalogue.version, law=self.law,
        )  # fmt: skip

    def answer(self, request):
        if request.session != KEY:
            raise Refused("session.none")
        match request.kind:
            case "catalogue.get":
                return codec.pack(self.catalogue)
            case "catalogue.sets":
                return codec.pack(SetsTold(version=self.catalogue.version))
            case "ingest.runs":
                self.runs = codec.unpack(request.body, SendRunning).catalogue
                return codec.pack(Done(change=0))
            case "ingest.activations":
                return codec.pack(self._take(codec.unpack(request.body, SendActivations).activations))
            case "ingest.bands":
                self.bands.append(codec.unpack(request.body, SendBands))
                return codec.pack(Done(change=0))
        raise Refused("door.unknown_ask", kind=request.kind)

    def _take(self, run):
        for item in run:
            if (item.epoch, item.seq) > self._last.get(item.shard, (0, 0)):
                self._last[item.shard] = (item.epoch, item.seq)
                self.taken.append(item)
            else:
                self.doubles += 1
        epoch, seq = self._last[run[-1].shard]
        return Confirmed(key=ActivationKey(shard=run[-1].shard, epoch=epoch, seq=seq))


def ready_profile(folder):
    """A profile folder with the ingest key in it."""
    (folder / "keys").mkdir(mode=0o700, parents=True)
    key = folder / "keys" / "ingest.key"
    key.touch(0o600)
    key.write_text(KEY)
    return folder


@contextmanager
def running(profile, settings):
    """Run the daemon's composition root in a thread; give a list that holds its exit code afterwards."""
    stop, code = threading.Event(), []
    thread = threading.Thread(target=lambda: code.append(daemon.run(profile, settings, stop)), name="ingest")
    thread.start()
    try:
        yield code
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the daemon does not end"


class Listener:
    """What a console does: SUB and DEALER of the ingest daemon."""

    def __init__(self, profile, shard=0):
        self._context = zmq.Context()
        at = addresses.of_profile(profile).ingest[shard]
        self.state = sockets.subscriber(
            self._context, at.state, TOPIC_STATE, TOPIC_WATCH, TOPIC_HEARTBEAT, queued=10_000
        )
        self.door = sockets.caller(self._context, at.door)
        self.beats, self.frames, self.watched = [], [], []
        self._asked = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._context.destroy(linger=0)

    def drain(self, wait_ms=50):
        """Take what has come."""
        while self.state.poll(wait_ms):
            topic, payload = self.state.recv_multipart()
            if topic == TOPIC_HEARTBEAT:
                self.beats.append(codec.unpack(payload, Heartbeat))
            else:
                (self.frames if topic == TOPIC_STATE else self.watched).append(frames.decode(payload))
            wait_ms = 0

    def until(self, condition, what, limit_s=20.0):
        """Drain until the newest heartbeat fulfils a condition."""

        def holds():
            self.drain()
            return bool(self.beats) and condition(self.beats[-1])

        wait_until(holds, what, limit_s=limit_s)
        return self.beats[-1]

    def ask(self, kind, body=None):
        """Ask the door and return the reply."""
        self._asked += 1
        request = Request(
            id=str(self._asked), kind=kind, body=codec.pack(body or Hello(protocol=PROTOCOL_VERSION, client="test"))
        )
        wait_until(lambda: bool(self.door.poll(0, zmq.POLLOUT)), "the door is there")
        self.door.send(codec.pack(request))
        assert self.door.poll(10_000), f"no answer to {kind}"
        reply = codec.unpack(self.door.recv(), Reply)
        assert reply.id == request.id
        return reply

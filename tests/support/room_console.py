"""A console's part of a room without its window: the real conductor and the real media worker, on a real centre."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

from chengyun_core.model.command import CreateAccount, SignOn
from chengyun_core.model.room import Room
from chengyun_core.model.room_commands import JoinRoom
from chengyun_core.model.room_rules import member_of
from chengyun_core.rtc.conductor import Conductor
from chengyun_core.rtc.media_process import COMMAND, MediaProcess
from chengyun_core.rtc.orders import Begin, Equipped, Failed, Order, PeerNow, Record, Recorded, Say, Told
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import SignedOn
from chengyun_core.wire.room_asks import AskMail, AskRooms, Mail, Rooms, SendSignal
from tests.core.centre.process import CentreProcess

PASSWORD = "a long password"


class RoomConsole:
    """One member. `pump` does what the window does four times a second."""

    def __init__(
        self, centre: CentreProcess, session: str, code: str, begin: Begin, command: tuple[str, ...] = COMMAND
    ) -> None:  # fmt: skip
        self.centre, self.session, self.code = centre, session, code
        self._begin, self._command = begin, command
        self.conductor = Conductor(code)
        self._told: SimpleQueue[Told] = SimpleQueue()
        self.peers: dict[str, PeerNow] = {}
        self.equipped: list[Equipped] = []
        self.recorded: list[Recorded] = []
        self.failed: list[Failed] = []
        self.levels: list[tuple[str, int]] = []
        self.is_cut = False
        """Whether its machine is off the network: it asks nothing."""
        self.media = self._started()

    def pump(self, number: int = 1) -> Room:
        """Look at the room, take what came, order what follows."""
        room = self.room(number)
        if self.is_cut:
            return room
        own = member_of(room, self.code)
        if own is not None and own.state == "dropped":
            self.centre.do(JoinRoom(room=number, code=self.code), self.session)
            room = self.room(number)
        now = time.monotonic_ns()
        self._order(self.conductor.look(room, now))
        ask = AskMail(room=number, code=self.code, after=self.conductor.after)
        reply = self.centre.ask("room.mail", ask, self.session)
        assert reply is not None
        assert reply.outcome == "done", reply
        self._order(self.conductor.mail(codec.unpack(reply.body, Mail), now))
        self._take(number)
        return room

    def room(self, number: int = 1) -> Room:
        """Return the room as the centre has it."""
        reply = self.centre.ask("room.page", AskRooms(event=1), self.session)
        assert reply is not None
        return next(one.room for one in codec.unpack(reply.body, Rooms).rooms if one.room.number == number)

    def record(self, path: Path | None) -> None:
        """Begin or end a recording."""
        self._order([Record(path="" if path is None else str(path))])

    def kill_media(self) -> None:
        """End its worker as a crash would, and start another."""
        os.kill(self.media.pid, signal.SIGKILL)
        self.media.stop()
        self.media = self._started()
        self.peers.clear()
        self._order(self.conductor.restarted(time.monotonic_ns()))

    def stop(self) -> None:
        """End its worker, and take what it told last."""
        self.media.stop()
        self._take(1)

    def _started(self) -> MediaProcess:
        return MediaProcess(self._begin, self._told.put, self._command)

    def _order(self, orders: list[Order]) -> None:
        for order in orders:
            self.media.send(order)

    def _take(self, number: int) -> None:
        while True:
            try:
                told = self._told.get_nowait()
            except Empty:
                return
            match told:
                case Say():
                    word = SendSignal(room=number, code=self.code, to=told.to, kind=told.kind, data=told.data)
                    self.centre.ask("room.signal", word, self.session)
                case PeerNow():
                    self.peers[told.peer] = told
                    self.levels.append((told.peer, int(told.level)))
                    self.conductor.told(told, time.monotonic_ns())
                case Equipped():
                    self.equipped.append(told)
                case Recorded():
                    self.recorded.append(told)
                case Failed():
                    self.failed.append(told)


def pumped(consoles: list[RoomConsole], until: Callable[[], bool], what: str, limit_s: float = 20.0) -> None:
    """Pump all of them until something holds."""
    end = time.monotonic() + limit_s
    while not until():
        assert time.monotonic() < end, f"{what}: {[(console.peers, console.failed[-3:]) for console in consoles]}"
        for console in consoles:
            console.pump()
        time.sleep(0.05)


def signed_on(centre: CentreProcess, seat: str) -> str:
    """Sign a duty officer of his own account on at a seat, and return the session."""
    account = seat.lower()
    made = CreateAccount(account=account, name=seat, password=PASSWORD, posts=("500000.duty_officer",))
    assert centre.do(made, centre.admin_key).outcome == "done"
    reply = centre.do(SignOn(account=account, password=PASSWORD, seat=seat), "")
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, SignedOn).token

"""A drill with one person in it: a centre daemon, a room he leads from his console, and `chengyun parties`."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import OpenEvent
from chengyun_core.model.room import Member, Poll, Room
from chengyun_core.model.room_commands import Invitee, MuteInRoom, OpenRoom
from chengyun_core.model.room_rules import member_of
from chengyun_core.rtc.orders import Begin
from chengyun_core.wire import codec
from chengyun_core.wire.room_asks import AskRoomLines, AskRooms, RoomLine, RoomLines, Rooms
from tests.core.centre.process import CentreProcess
from tests.support.room_console import RoomConsole, pumped, signed_on

CHAIR = "S-1"
STOP_S = 20.0
LIMIT_S = 60.0
"""Two cores may have everything else to do; nothing here is waited for longer than it takes."""
QUICK = "answer_s = 1.0\nact_s = 2.0\ndrops = 0.0\n"
"""Nobody in a test waits as long as a person takes."""


class PartyStand:
    """The officer at S-1 leads room 1; who plays the others is a process of its own, as `chengyun up` runs it."""

    def __init__(self, centre: CentreProcess, folder: Path) -> None:
        self.centre, self._folder = centre, folder
        self._process: subprocess.Popen[bytes] | None = None
        self.session = self.signed_on(CHAIR)
        opened = OpenEvent(source=EventSource.MANUAL, title="爆管", centre="500103")
        assert centre.do(opened, self.session).outcome == "done"
        self.console: RoomConsole | None = None

    def open(self, *codes: str) -> RoomConsole:
        """Open the room, ask these to come, and speak."""
        invited = tuple(Invitee(code=code) for code in codes)
        assert self.centre.do(OpenRoom(event=1, invited=invited), self.session).outcome == "done"
        begin = Begin(microphone="tone:440", speaker="none", camera="card")
        self.console = RoomConsole(self.centre, self.session, CHAIR, begin)
        unmuted = MuteInRoom(room=1, code=CHAIR, is_muted=False)
        assert self.centre.do(unmuted, self.session).outcome == "done"
        return self.console

    def pumped(self, until: object, what: str) -> None:
        """Do what the officer's window does until something holds."""
        assert self.console is not None
        assert callable(until)
        pumped([self.console], until, f"{what}; {self.log()}", LIMIT_S)

    def start(self) -> None:
        """Start who plays."""
        command = [sys.executable, "-m", "chengyun_core.launch", "parties", "--verbose"]
        with self._log_file().open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--profile", str(self.centre.profile.folder)], stdout=log, stderr=log,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End who plays; return the exit code."""
        assert self._process is not None
        process, self._process = self._process, None
        process.send_signal(number)
        try:
            return process.wait(STOP_S)
        finally:
            process.kill()
            process.wait()

    def ended(self) -> int:
        """Return the exit code of who plays, once it ends by itself."""
        assert self._process is not None
        process, self._process = self._process, None
        return process.wait(LIMIT_S)

    def close(self) -> None:
        """End everything that was started here."""
        if self._process is not None:
            self.end()
        if self.console is not None:
            self.console.stop()

    def room(self) -> Room:
        """Return the room as the centre has it."""
        return self._told()[0]

    def member(self, code: str) -> Member:
        """Return a member of it."""
        found = member_of(self.room(), code)
        assert found is not None
        return found

    def poll(self) -> Poll:
        """Return what it was asked last."""
        return self._told()[1][-1]

    def lines(self) -> tuple[RoomLine, ...]:
        """Return its record."""
        reply = self.centre.ask("room.lines", AskRoomLines(room=1), self.session)
        assert reply is not None
        return codec.unpack(reply.body, RoomLines).lines

    def signed_on(self, seat: str) -> str:
        """Sign a person on at a seat, and return the session."""
        return signed_on(self.centre, seat)

    def log(self) -> str:
        """Return the end of what it logged."""
        file = self._log_file()
        return file.read_text("utf-8", "replace")[-3000:] if file.exists() else ""

    def _told(self) -> tuple[Room, tuple[Poll, ...]]:
        reply = self.centre.ask("room.page", AskRooms(event=1), self.session)
        assert reply is not None
        told = codec.unpack(reply.body, Rooms).rooms[0]
        return told.room, told.polls

    def _log_file(self) -> Path:
        return self._folder / "parties.log"


@contextmanager
def party_stand(folder: Path, *, realm: str = "drill", centre: str = "", parties: str = QUICK) -> Iterator[PartyStand]:
    """Bring it up. `centre`, `parties`: lines of these sections of the profile's settings."""
    with CentreProcess(folder / "p", f"{centre}\n[parties]\n{parties}") as process:
        file = process.profile.settings_file
        file.write_text(file.read_text("utf-8").replace("[profile]", f'[profile]\nrealm = "{realm}"'), "utf-8")
        process.start()
        process.import_city(0, seats=4)
        made = PartyStand(process, folder)
        try:
            yield made
        finally:
            made.close()

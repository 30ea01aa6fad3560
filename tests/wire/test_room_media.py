"""Sound and pictures between real media workers, signalled through a real centre daemon, relayed by a real Janus (Y5).

A tone goes in at one end and is measured at the other.
"""

import os
import signal
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from chengyun_core.centre.room_mail import relay_secret
from chengyun_core.launch import profile as profiles
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import OpenEvent
from chengyun_core.model.room import MemberState, Route
from chengyun_core.model.room_commands import Invitee, JoinRoom, MuteInRoom, OpenRoom
from chengyun_core.model.room_rules import member_of
from chengyun_core.rtc.orders import Begin, PeerNow
from chengyun_core.store import keys
from tests.core.centre.process import CentreProcess
from tests.support.janus_stand import JanusStand
from tests.support.room_console import RoomConsole, pumped, signed_on

pytestmark = [pytest.mark.wire, pytest.mark.slow, pytest.mark.timeout(120)]
PITCHES = {"S-1": 440, "S-2": 880, "S-3": 1320}


@dataclass
class Stand:
    """A centre, and consoles that came into room 1."""

    centre: CentreProcess
    folder: Path
    consoles: dict[str, RoomConsole] = field(default_factory=dict)
    undo: ExitStack = field(default_factory=ExitStack)

    def come(self, *seats: str, camera: str = "card", command: tuple[str, ...] = ()) -> list[RoomConsole]:
        """Sign people on at these seats, open the room, and let all of them in with open microphones."""
        for seat in seats:
            session = signed_on(self.centre, seat)
            if not self.consoles:
                opened = OpenEvent(source=EventSource.MANUAL, title="爆管", centre="500103")
                assert self.centre.do(opened, session).outcome == "done"
                invited = tuple(Invitee(code=code) for code in PITCHES)
                assert self.centre.do(OpenRoom(event=1, invited=invited), session).outcome == "done"
            begin = Begin(microphone=f"tone:{PITCHES[seat]}", speaker=f"file:{self.wav(seat)}", camera=camera)
            more = (begin, command) if command else (begin,)
            console = RoomConsole(self.centre, session, seat, *more)
            self.undo.callback(lambda console=console: console.stop())
            self.consoles[seat] = console
            assert self.centre.do(JoinRoom(room=1, code=seat), session).outcome == "done"
            assert self.centre.do(MuteInRoom(room=1, code=seat, is_muted=False), session).outcome == "done"
        return list(self.consoles.values())

    def wav(self, seat: str) -> Path:
        """Return where a console's speaker writes."""
        return self.folder / f"{seat}.wav"

    def stop(self) -> None:
        """End all workers; what they heard is complete then."""
        self.undo.close()

    def state(self, seat: str) -> MemberState:
        """Return where a member stands."""
        member = member_of(next(iter(self.consoles.values())).room(), seat)
        assert member is not None
        return member.state


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    yield from _standing(tmp_path, "")


@pytest.fixture
def janus(tmp_path: Path) -> Iterator[JanusStand]:
    """Give a relay that asks for the secret of the profile in `p`."""
    token_key = keys.secret(profiles.ensure(tmp_path / "p").folder / "keys" / "token.key")
    with JanusStand(tmp_path / "janus", relay_secret(token_key)) as made:
        yield made


@pytest.fixture
def relayed(tmp_path: Path, janus: JanusStand) -> Iterator[Stand]:
    yield from _standing(tmp_path, f'rooms_relay = "{janus.address}"\n')


def _standing(folder: Path, more: str) -> Iterator[Stand]:
    with CentreProcess(folder / "p", more) as centre:
        centre.start()
        centre.import_city(0, seats=4)
        made = Stand(centre, folder)
        yield made
        made.stop()


def _heard(path: Path, last_s: float = 2.0) -> dict[int, float]:
    """Return how loud each of the pitches was in the last seconds of a file, dB below the loudest thing in it."""
    with wave.open(str(path)) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), np.int16)[-int(48_000 * last_s) :].astype(float)
    bins = np.abs(np.fft.rfft(data * np.hanning(len(data))))
    at = {pitch: round(pitch * len(data) / 48_000) for pitch in PITCHES.values()}
    return {pitch: 20 * np.log10(bins[n - 3 : n + 4].max() / bins.max() + 1e-9) for pitch, n in at.items()}


def _flows(console: RoomConsole, peer: str) -> bool:
    told = console.peers.get(peer)
    return told is not None and told.state == "connected" and told.sounds_s > 40 and told.pictures_s > 10


def test_that_two_hear_and_see_each_other_directly(stand: Stand) -> None:
    one, two = stand.come("S-1", "S-2")
    pumped([one, two], lambda: _flows(one, "S-2") and _flows(two, "S-1"), "both hear and see each other")
    assert one.room().route is Route.DIRECT
    first = one.media.seen(one.peers["S-2"].pane)
    assert (first.width, first.height) == (640, 360)
    assert first.frame is not None
    picture = bytes(first.frame)
    pumped([one, two], lambda: one.media.seen(one.peers["S-2"].pane).sequence > first.sequence + 5, "pictures go on")
    later = one.media.seen(one.peers["S-2"].pane)
    assert later.frame is not None
    assert bytes(later.frame) != picture, "the bar on the card has moved"
    one.record(stand.folder / "r.ogg")
    time.sleep(2.2)
    stand.stop()
    assert _heard(stand.wav("S-1"))[880] > -3 > -40 > _heard(stand.wav("S-1"))[440]
    assert _heard(stand.wav("S-2"))[440] > -3 > -40 > _heard(stand.wav("S-2"))[880]
    (recorded,) = one.recorded
    assert recorded.seconds > 2
    assert (stand.folder / "r.ogg").stat().st_size == recorded.size > 4000


def test_that_a_muted_voice_is_silence_while_the_line_stays(stand: Stand) -> None:
    one, two = stand.come("S-1", "S-2", camera="none")
    pumped([one, two], lambda: two.peers.get("S-1") is not None and two.peers["S-1"].sound_db > -30, "a tone")
    assert stand.centre.do(MuteInRoom(room=1, code="S-1", is_muted=True), one.session).outcome == "done"
    pumped([one, two], lambda: two.peers["S-1"].sound_db < -60, "silence")
    assert two.peers["S-1"].state == "connected"
    assert two.peers["S-1"].sounds_s > 40
    assert two.peers["S-1"].pane == -1, "nobody showed a picture"


def test_that_who_drops_is_seen_to_and_is_heard_again_when_he_is_back(stand: Stand) -> None:
    one, two = stand.come("S-1", "S-2", camera="none")
    pumped([one, two], lambda: two.peers.get("S-1") is not None and two.peers["S-1"].sound_db > -30, "a tone")
    two.is_cut = True
    os.kill(two.media.pid, signal.SIGSTOP)
    pumped([one, two], lambda: stand.state("S-2") is MemberState.DROPPED, "the centre notices")
    os.kill(two.media.pid, signal.SIGCONT)
    two.is_cut = False
    one.peers.clear()
    two.peers.clear()

    def is_back() -> bool:
        told = two.peers.get("S-1")
        return stand.state("S-2") is MemberState.JOINED and told is not None and told.sound_db > -30

    pumped([one, two], is_back, "he is in again and hears")


def test_that_a_killed_worker_is_replaced_and_heard(stand: Stand) -> None:
    one, two = stand.come("S-1", "S-2", camera="none")
    pumped([one, two], lambda: two.peers.get("S-1") is not None and two.peers["S-1"].sound_db > -30, "a tone")
    two.kill_media()
    one.peers.clear()
    pumped([one, two], lambda: "S-1" in two.peers and two.peers["S-1"].sound_db > -30, "heard again", 30)
    assert stand.state("S-2") is MemberState.JOINED, "his console never was away"


def test_that_a_bad_link_gives_up_pictures_and_keeps_the_voice(stand: Stand) -> None:
    lossy = (sys.executable, "-m", "tests.support.lossy_worker", "0.25")
    one, two = stand.come("S-1", "S-2", command=lossy)
    pumped([one, two], lambda: ("S-2", 3) in one.levels, "the picture is given up", 40)
    pumped([one, two], lambda: two.peers["S-1"].pictures_s == 0, "no more pictures come")
    heard: list[PeerNow] = []

    def ten_looks() -> bool:
        if not heard or two.peers["S-1"] is not heard[-1]:
            heard.append(two.peers["S-1"])
        return len(heard) > 10

    pumped([one, two], ten_looks, "five seconds of voice")
    assert {one.state for one in heard} == {"connected"}
    # 37 of 50 are sent on; aiortc's own buffer let 12 through.
    assert sum(one.sounds_s for one in heard) / len(heard) > 28
    assert max(one.sound_db for one in heard) > -40


def test_that_a_machine_without_sound_says_so_and_takes_part(stand: Stand) -> None:
    session_one, two = stand.come("S-1", "S-2", camera="none")
    for name in ("microphone", "speaker"):
        assert getattr(two.equipped[0] if two.equipped else None, name, None) is None
    deaf = RoomConsole(stand.centre, session_one.session, "S-1", Begin(microphone="device", speaker="device"))
    stand.undo.callback(deaf.stop)
    pumped([deaf], lambda: bool(deaf.equipped), "what there is, is told")
    lacks = [deaf.equipped[0].microphone, deaf.equipped[0].speaker]
    codes = {reason.code for reason in lacks if reason is not None}
    assert codes <= {"room.no_microphone", "room.no_speaker"}
    assert two.centre is stand.centre


def test_that_three_are_mixed_by_the_relay_and_one_is_seen(relayed: Stand) -> None:
    one, two, three = relayed.come("S-1", "S-2", "S-3")

    def all_flow() -> bool:
        return all(_flows(console, "relay") for console in (one, two, three))

    pumped([one, two, three], all_flow, "all are heard, and one is seen by each", 30)
    assert one.room().route is Route.RELAYED
    seen = three.media.seen(three.peers["relay"].pane)
    assert (seen.width, seen.height) == (640, 360)
    time.sleep(2.2)
    relayed.stop()
    for seat, own in PITCHES.items():
        loud = _heard(relayed.wav(seat))
        assert loud[own] < -30, "nobody hears himself"
        assert all(level > -12 for pitch, level in loud.items() if pitch != own), (seat, loud)


def test_that_a_relay_that_ends_is_found_again(relayed: Stand, janus: JanusStand) -> None:
    one, two, three = relayed.come("S-1", "S-2", "S-3", camera="none")
    everybody = [one, two, three]

    def all_hear() -> bool:
        told = [console.peers.get("relay") for console in everybody]
        return all(now is not None and now.state == "connected" and now.sound_db > -30 for now in told)

    pumped(everybody, all_hear, "all hear", 30)
    janus.stop()
    pumped(everybody, lambda: all(console.peers["relay"].state == "lost" for console in everybody), "lost", 30)
    janus.start()
    pumped(everybody, all_hear, "all hear again", 40)

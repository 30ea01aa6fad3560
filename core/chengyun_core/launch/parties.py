"""`chengyun parties`: plays the members of consultations whom nobody plays, in a drill, so that one alone rehearses."""

import logging
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from chengyun_core.ingest.process_lock import ProcessLock
from chengyun_core.launch import settings
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.party_player import Player
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.room_news import RoomNews
from chengyun_core.launch.settings import ProfileSettings
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.room import Member, MemberRole, MemberState, Room
from chengyun_core.model.room_parties import may_be_played
from chengyun_core.rtc.media_process import Media, MediaProcess
from chengyun_core.rtc.orders import Begin, Told
from chengyun_core.rtc.party import Lines, Party
from chengyun_core.rtc.party_voice import voice_file
from chengyun_core.rtc.settings import PartySettings
from chengyun_core.wire import addresses
from chengyun_resources.texts import LANGUAGES, Texts

logger = logging.getLogger(__name__)

BEAT_S = 0.25
"""As often as a console asks for its words."""
PAUSE_S = 1.0
"""After a centre that did not answer."""
DOOR_S = 1.5
"""Less than the silence after which a member counts as dropped: one answer that is late costs nobody his place."""
LONGEST_S = 86_400.0
"""Of a while that can be set: a day."""
ARRIVED = "arrived"
SAID: dict[MemberRole, tuple[str, ...]] = {
    MemberRole.LEAD: ("forces", "watch", "supplies", "plan"),
    MemberRole.ASSIST: ("road", "supplies", "forces", "nothing"),
    MemberRole.LOCAL: ("people", "watch", "shelter", "road"),
    MemberRole.EXPERT: ("advice", "figures", "nothing"),
}
"""What a member has to say by why he was asked (`parties.said.…`), after that he has come."""
RESERVED: dict[MemberRole, tuple[str, ...]] = {
    MemberRole.LEAD: ("forces", "supplies"), MemberRole.ASSIST: ("forces", "road"),
    MemberRole.LOCAL: ("people", "supplies"), MemberRole.EXPERT: ("watch",),
}  # fmt: skip
"""Likewise `parties.reserved.…`."""
OTHERS = ("watch", "nothing"), ("watch", "road")
"""What guests say, and what they reserve."""
Voice = Callable[[str, str, Callable[[Told], None]], Media]
"""voice(code, sentence, told): the worker of the member with this code, who says a sentence."""


class Parties:
    """All that are played. `beat` is called four times a second."""

    def __init__(self, door: DoorClient, news: RoomNews, own: PartySettings, texts: Texts, voice: Voice) -> None:
        self._door, self._news, self._settings, self._texts, self._voice = door, news, own, texts, voice
        self._players: dict[tuple[int, str], Player] = {}
        self._ending: list[threading.Thread] = []

    def beat(self) -> None:
        """Look at the rooms and let everybody do what is due. Raises Trouble of a silent centre."""
        self._news.look()
        rooms, now_ns = {room.number: room for room in self._news.rooms()}, self._news.now_ns()
        self._let_go(rooms)
        for room in rooms.values():
            for member in room.members:
                self._take_up(room, member)
        if now_ns is None:
            return
        for (number, _), player in list(self._players.items()):
            room = rooms[number]
            player.beat(room, self._news.question(room), now_ns, time.monotonic_ns())

    def close(self) -> None:
        """Let all go; returns when their workers have ended, which takes two seconds at most."""
        self._let_go({})
        for thread in self._ending:
            thread.join()

    def _let_go(self, rooms: dict[int, Room]) -> None:
        self._ending = [thread for thread in self._ending if thread.is_alive()]
        over = {key: player for key, player in self._players.items() if player.is_over(rooms.get(key[0]))}
        for key, player in over.items():
            del self._players[key]
            ending = player.end()
            self._ending += [] if ending is None else [ending]
        with suppress(Trouble):
            # A centre that does not answer one of them is not asked by each of the others in turn.
            for player in over.values():
                player.sign_off()

    def _take_up(self, room: Room, member: Member) -> None:
        key = (room.number, member.code)
        is_free = member.is_simulated or (member.state is MemberState.INVITED and not member.account)
        if not is_free or member.code == room.chair or key in self._players:
            return
        if member.state is not MemberState.LEFT and len(self._players) < self._settings.most:
            self._players[key] = self._player(room, member)

    def _player(self, room: Room, member: Member) -> Player:
        with_sound = sum(player.party.has_sound for player in self._players.values())
        party = Party(
            member.code, room.number, self._lines(member.role), self._settings,
            has_sound=with_sound < self._settings.voices,
        )  # fmt: skip
        name = self._texts.say("parties.name", name=member.name or member.code)
        # After a start in the middle of a drill its name is the one it was given before.
        name = member.name if member.is_simulated else name
        return Player(self._door, room.number, party, name, partial(self._voice, member.code, party.lines.said[1]))

    def _lines(self, role: MemberRole) -> Lines:
        say, (said, reserved) = self._texts.say, OTHERS
        return Lines(
            said=tuple(say(f"parties.said.{name}") for name in (ARRIVED, *SAID.get(role, said))),
            reserved=tuple(say(f"parties.reserved.{name}") for name in RESERVED.get(role, reserved)),
        )


def run(profile: Profile, stop: threading.Event) -> int:
    """Play until `stop` is set; return 0.

    Raises:
        Refused: `room.not_played_here` for a profile that is no drill; what is wrong with its settings.
        Trouble: another process of this profile does it already.
    """
    whole = settings.read(profile.settings_file, "profile", ProfileSettings)
    if not may_be_played(whole.realm):
        raise Refused("room.not_played_here", realm=str(whole.realm))
    own = read_settings(profile.settings_file)
    lock = _locked(addresses.run_folder(profile.folder) / "parties.lock")
    try:
        _played(profile, own, stop)
    finally:
        lock.release()
    return 0


def read_settings(file: Path) -> PartySettings:
    """Return the section `[parties]`. Raises Refused for what cannot be meant, Trouble for a file that is not read."""
    own = settings.read(file, "parties", PartySettings)
    bounds = {
        "act_s": 0 < own.act_s <= LONGEST_S, "answer_s": 0 < own.answer_s <= LONGEST_S, "drops": 0 <= own.drops <= 1,
        "language": own.language in LANGUAGES, "most": own.most >= 0, "reservations": 0 <= own.reservations <= 1,
        "voices": own.voices >= 0,
    }  # fmt: skip
    for name in (name for name, holds in bounds.items() if not holds):
        raise Refused("parties.settings", file=file, name=name, value=getattr(own, name))
    return own


def _locked(file: Path) -> ProcessLock:
    try:
        return ProcessLock(file)
    except Refused as held:
        # Two of us would take one another's sessions for ever.
        raise Refused("parties.already_running", **held.reason.params) from held


def _played(profile: Profile, own: PartySettings, stop: threading.Event) -> None:
    found, texts = addresses.of_profile(profile.folder), Texts(own.language)
    key = profile.key("admin.key")
    with (
        tempfile.TemporaryDirectory(prefix="chengyun-parties-") as folder,
        DoorClient(found.centre_door, session=key, timeout_s=DOOR_S) as door,
        RoomNews(door, found.centre_changes) as news,
    ):
        parties = Parties(door, news, own, texts, partial(_voice, Path(folder), own))
        logger.info("%s", texts.say("parties.running", most=own.most, voices=own.voices))
        try:
            while not stop.wait(BEAT_S):
                _beat(parties, stop)
        finally:
            parties.close()


def _beat(parties: Parties, stop: threading.Event) -> None:
    try:
        parties.beat()
    except Trouble as fault:
        logger.warning("the centre is not heard: %s", fault)
        stop.wait(PAUSE_S)


def _voice(folder: Path, own: PartySettings, code: str, said: str, told: Callable[[Told], None]) -> Media:
    """Start the worker of a party; its ear is a file that says its sentence, it has no mouth, and its eye is shut."""
    file = voice_file(folder, code, own.seed, said, own.language)
    return MediaProcess(Begin(microphone=f"file:{file}", speaker="none", camera="none"), told)

"""What a simulated party does in a room and when: drawn from its seed, told by the profile's clock. Sans-io."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.room import OWN_PICTURE, Member, MemberState, Poll, Room, Route, Stance
from chengyun_core.model.room_commands import CastVote, JoinRoom, MuteInRoom, RaiseHand, SayInRoom, ShareInRoom
from chengyun_core.model.room_rules import is_open, member_of, present, sharer
from chengyun_core.rtc.settings import PartySettings

Deed = CastVote | JoinRoom | MuteInRoom | RaiseHand | SayInRoom | ShareInRoom


class Act(StrEnum):
    """What a party may begin by itself."""

    SPEAK = "speak"
    HAND = "hand"
    PICTURE = "picture"
    DROP = "drop"


WEIGHTS: dict[Act, float] = {Act.SPEAK: 0.6, Act.HAND: 0.25, Act.PICTURE: 0.15}
"""How often each is chosen where all are possible; drops come by a setting of their own."""
LASTS_S: dict[Act, float] = {Act.SPEAK: 8.0, Act.HAND: 25.0, Act.PICTURE: 20.0, Act.DROP: 8.0}
"""How long each goes on, about, profile seconds; a drop from when the centre has noticed it."""
VOTE_S = 7.0
"""From a question to a stance, about: as long as it takes to read it."""
FIRST_ACT = 0.3
"""Of the usual time between two deeds: who came says soon that he is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What a party has to say, in the drill's language."""

    said: tuple[str, ...]
    """Notes for a room without sound; the first one on coming."""
    reserved: tuple[str, ...]
    """Words of a reservation."""


class Party:
    """One member that is played. `look` is called again and again with the room as it is."""

    def __init__(self, code: str, room: int, lines: Lines, settings: PartySettings, *, has_sound: bool) -> None:
        self.code, self.has_sound = code, has_sound
        self.lines, self._settings = lines, settings
        # A string's seed is the same in every process; a tuple's would not be.
        self._random = Random(f"{settings.seed}/{room}/{code}")
        self._later = list(lines.said[1:])
        self._random.shuffle(self._later)
        self._due: dict[str, int] = {}
        self._act: Act | None = None
        self._acts = 0
        self.is_cut = False
        """Whether its line is down: it asks for no words, so that the centre finds out as with anybody."""

    def look(self, room: Room, poll: Poll | None, now_ns: int) -> list[Deed]:
        """Return what it does now. `poll`: the question that is open, if one is."""
        own = member_of(room, self.code)
        if own is None or not is_open(room):
            return []
        match own.state:
            case MemberState.INVITED:
                return self._when("answer", self._settings.answer_s, now_ns, lambda: self._come(room))
            case MemberState.DROPPED:
                return self._when("back", LASTS_S[Act.DROP], now_ns, lambda: self._come(room))
            case MemberState.JOINED if not self.is_cut and _has_people(room):
                return [*self._vote(room, poll, now_ns), *self._go_on(room, own, now_ns)]
        return []

    def _come(self, room: Room) -> list[Deed]:
        self.is_cut, self._act = False, None
        self._due.pop("end", None)
        return [JoinRoom(room=room.number, code=self.code)]

    def _vote(self, room: Room, poll: Poll | None, now_ns: int) -> list[Deed]:
        if poll is None or self.code not in poll.asked or any(one.code == self.code for one in poll.votes):
            return []
        return self._when(f"vote {poll.number}", VOTE_S, now_ns, lambda: [self._stance(room, poll)])

    def _stance(self, room: Room, poll: Poll) -> Deed:
        reserves = self._random.random() < self._settings.reservations
        words = self._random.choice(self.lines.reserved) if reserves else ""
        stance = Stance.RESERVE if reserves else Stance.AGREE
        return CastVote(room=room.number, poll=poll.number, code=self.code, stance=stance, words=words)

    def _go_on(self, room: Room, own: Member, now_ns: int) -> list[Deed]:
        if self._act is not None:
            return self._when("end", LASTS_S[self._act], now_ns, lambda: self._end(room, own))
        if not own.is_muted:
            # Opened before this process knew of it, or by a word that was lost: nobody speaks now.
            return [self._muted(room, is_muted=True)]
        between = self._settings.act_s * (1 if self._acts else FIRST_ACT)
        return self._when("act", between, now_ns, lambda: self._begin(room, own))

    def _begin(self, room: Room, own: Member) -> list[Deed]:
        act = self._chosen(room, own)
        self._acts += 1
        if act is Act.DROP:
            self.is_cut = True
            return []
        if act is Act.SPEAK and not self._speaks(room):
            return [SayInRoom(room=room.number, code=self.code, text=self._said())]
        if act is Act.SPEAK and any(one.is_simulated and not one.is_muted for one in present(room)):
            # One at a time; it is tried again after the usual while.
            return []
        self._act = act
        return [self._deed(room, act, begins=True)]

    def _end(self, room: Room, own: Member) -> list[Deed]:
        """Leave off; what the chair ended meanwhile, or another's share, is over already."""
        act, self._act = self._act, None
        goes_on = {
            Act.SPEAK: not own.is_muted, Act.HAND: own.hand_at is not None, Act.PICTURE: own.shares == OWN_PICTURE,
        }  # fmt: skip
        return [self._deed(room, act, begins=False)] if act is not None and goes_on[act] else []

    def _chosen(self, room: Room, own: Member) -> Act:
        if self._acts and self._random.random() < self._settings.drops:
            return Act.DROP
        if not self._acts and not own.muted_by:
            return Act.SPEAK
        possible = [act for act in WEIGHTS if self._may(act, room, own)]
        return self._random.choices(possible, [WEIGHTS[act] for act in possible])[0]

    def _may(self, act: Act, room: Room, own: Member) -> bool:
        if act is Act.PICTURE:
            return self._speaks(room) and sharer(room) is None
        return act is Act.HAND or not own.muted_by

    def _speaks(self, room: Room) -> bool:
        return self.has_sound and room.route is not Route.TEXT_ONLY

    def _said(self) -> str:
        if self._acts <= 1:
            return self.lines.said[0]
        # Round and round in an order of its own: nobody says the same twice running.
        self._later.append(self._later.pop(0))
        return self._later[-1]

    def _deed(self, room: Room, act: Act, *, begins: bool) -> Deed:
        match act:
            case Act.HAND:
                return RaiseHand(room=room.number, code=self.code, is_raised=begins)
            case Act.PICTURE:
                return ShareInRoom(room=room.number, code=self.code, shares=OWN_PICTURE if begins else "")
        return self._muted(room, is_muted=not begins)

    def _muted(self, room: Room, *, is_muted: bool) -> Deed:
        return MuteInRoom(room=room.number, code=self.code, is_muted=is_muted)

    def _when(self, what: str, about_s: float, now_ns: int, then: Callable[[], list[Deed]]) -> list[Deed]:
        """Return what follows once a human while has passed since it was first wanted; nothing before."""
        if what not in self._due:
            self._due[what] = now_ns + round(about_s * self._random.uniform(0.5, 1.5) * NS_PER_S)
        if now_ns < self._due[what]:
            return []
        del self._due[what]
        return then()


def _has_people(room: Room) -> bool:
    """Return whether anybody is there to rehearse: parties do not talk to one another."""
    return any(not one.is_simulated for one in present(room))

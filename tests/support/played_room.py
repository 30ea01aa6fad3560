"""A room with one party that is played, without a centre: deeds change it as the centre would, by their own clock."""

from dataclasses import replace

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.room import Member, MemberMove, MemberState, Poll, Room, Route, Vote
from chengyun_core.model.room_commands import CastVote, JoinRoom, MuteInRoom, RaiseHand, ShareInRoom
from chengyun_core.model.room_rules import member_of, moved, with_member
from chengyun_core.rtc.party import Deed, Lines, Party
from chengyun_core.rtc.settings import PartySettings

LINES = Lines(said=("已到位", "路通", "水在涨"), reserved=("先转移老人",))
CODE, CHAIR, OTHER = "U-WATER", "A-01", "U-POLICE"
SETTINGS = PartySettings(drops=0.0)
MOST_SEEDS = 500


class Played:
    """A room of a chair and parties, with a clock: deeds change it as the centre would."""

    def __init__(
        self, settings: PartySettings = SETTINGS, *, route: Route = Route.RELAYED, sound: bool = True, code: str = CODE
    ) -> None:  # fmt: skip
        chair = Member(code=CHAIR, centre="500000", state=MemberState.JOINED, since=0, account="officer")
        asked = tuple(Member(code=one, centre="500103", since=0) for one in (code, OTHER))
        self.room = Room(
            number=1, event=1, title="爆管", centre="500103", chair=CHAIR, members=(chair, *asked), route=route,
            opened_at=0, opened_by="officer",
        )  # fmt: skip
        self.poll: Poll | None = None
        self.now_ns = 0
        self.party = Party(code, 1, LINES, settings, has_sound=sound)
        self.deeds: list[tuple[float, Deed]] = []

    @property
    def own(self) -> Member:
        """Return the member who is played."""
        found = member_of(self.room, self.party.code)
        assert found is not None
        return found

    def run(self, seconds: float) -> list[Deed]:
        """Let the clock go on by steps of a quarter of a second; return what was done."""
        before = len(self.deeds)
        for _ in range(round(seconds * 4)):
            self.now_ns += NS_PER_S // 4
            for deed in self.party.look(self.room, self.poll, self.now_ns):
                self.deeds.append((self.now_ns / NS_PER_S, deed))
                self._done(deed)
        return [deed for _, deed in self.deeds[before:]]

    def change(self, code: str = "", **told: object) -> None:
        """Change a member; empty: the one who is played."""
        member = member_of(self.room, code or self.party.code)
        assert member is not None
        self.room = replace(self.room, members=with_member(self.room, replace(member, **told)))  # type: ignore[arg-type]

    def drop(self) -> None:
        """Have the centre note that he is not heard."""
        gone = moved(self.own, MemberMove.DROP, self.now_ns)
        self.room = replace(self.room, members=with_member(self.room, gone))

    def _done(self, deed: Deed) -> None:
        match deed:
            case JoinRoom():
                came = replace(moved(self.own, MemberMove.JOIN, self.now_ns), is_simulated=True, account="x/simulated")
                self.room = replace(self.room, members=with_member(self.room, came))
            case MuteInRoom(is_muted=is_muted):
                self.change(is_muted=is_muted)
            case RaiseHand(is_raised=is_raised):
                self.change(hand_at=self.now_ns if is_raised else None)
            case ShareInRoom(shares=shares):
                self.change(shares=shares)
            case CastVote(stance=stance, words=words):
                assert self.poll is not None
                vote = Vote(code=self.party.code, stance=stance, words=words, at=self.now_ns, account="x")
                self.poll = replace(self.poll, votes=(*self.poll.votes, vote))


def seed_that_shows(code: str) -> int:
    """Return a seed with which a member shows his picture as soon as he has spoken."""
    for seed in range(MOST_SEEDS):
        played = Played(replace(SETTINGS, seed=seed), code=code)
        played.run(120)
        if len(played.deeds) > 3 and isinstance(played.deeds[3][1], ShareInRoom):
            return seed
    raise AssertionError(f"of {MOST_SEEDS} seeds none has {code} show anything: weights were changed")

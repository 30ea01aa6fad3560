"""A centre with seats that live, ingest that runs, presets and two who decide, for tests of the switch of modes."""

from dataclasses import replace
from pathlib import Path

from chengyun_core.centre import mode_care
from chengyun_core.model.callout import CallList
from chengyun_core.model.catalogue import Catalogue, Threshold, ThresholdSet
from chengyun_core.model.command import GiveApproval
from chengyun_core.model.mode import Declaration, InEffect, Preset, Scope
from chengyun_core.model.mode_commands import ConfirmMode, DeclareMode, LiftMode, SavePreset
from chengyun_core.model.mode_rules import in_effect
from chengyun_core.model.places import Post
from chengyun_core.model.scales import Mode
from chengyun_core.model.warning_commands import SaveCallList
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Hello, Reply
from chengyun_core.wire.mode_asks import AskModePreview, ModePreview, SendRunning
from tests.core.centre.room import ADMIN_KEY, INGEST_KEY, PASSWORD, Room, city

CITY, YUZHONG, SHAPINGBA = "500000", "500103", "500106"
FLOOD = Preset(
    code="flood", name="防汛", threshold_set="XQ", layout="flood-command", sound="emergency",
    reinforcement=("500000.duty_officer.2",), call_out="flood", report_every_min=120, layers=("rain", "rivers"),
)  # fmt: skip
WATER = Preset(code="water", name="供水", threshold_set="GS", sound="quiet")
BARE = Preset(code="bare", name="仅急时")
WHOLE = Scope(centre=CITY)


def flooding_city() -> Catalogue:
    """Return the city with three sets of thresholds and people to call."""
    base = city()
    sets = (ThresholdSet(code="PT", name="平时", in_force=True), ThresholdSet(code="XQ", name="汛期"),
            ThresholdSet(code="GS", name="供水"))  # fmt: skip
    rows = tuple(
        Threshold(threshold_set=code, vital=vital.code, high_yellow=limit, high_red=limit + 10)
        for code, limit in (("PT", 180.0), ("XQ", 170.0), ("GS", 175.0))
        for vital in base.vitals
    )
    posts = tuple(
        Post(code=f"{centre}.watch_chief", name="值班长", centre=centre, holder="张三", phone="000-0000-0001")
        for centre in (CITY, YUZHONG)
    )
    return Catalogue(**{**{name: getattr(base, name) for name in base.__slots__}, "threshold_sets": sets,
                        "thresholds": rows, "posts": posts})  # fmt: skip


class ModeRoom:
    """Two officers of the city at A-01 and A-02 (a chief), two of 渝中区; ingest shard 0 runs what is in force."""

    def __init__(self, folder: Path) -> None:
        self.room = Room(folder)
        self.room.adopt(flooding_city())
        self.officer = self.room.officer("officer", "500000.duty_officer", seat="A-01")
        self.chief = self.room.officer("chief", "500000.watch_chief", seat="A-02")
        self.of_yuzhong = self.room.officer("yz", "500103.watch_chief", seat="Y-01")
        self.room.make("yz2", "500103.watch_chief")
        calls = CallList(code="flood", name="防汛叫应", chains=(("500000.watch_chief", "500103.watch_chief"),))
        self.room.done(SaveCallList(call_list=calls, version=0), ADMIN_KEY)
        for preset in (FLOOD, WATER, BARE):
            self.room.done(SavePreset(preset=preset, version=0), ADMIN_KEY)
        self.runs()
        self.here(self.officer, self.chief, self.of_yuzhong)

    # What the others do.

    def runs(self, version: int | None = None, *, shard: int = 0, refused: int = 0) -> Reply:
        """Have ingest say which version it works with: that in force."""
        told = SendRunning(shard=shard, catalogue=version or self.room.desk.city.version, refused=refused)
        return self.room.ask("ingest.runs", told, INGEST_KEY)

    def here(self, *sessions: str) -> None:
        """Have consoles say that they live."""
        for session in sessions:
            assert self.room.ask("session.here", Hello(protocol=1, client="test"), session).outcome == "done"

    def confirm(self, session: str, seat: str, declaration: Declaration, fault: str = "") -> Reply:
        """Have a seat confirm."""
        said = ConfirmMode(declaration=declaration.number, term=declaration.term, who=seat, fault=fault)
        return self.room.do(said, session)

    def confirm_all(self) -> None:
        """Have everybody confirm what is being applied."""
        seats = {"A-01": self.officer, "A-02": self.chief, "Y-01": self.of_yuzhong}
        for held in list(self.room.desk.declarations.values()):
            for who in held.awaited if held.state == "applying" else ():
                if who in seats:
                    assert self.confirm(seats[who], who, held).outcome == "done"
        self.runs()

    # The two who decide.

    def preview(self, scope: Scope = WHOLE, preset: str = "flood", lifts: int = 0) -> ModePreview:
        """Ask what a switch would change."""
        ask = AskModePreview(scope=scope, mode=Mode.EMERGENCY, preset=preset, lifts=lifts)
        reply = self.room.ask("mode.preview", ask, self.officer)
        assert reply.outcome == "done", reply
        return codec.unpack(reply.body, ModePreview)

    def ask_for(self, scope: Scope = WHOLE, preset: str = "flood", session: str = "", **more: object) -> Reply:
        """Ask for 急时 as it was previewed."""
        seen = self.preview(scope, preset).digest
        command = DeclareMode(scope=scope, mode=Mode.EMERGENCY, preset=preset, reason="暴雨橙色预警", seen=seen)
        return self.room.do(_with(command, more), session or self.officer)

    def give(self, approval: Reply, session: str = "", account: str = "") -> Reply:
        """Give it as the second person, at his own console or at the asker's."""
        waits = codec.unpack(approval.body, Done)
        secret = PASSWORD if account else ""
        given = GiveApproval(approval=int(waits.key), version=waits.version, account=account, secret=secret)
        return self.room.do(given, session or self.chief)

    def declare(self, scope: Scope = WHOLE, preset: str = "flood", session: str = "", **more: object) -> Declaration:
        """Ask and give; what is being applied then."""
        approval = self.ask_for(scope, preset, session, **more)
        assert approval.outcome == "done", approval
        given = self.give(approval, session, "yz2" if session == self.of_yuzhong else "")
        assert given.outcome == "done", given
        return self.newest()

    def in_force(self, scope: Scope = WHOLE, preset: str = "flood", session: str = "") -> Declaration:
        """Declare, and have everybody confirm."""
        declared = self.declare(scope, preset, session)
        self.confirm_all()
        return self.of(declared.number)

    def ask_to_lift(self, number: int, session: str = "", **more: object) -> Reply:
        """Ask for the way back as it was previewed."""
        held, seen = self.of(number), self.preview(lifts=number).digest
        command = LiftMode(declaration=number, version=held.version, reason="雨停", seen=seen)
        return self.room.do(_with(command, more), session or self.officer)

    def lift(self, number: int, session: str = "") -> Declaration:
        """Ask and give."""
        approval = self.ask_to_lift(number, session)
        assert approval.outcome == "done", approval
        given = self.give(approval, session, "yz2" if session == self.of_yuzhong else "")
        assert given.outcome == "done", given
        return self.of(number)

    # What there is.

    def of(self, number: int) -> Declaration:
        """Return a declaration as the journal has it, which is what the desk has."""
        held = mode_care.known(self.room.desk, number)
        with self.room.ledger.reading() as connection:
            assert mode_care.LOG.get(connection, held.key) == held
        return held

    def newest(self) -> Declaration:
        """Return the declaration made last."""
        return max(self.room.desk.declarations.values(), key=lambda one: one.number)

    def effect(self, centre: str = CITY, track: str = "") -> InEffect:
        """Return what is in effect at a centre."""
        return in_effect(self.room.desk.declarations.values(), self.room.desk.city.path(centre), track)

    def pass_time(self, seconds: float) -> None:
        """Let time go by, and the loop do what is due, workers included."""
        self.room.clock.advance(seconds)
        self.turn()

    def turn(self) -> None:
        """Have the loop turn until nothing is left to do."""
        for _ in range(4):
            self.room.tend()
            self.room.work()


def _with(command: object, more: dict[str, object]) -> object:
    return replace(command, **more)  # type: ignore[type-var]

"""One hand at a time on a moving camera: taken, kept, given back, idle, taken over; and what its motors are told."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.centre import ptz_deeds
from chengyun_core.centre.ptz_hand import PtzHand
from chengyun_core.model.audit import OWN_ACTIONS
from chengyun_core.model.camera import Camera, Preset, PtzLock, StreamQuality
from chengyun_core.model.camera_commands import GivePtz, TakePtz
from chengyun_core.model.command import SignOff
from chengyun_core.model.failure import Trouble
from chengyun_core.model.holding import Holding, PostKind
from chengyun_core.model.ptz_rules import NO_RANK, RANKS, STOPS_AFTER_S, highest, may_take_over, rank_of
from chengyun_core.model.scales import Level
from chengyun_core.store import camera_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire.camera_asks import AskPresets, MovePtz, Presets, PtzMoved, SendToPreset
from chengyun_core.wire.envelope import Hello, Snapshot
from tests.core.centre.camera_stand import furnished
from tests.core.centre.event_room import asked, refused
from tests.core.centre.room import Room
from tests.support.onvif_stand import OnvifStand
from tests.support.waiting import wait_until
from tests.support.wvp_stand import WvpStand

HELD = tuple[Room, str, str, OnvifStand]
CHIEF = "500000.watch_chief"


@pytest.fixture
def held(room: Room) -> Iterator[HELD]:
    """Two officers at two seats, the first with the camera in hand."""
    with OnvifStand() as stand:
        furnished(room, route=stand.route)
        li, wang = room.officer("li"), room.officer("wang", seat="A-02")
        room.done(TakePtz(camera="C-ONVIF"), li)
        yield room, li, wang, stand
        room.desk.cameras.close()


def lock(room: Room, camera: str = "C-ONVIF") -> PtzLock:
    with room.ledger.reading() as connection:
        found = camera_table.lock_of(connection, camera)
    assert found is not None
    return found


def test_that_others_see_who_moves_a_camera_from_where_and_since_when(held: HELD) -> None:
    room, li, wang, _ = held
    no = refused(room, wang, TakePtz(camera="C-ONVIF"))
    assert no.code == "ptz.held"
    assert (no.params["who"], no.params["seat"], no.params["since"]) == ("名 li", "A-01", "2027-01-15 16:00:00")
    told = asked(room, wang, "snapshot", Hello(protocol=1, client="t"), Snapshot)
    assert [record.key for record in told.records if record.kind == "ptz_lock"] == ["C-ONVIF"]
    assert room.done(TakePtz(camera="C-ONVIF"), li).version == 1  # one's own is kept
    assert room.ask("ptz.move", MovePtz(camera="C-ONVIF", x=1.0), wang).code == "ptz.held"
    assert refused(room, wang, GivePtz(camera="C-ONVIF")).code == "ptz.held"


def test_that_what_is_given_back_is_free_for_the_next(held: HELD) -> None:
    room, li, wang, _ = held
    room.done(GivePtz(camera="C-ONVIF"), li)
    assert (lock(room).ended_by, lock(room).version) == ("given", 2)
    assert room.ask("ptz.move", MovePtz(camera="C-ONVIF", x=1.0), li).code == "ptz.not_taken"
    room.done(TakePtz(camera="C-ONVIF"), wang)
    assert (lock(room).account, lock(room).version) == ("wang", 3)


def test_that_a_hand_that_rests_half_a_minute_is_freed(held: HELD) -> None:
    room, li, wang, stand = held
    room.clock.advance(20)
    asked(room, li, "ptz.move", MovePtz(camera="C-ONVIF", x=0.5), PtzMoved)
    room.clock.advance(20)
    room.tend()
    assert lock(room).ended_at is None
    room.clock.advance(10.1)
    room.tend()
    assert (lock(room).ended_by, lock(room).moves) == ("idle", 1)
    room.done(TakePtz(camera="C-ONVIF"), wang)
    wait_until(lambda: stand.moves[-1:] == ["stop"], "the camera stands", limit_s=5)


def test_that_a_session_that_ends_lets_go(held: HELD) -> None:
    room, li, _, _ = held
    room.done(SignOff(), li)
    room.tend()
    assert lock(room).ended_by == "signed_off"


def test_that_a_higher_post_takes_over_with_a_reason_and_it_is_told(held: HELD) -> None:
    room, li, wang, _ = held
    chief = room.officer("chief", CHIEF, seat="A-03")
    assert refused(room, chief, TakePtz(camera="C-ONVIF")).code == "ptz.reason"
    room.done(TakePtz(camera="C-ONVIF", reason="看堤防"), chief)
    assert (lock(room).account, lock(room).taken_from, lock(room).reason) == ("chief", "li", "看堤防")
    assert room.ask("ptz.move", MovePtz(camera="C-ONVIF", x=1.0), li).code == "ptz.held"
    assert refused(room, wang, TakePtz(camera="C-ONVIF", reason="我也要看")).code == "ptz.held"


def test_that_a_restart_keeps_who_holds_it(held: HELD) -> None:
    room, li, wang, stand = held
    room.desk.cameras.close()
    room.restart()
    furnished(room, route=stand.route)
    with room.ledger.reading() as connection:
        ptz_deeds.load(room.desk, connection)
    assert refused(room, wang, TakePtz(camera="C-ONVIF")).code == "ptz.held"
    room.done(GivePtz(camera="C-ONVIF"), li)


def test_that_movements_reach_the_camera_and_it_stops_by_itself(held: HELD) -> None:
    room, li, _, stand = held
    before = _rows(room)
    asked(room, li, "ptz.move", MovePtz(camera="C-ONVIF", x=2.0, y=-0.5, zoom=float("nan")), PtzMoved)
    wait_until(lambda: stand.moves == [(1.0, -0.5, 0.0), "stop"], "it moved and stopped", limit_s=5)
    assert _rows(room) == before  # a hand on a stick is no row of the journal
    room.clock.advance(0.6)
    asked(room, li, "ptz.move", MovePtz(camera="C-ONVIF", zoom=0.5), PtzMoved)
    wait_until(lambda: stand.moves[-1] == (0.0, 0.0, 0.5), "it zooms", limit_s=5)
    asked(room, li, "ptz.move", MovePtz(camera="C-ONVIF"), PtzMoved)
    wait_until(lambda: stand.moves.count("stop") == 2, "it stopped when told to", limit_s=5)
    room.done(GivePtz(camera="C-ONVIF"), li)
    assert lock(room).moves == 2


def test_that_a_stop_the_camera_refused_is_told_again(held: HELD) -> None:
    room, li, _, stand = held
    stand.refuse_stops = 2
    asked(room, li, "ptz.move", MovePtz(camera="C-ONVIF", x=1.0), PtzMoved)
    wait_until(lambda: stand.moves[-1:] == ["stop"], "it stopped in the end", limit_s=5)


def test_that_a_fault_of_the_camera_is_told_with_the_next_movement(held: HELD) -> None:
    room, li, _, stand = held
    stand.fault = "unauthorized"
    asked(room, li, "ptz.move", MovePtz(camera="C-ONVIF", x=1.0), PtzMoved)

    def told() -> str:
        return asked(room, li, "ptz.move", MovePtz(camera="C-ONVIF", x=1.0), PtzMoved).fault

    wait_until(lambda: told() == "onvif.not_authorized", "the fault is told", limit_s=5)


def test_that_positions_are_called_and_kept_and_told_before(held: HELD) -> None:
    room, li, _, stand = held
    asked(room, li, "ptz.preset", SendToPreset(camera="C-ONVIF", preset=2), PtzMoved)
    asked(room, li, "ptz.preset", SendToPreset(camera="C-ONVIF", preset=5, keep=True, name="桥头"), PtzMoved)
    assert (stand.went_to, stand.presets["5"]) == (["2"], "桥头")
    told = asked(room, li, "ptz.presets", AskPresets(camera="C-ONVIF"), Presets).presets
    assert [(one.number, one.name) for one in told] == [(1, "全景"), (2, "码头"), (5, "桥头"), (9, "备用")]
    assert room.ask("ptz.preset", SendToPreset(camera="C-ONVIF", preset=77), li).code == "onvif.fault"
    assert room.ask("ptz.preset", SendToPreset(camera="C-ONVIF", preset=0), li).code == "ptz.no_preset"
    assert [row.params["preset"] for row in _rows(room) if row.action == "ptz.preset"] == ["2", "5", "77"]
    assert {"ptz.preset", "ptz.free", "camera.stream"} <= set(OWN_ACTIONS)


def test_that_a_camera_of_a_platform_is_moved_through_it(room: Room) -> None:
    with WvpStand() as stand:
        furnished(room, route=stand.route)
        li = room.officer("li")
        room.done(TakePtz(camera="C-GB"), li)
        asked(room, li, "ptz.move", MovePtz(camera="C-GB", y=1.0), PtzMoved)
        wait_until(lambda: len(stand.commands) == 2, "it moved and stopped", limit_s=5)
        assert [query["command"] for _, query in stand.commands] == ["up", "stop"]
        asked(room, li, "ptz.preset", SendToPreset(camera="C-GB", preset=1), PtzMoved)
        assert stand.commands[-1] == ("preset/call", {"presetId": "1"})
        room.desk.cameras.close()


def test_that_what_cannot_turn_says_so(room: Room) -> None:
    furnished(room)
    li = room.officer("li")
    assert refused(room, li, TakePtz(camera="C-RTSP")).code == "ptz.fixed"
    room.done(TakePtz(camera="C-DEMO"), li)
    assert room.ask("ptz.move", MovePtz(camera="C-DEMO", x=1.0), li).code == "ptz.demo_still"
    assert refused(room, li, TakePtz(camera="NONE")).code == "camera.unknown"
    admin = room.officer("au", "500000.audit_admin", seat="A-04")
    assert refused(room, admin, TakePtz(camera="C-ONVIF")).code == "permission.no_post"
    yuzhong = room.officer("yu", "500103.duty_officer", seat="Y-01")
    assert refused(room, yuzhong, TakePtz(camera="C-GB")).code == "permission.outside_area"


def _rows(room: Room) -> list[journal_rows.Change]:
    with room.ledger.reading() as connection:
        return list(journal_rows.changes(connection, 0, 5000, 2**22))


class _Motor:
    """A camera that takes a while to answer, and remembers what it was told."""

    def __init__(self, answers_in_s: float = 0.0, fails: int = 0) -> None:
        self.told: list[tuple[float, float, float] | str] = []
        self._wait, self._fails = answers_in_s, fails

    async def move(self, x: float, y: float, zoom: float) -> None:
        await asyncio.sleep(self._wait)
        if self._fails:
            self._fails -= 1
            raise Trouble("onvif.not_authorized")
        self.told.append((x, y, zoom))

    async def stop(self) -> None:
        self.told.append("stop")

    async def streams(self, quality: StreamQuality) -> None:
        raise AssertionError(quality)

    async def presets(self) -> tuple[Preset, ...]:
        raise AssertionError

    async def go_to(self, preset: int) -> None:
        raise AssertionError(preset)

    async def keep(self, preset: int, name: str) -> None:
        raise AssertionError(preset, name)


CAMERA = Camera(code="C", name="C", centre="500000", ptz=True)


def _hand(motor: _Motor) -> PtzHand:
    async def port(_camera: Camera) -> _Motor:
        return motor

    return PtzHand(port)


def test_that_of_movements_faster_than_the_camera_only_the_newest_is_told() -> None:
    motor = _Motor(answers_in_s=0.05)

    async def run() -> None:
        hand = _hand(motor)
        for step in range(50):
            hand.want(CAMERA, (step / 50, 0.0, 0.0))
            await asyncio.sleep(0.001)
        await hand.close()

    asyncio.run(run())
    assert motor.told[-1] == "stop"
    assert 2 <= len(motor.told) < 10


def test_that_a_hand_without_repeats_stops_after_its_time_and_not_before() -> None:
    motor = _Motor()

    async def run() -> None:
        hand, loop = _hand(motor), asyncio.get_running_loop()
        began = loop.time()
        hand.want(CAMERA, (1.0, 0.0, 0.0))
        await asyncio.sleep(0.3)
        hand.want(CAMERA, (1.0, 0.0, 0.0))
        while motor.told[-1:] != ["stop"]:
            assert loop.time() < began + 5
            await asyncio.sleep(0.01)
        assert loop.time() - began >= 0.3 + STOPS_AFTER_S - 0.02

    asyncio.run(run())
    assert motor.told == [(1.0, 0.0, 0.0), "stop"]


def test_that_a_movement_that_failed_leaves_the_stick_free_for_the_next() -> None:
    motor = _Motor(fails=1)

    async def run() -> dict[str, str]:
        hand = _hand(motor)
        hand.want(CAMERA, (1.0, 0.0, 0.0))
        await asyncio.sleep(0.05)
        faults = dict(hand.faults)
        hand.want(CAMERA, (0.0, 1.0, 0.0))
        await asyncio.sleep(0.05)
        await hand.close()
        return faults

    assert asyncio.run(run()) == {"C": "onvif.not_authorized"}
    assert motor.told == ["stop", (0.0, 1.0, 0.0), "stop"]


POSTS = st.builds(
    Holding, post=st.just("x"), kind=st.sampled_from(PostKind), level=st.sampled_from([None, *Level]), area=st.just("")
)


@given(one=POSTS, other=POSTS)
def test_that_of_two_posts_at_most_one_may_take_a_camera_from_the_other(one: Holding, other: Holding) -> None:
    assert not (may_take_over(rank_of(one), rank_of(other)) and may_take_over(rank_of(other), rank_of(one)))
    assert not may_take_over(rank_of(one), rank_of(one))


@given(held_posts=st.lists(POSTS, max_size=4))
def test_that_the_highest_of_somebody_s_posts_counts_and_only_those_that_may(held_posts: list[Holding]) -> None:
    found = highest(held_posts)
    able = [holding for holding in held_posts if holding.kind in RANKS]
    assert (found is None) == (not able)
    assert found is None or rank_of(found) == max(map(rank_of, able)) > NO_RANK

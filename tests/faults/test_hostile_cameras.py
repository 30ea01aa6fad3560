"""RF26: sources that die, freeze and lie beside one that does not: each said in time, the good one never touched."""

from collections.abc import Iterator

import pytest

from chengyun_core.video.port import PaneState
from tests.support import hostile_cameras, video_watch
from tests.support.video_watch import Said

pytestmark = [pytest.mark.fault, pytest.mark.slow]

FAULTS = (
    "black", "change", "die", "endless", "fast", "flood", "frozen", "garbage", "giant", "half", "http", "loris",
    "nothing", "redirect", "refused", "set_back", "set_on", "stall",
)  # fmt: skip
SAID_S = 2.0


@pytest.fixture(scope="module")
def story() -> Iterator[tuple[dict[str, Said], bool]]:
    """All of them at once in one wall of two workers, nine seconds of it, watched as a screen does."""
    with hostile_cameras.running() as cameras, video_watch.fleet_of(cameras.place, panes=24) as fleet:
        fleet.watch("good", video_watch.source("good"), 320, 180, main=True)
        video_watch.watched(fleet, ["good"], 10, until=video_watch.is_live("good"))
        for fault in FAULTS:
            fleet.watch(fault, video_watch.source(fault), 320, 180, main=True)
        told = video_watch.watched(fleet, ["good", *FAULTS], 9)
        yield told, cameras.was_anybody_led_astray()


@pytest.fixture
def told(story: tuple[dict[str, Said], bool]) -> dict[str, Said]:
    return story[0]


def test_that_the_good_pane_stays_live_beside_all_of_them(told: dict[str, Said]) -> None:
    assert told["good"].states() == {PaneState.LIVE}
    assert told["good"].oldest_ms < 1500
    assert told["good"].last is not None
    assert told["good"].last.sequence > 90


@pytest.mark.parametrize("fault", FAULTS)
def test_that_nothing_is_called_live_whose_picture_is_old(told: dict[str, Said], fault: str) -> None:
    assert told[fault].oldest_ms <= 1500 + 20


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        ("half", PaneState.LATE, "video.no_answer_yet"),
        ("loris", PaneState.LATE, "video.no_answer_yet"),
        ("http", PaneState.DEAD, "video.not_rtsp"),
        ("endless", PaneState.DEAD, "video.not_rtsp"),
        ("giant", PaneState.UNSUPPORTED, "video.too_large"),
        ("refused", PaneState.REFUSED, "video.credentials"),
        ("redirect", PaneState.REFUSED, "video.redirected"),
        ("nothing", PaneState.DEAD, "video.status"),
        ("frozen", PaneState.FROZEN, "video.frozen"),
        ("black", PaneState.BLACK, "video.black"),
    ],
)
def test_that_a_source_that_never_was_right_says_so_within_two_seconds(
    told: dict[str, Said], fault: str, state: PaneState, reason: str
) -> None:
    live = [at for at, said, _ in told[fault].changes if said is PaneState.LIVE]
    begun = live[0] if live else 0.0  # a frozen or black picture is known to be one only when it has stood
    assert told[fault].first(state) - begun <= SAID_S
    assert reason in told[fault].reasons()


def test_that_a_redirect_is_followed_by_nobody(story: tuple[dict[str, Said], bool]) -> None:
    assert not story[1]


def test_that_a_stall_is_late_and_then_live_again_without_a_new_connection(told: dict[str, Said]) -> None:
    said = told["stall"]
    late = said.first(PaneState.LATE)
    assert said.first(PaneState.LIVE, after_s=late) > late
    assert PaneState.DEAD not in said.states()


def test_that_garbage_is_late_then_dead_and_asked_for_anew(told: dict[str, Said]) -> None:
    said = told["garbage"]
    late, dead = said.first(PaneState.LATE), said.first(PaneState.DEAD)
    assert late < dead
    assert "video.silent" in said.reasons()


def test_that_a_stream_twelve_times_as_fast_is_thinned_and_said_to_be(told: dict[str, Said]) -> None:
    assert "video.thinned" in told["fast"].reasons()
    assert told["fast"].last is not None
    assert told["fast"].last.fps <= 30


def test_that_a_flood_is_cut_off(told: dict[str, Said]) -> None:
    assert "video.too_many_bits" in told["flood"].reasons()


def test_that_a_change_of_size_in_mid_stream_is_followed(told: dict[str, Said]) -> None:
    last = told["change"].last
    assert last is not None
    assert (last.state, last.width, last.height) == (PaneState.LIVE, 160, 90)


@pytest.mark.parametrize("fault", ["set_back", "set_on"])
def test_that_a_camera_that_sets_its_clock_by_hours_stays_live(told: dict[str, Said], fault: str) -> None:
    assert told[fault].states() == {PaneState.CONNECTING, PaneState.LIVE}
    assert told[fault].last is not None
    assert told[fault].last.sequence > 90


def test_that_a_source_that_dies_again_and_again_is_asked_less_and_less_often(told: dict[str, Said]) -> None:
    deaths = [at for at, state, _ in told["die"].changes if state is PaneState.DEAD]
    lives = [at for at, state, _ in told["die"].changes if state is PaneState.LIVE]
    pauses = [next((live for live in lives if live > death), None) for death in deaths]
    waited = [back - death for back, death in zip(pauses, deaths, strict=True) if back is not None]
    assert len(waited) >= 2
    assert waited[1] > waited[0]

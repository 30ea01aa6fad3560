"""The one video desk of a console: made with the first look, with the decoders the settings say, ended with it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.video import share
from chengyun_console.video.share import VideoShare
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.fleet import VideoFleet
from chengyun_core.video.port import Fleet
from chengyun_core.wire.camera_asks import AskStream
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.bare_desk import ending
from tests.console.still_session import StillSession
from tests.support.small_city import small_city
from tests.support.still_cameras import StillFleet, grant, live, with_cameras

DEMO = "127.0.0.1:18554"


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    """Return a desk of a city with cameras."""
    session = StillSession()
    made = Desk(cast("Session", session), tmp_path, load_theme("night"), Texts("zh_CN"), Preferences())
    session.show_city(with_cameras(small_city(12)))
    with ending(made):
        yield made
        made.video.stop()


def looked_at(desk: Desk, *, demo: str = "") -> None:
    """Look at a camera, and be given leave for it."""
    session = cast("StillSession", desk.session)
    desk.video.of(desk).show("a", "CAM-0003", 320, 180)
    slot = next(slot for slot, (kind, _ask, _answer) in session.sent.asks.items() if kind == "camera.stream")
    ask = session.sent.asks[slot][1]
    assert isinstance(ask, AskStream)
    made = grant(ask, session.clock.utc_ns() + 10**12)
    session.answer_ask(slot, type(made)(**{**_fields(made), "demo": demo}))


def _fields(made: object) -> dict[str, object]:
    return {name: getattr(made, name) for name in made.__slots__}  # type: ignore[attr-defined]


def test_that_who_never_looks_at_a_camera_loads_nothing_of_video() -> None:
    script = (
        "import sys, chengyun_console.desk\n"
        "from chengyun_console.video.share import VideoShare\n"
        "VideoShare().stop()\n"
        "print([one for one in sys.modules if one.startswith(('chengyun_core.video', 'chengyun_console.video.desk'))])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "[]"


def test_that_all_panels_share_one_desk(desk: Desk) -> None:
    assert desk.video.of(desk) is desk.video.of(desk)


def test_that_decoders_are_made_with_the_first_stream_and_know_the_demo_s_server(desk: Desk) -> None:
    fleet = StillFleet()
    asked: list[str] = []

    def make(_desk: Desk, demo: str) -> Fleet:
        asked.append(demo)
        return fleet

    desk.video.make_fleet = make
    desk.video.of(desk)
    assert asked == [], "nobody looks yet"
    looked_at(desk, demo=DEMO)
    assert (asked, fleet.is_running) == ([DEMO], True)
    fleet.looks["CAM-0003"] = live(3)
    desk.video.stop()
    assert not fleet.is_running
    assert fleet.shown == {}
    desk.video.stop()


def test_that_ending_a_console_that_never_looked_ends_nothing() -> None:
    VideoShare().stop()


def test_that_settings_of_the_profile_say_how_streams_are_shown(desk: Desk) -> None:
    (desk.profile / "profile.toml").write_text('[video]\nnetworks = ["10.9.0.0/16"]\npanes = 4\nworkers = 1\n')
    fleet = share._fleet(desk, "")
    assert isinstance(fleet, VideoFleet)
    assert (fleet._settings.panes, fleet._settings.networks) == (4, ("10.9.0.0/16",))


def test_that_the_demo_s_server_is_taken_where_the_profile_names_none(desk: Desk) -> None:
    def server(demo: str) -> str:
        fleet = share._fleet(desk, demo)
        assert isinstance(fleet, VideoFleet)
        assert fleet._guardian._fence.demo_server == fleet._settings.demo_server
        return fleet._settings.demo_server

    assert (server(""), server(DEMO)) == ("", DEMO)
    (desk.profile / "profile.toml").write_text('[video]\ndemo_server = "127.0.0.1:19999"\n')
    assert server(DEMO) == "127.0.0.1:19999", "what an operator wrote is not written over by a centre"


@pytest.mark.parametrize(
    "written",
    ["[video]\nnonsense = 1\n", "[video]\npanes = 'many'\n", "[video]\nnetworks = ['10.0.0.0/99']\n", "[video\n"],
)
def test_that_settings_that_cannot_be_read_are_told_in_the_pane_and_the_console_goes_on(
    desk: Desk, written: str
) -> None:
    (desk.profile / "profile.toml").write_text(written)
    with pytest.raises((Refused, Trouble)) as refused:
        share._fleet(desk, "")
    looked_at(desk)
    standing = desk.video.of(desk).standing("a")
    assert standing.look is None
    assert standing.refused == refused.value.reason
    assert desk.refusal(refused.value.reason) != refused.value.reason.code


@pytest.mark.parametrize("demo", ["localhost:1", "10.0.0.1:554", "127.0.0.1", "127.0.0.1:99999", "x"])
def test_that_a_centre_cannot_lead_the_decoders_elsewhere_by_the_demo_s_address(desk: Desk, demo: str) -> None:
    """RS11: the demo's server is the only loopback address ever connected to, and a centre names it."""
    looked_at(desk, demo=demo)
    standing = desk.video.of(desk).standing("a")
    assert standing.look is None
    assert standing.refused is not None
    assert standing.refused.code == "video.fence.demo_server"

"""The demo's cameras are a child of a profile whose settings name a place for them, and of no other."""

from pathlib import Path

from chengyun_core.launch import demo, profile, up
from chengyun_core.video.fence import DEMO_HOST, Fence
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire.settings_file import read


def test_that_an_ordinary_profile_has_no_demo_cameras(tmp_path: Path) -> None:
    made = profile.ensure(tmp_path / "live")
    assert "cameras" not in [child.name for child in up.children(made)]


def test_that_the_demo_gets_a_place_for_its_cameras_once(tmp_path: Path) -> None:
    made = profile.ensure(tmp_path / "demo", more_settings=demo.SIMULATED.format(scenario="flood_2020"))
    profile.ensure_section(made, "video", demo._demo_server)
    first = made.settings_file.read_text("utf-8")
    profile.ensure_section(made, "video", demo._demo_server)
    assert made.settings_file.read_text("utf-8") == first
    settings = read(made.settings_file, "video", VideoSettings)
    pinned = Fence.of(settings).pin(f"rtsp://{DEMO_HOST}/cam/X")
    assert settings.demo_server == f"{pinned.address}:{pinned.port}"
    (child,) = (child for child in up.children(made) if child.name == "cameras")
    assert child.command[-1] == str(made.folder)


def test_that_a_section_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    made = profile.ensure(tmp_path / "own", more_settings='\n[video]\nnetworks = ["10.0.0.0/8"]\n')
    before = made.settings_file.read_text("utf-8")
    profile.ensure_section(made, "video", demo._demo_server)
    assert made.settings_file.read_text("utf-8") == before

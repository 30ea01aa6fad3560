"""Options, preferences, the beat and the password file: what a console starts from."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.frame_tick import STRIP_PERIOD_MS, FrameTick, GapWatch
from chengyun_console.layouts.overlay import Overlay
from chengyun_console.options import parse
from chengyun_console.preferences import FILE_NAME, SETTINGS, PreferenceFile, Preferences


def test_that_a_screenshot_is_asked_for_by_page_file_time_and_size(tmp_path: Path) -> None:
    line = ["--profile", str(tmp_path), "--page", "F2", "--shot", "a.png", "--after", "3.5", "--size", "1366x768"]
    options = parse(line)
    assert (options.page, options.after_s, options.width, options.height) == ("F2", 3.5, 1366, 768)
    assert options.windowed


@pytest.mark.parametrize(
    "wrong", [["--size", "10x10"], ["--size", "wide"], ["--page", "F13"], ["--after", "-1"], ["--language", "fr"], []]
)
def test_that_wrong_options_end_with_a_usage_message(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    line = ["--profile", "p", *wrong] if wrong else []
    with pytest.raises(SystemExit) as ended:
        parse(line)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_that_preferences_come_back_as_they_were_kept(tmp_path: Path) -> None:
    file = PreferenceFile(tmp_path, "A-03")
    kept = Preferences(
        language="en", layouts={"any/peacetime": Overlay(splits={"left": (700, 300)}, range_minutes=360)}
    )
    assert file.read() == Preferences()
    assert file.write(kept)
    assert PreferenceFile(tmp_path, "A-03").read() == kept
    assert PreferenceFile(tmp_path, "A-04").read() == Preferences()


@pytest.mark.parametrize("damage", [b"{", b'{"theme": "pink"}', b'{"utc_offset_minutes": 99999}', b"\xff\xfe"])
def test_that_damaged_preferences_are_set_aside_and_the_defaults_taken(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "seats" / "A-03" / FILE_NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(damage)
    assert PreferenceFile(tmp_path, "A-03").read() == Preferences()
    assert path.with_suffix(".bad").read_bytes() == damage
    assert str(path) in caplog.text


@given(st.text(max_size=40))
def test_that_no_seat_name_leaves_the_seats_folder(seat: str) -> None:
    path = PreferenceFile(Path("/profile"), seat)._path
    assert path.parent.parent == Path("/profile/seats")
    assert path.parent.name not in ("", ".", "..")


def test_that_a_full_disk_is_told_and_nothing_is_raised(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "seats").write_text("a file where a folder should be")
    assert not PreferenceFile(tmp_path, "A-03").write(Preferences())
    assert "could not be kept" in caplog.text


def test_that_every_preference_is_in_the_settings_table() -> None:
    assert sorted(field.name for field in fields(Preferences)) == [setting.name for setting in SETTINGS]
    defaults = Preferences()
    assert all(not s.choices or getattr(defaults, s.name) in s.choices for s in SETTINGS)
    assert msgspec.json.decode(msgspec.json.encode(defaults), type=Preferences) == defaults


def test_that_only_delays_beyond_the_period_are_gaps() -> None:
    watch, period_s = GapWatch(), STRIP_PERIOD_MS / 1000
    for now_s in (0.0, period_s, 2 * period_s, 2 * period_s + 0.080, 2 * period_s + 0.080 + 0.200):
        watch.beat(now_s)
    assert (watch.gaps.beats, watch.gaps.over_33_ms, watch.gaps.over_100_ms) == (5, 2, 1)
    assert watch.gaps.longest_ms == pytest.approx(200 - STRIP_PERIOD_MS)


def test_that_a_delay_is_told_apart_from_what_the_window_did_itself() -> None:
    watch, period_s = GapWatch(), STRIP_PERIOD_MS / 1000
    watch.beat(0.0, 5.0)
    watch.beat(period_s, 5.012)
    watch.beat(2 * period_s + 0.5, 5.090)
    watch.forgive()
    watch.beat(60.0, 9.0)
    assert watch.gaps.longest_ms == pytest.approx(500)
    assert watch.gaps.busiest_ms == pytest.approx(78)


@pytest.mark.usefixtures("qapp")
def test_that_the_processor_time_of_a_beat_is_counted() -> None:
    tick = FrameTick()
    tick.beat(0.0)
    assert sum(range(300_000))
    tick.beat(0.0)
    assert tick.watch.gaps.busiest_ms > 0.0


def test_that_a_forgiven_pause_is_no_gap() -> None:
    watch = GapWatch()
    watch.beat(0.0)
    watch.forgive()
    watch.beat(60.0)
    assert watch.gaps.over_33_ms == 0


@pytest.mark.usefixtures("qapp")
def test_that_pages_are_painted_every_second_beat() -> None:
    tick, strip, pages = FrameTick(), [], []
    tick.strip_ticked.connect(strip.append)
    tick.page_ticked.connect(pages.append)
    for beat in range(6):
        tick.beat(float(beat))
    assert strip == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert pages == [1.0, 3.0, 5.0]


def _console(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "chengyun_console.main", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def test_that_a_missing_profile_is_said_and_what_to_do(tmp_path: Path) -> None:
    ended = _console("--profile", str(tmp_path / "none"), "--shot", str(tmp_path / "a.png"))
    assert ended.returncode == 1
    assert "chengyun up" in ended.stderr


def test_that_a_screenshot_needs_no_daemons_and_sums_up_what_was_seen(tmp_path: Path) -> None:
    file = tmp_path / "shots" / "a.png"
    size = ("--size", "1366x768")
    ended = _console("--profile", str(tmp_path), "--shot", str(file), "--after", "0.5", *size)
    assert ended.returncode == 0, ended.stderr
    summary = json.loads(ended.stdout)
    assert summary["size"] == [1366, 768]
    assert summary["links"] == {"ingest": "connecting", "centre": "connecting"}
    assert file.read_bytes().startswith(b"\x89PNG")


def test_that_a_screenshot_that_cannot_be_written_is_a_failure_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = _console("--profile", str(tmp_path), "--shot", str(tmp_path / "file" / "a.png"), "--after", "0.2")
    assert ended.returncode == 1
    assert "截图未能写入" in ended.stderr

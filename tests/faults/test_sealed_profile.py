"""RS5 with real daemons: a laptop stolen, switched off hard or killed tells nothing, and loses a moment at most."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from chengyun_core.custody import envelope, erasing, keeper, place, story
from chengyun_core.launch import cli, up
from chengyun_core.launch import profile as profiles
from chengyun_core.model.clock import NS_PER_S, ProfileClock
from chengyun_core.wire.addresses import of_profile
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.alone]

PASSPHRASE = "correct horse battery"
DAYS_NS = 20 * 86_400 * NS_PER_S
SETTINGS = "seal_every_s = 1.0\n[ingest]\narchive_ring_mib = 1\n[centre]\nreserve_mib = 0\n"
LIMIT_S = 120.0
"""Three daemons begin on a machine that others keep busy."""


@dataclass
class Laptop:
    """A sealed profile and whoever runs it."""

    profile: Path
    word: Path
    clear: list[bytes] = field(default_factory=list)
    """Keys as they lay before the sealing."""
    up: "subprocess.Popen[bytes] | None" = None

    def switch_on(self) -> dict[str, Any]:
        """Run `chengyun up` and return what it says first."""
        line = (sys.executable, "-m", "chengyun_core.launch", "up", "--profile", str(self.profile), "--json",
                "--passphrase-file", str(self.word))  # fmt: skip
        self.up = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.up.stdout is not None
        told: dict[str, Any] = json.loads(self.up.stdout.readline())
        address = of_profile(Path(told["folder"])).centre_door
        wait_until(lambda: up.answers(address), "the centre answers", limit_s=LIMIT_S)
        return told

    def switch_on_in_vain(self) -> dict[str, Any]:
        """Run `chengyun up`, which has to end by itself, and return why it did."""
        line = (sys.executable, "-m", "chengyun_core.launch", "up", "--profile", str(self.profile), "--json",
                "--passphrase-file", str(self.word))  # fmt: skip
        ended = subprocess.run(line, capture_output=True, check=False, timeout=LIMIT_S)
        assert ended.returncode == 1
        told: dict[str, Any] = json.loads(ended.stdout)
        return told

    def switch_off(self) -> int:
        """End it in good order, as who knows only the profile's name does, and return how `up` ended."""
        assert self.up is not None
        assert self.command("seal", "close") == 0
        code = self.up.wait(LIMIT_S)
        self._close()
        return code

    def kill(self, *, with_daemons: bool) -> None:
        """End what runs without a word."""
        assert self.up is not None
        daemons = psutil.Process(self.up.pid).children(recursive=True)
        self.up.kill()
        self.up.wait()
        for daemon in daemons:
            if with_daemons:
                daemon.kill()
            else:
                daemon.terminate()
        psutil.wait_procs(daemons, LIMIT_S)
        self._close()

    def cut_power(self) -> None:
        """End it hard: what lies in memory is gone with it."""
        self.kill(with_daemons=True)
        folder = place.open_folder(self.profile)
        erasing.unlink_tree(folder)
        folder.rmdir()

    def command(self, *arguments: str) -> int:
        """Run another command on the same profile, by its own name."""
        return cli.main([*arguments, "--profile", str(self.profile)])

    def make_account(self, name: str) -> int:
        """Have the centre make an account: a fact it acknowledges."""
        return self.command("user", "create", name, "--password-file", str(self.word), "--post", "500000.duty_officer")

    def sealings(self) -> int:
        """Return when it was sealed last."""
        return (place.seal_of(self.profile) / "1" / "index").stat().st_mtime_ns

    def wait_for_sealing(self) -> None:
        """Wait for a sealing that began after now."""
        for _ in range(2):
            before = self.sealings()
            wait_until(lambda before=before: self.sealings() != before, "the next sealing", limit_s=LIMIT_S)  # type: ignore[misc]

    def _close(self) -> None:
        assert self.up is not None
        assert self.up.stdout is not None
        self.up.stdout.close()
        self.up = None


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    """A drill profile, sealed a moment ago."""
    profile = profiles.ensure(tmp_path / "p", name="一号演练", realm="drill", more_settings=SETTINGS).folder
    word = tmp_path / "word"
    word.write_text(PASSPHRASE)
    word.chmod(0o600)
    clear = [file.read_bytes().strip() for file in (profile / "keys").iterdir()]
    clock = ProfileClock()
    keeper.make(profile, PASSPHRASE, clock, suite="international", until_ns=clock.utc_ns() + DAYS_NS,
                cost=envelope.LEAST_COST)  # fmt: skip
    made = Laptop(profile=profile, word=word, clear=clear)
    yield made
    folder = place.open_folder(profile)
    if made.up is not None:
        made.kill(with_daemons=True)
    if folder.exists():
        erasing.unlink_tree(folder)
        folder.rmdir()
    folder.with_name(f"{folder.name}.lock").unlink(missing_ok=True)


def _bytes_of(file: Path) -> bytes:
    """Return what is in a file; one that was taken away meanwhile holds nothing."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _found_in_clear(laptop: Laptop, *words: bytes) -> list[str]:
    told = [*laptop.clear, *words, "一号演练".encode(), b"SQLite format 3", b"duty_officer", b"$argon2"]
    files = [file for file in laptop.profile.rglob("*") if file.is_file()]
    assert len(files) > 10
    return [f"{file.name}: {word!r}" for file in files for word in told if word in _bytes_of(file)]


def test_that_a_sealed_city_runs_in_memory_and_a_thief_finds_nothing_whatever_ended_it(laptop: Laptop) -> None:
    told = laptop.switch_on()
    assert told["outcome"] == "opened"
    assert told["days"] in (19, 20)
    assert Path(told["folder"]).is_relative_to(place.MEMORY)
    assert laptop.make_account("first") == 0
    laptop.wait_for_sealing()
    # While it works the disk holds seals only.
    assert _found_in_clear(laptop, b"first") == []
    laptop.cut_power()
    assert _found_in_clear(laptop, b"first") == []
    assert not place.is_open(laptop.profile)

    laptop.switch_on()
    # What was sealed before the cut is there; database, log and journal are whole.
    assert laptop.make_account("first") == 1
    assert laptop.command("audit", "verify") == 0
    assert laptop.make_account("second") == 0
    laptop.kill(with_daemons=False)  # at once: not sealed yet, but still in memory
    assert not place.is_open(laptop.profile)

    laptop.switch_on()
    assert laptop.make_account("second") == 1
    assert laptop.command("audit", "verify") == 0
    assert laptop.switch_off() == 0
    assert not place.open_folder(laptop.profile).exists()
    assert _found_in_clear(laptop, b"second") == []
    events = [line["event"] for line in story.told(place.seal_of(laptop.profile))]
    assert events == ["sealed", "opened", "opened", "adopted", "closed"]


def test_that_closed_it_obeys_no_command_and_with_a_wrong_passphrase_does_not_open(laptop: Laptop) -> None:
    assert laptop.make_account("first") == 2
    assert laptop.command("centre") == 2
    laptop.word.write_text("another long phrase")
    told = laptop.switch_on_in_vain()
    assert told["code"] == "custody.wrong_passphrase"
    assert not place.open_folder(laptop.profile).exists()

"""What the systemd units start is what the program understands."""

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest

from chengyun_core.launch import cli
from tests.house import sources

UNITS = sorted((sources.REPOSITORY / "packaging" / "systemd").glob("*.service"))


def _unit(file: Path) -> ConfigParser:
    unit = ConfigParser(interpolation=None, strict=True, delimiters="=")
    unit.read(file, encoding="utf-8")
    return unit


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_that_a_unit_starts_its_daemon_in_the_folder_it_owns(file: Path) -> None:
    service = _unit(file)["Service"]
    program, *words = shlex.split(service["ExecStart"].replace("%i", "live"))
    options = cli.parser().parse_args(words)
    assert program.endswith("/bin/chengyun")
    assert file.name == f"chengyun-{words[0]}@.service"
    assert str(options.profile) == "/var/lib/" + service["StateDirectory"].replace("%i", "live")


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_that_a_unit_keeps_its_secrets(file: Path) -> None:
    service = _unit(file)["Service"]
    assert (service["UMask"], service["StateDirectoryMode"], service["LimitCORE"]) == ("0077", "0700", "0")


FOR_TESTS = {
    "gcc", "gir1.2-gst-rtsp-server-1.0", "gstreamer1.0-plugins-bad", "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good", "gstreamer1.0-plugins-ugly", "janus", "libc6-dev", "mosquitto", "nats-server",
    "postgresql", "python3-gi", "python3-venv", "xdotool", "xvfb",
}  # fmt: skip
"""What `./dev` installs to set up and to test with; a control room needs none of it."""


def test_that_packaging_names_every_package_a_console_runs_on() -> None:
    dev = (sources.REPOSITORY / "dev").read_text("utf-8")
    listed = re.search(r"debian_packages=\(\n(.*?)\n\)", dev, re.DOTALL)
    assert listed is not None
    readme = (sources.REPOSITORY / "packaging" / "README.md").read_text("utf-8")
    rows = "".join(line.split("|")[1] for line in readme.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([a-z0-9.+-]+)`", rows)) == set(listed[1].split()) - FOR_TESTS


def test_that_every_daemon_has_a_unit() -> None:
    daemons = ("centre", "historian", "ingest", "survey")
    assert [file.name for file in UNITS] == [f"chengyun-{daemon}@.service" for daemon in daemons]

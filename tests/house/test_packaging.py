"""What the systemd units start is what the program understands."""

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


def test_that_every_daemon_has_a_unit() -> None:
    daemons = ("centre", "historian", "ingest")
    assert [file.name for file in UNITS] == [f"chengyun-{daemon}@.service" for daemon in daemons]

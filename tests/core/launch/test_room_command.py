"""`chengyun room relay`: a configuration for Debian's Janus with the secret of the profile, for its owner only."""

import json
import stat
from pathlib import Path

import pytest

from chengyun_core.centre.room_mail import relay_secret
from chengyun_core.launch import cli
from chengyun_core.launch import profile as profiles
from chengyun_core.store import keys


def test_that_the_configuration_names_the_profiles_secret_and_nobody_else_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = profiles.ensure(tmp_path / "p")
    arguments = ["room", "relay", "--profile", str(made.folder), "--port", "18088", "--json"]
    assert cli.main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    folder = Path(told["folder"])
    assert told["rooms_relay"] == "http://127.0.0.1:18088/janus"
    general = (folder / "janus.jcfg").read_text("utf-8")
    assert relay_secret(keys.secret(made.folder / "keys" / "token.key")) in general
    assert "stun_server" not in general
    assert "turn" not in general
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("ports", ["", "20000", "20400-20000", "80-90", "20000-70000", "a-b"])
def test_that_ports_that_are_none_are_refused(tmp_path: Path, ports: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = profiles.ensure(tmp_path / "p")
    assert cli.main(["room", "relay", "--profile", str(made.folder), "--media-ports", ports]) == 1
    assert "1024" in capsys.readouterr().err

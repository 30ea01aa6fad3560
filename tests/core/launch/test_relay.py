"""The relay is a child of a profile that holds its configuration and names it, and of no other."""

import shutil
import socket
from pathlib import Path

import pytest

from chengyun_core.launch import doctor, profile, relay, up
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.supervisor import Supervisor
from chengyun_resources.texts import Texts
from tests.support.waiting import wait_until

NAMED = '[centre]\nrooms_relay = "http://127.0.0.1:{port}/janus"\n'


def names(made: Profile) -> list[str]:
    return [child.name for child in up.children(made)]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")


@pytest.mark.usefixtures("installed")
def test_that_a_configured_relay_that_the_settings_name_is_started(tmp_path: Path) -> None:
    made = profile.ensure(tmp_path / "p", more_settings=NAMED.format(port=8088))
    assert "relay" not in names(made), "nothing is configured here: it is somebody else's"
    relay.write(made, relay.folder_of(made), "127.0.0.1", 8088, (20_000, 20_400))
    (child,) = (child for child in up.children(made) if child.name == "relay")
    assert list(child.command[:3]) == ["janus", "-F", str(made.folder / "janus")]


@pytest.mark.usefixtures("installed")
def test_that_a_relay_that_no_setting_names_is_not_started(tmp_path: Path) -> None:
    made = profile.ensure(tmp_path / "p")
    relay.write(made, relay.folder_of(made), "127.0.0.1", 8088, (20_000, 20_400))
    assert "relay" not in names(made)


@pytest.mark.usefixtures("installed")
def test_that_the_demo_gets_one_once_and_keeps_what_is_set(tmp_path: Path) -> None:
    made = profile.ensure(tmp_path / "demo")
    relay.ensure_demo(made)
    told = relay.address(made)
    relay.ensure_demo(made)
    assert (relay.address(made), "relay" in names(made)) == (told, True)
    own = profile.ensure(tmp_path / "own", more_settings='[centre]\nrooms_relay = "http://10.0.0.9:8088/janus"\n')
    relay.ensure_demo(own)
    assert (relay.address(own), relay.folder_of(own).exists()) == ("http://10.0.0.9:8088/janus", False)


def test_that_a_demo_without_janus_goes_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    made = profile.ensure(tmp_path / "demo")
    relay.ensure_demo(made)
    assert (relay.address(made), "relay" in names(made)) == ("", False)


def test_that_the_doctor_says_whether_a_relay_that_is_set_answers(tmp_path: Path) -> None:
    assert list(doctor._relay(profile.ensure(tmp_path / "none"))) == []
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
        made = profile.ensure(tmp_path / "p", more_settings=NAMED.format(port=port))
        (found,) = doctor._relay(made)
        assert found.fine
    (found,) = doctor._relay(made)
    assert not found.fine
    for language in ("zh_CN", "en"):
        assert "janus" in doctor._facts(found, Texts(language))["advice"]


def test_that_janus_itself_runs_as_a_child_and_answers(tmp_path: Path) -> None:
    if shutil.which(relay.PROGRAM) is None:
        pytest.skip("janus is not installed (./dev setup installs it)")
    made = profile.ensure(tmp_path / "demo")
    relay.ensure_demo(made)
    supervisor = Supervisor(tuple(relay.child(made)))
    supervisor.start()
    try:
        wait_until(lambda: relay.answers(relay.address(made)), "janus answers", limit_s=20.0)
        assert supervisor.restarts() == 0
    finally:
        supervisor.stop()

"""RS11, seen at the socket: over the whole corpus, nothing but an address of the cameras' networks is connected to."""

import ipaddress
import json
import subprocess
import sys

import pytest

from chengyun_core.video.fence import Pinned
from chengyun_core.video.gate import Gate
from tests.support.camera_addresses import ALLOWED, HOSTILE


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, str]]:
    command = [sys.executable, "-m", "tests.support.connect_recorder"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    answer: dict[str, dict[str, str]] = json.loads(done.stdout)
    return answer


def test_that_nothing_outside_of_the_networks_is_connected_to(told: dict[str, dict[str, str]]) -> None:
    networks = [ipaddress.ip_network("10.66.0.0/16"), ipaddress.ip_network("2001:db8:66::/48")]
    outside = [
        place
        for place in told["tried"]
        if not any(
            ipaddress.ip_address(place) in net for net in networks if net.version == ipaddress.ip_address(place).version
        )
    ]
    assert outside == []
    # the recorder records: every camera of the networks was tried, and the rebinding name while it told the truth
    assert len(told["tried"]) >= len(ALLOWED) + 1


def test_that_each_hostile_address_says_why(told: dict[str, dict[str, str]]) -> None:
    assert {url for url in HOSTILE if not told["outcomes"][url].startswith("video.fence.")} == set()


def test_that_a_rebound_name_is_refused(told: dict[str, dict[str, str]]) -> None:
    assert told["outcomes"]["rtsp://rebind.example/1"] == "video.fence.never"


def test_that_a_worker_cannot_connect_past_the_fence(told: dict[str, dict[str, str]]) -> None:
    assert told["outcomes"]["past the fence"] == "stopped"


def test_that_the_gate_is_open_for_one_place_and_while_connecting_only() -> None:
    gate = Gate()
    pinned = Pinned(scheme="rtsp", host="x", address="10.66.1.1", port=554)
    with gate.opened(pinned):
        gate.judge("socket.connect", (None, ("10.66.1.1", 554)))
        with pytest.raises(PermissionError):
            gate.judge("socket.connect", (None, ("10.66.1.1", 80)))
        with pytest.raises(PermissionError):
            gate.judge("socket.connect", (None, "/run/some.sock"))
    with pytest.raises(PermissionError):
        gate.judge("socket.connect", (None, ("10.66.1.1", 554)))


@pytest.mark.parametrize("event", ["subprocess.Popen", "os.system", "os.fork", "socket.bind", "socket.sendto"])
def test_that_a_worker_starts_nothing_and_listens_nowhere(event: str) -> None:
    with pytest.raises(PermissionError):
        Gate().judge(event, ())
    Gate().judge("open", ())

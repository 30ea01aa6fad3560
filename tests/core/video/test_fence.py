"""RS11: what may be connected to, in whatever way an address is written, and whatever a name is made to mean."""

import ipaddress
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.fence import DEMO_HOST, NEVER, Fence
from chengyun_core.video.settings import VideoSettings
from tests.support.camera_addresses import ALLOWED, HOSTILE

FENCE = Fence(networks=("10.66.0.0/16", "2001:db8:66::/48"))


def nobody(host: str) -> Sequence[str]:
    raise AssertionError(f"{host} was asked for")


@pytest.mark.parametrize("url", HOSTILE)
def test_that_a_hostile_address_is_refused_without_asking_anybody(url: str) -> None:
    with pytest.raises(Refused) as told:
        FENCE.pin(url, resolve=nobody)
    assert told.value.reason.code.startswith("video.fence.")


@pytest.mark.parametrize(("url", "place"), ALLOWED)
def test_that_a_camera_of_its_network_is_pinned(url: str, place: tuple[str, int]) -> None:
    pinned = FENCE.pin(url, resolve=lambda _: ["10.66.9.9"])
    assert (pinned.address, pinned.port) == place


def test_that_a_name_is_asked_for_once_and_its_address_is_what_counts() -> None:
    answers = [["10.66.1.1"], ["127.0.0.1"]]
    pinned = FENCE.pin("rtsp://camera.example/1", resolve=lambda _: answers.pop(0))
    assert pinned.address == "10.66.1.1"
    assert answers == [["127.0.0.1"]]
    with pytest.raises(Refused, match=r"video\.fence\.never"):
        FENCE.pin("rtsp://camera.example/1", resolve=lambda _: answers.pop(0))


@pytest.mark.parametrize("found", [["10.66.1.1", "192.168.1.1"], ["127.0.0.1", "10.66.1.1"], ["::1", "10.66.1.1"]])
def test_that_a_name_that_also_means_another_place_is_refused(found: list[str]) -> None:
    with pytest.raises(Refused):
        FENCE.pin("rtsp://camera.example/1", resolve=lambda _: found)


def test_that_an_unknown_name_is_trouble_and_may_be_tried_again() -> None:
    def fails(host: str) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(Trouble, match=r"video\.unknown_host"):
        FENCE.pin("rtsp://camera.example/1", resolve=fails)
    with pytest.raises(Trouble, match=r"video\.unknown_host"):
        FENCE.pin("rtsp://camera.example/1", resolve=lambda _: [])


@given(st.ip_addresses())
def test_that_no_setting_opens_what_is_never_reached(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    everything = Fence(networks=("0.0.0.0/0", "::/0"))
    url = f"rtsp://[{address}]/" if address.version == 6 else f"rtsp://{address}/"
    if any(address in network for network in NEVER if network.version == address.version):
        with pytest.raises(Refused):
            everything.pin(url, resolve=nobody)
    else:
        assert everything.pin(url, resolve=nobody).address == str(address)


@given(st.text(max_size=40))
def test_that_any_text_is_refused_or_stays_within_the_networks(text: str) -> None:
    try:
        pinned = FENCE.pin(f"rtsp://{text}", resolve=lambda _: ["192.0.2.1"])
    except Refused:
        return
    assert ipaddress.ip_address(pinned.address) in ipaddress.ip_network("10.66.0.0/16")


def test_that_ports_below_1024_are_refused_but_for_the_scheme_s_own() -> None:
    for port in (22, 80, 443, 6379 - 6000):
        with pytest.raises(Refused, match=r"video\.fence\.port"):
            FENCE.pin(f"rtsp://10.66.1.1:{port}/")
    assert FENCE.pin("rtsp://10.66.1.1:8554/").port == 8554
    assert FENCE.pin("rtsps://10.66.1.1/").port == 322
    with pytest.raises(Refused, match=r"video\.fence\.port"):
        Fence(networks=("10.66.0.0/16",), ports=(554,)).pin("rtsp://10.66.1.1:8554/")
    assert FENCE.pin("http://10.66.1.1/onvif", schemes=("http",)).port == 80


def test_that_the_demo_s_cameras_are_the_only_loopback_and_by_their_name_only() -> None:
    fence = Fence.of(VideoSettings(demo_server="127.0.0.1:18554"))
    pinned = fence.pin(f"rtsp://{DEMO_HOST}/cam/1", resolve=nobody)
    assert (pinned.address, pinned.port) == ("127.0.0.1", 18554)
    with pytest.raises(Refused, match=r"video\.fence\.never"):
        fence.pin("rtsp://127.0.0.1:18554/cam/1", resolve=nobody)
    with pytest.raises(Refused, match=r"video\.fence\.no_demo"):
        FENCE.pin(f"rtsp://{DEMO_HOST}/cam/1", resolve=nobody)


@pytest.mark.parametrize(
    "place", ["10.0.0.1:18554", "127.0.0.1:80", "127.0.0.1", "127.0.0.1:x", "localhost:18554", "[::1]:18554"]
)
def test_that_the_demo_s_server_can_be_no_other_machine(place: str) -> None:
    with pytest.raises(Refused, match=r"video\.fence\.demo_server"):
        Fence.of(VideoSettings(demo_server=place))


def test_that_a_network_that_is_none_is_told_when_the_settings_are_read() -> None:
    with pytest.raises(Refused, match=r"video\.fence\.network"):
        Fence.of(VideoSettings(networks=("10.66.0.1/16",)))


def test_that_without_networks_nothing_is_reached() -> None:
    with pytest.raises(Refused, match=r"video\.fence\.outside"):
        Fence.of(VideoSettings()).pin("rtsp://10.66.1.1/")

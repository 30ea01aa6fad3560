"""The settings of a profile become sources, their files lie in the profile, their libraries are loaded only then."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from chengyun_core.ingest.daemon import sources_of
from chengyun_core.ingest.settings import HttpSettings, IngestSettings, MqttSettings
from chengyun_core.ingest.sources.wanted import protocol_sources
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Refused

TOML = b"""
[[mqtt]]
[[http]]
token_file = "keys/http.token"
[[nats]]
subjects = [{ subject = "city.>", stream = "CITY", durable = "ingest" }]
[[modbus]]
points = [{ channel = "A.x", address = 0, type = "f32", word_order = "little" }]
[[opcua]]
nodes = [{ node = "ns=2;s=level", channel = "A.x" }]
[[sparkplug]]
metrics = [{ metric = "city/edge/load", channel = "B.x" }]
"""


def test_that_each_section_of_a_profile_becomes_a_source():
    settings = msgspec.toml.decode(TOML, type=IngestSettings)
    sources = sources_of(Path("/profile"), settings, ProfileClock())
    kinds = [source.health.kind for source in sources]
    assert kinds == ["mqtt", "http", "nats", "modbus", "opcua", "sparkplug"]


def test_that_a_file_named_without_a_slash_lies_in_the_profile():
    settings = IngestSettings(http=(HttpSettings(token_file="keys/t", certificate_file="/etc/c.pem"),))
    (source,) = protocol_sources(Path("/profile"), settings, ProfileClock())
    assert source._settings.token_file == "/profile/keys/t"
    assert source._settings.certificate_file == "/etc/c.pem"
    assert source._settings.key_file == ""


def test_that_two_sources_of_one_name_are_refused():
    settings = IngestSettings(http=(HttpSettings(name="a"),), mqtt=(MqttSettings(name="a"),))
    with pytest.raises(Refused, match=r"ingest\.source_twice"):
        sources_of(Path("/profile"), settings, ProfileClock())


def test_that_a_daemon_without_such_sources_loads_none_of_their_libraries():
    code = (
        "import sys, chengyun_core.ingest.daemon\n"
        "print(sorted({'aiohttp', 'asyncua', 'nats', 'pymodbus'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

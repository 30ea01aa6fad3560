"""A real OPC UA server: values with their own times and quality, passwords and certificates, loss and return."""

import asyncio
import math
import threading
from datetime import datetime, timedelta

import pytest
from asyncua import Server, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.permission_rules import SimpleRoleRuleset, User, UserRole
from asyncua.server.user_managers import UserManager
from cryptography.x509.oid import ExtendedKeyUsageOID

from chengyun_core.ingest.settings import NodeSettings, OpcuaSettings
from chengyun_core.ingest.sources.opcua import OpcuaSource
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Quality
from tests.support.broker import free_port
from tests.support.source_stand import SourceStand
from tests.support.waiting import wait_until

BAD, UNCERTAIN = int(Quality.BAD), int(Quality.UNCERTAIN)
AT = datetime(2023, 11, 14, 22, 13, 20)  # noqa: DTZ001 - the library speaks naive UTC
AT_NS = 1_700_000_000_000_000_000
NODES = (NodeSettings(node="ns=2;s=level", channel="A.x"), NodeSettings(node="ns=2;s=flow", channel="B.x"))


class _Users(UserManager):
    def get_user(self, iserver, username=None, password=None, certificate=None):
        return User(role=UserRole.User) if (username, password) == ("ingest", "hunter2") else None


class Plant:
    """An asyncua server in a thread, with the variables level and flow."""

    def __init__(self, port, *, users=False, certificate=None, key=None):
        self._port, self._users, self._certificate, self._key = port, users, certificate, key
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="opcua plant")

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(30)
        assert not self._thread.is_alive()

    def write(self, name, value, *, status=ua.StatusCodes.Good, at=AT):
        """Set a variable with a source time and a status."""
        told = ua.DataValue(ua.Variant(value, ua.VariantType.Double), ua.StatusCode(status), SourceTimestamp=at)
        asyncio.run_coroutine_threadsafe(self.variables[name].write_value(told), self._loop).result(20)

    def _run(self):
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self):
        self._over = asyncio.Event()
        server = Server(user_manager=_Users() if self._users else None)
        await server.init()
        server.set_endpoint(f"opc.tcp://127.0.0.1:{self._port}")
        if self._certificate:
            policies = [ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt]
            server.set_security_policy(policies, permission_ruleset=SimpleRoleRuleset())
            await server.load_certificate(str(self._certificate))
            await server.load_private_key(str(self._key))
        else:
            server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        index = await server.register_namespace("city")
        plant = await server.nodes.objects.add_object(index, "plant")
        self.variables = {
            name: await plant.add_variable(ua.NodeId(name, index), name, 0.0, ua.VariantType.Double)
            for name in ("level", "flow")
        }
        async with server:
            self._ready.set()
            await self._over.wait()
        rest = asyncio.all_tasks() - {asyncio.current_task()}  # sessions whose client is still there
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


def stand(port, *, nodes=NODES, **more):
    settings = OpcuaSettings(
        url=f"opc.tcp://127.0.0.1:{port}", nodes=nodes, period_ms=20.0, timeout_s=5.0, **more
    )  # fmt: skip
    source = OpcuaSource(settings, ProfileClock())
    source.first_pause_s = 0.05
    return SourceStand(source)


def secret(file, text):
    file.touch(0o600)
    file.write_text(text)
    return str(file)


def test_that_values_keep_the_time_and_the_quality_of_their_source():
    port = free_port()
    with Plant(port) as plant, stand(port) as city:
        city.until_running()
        city.until_rows(lambda rows: {row[0] for row in rows} == {0, 1}, "the first values came")
        before = len(city.rows())
        plant.write("level", 1.5)
        city.until_rows(lambda rows: len(rows) == before + 1, "the first came")
        plant.write("level", 2.5, status=ua.StatusCodes.UncertainLastUsableValue, at=AT + timedelta(microseconds=7))
        city.until_rows(lambda rows: len(rows) == before + 2, "the second came")
        plant.write("flow", 3.5, status=ua.StatusCodes.BadSensorFailure, at=AT)
        city.until_rows(lambda rows: len(rows) == before + 3, "the third came")
        first, second, third = city.rows()[before:]
        assert first == (0, AT_NS, 1.5, 0)
        assert second == (0, AT_NS + 7_000, 2.5, UNCERTAIN)
        assert (third[0], third[1], third[3]) == (1, AT_NS, BAD)
        assert city.health.drops == {}


def test_that_a_node_that_is_not_there_is_counted_and_bad_while_the_others_go_on():
    port, nodes = free_port(), (*NODES, NodeSettings(node="ns=2;s=nowhere", channel="P#1.x"))
    with Plant(port) as plant, stand(port, nodes=nodes) as city:
        city.until_running()
        plant.write("level", 1.5)
        city.until_rows(lambda rows: (0, AT_NS, 1.5, 0) in rows, "the others go on")
        assert city.health.drops == {"opcua_node": 1}
        (bad,) = [row for row in city.rows() if row[0] == 10]
        assert (math.isnan(bad[2]), bad[3]) == (True, BAD)


def test_that_a_server_that_goes_away_makes_its_channels_bad_and_is_found_again():
    port = free_port()
    with stand(port) as city:
        city.until_state("connecting", "ingest.opcua_unreachable")
        with Plant(port):
            city.until_running()
            city.until_rows(lambda rows: rows[-1][3] == 0, "it is read")
        city.until_state("connecting")
        city.until_rows(lambda rows: rows[-1][3] == BAD, "its channels are bad")
        with Plant(port):
            city.until_running()
            city.until_rows(lambda rows: rows[-1][3] == 0, "it is read again")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Certificates of the server and of us, each with its key."""
    folder = tmp_path_factory.mktemp("opcua")

    async def make():
        for who, usage in (("server", ExtendedKeyUsageOID.SERVER_AUTH), ("ours", ExtendedKeyUsageOID.CLIENT_AUTH)):
            uri = "urn:freeopcua:python:server" if who == "server" else "urn:chengyun:ingest"
            await setup_self_signed_certificate(
                folder / f"{who}.pem", folder / f"{who}.der", uri, "127.0.0.1", [usage], {"organizationName": "test"}
            )
            (folder / f"{who}.pem").chmod(0o600)

    asyncio.run(make())
    return folder


def test_that_signed_and_encrypted_sessions_with_a_password_are_let_in_and_others_are_told(pairs, tmp_path, caplog):
    port = free_port()
    files = {
        "mode": "sign_encrypt", "certificate_file": str(pairs / "ours.der"), "key_file": str(pairs / "ours.pem"),
        "server_certificate_file": str(pairs / "server.der"), "user": "ingest",
    }  # fmt: skip
    right, wrong = secret(tmp_path / "right", "hunter2"), secret(tmp_path / "wrong", "hunter3")
    with Plant(port, users=True, certificate=pairs / "server.der", key=pairs / "server.pem") as plant:
        with stand(port, password_file=right, **files) as city:
            city.until_running()
            plant.write("level", 4.5)
            city.until_rows(lambda rows: (0, AT_NS, 4.5, 0) in rows, "it came")
        with stand(port, password_file=wrong, **files) as city:
            city.until_state("failed", "ingest.opcua_refused")
        with stand(port) as city:
            wait_until(lambda: city.health.reason.startswith("ingest.opcua_"), "no security is not let in")
            assert city.health.samples == 2, "two BAD samples say that nothing is known"
    assert "hunter" not in caplog.text


def test_that_a_key_others_can_read_stops_the_source(pairs, tmp_path, caplog):
    key = tmp_path / "open.pem"
    key.write_bytes((pairs / "ours.pem").read_bytes())
    key.chmod(0o644)
    with stand(free_port(), mode="sign", certificate_file=str(pairs / "ours.der"), key_file=str(key)) as city:
        city.until_state("failed", "secret.open")
    assert "0644" in caplog.text


@pytest.mark.parametrize("wrong", [{"mode": "basic128"}, {"nodes": (NodeSettings(node="level", channel="A.x"),)}])
def test_that_settings_that_cannot_be_meant_are_refused(wrong):
    with pytest.raises(Refused, match=r"ingest\.(opcua_security|source_point)"):
        OpcuaSource(OpcuaSettings(**wrong), ProfileClock())

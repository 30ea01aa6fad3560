"""A real nats-server: plain subjects, a durable stream that keeps what we missed, passwords and keys, TLS."""

import asyncio
import base64
import binascii
import json
import shutil
import socket
import subprocess
from contextlib import contextmanager

import nats
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chengyun_core.ingest.settings import NatsSettings, SubjectSettings
from chengyun_core.ingest.sources.muting import TOLERATED
from chengyun_core.ingest.sources.nats import NatsSource
from chengyun_core.ingest.sources.nats_key import UserKey
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Refused
from tests.core.ingest.daemon.building import START
from tests.support.broker import free_port
from tests.support.certificates import make_certificates
from tests.support.source_stand import SourceStand
from tests.support.waiting import wait_until

PROGRAM = shutil.which("nats-server") or "/usr/sbin/nats-server"
pytestmark = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="nats-server is not installed (./dev setup)")


@contextmanager
def server(folder, port, config=""):
    """Run nats-server with JetStream for the length of a block."""
    file = folder / "nats.conf"
    file.write_text(f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{folder}/js" }}\n{config}\n')
    process = subprocess.Popen([PROGRAM, "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _listens(port), "nats-server listens")
        yield
    finally:
        process.terminate()
        process.wait(20)


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def send(port, *messages, stream=None, **login):
    """Publish (subject, data); with a stream each is stored before this returns."""

    async def run():
        client = await nats.connect(f"nats://127.0.0.1:{port}", **login)
        if stream:
            await client.jetstream().add_stream(name=stream, subjects=["city.>"])
        for subject, data in messages:
            if stream:
                await client.jetstream().publish(subject, data)
            else:
                await client.publish(subject, data)
        await client.flush()
        await client.close()

    asyncio.run(run())


def sample(value, channel="A.x"):
    return json.dumps({"channel": channel, "time_ns": START, "value": value}).encode()


PLAIN = (SubjectSettings(subject="city.>"),)


def stand(port, *, subjects=PLAIN, limit_samples=1 << 20, **more):
    settings = NatsSettings(servers=(f"nats://127.0.0.1:{port}",), subjects=subjects, epoch_unit="ns", **more)
    source = NatsSource(settings, ProfileClock())
    source.first_pause_s = 0.05
    return SourceStand(source, limit_samples=limit_samples)


def secret(file, text):
    file.touch(0o600)
    file.write_text(text)
    return str(file)


def test_that_samples_of_plain_subjects_pass_and_garbage_is_counted_and_muted_by_its_subject(tmp_path):
    port = free_port()
    with server(tmp_path, port), stand(port) as city:
        city.until_running()
        bad = [("city.bad.one", b"{")] * (TOLERATED + 5)
        send(port, *bad, ("city.good", sample(3.0)), ("elsewhere", sample(4.0)))
        city.until_rows(lambda rows: rows == [(0, START, 3.0, 0)], "the good one came")
        assert city.health.drops == {"bad_json": TOLERATED, "muted": 5}
        assert city.told().offenders == (("city.bad", TOLERATED + 5),)


def test_that_a_server_that_goes_away_is_found_again(tmp_path):
    port = free_port()
    with stand(port) as city:
        city.until_state("connecting", "ingest.nats_unreachable")
        with server(tmp_path, port):
            city.until_running()
        city.until_state("connecting")
        with server(tmp_path, port):
            city.until_running()
            send(port, ("city.a", sample(1.0)))
            city.until_rows(lambda rows: len(rows) == 1, "samples come again")


def test_that_a_durable_consumer_gets_what_was_sent_while_nobody_listened_and_nothing_twice(tmp_path):
    port = free_port()
    durable = (SubjectSettings(subject="city.>", stream="CITY", durable="ingest"),)
    with server(tmp_path, port):
        send(port, ("city.a", sample(1.0)), ("city.a", sample(2.0)), stream="CITY")
        with stand(port, subjects=durable) as city:
            city.until_rows(lambda rows: [row[2] for row in rows] == [1.0, 2.0], "both came")
            wait_until(lambda: _unacknowledged(port) == 0, "both are acknowledged")
        send(port, ("city.a", sample(3.0)), stream="CITY")
        with stand(port, subjects=durable) as city:
            city.until_rows(lambda rows: [row[2] for row in rows] == [3.0], "only the third comes")


def test_that_a_message_that_finds_the_intake_full_is_not_lost_but_sent_again(tmp_path):
    port = free_port()
    durable = (SubjectSettings(subject="city.>", stream="CITY", durable="ingest"),)
    with server(tmp_path, port):
        send(port, ("city.a", sample(1.0)), ("city.a", sample(2.0)), stream="CITY")
        with stand(port, subjects=durable, limit_samples=1) as city:
            wait_until(lambda: city.health.samples == 1, "the first is in the intake")
            city.until_rows(lambda rows: sorted(row[2] for row in rows) == [1.0, 2.0], "the second comes once more")
            assert city.health.drops == {}


def _unacknowledged(port):
    async def run():
        client = await nats.connect(f"nats://127.0.0.1:{port}")
        told = await client.jetstream().consumer_info("CITY", "ingest")
        await client.close()
        return told.num_ack_pending

    return asyncio.run(run())


def test_that_a_stream_that_is_not_there_is_told(tmp_path):
    port = free_port()
    durable = (SubjectSettings(subject="city.>", stream="NONE", durable="ingest"),)
    with server(tmp_path, port), stand(port, subjects=durable) as city:
        city.until_state("connecting", "ingest.nats_stream")


def test_that_a_password_lets_in_and_a_wrong_one_is_told_and_not_logged(tmp_path, caplog):
    port = free_port()
    config = 'authorization { user: ingest, password: "hunter2" }'
    with server(tmp_path, port, config):
        with stand(port, user="ingest", password_file=secret(tmp_path / "right", "hunter2\n")) as city:
            city.until_running()
            send(port, ("city.a", sample(1.0)), user="ingest", password="hunter2")
            city.until_rows(lambda rows: len(rows) == 1, "it came")
        with stand(port, user="ingest", password_file=secret(tmp_path / "wrong", "hunter3\n")) as city:
            city.until_state("failed", "ingest.nats_refused")
    assert "hunter" not in caplog.text


def _seed():
    """A user seed as `nk -gen user` writes it."""
    raw = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    prefixed = bytes([(18 << 3) | (20 << 3) >> 5, ((20 << 3) & 31) << 3]) + raw
    return base64.b32encode(prefixed + binascii.crc_hqx(prefixed, 0).to_bytes(2, "little")).decode().rstrip("=")


def test_that_an_nkey_lets_in_and_another_one_does_not(tmp_path):
    port, seed = free_port(), _seed()
    assert seed.startswith("SU")
    key = UserKey(seed)
    assert key.public().startswith("U")
    with server(tmp_path, port, f"authorization {{ users: [ {{ nkey: {key.public()} }} ] }}"):
        with stand(port, nkey_file=secret(tmp_path / "right", seed)) as city:
            city.until_running()
        with stand(port, nkey_file=secret(tmp_path / "wrong", _seed())) as city:
            city.until_state("failed", "ingest.nats_refused")


def test_that_a_damaged_seed_is_told_with_its_file(tmp_path, caplog):
    seed = _seed()
    damaged = seed[:-3] + ("AAA" if not seed.endswith("AAA") else "BBB")
    with stand(free_port(), nkey_file=secret(tmp_path / "damaged", damaged)) as city:
        city.until_state("failed", "ingest.nats_key")
    assert "check sum" in caplog.text
    assert damaged not in caplog.text


def test_that_tls_is_spoken_and_a_stranger_ca_is_not_trusted(tmp_path):
    port, pems = free_port(), make_certificates(tmp_path)
    config = f'tls {{ cert_file: "{pems}/server.pem", key_file: "{pems}/server.key" }}'
    other = tmp_path / "other"
    other.mkdir()
    make_certificates(other)
    with server(tmp_path, port, config):
        with stand(port, ca_file=str(pems / "ca.pem")) as city:
            city.until_running()
        with stand(port, ca_file=str(other / "ca.pem")) as city:
            city.until_state("connecting", "ingest.nats_unreachable")


def test_that_a_stream_without_a_durable_name_is_refused():
    with pytest.raises(Refused, match=r"ingest\.nats_subject"):
        NatsSource(NatsSettings(subjects=(SubjectSettings(subject="a", stream="S"),)), ProfileClock())

"""A real mosquitto with TLS and passwords: what is sent to it is evaluated, what is garbage is counted."""

import ipaddress
import json
import socket
import ssl
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import paho.mqtt.client as paho
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chengyun_core.ingest.settings import IngestSettings, MqttSettings, TopicSettings
from chengyun_core.ingest.sources import payload_packed
from chengyun_core.ingest.sources.muting import TOLERATED
from chengyun_core.model.clock import ClockLaw
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import IngestStatus
from tests.core.ingest.daemon.building import SECOND, START, batch, city
from tests.support.broker import free_port
from tests.support.waiting import wait_until
from tests.wire.ingest_stand import Listener, TakingCentre, ready_profile, running

USER, PASSWORD = "ingest", "correct horse battery"
STANDING = ClockLaw(epoch=1, machine_anchor_ns=0, profile_anchor_ns=START + 3600 * SECOND, rate=0.0)
"""Profile time stands an hour after START."""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A CA of our own and a server certificate for 127.0.0.1 made by it; 2020 to 2120, for no clock is asked."""
    folder = tmp_path_factory.mktemp("tls")
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test CA")])

    def made(name, key, *extensions):
        builder = (
            x509.CertificateBuilder().subject_name(name).issuer_name(ca_name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=36_500))
        )  # fmt: skip
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(ca_key, hashes.SHA256())

    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    key_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    ca = made(ca_name, ca_key, (x509.BasicConstraints(ca=True, path_length=0), True), (usage, True), (key_id, False))
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id)
    server_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    server = made(server_name, server_key, (address, False), (authority, False))
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(server.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    folder.chmod(0o755)
    (folder / "server.key").chmod(0o644)  # mosquitto drops root before it reads it; the key lives as long as this test
    return folder


@contextmanager
def broker(folder, certificates, port):
    """Mosquitto with TLS and one user."""
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(folder / "users"), USER, PASSWORD], check=True)
    (folder / "users").chmod(0o644)
    folder.chmod(0o755)
    (folder / "mosquitto.conf").write_text(
        f"listener {port} 127.0.0.1\ncafile {certificates}/ca.pem\ncertfile {certificates}/server.pem\n"
        f"keyfile {certificates}/server.key\nallow_anonymous false\npassword_file {folder}/users\npersistence false\n"
        "max_queued_messages 0\nuser root\n"
    )
    process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(folder / "mosquitto.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _speaks(certificates, port), "mosquitto speaks TLS")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _speaks(certificates, port):
    context = ssl.create_default_context(cafile=str(certificates / "ca.pem"))
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 1) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1"),
        ):
            return True
    except OSError:
        return False


@contextmanager
def sender(certificates, port):
    """A gateway that publishes with QoS 1 and waits until the broker has it."""
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.username_pw_set(USER, PASSWORD)
    client.tls_set(str(certificates / "ca.pem"))
    client.connect("127.0.0.1", port)
    client.loop_start()

    def send(topic, payload):
        client.publish(topic, payload, qos=1).wait_for_publish(10)

    try:
        yield send
    finally:
        client.disconnect()
        client.loop_stop()


def settings(folder, certificates, port, *, password=PASSWORD, **more):
    secret = folder / "mqtt.password"
    secret.touch(0o600)
    secret.write_text(password + "\n")
    source = MqttSettings(
        host="127.0.0.1", port=port, user=USER, password_file=str(secret), ca_file=str(certificates / "ca.pem"),
        topics=(TopicSettings(filter="city/#"), TopicSettings(filter="packed/+", format="packed", qos=0)),
        epoch_unit="ns", **more,
    )  # fmt: skip
    return IngestSettings(mqtt=(source,), ring_samples=1 << 14)


@pytest.fixture
def stand(tmp_path):
    """A profile whose clock stands near the samples."""
    profile = ready_profile(tmp_path / "p")
    with TakingCentre(profile, city()) as centre:
        centre.law = STANDING
        with Listener(profile) as console:
            yield profile, centre, console


def source_light(beat):
    return beat.lights.get("source.mqtt")


def test_that_json_csv_and_packed_samples_pass_tls_and_password_into_alarms(stand, tmp_path, certificates):
    profile, centre, console = stand
    port = free_port()
    with broker(tmp_path, certificates, port), running(profile, settings(tmp_path, certificates, port)):
        console.until(lambda beat: source_light(beat) == "ok", "the source listens")
        with sender(certificates, port) as send:
            send("city/a", json.dumps({"channel": "A.x", "time_ns": START, "value": 12.0}))
            send("city/b", f"{START},B.x,25\n{START + SECOND},B.x,1\n")
            send("packed/p", payload_packed.encode(3, batch((10, 0, 3.0), (14, 0, 11.0))))
            send("elsewhere", b"not subscribed")
            beat = console.until(lambda beat: beat.counters["samples"] == 5, "five samples came")
        # The second of the packed samples was closed long ago: they count for the next one, which now passes.
        centre.law = ClockLaw(epoch=2, machine_anchor_ns=0, profile_anchor_ns=START + 3660 * SECOND, rate=0.0)
        console.until(
            lambda beat: beat.counters["activations"] == 4 and not beat.counters["spooled"], "all is confirmed"
        )
        steps = sorted((item.vital, int(item.before), int(item.after)) for item in centre.taken)
        assert steps == [(0, 0, 2), (1, 0, 4), (1, 4, 0), (2, 0, 2)]
        assert not any(name.startswith("dropped") for name in beat.counters)


def test_that_garbage_is_counted_by_cause_and_a_topic_full_of_it_is_muted_while_others_go_on(
    stand, tmp_path, certificates, caplog
):
    profile, _, console = stand
    port = free_port()
    config = settings(tmp_path, certificates, port, longest_message=1000)
    with broker(tmp_path, certificates, port), running(profile, config):
        console.until(lambda beat: source_light(beat) == "ok", "the source listens")
        with sender(certificates, port) as send:
            for _ in range(TOLERATED + 20):
                send("city/bad", b"{")
            send("city/large", b"x" * 2000)
            send("packed/bad", b"CYP1")
            send(
                "city/a",
                json.dumps(
                    [{"channel": "A.x", "time_ns": START, "value": 1}, {"channel": "Q.x", "time_ns": START, "value": 1}]
                ),
            )
            beat = console.until(lambda beat: beat.counters["samples"] == 1, "the good one came through")
        dropped = {name: count for name, count in beat.counters.items() if name.startswith("dropped.")}
        assert dropped["dropped.bad_json"] + dropped["dropped.muted"] == TOLERATED + 20
        assert dropped["dropped.muted"] >= 15
        assert (dropped["dropped.too_large"], dropped["dropped.bad_packed"], dropped["dropped.unknown_channel"]) == (
            1,
            1,
            1,
        )
        assert "topic city/bad" in caplog.text
        health = codec.unpack(console.ask("status").body, IngestStatus).sources[0]
        assert (health.state, health.samples, health.drops["too_large"]) == ("running", 1, 1)


def test_that_a_broker_that_comes_late_and_goes_away_is_found_again(stand, tmp_path, certificates):
    profile, _, console = stand
    port = free_port()
    with running(profile, settings(tmp_path, certificates, port)):
        console.until(lambda beat: source_light(beat) == "ingest.mqtt_unreachable", "there is no broker yet")
        with broker(tmp_path, certificates, port):
            console.until(lambda beat: source_light(beat) == "ok", "the broker is found")
        console.until(
            lambda beat: source_light(beat) in ("ingest.mqtt_lost", "ingest.mqtt_unreachable"), "the loss is told"
        )
        with broker(tmp_path, certificates, port):
            console.until(lambda beat: source_light(beat) == "ok", "it is found again")
            with sender(certificates, port) as send:
                send("city/a", f"{START},A.x,1")
                console.until(lambda beat: beat.counters["samples"] == 1, "samples come again")


def test_that_a_wrong_password_is_told_and_never_logged(stand, tmp_path, certificates, caplog):
    profile, _, console = stand
    port = free_port()
    config = settings(tmp_path, certificates, port, password="hunter2 wrong")
    with broker(tmp_path, certificates, port), running(profile, config):
        console.until(lambda beat: source_light(beat) == "ingest.mqtt_refused", "the refusal is told")
    assert "hunter2" not in caplog.text


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # paho leaves the refused TLS socket open
def test_that_a_broker_with_a_certificate_of_another_ca_is_not_trusted(stand, tmp_path, certificates):
    profile, _, console = stand
    port = free_port()
    config = settings(tmp_path, certificates, port)
    other = MqttSettings(
        **{name: getattr(config.mqtt[0], name) for name in MqttSettings.__slots__}
        | {"ca_file": "/etc/ssl/certs/ca-certificates.crt"}
    )
    with broker(tmp_path, certificates, port), running(profile, IngestSettings(mqtt=(other,))):
        console.until(lambda beat: source_light(beat) == "ingest.mqtt_unreachable", "it is refused")
        assert console.beats[-1].counters["samples"] == 0


def test_that_a_password_file_others_can_read_is_refused(stand, tmp_path, certificates, caplog):
    profile, _, console = stand
    config = settings(tmp_path, certificates, 1)
    (tmp_path / "mqtt.password").chmod(0o644)
    with running(profile, config):
        console.until(lambda beat: source_light(beat) == "secret.open", "it is told")
    assert "0644" in caplog.text

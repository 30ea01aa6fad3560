"""Captured packets of real devices at our sources: each is used, refused or counted by cause, and the totals add up."""

import collections
import http.client
import json
import socket
import struct
import threading

import pytest

from chengyun_core.ingest.settings import HttpSettings, ModbusSettings, MqttSettings, PointSettings, TopicSettings
from chengyun_core.ingest.sources.http import HttpSource
from chengyun_core.ingest.sources.modbus import ModbusSource
from chengyun_core.ingest.sources.mqtt import MqttSource
from chengyun_core.model.clock import ProfileClock
from tests.core.ingest.daemon.building import START
from tests.support.broker import free_port, publisher, running_broker
from tests.support.pcap import read_pcap
from tests.support.source_stand import SourceStand
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.realdata, pytest.mark.slow, pytest.mark.timeout(300)]
MODBUS, IEC104, PMU, MQTT = (
    "iti_ModbusTCP_Modbus_modbus_test.pcap", "iti_IEC60870-5-104_JavaRMI_and_IEC_Misc.pcap",
    "iti_C37.118_C37118_c37118_1100_unclean.pcap", "zeek_mqtt.pcap",
)  # fmt: skip
TOTALS = {MODBUS: 2257, IEC104: 357, PMU: 2167, MQTT: 19}
PUBLISH = 3


@pytest.fixture
def captured(shared_data):
    """Reads one capture, whole."""

    def read(name):
        packets = read_pcap(shared_data / "protocol_captures" / name)
        assert len(packets) == TOTALS[name]
        return packets

    return read


def throw(port, data):
    """Send bytes on a connection of their own, hang up, and wait until the other side has."""
    with socket.create_connection(("127.0.0.1", port), 10) as opened:
        opened.settimeout(10)
        try:
            opened.sendall(data)
            opened.shutdown(socket.SHUT_WR)
            while opened.recv(4096):
                pass
        except (ConnectionResetError, BrokenPipeError):
            return


@pytest.mark.parametrize("name", TOTALS)
def test_that_every_payload_thrown_at_the_http_port_is_counted_as_no_http(name, captured):
    packets = captured(name)
    payloads = [packet.payload for packet in packets if packet.protocol == "tcp" and packet.payload.strip(b"\r\n\0")]
    silent = [packet for packet in packets if not (packet.protocol == "tcp" and packet.payload.strip(b"\r\n\0"))]
    # What the RMI and web servers of a capture were sent is HTTP, in part: it comes to a request, refused by cause.
    port = free_port()
    with SourceStand(HttpSource(HttpSettings(port=port, connections=4096), ProfileClock())) as city:
        city.until_running()
        for data in payloads:
            throw(port, data)
        wait_until(lambda: sum(city.health.drops.values()) >= len(payloads), "each is counted", limit_s=60)
        drops = dict(city.health.drops)
        assert sum(drops.values()) == len(payloads), drops
        assert drops["bad_http"] == len(payloads)
        assert len(payloads) + len(silent) == TOTALS[name]
        assert city.rows() == []
        post = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        post.request("POST", "/samples", "2023-11-14T22:13:20Z,A.x,1\n", {"Content-Type": "text/csv"})
        assert post.getresponse().read() == b'{"accepted": 1, "refused": {}}'
        post.close()


def messages_of(stream):
    """MQTT packets of one direction of a connection: (type, body)."""
    at = 0
    while at < len(stream):
        kind, size, shift, start = stream[at] >> 4, 0, 0, at + 1
        while True:
            size |= (stream[start] & 0x7F) << shift
            shift, start = shift + 7, start + 1
            if stream[start - 1] < 0x80:
                break
        yield kind, stream[at] & 0x0F, stream[start : start + size]
        at = start + size


def test_that_captured_mqtt_messages_go_through_a_broker_and_their_words_are_counted_as_no_samples(captured, tmp_path):
    packets = captured(MQTT)
    control, published = collections.Counter(), []
    for packet in packets:
        found = list(messages_of(packet.payload))
        assert found, "each packet holds a message"
        for kind, flags, body in found:
            if kind == PUBLISH:
                size = struct.unpack_from(">H", body)[0]
                published.append((body[2 : 2 + size].decode(), body[2 + size + (2 if flags & 6 else 0) :]))
            else:
                control[kind] += 1
    assert len(published) + sum(control.values()) == TOTALS[MQTT] + 1, "one packet holds two messages"
    with running_broker(tmp_path) as port, publisher(port) as client:
        settings = MqttSettings(port=port, topics=(TopicSettings(filter="#"),))
        with SourceStand(MqttSource(settings, ProfileClock())) as city:
            city.until_running()
            for topic, data in published:
                client.publish(topic, data, qos=1).wait_for_publish(10)
            wait_until(lambda: sum(city.health.drops.values()) >= len(published), "all came")
            assert city.health.drops == {"bad_csv": len(published)}
            assert city.told().offenders == (("SampleTopic", len(published)),)
            assert city.rows() == []


class CapturedDevice:
    """Answers a request for registers with what the captured device answered to the same one, one after the other."""

    def __init__(self, answers):
        self._answers = {ask: collections.deque(found) for ask, found in answers.items()}
        self.left = sum(map(len, self._answers.values()))
        self.other = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="captured device")

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def _serve(self):
        try:
            opened, _ = self._socket.accept()
        except OSError:
            return
        with opened, opened.makefile("rb") as stream:
            while head := stream.read(7):
                number, _, size, unit = struct.unpack(">HHHB", head)
                ask = (unit, stream.read(size - 1))
                waiting = self._answers.get(ask)
                if waiting:
                    self.left -= 1
                    answer = waiting.popleft()
                else:
                    self.other += 1
                    answer = bytes([ask[1][0] | 0x80, 6])  # «busy»: the captured device said no more
                opened.sendall(struct.pack(">HHHB", number, 0, len(answer) + 1, unit) + answer)


def exchanges(packets):
    """Answers of the device by what was asked of it, and the number of packets that are no side of an exchange."""
    waiting, answers, alone = {}, collections.defaultdict(list), 0
    for packet in packets:
        number, _, size, unit = struct.unpack_from(">HHHB", packet.payload)
        pdu = packet.payload[7 : 6 + size]
        asked = packet.target == 502
        at = (packet.source if asked else packet.target, number, unit)
        if asked:
            alone += at in waiting  # asked again, and never answered
            waiting[at] = pdu
        elif at in waiting:
            answers[(unit, waiting.pop(at))].append(pdu)
        else:
            alone += 1
    return answers, alone + len(waiting)


def test_that_every_answer_of_the_captured_modbus_device_becomes_samples(captured):
    answers, alone = exchanges(captured(MODBUS))
    writes = {ask: found for ask, found in answers.items() if ask[1][0] not in (3, 4)}
    reads = {ask: found for ask, found in answers.items() if ask[1][0] in (3, 4)}
    used, written = sum(map(len, reads.values())), sum(map(len, writes.values()))
    assert 2 * (used + written) + alone == TOTALS[MODBUS], "each packet is one side of an exchange, or alone"
    counts = collections.Counter()
    for (unit, pdu), found in reads.items():
        address, count = struct.unpack_from(">HH", pdu, 1)
        points = [
            PointSettings(
                channel=f"P#{1 + place % 5}.x", unit=unit, function=pdu[0], address=address + place, period_s=0.01
            )
            for place in range(count)
        ]
        with CapturedDevice({(unit, pdu): found}) as device:
            source = ModbusSource(ModbusSettings(port=device.port, points=tuple(points)), ProfileClock())
            with SourceStand(source) as city:
                wait_until(
                    lambda device=device: device.left == 0 and device.other > 0, "all were asked for", limit_s=60
                )
                rows, drops = list(city.rows()), dict(city.health.drops)
        exceptions = sum(pdu[0] >= 0x80 for pdu in found)
        good = [row for row in rows if row[3] == 0]
        assert len(good) == count * (len(found) - exceptions)
        assert drops.keys() <= {"modbus_exception"}
        words = [word for pdu in found if pdu[0] < 0x80 for word in struct.unpack(f">{count}H", pdu[2 : 2 + 2 * count])]
        assert [row[2] for row in good] == words
        counts["answers"] += len(found) - exceptions
    assert counts["answers"] == used


def test_that_sensorthings_entities_are_refused_with_the_name_of_the_field(shared_data):
    document = (shared_data / "protocol_captures" / "sensorthings_entities.json").read_bytes()
    entities = [json.loads(document), *json.loads(document)["Datastreams"], *json.loads(document)["Locations"]]
    with SourceStand(HttpSource(HttpSettings(port=(port := free_port()), epoch_unit="ns"), ProfileClock())) as city:
        city.until_running()
        good = {"channel": "A.x", "time_ns": START, "value": 1}
        post = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for body, expected in (
            (document, (422, 0, 1)), (json.dumps([*entities, good]).encode(), (202, 1, len(entities))),
        ):  # fmt: skip
            post.request("POST", "/samples", body, {"Content-Type": "application/json"})
            answer = post.getresponse()
            told = json.loads(answer.read())
            assert (answer.status, told["accepted"], told["refused"]) == (*expected[:2], {"bad_field": expected[2]})
        post.close()
        assert city.health.drops == {"bad_field": 1 + len(entities)}
        assert "unknown field" in city.told().last_fault

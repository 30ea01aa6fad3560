"""A real mosquitto on a port of its own, and a publisher of samples, for tests that feed real daemons."""

import shutil
import socket
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt

from tests.support.waiting import wait_until

HOST = "127.0.0.1"
TOPIC = "chengyun/test"


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_broker(folder: Path) -> Iterator[int]:
    """Run mosquitto for the length of a test; give its port."""
    program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    port = free_port()
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {port} {HOST}\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n")
    process = subprocess.Popen([program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _listens(port), "mosquitto listens")
        yield port
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def publisher(port: int) -> Iterator[mqtt.Client]:
    """Give a connected client."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect(HOST, port)
    client.loop_start()
    try:
        wait_until(client.is_connected, "the publisher is connected")
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def publish(client: mqtt.Client, samples: Iterable[tuple[str, int, float]]) -> None:
    """Send (channel, time ns, value) as one CSV message and wait until the broker has it."""
    lines = "\n".join(f"{time_ns},{channel},{value!r}" for channel, time_ns, value in samples)
    client.publish(TOPIC, lines, qos=1).wait_for_publish(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0

"""The sending half of the comparison with peers: connects, says so, waits for «go», sends, and waits to be let go."""

import asyncio
import sys
from collections.abc import Callable

TOPIC = "chengyun.bench"


def by_zeromq(address: str, data: bytes, messages: int) -> None:
    """Publish once somebody has subscribed."""
    import zmq

    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.XPUB)
    socket.setsockopt(zmq.SNDHWM, 0)
    socket.connect(address)
    socket.recv()  # the subscription
    _wait_for_go()
    for _ in range(messages):
        socket.send(data, copy=False)
    sys.stdin.read()
    context.destroy(linger=0)


def by_redis(address: str, data: bytes, messages: int) -> None:
    """Add to a stream, 64 entries a pipeline."""
    from redis import Redis

    host, port = address.split(":")
    client = Redis(host=host, port=int(port))
    client.ping()
    _wait_for_go()
    for begin in range(0, messages, 64):
        pipeline = client.pipeline(transaction=False)
        for _ in range(min(64, messages - begin)):
            pipeline.xadd(TOPIC, {"f": data})
        pipeline.execute()
    sys.stdin.read()


def by_nats(address: str, data: bytes, messages: int) -> None:
    """Publish and flush."""
    import nats

    async def send() -> None:
        client = await nats.connect(f"nats://{address}")
        _wait_for_go()
        for _ in range(messages):
            await client.publish(TOPIC, data)
        await client.flush(60)
        await asyncio.to_thread(sys.stdin.read)
        await client.close()

    asyncio.run(send())


def by_mosquitto(address: str, data: bytes, messages: int) -> None:
    """Publish with QoS 0 and wait until the last has left."""
    import paho.mqtt.client as mqtt

    host, port = address.split(":")
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect(host, int(port))
    client.loop_start()
    while not client.is_connected():
        client.loop_misc()
    _wait_for_go()
    for _ in range(messages):
        last = client.publish(TOPIC, data)
    last.wait_for_publish(60)
    sys.stdin.read()
    client.loop_stop()


SENDERS: dict[str, Callable[[str, bytes, int], None]] = {
    "ZeroMQ": by_zeromq,
    "Redis streams": by_redis,
    "NATS": by_nats,
    "mosquitto": by_mosquitto,
}


def _wait_for_go() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def main(name: str, address: str, messages: str) -> None:
    """Send by the peer of this name."""
    from tests.bench.peers import payload

    SENDERS[name](address, payload(), int(messages))


if __name__ == "__main__":
    main(*sys.argv[1:])

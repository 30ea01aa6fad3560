"""The process that decodes camera streams: orders on standard input, pictures in shared memory, answers on the output.

`python -m chengyun_core.video.worker DESCRIPTOR PANES`. It ends with its console: at the end of the orders, and by the
kernel's signal when the console was killed.
"""

import faulthandler
import logging
import os
import select
import sys
import threading
import time
from collections.abc import Sequence

import msgspec

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video import orders
from chengyun_core.video.gate import Gate
from chengyun_core.video.orders import Begin, Cut, Failed, Grab, Leave, Order, Resize, Watch
from chengyun_core.video.showing import LONGEST_CLIP_S
from chengyun_core.video.stream import Stream
from chengyun_core.wire import helper_process, redaction
from chengyun_core.wire.pane_memory import PaneMemory, PaneWriter

ORDERS_FD, ANSWERS_FD = 0, 1
BEAT_S = 0.2
MEMORY_BYTES = 6 * 2**30
"""Of addresses; a stream that would take more loses its pictures, not the machine its memory."""
OPEN_FILES = 512


class Worker:
    """Streams by pane. Orders are taken by the main thread; stills and clips are made in a thread of their own."""

    def __init__(self, memory: PaneMemory, rules: Begin, gate: Gate) -> None:
        self._memory, self._rules, self._gate = memory, rules, gate
        self._streams: dict[int, Stream] = {}
        self._lock = threading.Lock()

    def take(self, order: Order) -> None:
        """Do what is ordered; an order for a pane that is not watched any more is passed over."""
        match order:
            case Watch():
                self._watch(order)
            case Resize():
                if stream := self._streams.get(order.pane):
                    stream.showing.size = (order.width, order.height)
            case Leave():
                if stream := self._streams.pop(order.pane, None):
                    stream.end()
            case Grab() | Cut():
                threading.Thread(target=self._make, args=(order,), name="making", daemon=True).start()
            case Begin():
                pass  # the first order; there is no second one

    def _watch(self, order: Watch) -> None:
        if (old := self._streams.pop(order.pane, None)) is not None:
            old.end()
            old.join(2.0)
        writer = PaneWriter(self._memory, order.pane, order.generation)
        self._streams[order.pane] = stream = Stream(order, self._rules, self._gate, writer)
        stream.start()

    def _make(self, order: Grab | Cut) -> None:
        try:
            stream = self._streams.get(order.pane)
            if stream is None:
                raise Trouble("video.left")
            answer: orders.Answer = _made(stream, order)
        except (Refused, Trouble) as failure:
            answer = Failed(number=order.number, reason=failure.reason)
        with self._lock:
            helper_process.tell(ANSWERS_FD, orders.packed(answer))


def main(arguments: Sequence[str]) -> int:
    """Take orders until they end."""
    helper_process.bind()
    helper_process.limit(MEMORY_BYTES, OPEN_FILES)
    faulthandler.enable()
    redaction.configure(logging.WARNING)
    memory = PaneMemory(int(arguments[0]), int(arguments[1]), is_writer=True)
    gate = Gate()
    gate.install()
    _serve(memory, gate)
    # Threads may stand in a decoder or a name service: nobody waits for them, and sockets close with the process.
    os._exit(0)


def _serve(memory: PaneMemory, gate: Gate) -> None:
    own = PaneWriter(memory, memory.panes - 1, generation=1)
    own.beat(time.monotonic_ns())
    worker: Worker | None = None

    def read(count: int) -> bytes:
        data = b""
        while len(data) < count:
            while not select.select([ORDERS_FD], [], [], BEAT_S)[0]:
                own.beat(time.monotonic_ns())
            own.beat(time.monotonic_ns())
            more = os.read(ORDERS_FD, count - len(data))
            if not more:
                break
            data += more
        return data

    for message in orders.messages(read):
        order = msgspec.msgpack.decode(message, type=Order)
        if isinstance(order, Begin):
            worker = Worker(memory, order, gate)
        elif worker is not None:
            worker.take(order)


def _made(stream: Stream, order: Grab | Cut) -> orders.Made:
    if isinstance(order, Grab):
        return stream.showing.still(order.number)
    before, after = (min(max(seconds, 0.0), LONGEST_CLIP_S) for seconds in (order.before_s, order.after_s))
    asked = time.monotonic_ns()
    stream.showing.keep_for(before + after + 1.0, asked)
    time.sleep(after)
    return stream.showing.clip(
        order.number, asked - round(before * NS_PER_S), asked + round(after * NS_PER_S)
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

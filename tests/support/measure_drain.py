"""Measures three ways to bring frames to a GUI thread: `python -m tests.support.measure_drain` (decision 0020).

Each way runs in a fresh process against the same publisher process (200 frames/s of 200 vitals) while the GUI thread
paints for 12 ms every 50 ms; told are the age of frames in the GUI, its share of a core, and its late timers.
"""

import json
import subprocess
import sys
import time

import numpy as np
import zmq

FRAMES_PER_S = 200
VITALS = 200
SECONDS = 5
ADDRESS = "ipc:///tmp/chengyun-measure-drain"


def publish() -> None:
    """Send frames stamped with the monotonic clock until killed."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.PUB)
    socket.bind(ADDRESS)
    columns = np.zeros(VITALS * 23, np.uint8).tobytes()
    started, sent = time.monotonic(), 0
    while True:
        socket.send_multipart([b"S/", np.int64(time.monotonic_ns()).tobytes() + columns])
        sent += 1
        time.sleep(max(0.0, started + sent / FRAMES_PER_S - time.monotonic()))


def listen(way: str) -> dict[str, float]:
    """Run one way for some seconds and return its figures."""
    from PySide6.QtCore import QCoreApplication, QElapsedTimer, Qt, QTimer

    app = QCoreApplication([])
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    ages: list[float] = []
    gaps: list[float] = []
    gui_ns = [0]

    def take(stamps: list[int]) -> None:
        begun = time.thread_time_ns()
        now = time.monotonic_ns()
        ages.extend((now - stamp) / 1e6 for stamp in stamps)
        gui_ns[0] += time.thread_time_ns() - begun

    def decoded(parts: list[bytes]) -> int:
        rows = np.frombuffer(parts[1], np.uint8, offset=8)
        rows.reshape(VITALS, 23).max(axis=0)
        return int(np.frombuffer(parts[1], np.int64, count=1)[0])

    ended, reading = {"notifier": _notifier, "qasync": _qasync, "thread": _thread}[way](context, take, decoded, gui_ns)
    paint, last = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=50), QElapsedTimer()
    last.start()

    def painted() -> None:
        until = time.monotonic_ns() + 12_000_000
        while time.monotonic_ns() < until:
            sum(range(200))

    paint.timeout.connect(painted)
    paint.start()
    beat = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=5)
    beat.timeout.connect(lambda: gaps.append(last.restart()))
    beat.start()
    QTimer.singleShot(SECONDS * 1000, app.quit)
    _run(app, reading)
    ended()
    context.destroy(linger=0)
    return {
        "frames": len(ages),
        "age_p50_ms": round(float(np.percentile(ages, 50)), 1),
        "age_p99_ms": round(float(np.percentile(ages, 99)), 1),
        "gui_socket_share_%": round(gui_ns[0] / 1e9 / SECONDS * 100, 2),
        "gui_gap_p99_ms": round(float(np.percentile(gaps, 99)), 1),
        "gui_gap_max_ms": max(gaps),
    }


def _subscribed(context):
    socket = context.socket(zmq.SUB)
    socket.setsockopt(zmq.SUBSCRIBE, b"S/")
    socket.connect(ADDRESS)
    return socket


def _drained(socket, decoded) -> list[int]:
    stamps = []
    while True:
        try:
            stamps.append(decoded(socket.recv_multipart(zmq.DONTWAIT)))
        except zmq.Again:
            return stamps


def _notifier(context, take, decoded, gui_ns):
    """The zmq descriptor watched by Qt: edge-triggered, so drained and looked at again."""
    from PySide6.QtCore import QSocketNotifier

    socket = _subscribed(context)
    notifier = QSocketNotifier(socket.getsockopt(zmq.FD), QSocketNotifier.Type.Read)

    def readable() -> None:
        begun = time.thread_time_ns()
        while socket.getsockopt(zmq.EVENTS) & zmq.POLLIN:
            take(_drained(socket, decoded))
        gui_ns[0] += time.thread_time_ns() - begun

    notifier.activated.connect(readable)
    return lambda: (notifier.setEnabled(False), socket.close(0)), None


def _qasync(context, take, decoded, gui_ns):
    """A task on a qasync loop that awaits each message of zmq.asyncio."""
    import zmq.asyncio

    opened = []

    async def reading() -> None:
        socket = zmq.asyncio.Context.shadow(context).socket(zmq.SUB)
        opened.append(socket)
        socket.setsockopt(zmq.SUBSCRIBE, b"S/")
        socket.connect(ADDRESS)
        while True:
            parts = await socket.recv_multipart()
            begun = time.thread_time_ns()
            take([decoded(parts)])
            gui_ns[0] += time.thread_time_ns() - begun

    return lambda: opened[0].close(0), reading


def _thread(context, take, decoded, gui_ns):
    """Ours: a thread drains once per tick of 50 ms and rings once."""
    import threading

    from PySide6.QtCore import QObject, Qt, Signal

    class Bell(QObject):
        rang = Signal()

    bell, post, stop = Bell(), [], threading.Event()

    def opened() -> None:
        begun = time.thread_time_ns()
        stamps = list(post)
        post.clear()
        take(stamps)
        gui_ns[0] += time.thread_time_ns() - begun

    bell.rang.connect(opened, Qt.ConnectionType.QueuedConnection)

    def run() -> None:
        socket = _subscribed(context)
        while not stop.wait(0.05):
            stamps = _drained(socket, decoded)
            if stamps:
                post.extend(stamps)
                bell.rang.emit()
        socket.close(0)

    thread = threading.Thread(target=run)
    thread.start()
    return lambda: (stop.set(), thread.join()), None


def _run(app, reading) -> None:
    if reading is None:
        app.exec()
        return
    import qasync

    loop = qasync.QEventLoop(app)
    task = loop.create_task(reading())
    loop.run_forever()
    task.cancel()


def main() -> None:
    """Run the three ways in turn, three rounds, and print the medians."""
    if len(sys.argv) > 1:
        print(json.dumps(listen(sys.argv[1])) if sys.argv[1] != "publish" else publish())
        return
    command = [sys.executable, "-m", "tests.support.measure_drain"]
    publisher = subprocess.Popen([*command, "publish"])
    try:
        for round_ in range(3):
            for way in ("notifier", "qasync", "thread"):
                out = subprocess.run([*command, way], capture_output=True, text=True, check=False, timeout=40)
                print(round_, way, out.stdout.strip() or out.stderr[-300:])
    finally:
        publisher.kill()
        publisher.wait()


if __name__ == "__main__":
    main()

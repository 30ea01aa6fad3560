"""Nothing of a console waits for ever: each wait names its limit, or stands here with the reason why it ends (0424)."""

import ast

import pytest

from tests.house import sources
from tests.house.waits import unbounded_waits

FOLDERS = (
    "console/chengyun_console", "widgets/chengyun_widgets", "core/chengyun_core/rtc", "core/chengyun_core/video",
    "core/chengyun_core/wire",
)  # fmt: skip
"""What runs in a console and its helpers; the demo's camera server is neither."""
NOT_OURS = "core/chengyun_core/video/demo_cameras/"

ALLOWED = {
    ("console/chengyun_console/session/loop.py", "run"): "the task has ended; the pool is left with the application, "
    "its work is pure",
    ("console/chengyun_console/session/reader.py", "Reader.run"): "a pool of the reader's own thread, which the window "
    "waits for no longer than STOP_WITHIN_S",
    ("console/chengyun_console/session/reader.py", "Reader._read_catalogue"): "asked whether it is done before",
    ("console/chengyun_console/session/reader.py", "_failed"): "called when it is done",
    ("console/chengyun_console/session/session.py", "Session.stop"): "only once the reader has ended, which closed "
    "every socket without lingering",
    ("console/chengyun_console/sound/voice.py", "Voice._render"): "an idle thread that is no window's; `stop` wakes it",
    ("console/chengyun_console/video/desk.py", "VideoDesk._hand_over"): "a callback of what is done",
    ("core/chengyun_core/video/connection.py", "Connection.read"): "the socket has its limit from the line above",
    ("core/chengyun_core/video/guardian.py", "Guardian.stop"): "its thread kills each worker and gives it up within "
    "piped_child.KILLED_WITHIN_S",
    ("core/chengyun_core/wire/handshake.py", "HandshakeWatch.refusal"): "polled before: a message lies there",
    ("core/chengyun_core/wire/zap.py", "Answerer.close"): "of a daemon; its thread turns every LOOK_MS",
    ("core/chengyun_core/wire/zap.py", "Answerer._run"): "polled before: a message lies there",
}
"""(Module, function) → why it ends all the same."""

WAITING = [
    "thread.join()",
    "process.wait()",
    "self._done.wait()",
    "future.result()",
    "future.exception()",
    "queue.get()",
    "lock.acquire()",
    "pool.shutdown()",
    "process.communicate()",
    "process.communicate(data)",
    "condition.wait_for(lambda: self.ready)",
    "socket.recv_multipart()",
    "socket.recv(4096)",
    "context.term()",
    "process.waitForFinished(100)",
    "pool.waitForDone()",
    "import fcntl\nfcntl.flock(file, fcntl.LOCK_EX)",
    "from fcntl import LOCK_EX, lockf\nlockf(file, LOCK_EX)",
    "import subprocess\nsubprocess.run(command, check=True)",
    "from subprocess import check_output as out\nout(command)",
    "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(1) as pool:\n    pool.submit(work)",
    "from PySide6.QtCore import QThreadPool\npool = QThreadPool(self)",
    "async def go():\n    thread.join()",
]
BOUNDED = [
    "', '.join(words)",
    "thread.join(2.0)",
    "thread.join(timeout=2.0)",
    "process.wait(WITHIN_S)",
    "self._ended.wait(TICK_S)",
    "table.get(key)",
    "queue.get(timeout=1.0)",
    "queue.get(block=False)",
    "queue.get_nowait()",
    "lock.acquire(False)",
    "future.result(within_s)",
    "process.communicate(data, timeout=5.0)",
    "condition.wait_for(is_ready, 1.0)",
    "socket.recv_multipart(zmq.DONTWAIT)",
    "socket.recv(zmq.NOBLOCK, copy=False)",
    "import fcntl\nfcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)",
    "import subprocess\nsubprocess.run(command, timeout=5)",
    "async def go():\n    await event.wait()\n    await queue.get()",
    "with lock:\n    change()",
]


def _found() -> dict[tuple[str, str], list[str]]:
    """Return every wait of ours without a limit, by where it is."""
    found: dict[tuple[str, str], list[str]] = {}
    for folder in FOLDERS:
        for path in sorted((sources.REPOSITORY / folder).rglob("*.py")):
            name = path.relative_to(sources.REPOSITORY).as_posix()
            for wait in unbounded_waits(sources.tree(path)) if not name.startswith(NOT_OURS) else ():
                found.setdefault((name, wait.place), []).append(f"{name}:{wait.line}: {wait.what} in {wait.place}")
    return found


@pytest.mark.parametrize("snippet", WAITING)
def test_that_a_wait_without_a_limit_is_found(snippet: str) -> None:
    assert len(unbounded_waits(ast.parse(snippet))) == 1


@pytest.mark.parametrize("snippet", BOUNDED)
def test_that_a_wait_with_a_limit_is_left_alone(snippet: str) -> None:
    assert unbounded_waits(ast.parse(snippet)) == []


def test_that_a_wait_is_found_where_it_is() -> None:
    (wait,) = unbounded_waits(
        ast.parse("class Desk:\n    def stop(self):\n        for one in all_:\n            one.join()")
    )
    assert (wait.line, wait.place, wait.what) == (4, "Desk.stop", "one.join")


def test_that_nothing_of_a_console_waits_for_ever() -> None:
    found = _found()
    sources.expect_none(line for place in sorted(found.keys() - ALLOWED.keys()) for line in found[place])


def test_that_each_reason_is_still_that_of_a_wait() -> None:
    assert sorted(ALLOWED.keys() - _found().keys()) == []

"""A console without its window: the real reader thread and the real mirrors, applied as the GUI thread would."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import zmq

from chengyun_console.session.mailbox import Mailbox, Post
from chengyun_console.session.reader import WAKE_ADDRESS, Reader
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.mirror.state import StateMirror

Took = Callable[[Post], None]


class ConsoleModel:
    """Reads a profile's daemons as an idle screen does (screen key). Take `lock` while reading the mirrors."""

    def __init__(self, profile: Path, took: Took = lambda _post: None) -> None:
        """`took` is called in the reader's thread right after a post is in the mirrors; it must be quick."""
        self.lock = threading.Lock()
        self.state, self.facts, self.links = StateMirror(), FactMirror(), Links()
        self.posts = 0
        self._took = took
        self._mailbox = Mailbox()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._reader = Reader(profile, self._context, self._mailbox, self._take_over)
        self._thread = threading.Thread(target=self._reader.run, name="console-model")
        self._knocker: zmq.Socket[bytes] | None = None

    def __enter__(self) -> Self:
        self._knocker = self._context.socket(zmq.PAIR)
        self._knocker.connect(WAKE_ADDRESS)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        assert self._knocker is not None
        self._reader.stop()
        self._knocker.send(b"")
        self._thread.join()
        self._knocker.close(0)
        self._context.term()

    def is_live(self) -> bool:
        """Return whether both daemons are heard, nothing is owed and every fact is known."""
        with self.lock:
            reached = {self.links.ingest.reach, self.links.centre.reach}
            return reached == {Reach.LIVE} and self.facts.complete and self.state.count > 0

    def _take_over(self) -> None:
        """Called by the reader when a post lies ready; the GUI would do this in its own thread."""
        post, _ = self._mailbox.take()
        if post is None:
            return
        with self.lock:
            self.posts += 1
            if post.catalogue is not None:
                self.state.resize(post.catalogue.period_s)
            if post.links is not None:
                self.links = post.links
            if post.state is not None:
                self.state.apply(post.state)
            if post.facts is not None:
                self.facts.apply(post.facts)
        self._took(post)

"""The hand-over from the reader's thread to the GUI: one post at a time; while it lies there, news go on merging."""

import threading
from dataclasses import dataclass

from chengyun_console.session.answers import PreviewAnswer, SignOnEnded, WindowSeries
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews, StateRows, WatchRows
from chengyun_core.wire.envelope import Reply, Seats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Post:
    """What one hand-over brings to the GUI thread. Frozen, and never touched again by the reader."""

    catalogue: CatalogueView | None = None
    state: StateRows | None = None
    facts: FactNews | None = None
    watch: WatchRows | None = None
    links: Links | None = None
    own_centre: str | None = None
    sign_on: SignOnEnded | None = None
    seats: Seats | None = None
    replies: tuple[Reply, ...] = ()
    unsure: tuple[str, ...] = ()
    windows: tuple[tuple[str, WindowSeries], ...] = ()
    """(request id, series)."""
    previews: tuple[tuple[str, PreviewAnswer], ...] = ()
    answers: tuple[tuple[str, object], ...] = ()
    """(request id, record of the answer or the Reason why there is none)."""


class Mailbox:
    """Room for one post. Safe between one writer and one reader."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._post: Post | None = None
        self._pulse_ns = 0
        self._awaited = False
        self.cost_ns = 0
        """What taking over the last post cost the GUI thread; written by the GUI, read by the reader for its pace."""

    @property
    def pulse_ns(self) -> int:
        """Return the monotonic time of the reader's last turn; the GUI sees by it whether the reader lives."""
        return self._pulse_ns

    def beat(self, now_ns: int) -> None:
        """Take note that the reader lives."""
        self._pulse_ns = now_ns

    def is_free(self) -> bool:
        """Return whether the last post was taken."""
        return self._post is None

    def await_taking(self) -> None:
        """Take note that news wait for the post to be taken."""
        with self._lock:
            self._awaited = self._post is not None

    def put(self, post: Post) -> None:
        """Lay down a post; only when the box is free."""
        with self._lock:
            if self._post is not None:
                raise RuntimeError("the last post was not taken yet")
            self._post = post

    def take(self) -> tuple[Post | None, bool]:
        """Take the post out; return it, and whether the reader waited for that and wants to be woken."""
        with self._lock:
            post, self._post = self._post, None
            awaited, self._awaited = self._awaited, False
        return post, awaited

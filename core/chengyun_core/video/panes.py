"""The panes of a fleet: who watches what, in which worker's memory; plain book-keeping without process or thread."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from chengyun_core.model.failure import Reason, Refused
from chengyun_core.video.port import SPARE, StreamSource

NOWHERE = -1


@dataclass(slots=True, kw_only=True)
class Pane:
    """One pane. Times are monotonic ns."""

    name: str
    source: StreamSource
    is_main: bool
    width: int
    height: int
    generation: int
    watched_ns: int
    worker: int = NOWHERE
    """Place of the worker that has it."""
    index: int = NOWHERE
    """Its pane in that worker's memory."""
    epoch: int = 0
    """Of the worker that was ordered to show it; 0: none was yet."""
    attempt: int = 0
    pause_s: float = 0.0
    alone: Reason | None = None
    """Why no worker has it just now."""


@dataclass(slots=True)
class Panes:
    """All panes of a console."""

    most: int
    _by_name: dict[str, Pane] = field(default_factory=dict)
    _generation: int = 0

    def __iter__(self) -> Iterator[Pane]:
        return iter(list(self._by_name.values()))

    def get(self, name: str) -> Pane | None:
        """Return a pane, or None."""
        return self._by_name.get(name)

    def watched(
        self, name: str, source: StreamSource, size: tuple[int, int], now_ns: int, *, is_main: bool,
        is_beside: bool = False,
    ) -> Pane:  # fmt: skip
        """Return a new pane in place of any of its name. Raises Refused when there are too many.

        `is_beside`: another one goes when its picture is there, so that there may be SPARE more until then.
        """
        most = self.most + SPARE if is_beside else self.most
        if name not in self._by_name and len(self._by_name) >= most:
            raise Refused("video.no_pane", most=self.most)
        self._generation += 1
        made = Pane(
            name=name, source=source, is_main=is_main, width=size[0], height=size[1], generation=self._generation,
            watched_ns=now_ns,
        )  # fmt: skip
        self._by_name[name] = made
        return made

    def left(self, name: str) -> Pane | None:
        """Take a pane away and return it."""
        return self._by_name.pop(name, None)

    def of_worker(self, worker: int) -> list[Pane]:
        """Return the panes a worker has."""
        return [pane for pane in self if pane.worker == worker]

    def least_busy(self, workers: list[int]) -> int:
        """Return the worker with the fewest panes."""
        return min(workers, key=lambda worker: (len(self.of_worker(worker)), worker))

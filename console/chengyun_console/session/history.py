"""Windows that reach further back than ingest's memory: asked of the historian too, and handed over as one series."""

from dataclasses import dataclass, replace

import numpy as np

from chengyun_console.session.answers import WindowSeries
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import AskWindow

PATIENCE_NS = 3 * NS_PER_S
"""How long the archive is awaited before the chart gets what ingest has."""
UNANSWERED_FOR_NS = 5 * NS_PER_S
"""After a silence the historian is left alone for so long: where none runs charts must not wait for it each time."""

SILENT = frozenset({"session.not_sent", "session.no_answer"})
"""Failures after which the archive may still know: ingest is away. What ingest refused, it would refuse as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A window of ingest that waits for the archive's part."""

    id: str
    ask: AskWindow
    slot: str
    series: WindowSeries


class HistoryAsks:
    """Which windows wait for the archive. Owned by one thread."""

    def __init__(self) -> None:
        self._wanted: list[Held] = []
        self._held: dict[str, Held] = {}
        self._silent_since: int | None = None

    def takes(self, held: Held, now_ns: int) -> bool:
        """Return whether this window is to be completed from the archive; it is then held until that answered."""
        failed = held.series.failed
        reaches = held.series.oldest_ns <= held.ask.from_ns if failed is None else failed.code not in SILENT
        if reaches:
            return False
        if self._silent_since is not None and now_ns - self._silent_since < UNANSWERED_FOR_NS:
            return False
        self._wanted.append(held)
        return True

    @staticmethod
    def alone(ask: AskWindow, series: WindowSeries) -> WindowSeries:
        """Return ingest's window as it is handed over without the archive's part; it says so when that is wanting."""
        if series.failed is not None or series.oldest_ns <= ask.from_ns:
            return series
        return replace(series, unreached=Reason(code="session.no_archive"))

    def due(self) -> list[Held]:
        """Return the windows to ask of the historian now, each once; a newer one of its slot takes its place."""
        due, self._wanted = self._wanted, []
        self._held.update({held.slot: held for held in due})
        return due

    def answered(self, request_id: str, slot: str, archive: WindowSeries, now_ns: int) -> WindowSeries:
        """Return the series to hand over: both parts as one, or ingest's alone when the archive gave none."""
        held = self._held.pop(slot, None)
        if held is None or held.id != request_id:
            return archive
        if archive.failed is not None:
            self._silent_since = now_ns
            return self.alone(held.ask, held.series)
        self._silent_since = None
        return joined(archive, held.series)


def joined(archive: WindowSeries, memory: WindowSeries) -> WindowSeries:
    """Return the archive's window, and of ingest's what lies before and behind it.

    The historian answers with everything ingest had taken when it was asked, so nothing in between can be missing
    or twice; ingest alone has what came in that moment, and what is older than an archive begun today.
    """
    if memory.failed is not None or not memory.time.size:
        return archive
    if not archive.time.size:
        return memory
    before, behind = memory.time < archive.time[0], memory.time > archive.time[-1]
    return replace(
        archive,
        time=np.concatenate((memory.time[before], archive.time, memory.time[behind])),
        value=np.concatenate((memory.value[before], archive.value, memory.value[behind])),
        doubt=np.concatenate((memory.doubts[before], archive.doubts, memory.doubts[behind])),
        raw=archive.raw and memory.raw,
        oldest_ns=min(archive.oldest_ns, memory.oldest_ns),
    )

"""What the session hands to the pages besides the mirror's records: windows, previews and how a sign-on ended."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.model.failure import Reason
from chengyun_core.series.doubt import unknown
from chengyun_core.wire.envelope import AskWindow, Preview, SignedOn, Window


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WindowSeries:
    """The series of one vital between two source times, or the reason why there is none."""

    vital: int
    from_ns: int
    to_ns: int
    time: npt.NDArray[np.int64]
    """Source times, profile ns UTC, int64[n] ascending."""
    value: npt.NDArray[np.float64]
    """float64[n]; NaN marks a gap."""
    raw: bool
    """True when nothing was left out."""
    oldest_ns: int
    """Oldest source time ingest still holds for this vital."""
    failed: Reason | None = None
    unreached: Reason | None = None
    """Why the archive could not be asked: what lies before `oldest_ns` is not known, which is not the same as none."""
    doubt: npt.NDArray[np.uint8] | None = None
    """uint8[n], series.doubt.Doubt of each point; None: none of them is in any."""

    @property
    def doubts(self) -> npt.NDArray[np.uint8]:
        """The doubt of each point as a column."""
        return np.zeros(self.time.size, np.uint8) if self.doubt is None else self.doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewAnswer:
    """What would alarm under a threshold set, or the reason why it is not known."""

    threshold_set: str
    would_alarm: tuple[tuple[int, int], ...] = ()
    """(vital number, WarningColour)."""
    failed: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnEnded:
    """The seat is taken (`signed_on`), or not, or no longer (`failed` says why)."""

    signed_on: SignedOn | None
    failed: Reason | None = None
    again: bool = False
    """The seat was held before and still is: only the password was asked again, rightly or not."""


def series_of(ask: AskWindow, window: Window) -> WindowSeries:
    """Return the series in an answer; raise ValueError when it is not one to this ask or its columns do not match."""
    time = np.frombuffer(window.time, "<i8")
    value = np.frombuffer(window.value, "<f8")
    doubt = np.frombuffer(window.doubt, "u1") if window.doubt else unknown(time.size)
    if window.vital != ask.vital or not time.shape == value.shape == doubt.shape:
        sizes = f"{time.size} times, {value.size} values, {doubt.size} doubts"
        raise ValueError(f"window of vital {window.vital}: {sizes} for {ask.vital}")
    return WindowSeries(
        vital=window.vital,
        from_ns=window.from_ns,
        to_ns=window.to_ns,
        time=time,
        value=value,
        raw=window.raw,
        oldest_ns=window.oldest_ns,
        doubt=doubt,
    )


def no_series(ask: AskWindow, reason: Reason) -> WindowSeries:
    """Return an empty series with the reason."""
    return WindowSeries(
        vital=ask.vital,
        from_ns=ask.from_ns,
        to_ns=ask.to_ns,
        time=np.empty(0, np.int64),
        value=np.empty(0, np.float64),
        raw=False,
        oldest_ns=0,
        failed=reason,
    )


def preview_of(preview: Preview) -> PreviewAnswer:
    """Return the answer to a preview."""
    return PreviewAnswer(threshold_set=preview.threshold_set, would_alarm=preview.would_alarm)

"""Sees whether a stream's pictures are frozen or black, from sampled points of what the pane shows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.video.port import PaneState

EVERY_NS = 200_000_000
"""Five looks a second are enough for limits of seconds, and cost a fifth."""
COLUMNS, ROWS, POINTS = 32, 18, 5
"""Blocks, and points of a block's side: 160 x 90 points of each picture."""
LEAST_BLOCK_CHANGE = 2.0
"""Levels of grey: a person of 4 x 10 pixels moves a block's mean further, a key picture's new rounding less."""
LEAST_CHANGE = 0.05
"""Levels, on average over all points: below it nothing was coded. A sensor's noise is far above."""
BLACK_MEAN, BLACK_SPREAD = 20.0, 3.0

Points = npt.NDArray[np.int16]


@dataclass(slots=True)
class PictureJudge:
    """One stream's. Times are monotonic ns, limits 0: never."""

    frozen_after_ns: int
    black_after_ns: int
    _points: Points | None = None
    _judged_ns: int = -EVERY_NS
    _same_since_ns: int | None = None
    _black_since_ns: int | None = None
    _had_key: bool = False

    def state(self, pixels: npt.NDArray[np.uint8], width: int, now_ns: int, *, is_key: bool) -> PaneState:
        """Return live, frozen or black.

        Args:
            pixels: uint8[height, stride], BGRA.
            width: pixels of a row that count.
            now_ns: when the picture came.
            is_key: whether it was coded anew, so that it may differ a little from one that shows the same.
        """
        self._had_key |= is_key
        if now_ns - self._judged_ns >= EVERY_NS:
            self._judge(sampled(pixels, width), now_ns)
        if _held(self._black_since_ns, now_ns, self.black_after_ns):
            return PaneState.BLACK
        if _held(self._same_since_ns, now_ns, self.frozen_after_ns):
            return PaneState.FROZEN
        return PaneState.LIVE

    def _judge(self, points: Points, now_ns: int) -> None:
        last, since = self._points, self._judged_ns
        self._points, self._judged_ns = points, now_ns
        same = last is not None and is_same(last, points, was_coded_anew=self._had_key)
        self._same_since_ns = (since if self._same_since_ns is None else self._same_since_ns) if same else None
        black = float(points.mean()) < BLACK_MEAN and float(points.std()) < BLACK_SPREAD
        self._black_since_ns = (now_ns if self._black_since_ns is None else self._black_since_ns) if black else None
        self._had_key = False


def sampled(pixels: npt.NDArray[np.uint8], width: int) -> Points:
    """Return int16[90, 160] of the green channel: about what an eye takes for brightness."""
    height = pixels.shape[0]
    rows = np.arange(ROWS * POINTS) * height // (ROWS * POINTS)
    columns = np.arange(COLUMNS * POINTS) * width // (COLUMNS * POINTS) * 4 + 1
    points: Points = pixels[rows[:, None], columns[None, :]].astype(np.int16)
    return points


def is_same(before: Points, after: Points, *, was_coded_anew: bool) -> bool:
    """Return whether nothing moved between two pictures."""
    change = after - before
    blocks = change.reshape(ROWS, POINTS, COLUMNS, POINTS).mean(axis=(1, 3))
    if float(np.abs(blocks).max()) >= LEAST_BLOCK_CHANGE:
        return False
    return was_coded_anew or float(np.abs(change).mean()) < LEAST_CHANGE


def _held(since_ns: int | None, now_ns: int, limit_ns: int) -> bool:
    return bool(limit_ns) and since_ns is not None and now_ns - since_ns >= limit_ns

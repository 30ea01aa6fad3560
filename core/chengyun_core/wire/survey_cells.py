"""The cells of a density view as bytes and back: compressed columns of a stated shape, read strictly."""

import zlib

import numpy as np
import numpy.typing as npt

from chengyun_core.model.device import DeviceState
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.survey_asks import DensityView

MOST_CELLS = 1 << 20
"""5 MiB unpacked: one cell of 2 px on a screen of 4K."""
Counts = npt.NDArray[np.uint32]
States = npt.NDArray[np.uint8]


def packed(counts: Counts, worst: States) -> bytes:
    """Return the bytes of counts uint32[h, w] and greatest states uint8[h, w]."""
    return zlib.compress(counts.astype("<u4").tobytes() + worst.astype(np.uint8).tobytes(), 1)


def unpacked(view: DensityView) -> tuple[Counts, States]:
    """Return counts uint32[h, w] and greatest states uint8[h, w] of an answer that has cells.

    Raises:
        BadMessage: the bytes are not what the answer says, or too many; nothing beyond its cells is unpacked.
    """
    cells = view.width * view.height
    if not 0 < cells <= MOST_CELLS or view.width < 0:
        raise _bad(f"{view.width} x {view.height} cells")
    reading = zlib.decompressobj()
    try:
        data = reading.decompress(view.cells, cells * 5 + 1)
    except zlib.error as fault:
        raise _bad(str(fault)) from fault
    if len(data) != cells * 5 or not reading.eof:
        raise _bad(f"{len(data)} bytes do not hold {cells} cells")
    counts = np.frombuffer(data, "<u4", cells).reshape(view.height, view.width)
    worst = np.frombuffer(data, np.uint8, cells, cells * 4).reshape(view.height, view.width)
    if int(worst.max()) > max(DeviceState):
        raise _bad(f"state {int(worst.max())} is none")
    return counts, worst


def _bad(reason: str) -> BadMessage:
    return BadMessage("wire.bad_message", record=DensityView.__name__, reason=reason)

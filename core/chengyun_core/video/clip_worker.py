"""The process that reads one kept picture or clip: `python -m chengyun_core.video.clip_worker DESCRIPTOR MEDIA`.

What was kept came from a camera, or from whoever stood in its place: a file that brings this process down brings no
window down, and what it would connect to, it cannot (video.gate).
"""

import faulthandler
import logging
import mmap
import os
import sys
from collections.abc import Sequence

import av
import av.logging
import msgspec

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video import clip_orders, watermark
from chengyun_core.video.clip_orders import (
    ClipAnswer,
    ClipFailed,
    ClipOpened,
    ClipOrder,
    CopyMarked,
    MarkCopy,
    MarkGoes,
    OpenClip,
    PictureShown,
    ShowPicture,
)
from chengyun_core.video.clip_reader import ClipReader
from chengyun_core.video.decoding import Scaler
from chengyun_core.video.gate import Gate
from chengyun_core.wire import helper_process, redaction
from chengyun_core.wire.pipe import frames

ORDERS_FD, ANSWERS_FD = 0, 1
MEMORY_BYTES = 4 * 2**30
"""Of addresses."""
OPEN_FILES = 64
LONGEST_ORDER = 2**16


class ClipWorker:
    """One file; orders are done one after the other, in their order."""

    def __init__(self, data: bytes, media: str) -> None:
        self._data, self._media = data, media
        self._scaler = Scaler()
        self._reader: ClipReader | None = None

    def done(self, order: ClipOrder) -> ClipAnswer:
        """Do what is ordered; what cannot be done is answered as well."""
        try:
            match order:
                case OpenClip():
                    return self._opened()
                case ShowPicture():
                    return self._shown(order)
                case MarkCopy():
                    return CopyMarked(data=watermark.marked(self._data, self._media, order.lines, _tell_share))
        except (Refused, Trouble) as failure:
            return ClipFailed(reason=failure.reason)
        except MemoryError:
            return ClipFailed(reason=Trouble("video.clip_damaged", reason="memory").reason)

    def _opened(self) -> ClipOpened:
        clip = self._clip()
        width, height = clip.size
        return ClipOpened(times_s=clip.times_s, width=width, height=height, codec=clip.codec)

    def _shown(self, order: ShowPicture) -> PictureShown:
        try:
            made = self._scaler.scaled(self._clip().picture(order.at), order.width, order.height)
        except (av.FFmpegError, ValueError) as fault:
            raise Trouble("video.clip_damaged", reason=type(fault).__name__) from fault
        return PictureShown(
            at=order.at, data=made.pixels.tobytes(), width=made.width, height=made.height,
            stride=made.pixels.shape[1],
        )  # fmt: skip

    def _clip(self) -> ClipReader:
        if self._reader is None:
            self._reader = ClipReader(self._data, self._media)
        return self._reader


def main(arguments: Sequence[str]) -> int:
    """Take orders until they end."""
    helper_process.bind()
    helper_process.limit(MEMORY_BYTES, OPEN_FILES)
    faulthandler.enable()
    redaction.configure(logging.WARNING)
    av.logging.set_level(None)  # a hostile file must not fill the log
    data = _content(int(arguments[0]))
    Gate().install()
    worker = ClipWorker(data, arguments[1])
    for message in frames(_read, LONGEST_ORDER):
        answer = worker.done(msgspec.msgpack.decode(message, type=ClipOrder))
        helper_process.tell(ANSWERS_FD, clip_orders.packed(answer))
    return 0


def _content(descriptor: int) -> bytes:
    with mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) as memory:
        return memory[:]


def _read(count: int) -> bytes:
    data = b""
    while len(data) < count and (more := os.read(ORDERS_FD, count - len(data))):
        data += more
    return data


def _tell_share(share: float) -> None:
    helper_process.tell(ANSWERS_FD, clip_orders.packed(MarkGoes(share=share)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

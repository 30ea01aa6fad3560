"""Films what three virtual screens show while a flow runs: the first large, the others small beneath it, no sound.

python -m tests.flows.recording FILE DISPLAY DISPLAY DISPLAY: until its standard input ends. A process of its own:
FFmpeg is never loaded beside Qt.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import av

SCREEN = (1920, 1080)
LARGE, SMALL = (1280, 720), (640, 360)
TAKEN_S, PLAYED_S = 3, 3
"""Pictures a second as they are taken, and as the film plays them."""
LONGEST_S = 60
"""Of play: a longer flow is shown faster, every n-th picture."""
QUALITY = "55"
LIMIT_S = 300.0
Picture = npt.NDArray[np.uint8]


@contextmanager
def filmed(displays: Sequence[str], file: Path | None) -> Iterator[None]:
    """Film these screens for the length of the block; None as file: not at all."""
    if file is None:
        yield
        return
    command = [sys.executable, "-m", "tests.flows.recording", str(file), *displays]
    camera = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        yield
    finally:
        assert camera.stdin is not None
        camera.stdin.close()
        assert camera.wait(LIMIT_S) == 0, "the film was not written"


def main(file: Path, displays: Sequence[str]) -> int:
    """Take pictures until standard input ends, then write the film."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "taken.mkv"
        count = _take(taken, displays, over)
        _write(file, taken, every=max(1, -(-count // (LONGEST_S * PLAYED_S))))
    return 0


def _take(taken: Path, displays: Sequence[str], over: threading.Event) -> int:
    """Write every picture, nearly without loss; return how many."""
    import av

    count = 0
    size = {"video_size": f"{SCREEN[0]}x{SCREEN[1]}", "framerate": str(TAKEN_S)}
    with ExitStack() as stack:
        screens = [stack.enter_context(av.open(one, format="x11grab", options=size)) for one in displays]
        pictures = [one.decode(video=0) for one in screens]
        film = stack.enter_context(av.open(str(taken), "w"))
        stream = film.add_stream("libx264", rate=TAKEN_S, options={"crf": "10", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = LARGE[0], LARGE[1] + SMALL[1], "yuv444p"
        while not over.is_set():
            frame = av.VideoFrame.from_ndarray(_composed([next(one) for one in pictures]), format="rgb24")
            frame.pts, frame.time_base = count, Fraction(1, TAKEN_S)
            film.mux(stream.encode(frame))
            count += 1
        film.mux(stream.encode(None))
    return count


def _composed(frames: "Sequence[av.VideoFrame]") -> Picture:
    """Return uint8[1080, 1280, 3]: the first screen above, the second and third beneath."""
    sizes = (LARGE, *[SMALL] * (len(frames) - 1))
    shown = [
        frame.to_ndarray(format="rgb24", width=width, height=height, interpolation="AREA")
        for frame, (width, height) in zip(frames, sizes, strict=True)
    ]
    return np.vstack([shown[0], np.hstack(shown[1:])])


def _write(file: Path, taken: Path, every: int) -> None:
    """Write every n-th picture that was taken as one that browsers and handbooks show without a player."""
    import av

    file.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(taken)) as source, av.open(str(file), "w", options={"loop": "0"}) as film:
        options = {"quality": QUALITY, "compression_level": "5"}
        stream = film.add_stream("libwebp_anim", rate=PLAYED_S, options=options)
        stream.width, stream.height, stream.pix_fmt = LARGE[0], LARGE[1] + SMALL[1], "yuv420p"
        kept = (frame for at, frame in enumerate(source.decode(video=0)) if at % every == 0)
        for at, frame in enumerate(kept):
            made = frame.reformat(format="yuv420p")
            made.pts, made.time_base = at, Fraction(1, PLAYED_S)
            film.mux(stream.encode(made))
        film.mux(stream.encode(None))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))

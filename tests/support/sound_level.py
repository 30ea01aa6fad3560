"""How loud a sound file is, told by a process of its own: FFmpeg is never loaded beside Qt. Prints seconds and dB."""

import subprocess
import sys
from pathlib import Path

import numpy as np

LIMIT_S = 30.0


def told(file: Path) -> tuple[float, float]:
    """Return how many seconds a file has and how loud it is, dB of full scale (root of the mean square)."""
    command = [sys.executable, "-m", "tests.support.sound_level", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LIMIT_S)
    seconds, loud = done.stdout.split()
    return float(seconds), float(loud)


def main(file: Path) -> int:
    """Read all of it."""
    import av

    with av.open(str(file)) as sound:
        rate = sound.streams.audio[0].rate
        parts = [frame.to_ndarray().ravel() for frame in sound.decode(audio=0)]
    samples = np.concatenate(parts).astype(np.float64)
    full = 1.0 if np.issubdtype(parts[0].dtype, np.floating) else float(np.iinfo(parts[0].dtype).max)
    loud = 20 * np.log10(max(float(np.sqrt(np.mean((samples / full) ** 2))), 1e-9))
    sys.stdout.write(f"{len(samples) / rate:.2f} {loud:.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

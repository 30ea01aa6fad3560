"""How a picture looks to who cannot tell some colours apart, after Machado, Oliveira and Fernandes (2009).

Their matrices for severity 1.0 (IEEE TVCG 15(6), 1291-1298, table 1) act on linear RGB. Run as a program it writes the
cockpit as three kinds of eyes see it into a folder: `python -m tests.support.colour_vision docs/pictures`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

KINDS: dict[str, NDArray[np.float64]] = {
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip

# sRGB to CIE XYZ under D65, and its white.
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def linear(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return linear light of sRGB float64[..., 3] in 0..255, in 0..1."""
    part = rgb / 255.0
    found: NDArray[np.float64] = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return found


def seen(rgb: NDArray[np.float64], kind: str) -> NDArray[np.float64]:
    """Return how sRGB float64[..., 3] in 0..255 looks to eyes of a kind, in the same units."""
    light = np.clip(linear(rgb) @ KINDS[kind].T, 0.0, 1.0)
    return 255.0 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return CIE L*a*b* (D65) of sRGB float64[..., 3] in 0..255."""
    ratio = linear(rgb) @ _TO_XYZ.T / _WHITE
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def apart(one: str, other: str, kind: str) -> float:
    """Return how far two colours `#RRGGBB` are apart to eyes of a kind, as the CIE 1976 difference of L*a*b*."""
    both = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in (one, other)], np.float64)
    told = lab(np.round(seen(both, kind)))
    return float(np.linalg.norm(told[0] - told[1]))


def _picture(pixels: NDArray[np.uint8], kind: str) -> QImage:
    told = np.ascontiguousarray(np.round(seen(pixels.astype(np.float64), kind)).astype(np.uint8))
    high, wide, _ = told.shape
    return QImage(told.data, wide, high, wide * 3, QImage.Format.Format_RGB888).copy()


def _main(folder: Path) -> None:
    from tests.console.scenes import Look, play, stand
    from tests.support.walk import pixels

    for theme in ("night", "day"):
        with TemporaryDirectory() as profile, stand(Path(profile), Look(theme=theme)) as at:
            for scene in play(at):
                if scene == "F1":
                    shot = pixels(at.window.grab().toImage())
                    for kind in KINDS:
                        _picture(shot, kind).save(str(folder / f"colour-blind-{kind}-{theme}.png"))
                    break


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    _main(Path(sys.argv[1]))

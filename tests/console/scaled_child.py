"""Grabs pages in a process of its own, for a screen scaled by QT_SCALE_FACTOR; prints what is wrong as JSON.

Run by test_scale.py: the factor is read once, when the application is made.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtWidgets import QApplication

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.theme import load_theme
from tests.console import walk_checks
from tests.console.scenes import SCENES, Look, seat, stand
from tests.support.walk import NDArray, pixels, watched_writing

PAGES = ("F1", "F2", "card")


def soft_px(picture: NDArray[np.uint8], ratio: float) -> int:
    """Return how many device pixels the upright edge of the first yellow square needs from ground to full colour.

    A shape painted for this screen needs one or two; one that was stretched needs more than the factor.
    """
    yellow = load_theme("night").colour(Colour.YELLOW)
    wanted = np.array([yellow.red(), yellow.green(), yellow.blue()])
    full = np.abs(picture.astype(int) - wanted).max(axis=2) <= 2
    # The list of alarms is at the right; a square there is about 12 px wide.
    full[:, : int(picture.shape[1] * 0.7)] = False
    rows = np.flatnonzero(full.sum(axis=1) >= 8 * ratio)
    row = int(rows[len(rows) // 2])
    left = int(np.flatnonzero(full[row])[0])
    line = picture[row].astype(int)
    ground = line[left - int(6 * ratio)]
    soft = 0
    while np.abs(line[left - 1 - soft] - ground).max() > 6:
        soft += 1
    return soft


def main() -> None:
    """Show three pages and tell what is cut, too small or soft."""
    app = QApplication(sys.argv[:1])
    told: dict[str, object] = {"ratio": app.devicePixelRatio(), "faults": []}
    faults: list[str] = []
    with TemporaryDirectory() as folder, stand(Path(folder), Look(language="en")) as at:
        seat(at)
        for name in PAGES:
            if name != "F1":
                SCENES[name](at)
                at.beat()
            with watched_writing(at.window) as notes:
                picture = at.window.grab()
            if len(sys.argv) > 1:
                picture.save(str(Path(sys.argv[1]) / f"{name}-{app.devicePixelRatio()}.png"))
            faults += walk_checks.cut_texts(at.window, notes, frozenset()) | walk_checks.small_targets(at.window)
            if name == "F1":
                told["size"] = [picture.width(), picture.height()]
                told["soft_px"] = soft_px(pixels(picture.toImage()), app.devicePixelRatio())
    sys.stdout.write(json.dumps({**told, "faults": faults}))


if __name__ == "__main__":
    main()

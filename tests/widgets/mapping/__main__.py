"""Takes pictures of the canvas for eyes: python -m tests.widgets.mapping FOLDER [WORD …]; words choose by name."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from chengyun_widgets.theme import Theme, apply_theme, load_theme
from tests.widgets.mapping import scenes

SIZES = ((1920, 1080), (1366, 768))


def pictures(app: QApplication, words: list[str]) -> Iterator[tuple[str, QImage]]:
    """Give every scene in both themes and sizes."""
    for name in ("night", "day"):
        theme: Theme = load_theme(name)
        apply_theme(app, theme)
        for scene, build in scenes.SCENES.items():
            for width, height in SIZES:
                title = f"map-{scene}-{name}-{width}x{height}"
                if all(word in title for word in words):
                    widget = build(theme, width, height)
                    yield title, scenes.taken(widget)
                    widget.deleteLater()


def main(given: list[str]) -> int:
    """Write the pictures."""
    folder = Path(given[0])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    for title, image in pictures(app, given[1:]):
        image.save(str(folder / f"{title}.png"))
        print(title, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Takes the pictures of the gallery: python -m tests.gallery [FOLDER] [WORD …]; words choose scenes by their names.

With --chain first only those of the chain are made (events, orders, plans); with --golden alone the stored pictures of
the suite, with --guide alone those of the officer's guide, cut out of what the flows took.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.gallery import chain, devices, duty, guide, maps, mode, seats
from tests.gallery.pictures import kept
from tests.gallery.scenes import Scene, State, staged
from tests.gallery.test_golden import GOLDEN, SCENES

PAGES = ("F1", "F2", "sources")
SIZES = ((1366, 768), (1920, 1080), (2560, 1440), (3840, 1600))
ELSEWHERE = (State.ALARMED, State.FLOODED, State.LOCKED)
"""Alarms change nothing on the page of the sources, and a locked page looks like any other."""
LOOKS = (("night", "zh_CN"), ("day", "zh_CN"), ("night", "en"), ("day", "en"))


def scenes() -> list[Scene]:
    """Return every page in every state and look; the sizes take turns, so that each page and look meets each size."""
    made: list[Scene] = []
    for at_page, page in enumerate(PAGES):
        for at_state, state in enumerate(State):
            if page == "sources" and state in ELSEWHERE:
                continue
            for at_look, (theme, language) in enumerate(LOOKS):
                size = SIZES[(at_page + at_state + at_look) % len(SIZES)]
                made.append(Scene(page=page, state=state, theme=theme, language=language, size=size))
    return made


def main(words: list[str]) -> int:
    """Write the pictures; each is made anew from nothing."""
    if words[:1] == ["--guide"]:
        return _guide()
    only_chain = words[:1] == ["--chain"]
    words = words[1:] if only_chain else words
    golden = words[:1] == ["--golden"]
    folder = GOLDEN if golden else Path(words[0] if words else "docs/pictures/gallery")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    for scene in SCENES if golden else () if only_chain else scenes():
        if all(word in scene.name for word in words[1:]):
            with tempfile.TemporaryDirectory() as profile, staged(scene, Path(profile)) as stage:
                kept(stage.window.grab().toImage(), folder / f"{scene.name}.png")
            print(scene.name, flush=True)
    if golden:
        _stored(folder, words[1:])
    else:
        _chain(folder, words[1:])
    app.quit()
    return 0


def _stored(folder: Path, words: list[str]) -> None:
    for given in (chain.stored, duty.stored, maps.stored, mode.stored, seats.stored):
        with tempfile.TemporaryDirectory() as profile:
            for name, image in given(Path(profile)):
                if all(word in name for word in words):
                    kept(image, folder / f"{name}.png")
                    print(name, flush=True)


def _chain(folder: Path, words: list[str]) -> None:
    """Write the pictures of the chain, of duty, and of an emergency, whose names hold all the words."""
    rooms = (chain, devices, duty)
    for name, image in (made for look in chain.LOOKS for room in rooms for made in room.pictures(look)):
        if all(word in name for word in words):
            kept(image, folder / f"{name}.png")
            print(name, flush=True)
    for look, room in ((look, room) for look in chain.LOOKS for room in (maps, mode, seats)):
        with tempfile.TemporaryDirectory() as profile:
            for name, image in room.pictures(look, Path(profile)):
                if all(word in name for word in words):
                    kept(image, folder / f"{name}.png")
                    print(name, flush=True)


def _guide() -> int:
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    for file in guide.cut_all():
        print(file, file.stat().st_size, flush=True)
    lacking = guide.missing()
    for step in lacking:
        print(f"docs/pictures/guide/{step}.png is not there: the flow of that workflow takes it", file=sys.stderr)
    app.quit()
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

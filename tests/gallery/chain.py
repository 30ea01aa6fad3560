"""Pictures of the chain: pages F3, F4 and F7 with their sheets in every state the walks go through.

The walks of tests/console already bring each page and sheet into every state there is; whoever adds a state there has
its picture here. One window plays all scenes of a look.
"""

from collections.abc import Callable, Container, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.console import scenes, test_tasks_walk
from tests.console.event_samples import show_events
from tests.console.plan_scenes import STATES, show_plans, show_running
from tests.console.scenes import Look, Stand, stand

EARLIER = frozenset(
    {
        "F1", "F2", "approvals", "asker", "call", "card", "chooser", "commands", "focus", "form", "health", "help",
        "kpi", "kpi risks", "lock", "lost", "origins", "plan back", "print", "search", "sector", "sign-on", "sources",
        "track", "unfolded", "vital card", "wall",
    }
)  # fmt: skip
"""Scenes of what was there before the chain, shown by `tests.gallery.scenes`; one leads back."""
PAGES = ("F3", "F4", "F4-board", "F7", "F7-plan-runs")
"""Shown in every look; sheets wear the same colours, and are shown large in Chinese and small in English."""
LOOKS = (
    Look(theme="night", language="zh_CN", width=1920, height=1080),
    Look(theme="day", language="en", width=1366, height=768),
    Look(theme="night", language="zh_CN", width=1366, height=768),
    Look(theme="day", language="zh_CN", width=1920, height=1080),
)
_OF_SHEETS = LOOKS[:2]


def pictures(look: Look) -> Iterator[tuple[str, QImage]]:
    """Play all scenes of a look; give the name of each picture and what is on the screen."""
    if look not in _OF_SHEETS:
        with TemporaryDirectory() as folder:
            yield from _some(look, Path(folder), PAGES)
        return
    for played in (_of_events_and_plans, _of_plans, _of_tasks):
        for name, image in played(look):
            yield _file(name, look), image


def _file(name: str, look: Look) -> str:
    return f"{name}-{look.theme}-{look.language}-{look.width}x{look.height}"


def _page(scene: str) -> str:
    return "F7" if scene.startswith(("plan", "point", "risk point")) else "F3"


def _under(page: str, scene: str) -> str:
    """Return a scene's name as it stands in a file's: under the page it belongs to."""
    name = scene.replace(" ", "-")
    return name if name.startswith("F") else f"{page}-{name}"


def _of_events_and_plans(look: Look) -> Iterator[tuple[str, QImage]]:
    with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
        for name in scenes.play(at):
            if name not in EARLIER:
                yield _under(_page(name), name), at.window.grab().toImage()


def _of_plans(look: Look) -> Iterator[tuple[str, QImage]]:
    """Show what F7 can stand at beside what the walks go through; each state in a window of its own."""
    for name, show in STATES.items():
        with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
            scenes.seat(at)
            show_plans(at)
            _settle(at)
            show(at)
            _settle(at)
            yield f"F7-{name}", at.window.grab().toImage()


def _of_tasks(look: Look) -> Iterator[tuple[str, QImage]]:
    with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
        scenes.seat(at)
        for name, show in test_tasks_walk.SCENES.items():
            show(at)
            _settle(at)
            if name not in EARLIER:
                yield _under("F4", name), at.window.grab().toImage()
            if name not in test_tasks_walk.ON_THE_PAGE:
                at.press(Qt.Key.Key_Escape)


def _settle(at: Stand) -> None:
    at.beat()
    at.beat()


STORED = ("F3", "F4", "F4-receipts", "F7-plan-runs")
"""What the suite compares with its stored picture: each page once, and the matrix."""


def stored(folder: Path) -> Iterator[tuple[str, QImage]]:
    """Give the four pictures the suite compares, small, by night, in Chinese; no other scene is played."""
    return _some(LOOKS[2], folder, STORED)


def _some(look: Look, folder: Path, names: Container[str]) -> Iterator[tuple[str, QImage]]:
    """Play the pages alone, and the matrix, in one window; give those of them that are asked for."""
    with stand(folder, look) as at:
        scenes.seat(at)
        for name, show in (("F3", show_events), *_tasks(), ("F7", show_plans), ("F7-plan-runs", show_running)):
            show(at)
            _settle(at)
            if name in names:
                yield _file(name, look), at.window.grab().toImage()
            if name not in PAGES:
                at.press(Qt.Key.Key_Escape)


def _tasks() -> Iterator[tuple[str, Callable[[Stand], None]]]:
    return ((_under("F4", name), test_tasks_walk.SCENES[name]) for name in ("F4", "board", "receipts"))

"""Work aside: whoever goes while it runs waits for nothing, and is told nothing (0424)."""

import threading
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from chengyun_console.session.background import Background
from tests.support.waiting import wait_until


class HeldJob:
    """Work that goes on until it is let go: a stick that was pulled out."""

    def __init__(self) -> None:
        self._begun, self._let_go = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self._begun.set()
        assert self._let_go.wait(60.0), "nobody let it go"
        return "done"

    def has_begun(self) -> None:
        assert self._begun.wait(60.0)

    def let_go(self) -> None:
        self._let_go.set()


def _by_the_loop(parent: QObject) -> None:
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(parent, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("destroy", [_by_the_loop, shiboken6.delete])
def test_that_who_goes_does_not_wait_for_what_runs(qtbot: QtBot, destroy: Callable[[QObject], None]) -> None:
    parent, job, came = QObject(), HeldJob(), []
    background = Background(parent)
    lane = background._lane
    background.run("a", job, came.append)
    background.run("b", lambda: came.append("begun"), came.append)
    job.has_begun()
    destroy(parent)  # would never return
    assert not shiboken6.isValid(background)
    job.let_go()
    assert lane.idle.wait(60.0)
    qtbot.wait(1)
    assert came == []


def test_that_work_goes_on_in_its_order_after_a_rest(qtbot: QtBot) -> None:
    background, order, came = Background(), [], []
    for round_ in range(3):
        for at in range(5):
            background.run(f"{at}", lambda at=at, round_=round_: order.append((round_, at)), came.append)
        qtbot.waitUntil(lambda round_=round_: len(came) == 5 * (round_ + 1), timeout=20_000)
        wait_until(background._lane.idle.is_set, "nothing is left")
    assert order == [(round_, at) for round_ in range(3) for at in range(5)]

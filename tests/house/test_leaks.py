"""The watch over leftovers: it must see each kind, or its silence would mean nothing."""

import asyncio
import logging
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QThread
from PySide6.QtWidgets import QApplication, QLabel
from typing_extensions import override

from tests.house import leaks


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """These leftovers stay by design; waiting for them would only cost time."""
    monkeypatch.setattr(leaks, "GRACE_S", 0.01)


def test_that_a_running_thread_is_named() -> None:
    before, may_end = leaks.baseline(), threading.Event()
    thread = threading.Thread(target=may_end.wait, name="lonely")
    thread.start()
    try:
        assert leaks.leftovers(before, with_qt=False) == ["thread lonely still runs: join it"]
    finally:
        may_end.set()
        thread.join()


def test_that_a_running_qthread_is_named(qapp: QApplication) -> None:
    before, thread = leaks.baseline(), QThread()
    thread.start()
    try:
        (sentence,) = leaks.leftovers(before, with_qt=True)
        assert sentence.startswith("QThread ")
    finally:
        thread.quit()
        thread.wait()
    assert leaks.leftovers(before, with_qt=True) == []


def test_that_a_thread_of_an_own_qthread_class_is_named(qapp: QApplication) -> None:
    class Courier(QThread):
        pass

    before, thread = leaks.baseline(), Courier()
    thread.start()
    try:
        assert "Courier" in leaks.leftovers(before, with_qt=True)[0]
    finally:
        thread.quit()
        thread.wait()


def test_that_an_open_window_is_named(qapp: QApplication) -> None:
    before, window = leaks.baseline(), QLabel("open")
    window.show()
    assert "still open" in leaks.leftovers(before, with_qt=True)[0]
    window.close()
    assert leaks.leftovers(before, with_qt=True) == []


def test_that_a_filter_that_bars_every_key_is_named(qapp: QApplication) -> None:
    class Bar(QObject):
        @override
        def eventFilter(self, target: QObject, event: QEvent) -> bool:
            return event.type() == QEvent.Type.KeyRelease

    before, bar = leaks.baseline(), Bar()
    assert leaks.leftovers(before, with_qt=True) == []
    qapp.installEventFilter(bar)
    assert "keys are barred" in leaks.leftovers(before, with_qt=True)[0]
    bar.deleteLater()
    leaks.bury()
    assert leaks.leftovers(before, with_qt=True) == []


def test_that_a_task_cut_off_by_the_end_of_its_loop_is_named() -> None:
    async def forgetful() -> None:
        asyncio.get_running_loop().create_task(asyncio.Event().wait())

    names: list[str] = []
    with leaks.watched_tasks(names):
        asyncio.run(forgetful())
    assert len(names) == 1
    assert "Event.wait" in names[0]


def test_that_a_task_group_leaves_nothing() -> None:
    async def orderly() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0))

    names: list[str] = []
    with leaks.watched_tasks(names):
        asyncio.run(orderly())
    assert names == []


def test_that_a_logged_error_is_kept_and_a_warning_is_not(caplog: pytest.LogCaptureFixture) -> None:
    messages: list[str] = []
    with leaks.watched_log(messages):
        logging.getLogger("room").warning("late")
        logging.getLogger("room").error("lost %s", "a row")
    assert messages == ["room logged ERROR: lost a row"]


def test_that_the_watch_fails_a_test_that_leaves_a_thread(
    pytester: pytest.Pytester, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(repository))
    pytester.makeconftest("pytest_plugins = ['tests.conftest']\nfrom tests.house import leaks\nleaks.GRACE_S = 0.01")
    pytester.makepyfile(
        """
        import threading

        def test_that_leaves_a_thread():
            threading.Thread(target=threading.Event().wait, name="lonely", daemon=True).start()
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*thread lonely still runs*"])

"""The application on a qasync loop: tasks begin, work goes aside, and nothing is left when the window closes.

Each test runs a process of its own: an application can be run to its end only once.
"""

import subprocess
import sys
import textwrap

import pytest

PROLOGUE = """
import asyncio, logging, sys, threading
logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s")
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from chengyun_console.session import loop
application = QApplication([])
told = []
"""
EPILOGUE = """
print("code", code, "told", told)
print("threads", [thread.name for thread in threading.enumerate()])
print("tasks", [task.get_name() for task in left])
"""


def ran(program: str) -> str:
    source = PROLOGUE + textwrap.dedent(program) + EPILOGUE
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_that_no_task_and_no_thread_outlives_the_application() -> None:
    out = ran(
        """
        left = []
        async def forever():
            left.append(asyncio.current_task())
            try:
                await asyncio.Event().wait()
            finally:
                told.append("ended")
                left.remove(asyncio.current_task())

        async def start(orchestra):
            for name in ("a", "b"):
                orchestra.begin(forever(), name)
            told.append(await orchestra.aside(lambda: threading.current_thread() is threading.main_thread()))
            QTimer.singleShot(10, application.quit)

        code = loop.run(application, start)
        """
    )
    assert "code 0 told [False, 'ended', 'ended']" in out
    assert "threads ['MainThread']" in out
    assert "tasks []" in out


@pytest.mark.slow
def test_that_a_task_that_fails_is_logged_and_ends_only_itself() -> None:
    out = ran(
        """
        left = []
        async def broken():
            raise ZeroDivisionError("ours")

        async def start(orchestra):
            orchestra.begin(broken(), "broken one")
            await asyncio.sleep(0)
            QTimer.singleShot(10, lambda: (told.append("window still there"), application.exit(3)))

        code = loop.run(application, start)
        """
    )
    assert "ERROR the task broken one ended by a fault of ours" in out
    assert "code 3 told ['window still there']" in out


@pytest.mark.slow
def test_that_a_start_that_fails_ends_the_application_with_its_fault() -> None:
    out = ran(
        """
        left = []
        async def start(orchestra):
            raise ValueError("no catalogue")

        try:
            code = loop.run(application, start)
        except ExceptionGroup as faults:
            code = None
            told.append(str(faults.exceptions[0]))
        """
    )
    assert "code None told ['no catalogue']" in out

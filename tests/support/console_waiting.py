"""Waiting at a real console: what is waited for comes, or the failure says how console and daemons stood."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as NeverCame
from pytestqt.qtbot import QtBot

from chengyun_console.session.session import Session

LIMIT_MS = 30_000


def wait_at(qtbot: QtBot, session: Session, condition: Callable[[], bool]) -> None:
    """Turn the event loop until the condition holds.

    Raises AssertionError with links, facts and focus when it never does: a run on another machine cannot be asked.
    """
    try:
        qtbot.waitUntil(condition, timeout=LIMIT_MS)
    except NeverCame as never:
        raise AssertionError(f"never came within {LIMIT_MS / 1000:.0f} s; {standing(session)}") from never


def standing(session: Session) -> str:
    """Return how a console stands: each daemon's reach, heartbeat and counters, facts, state, and the keyboard."""
    links, facts, focus = session.links(), session.facts, QApplication.focusWidget()
    told = [
        f"{link.daemon}: {link.reach.value} ({link.reason.code} {link.reason.params}), beat {link.heartbeat}"
        for link in (links.ingest, links.centre)
    ]
    told += [
        f"replica {dict(session._reader.replica.counters)}, state {dict(session._reader.replica.state.counters)}",
        f"values {session.state.value[:8]}, facts through {facts.through} of {facts.tail}, complete {facts.complete}",
        f"signed on {session.signed_on is not None}, alarms {[(a.number, a.vital) for a in facts.alarms.values()]}",
        f"comments {list(facts.comments.values())}, focus {focus!r} in {QApplication.activeWindow()!r}",
        f"windows {[(w, w.isVisible()) for w in QApplication.topLevelWidgets()]}",
    ]
    return "; ".join(told)

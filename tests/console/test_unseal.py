"""The window before the log-in of a sealed profile: asks, hands on through a pipe, tells what the daemons answer."""

import io
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from chengyun_console import main as console
from chengyun_console.shell import unseal
from chengyun_console.shell.sign_on import SignOnScreen
from chengyun_console.shell.unseal import UnsealWindow
from chengyun_core.custody import envelope, keeper, place
from chengyun_core.launch import profile as profiles
from chengyun_core.model.clock import NS_PER_S, ManualClock, ProfileClock
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import TARGET_PX
from chengyun_widgets.theme import load_theme
from tests.console.conftest import Room

WORD = "correct horse battery"
NOON_NS = 1_800_000_000_000_000_000
DAY_NS = 86_400 * NS_PER_S


class Daemons:
    """What `chengyun up` is to the window: a pipe in, a pipe out, an exit code."""

    def __init__(self) -> None:
        reading, self._told = os.pipe()
        self.stdout = os.fdopen(reading, "rb")
        self.heard = io.BytesIO()
        self.stdin = self.heard
        self.starts = self.looks = 0
        self.ended: int | None = None
        # Closing the pipe would throw away what was heard.
        self.heard.close = lambda: None  # type: ignore[method-assign]

    def started(self, *_: object) -> Any:
        """Be started."""
        self.starts += 1
        return self

    def tell(self, record: dict[str, Any] | None) -> None:
        """Say a record in two pieces, or end without one."""
        data = b"" if record is None else json.dumps(record, indent=2).encode()
        os.write(self._told, data[:7])
        os.write(self._told, data[7:])
        if record is None or record["outcome"] != "opened":
            self.close_told()
            self.ended = 9

    def close_told(self) -> None:
        """Have nothing more to say."""
        told, self._told = self._told, -1
        if told >= 0:
            os.close(told)

    def close(self) -> None:
        """Close what is left of the pipe."""
        self.stdout.close()
        self.close_told()

    def terminate(self) -> None:
        """Be told to end in good order."""
        self.ended = 0

    def poll(self) -> int | None:
        """Return the exit code, None while it seals."""
        self.looks += 1
        return self.ended if self.looks > 3 else None

    @property
    def returncode(self) -> int | None:
        """Return the exit code that was looked up last."""
        return self.ended


@pytest.fixture
def daemons() -> Iterator[Daemons]:
    """What is started with the passphrase."""
    made = Daemons()
    yield made
    made.close()


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A drill profile sealed at noon for nine days."""
    made = profiles.ensure(tmp_path / "p", realm="drill").folder
    keeper.make(made, WORD, ManualClock(NOON_NS), suite="international", until_ns=NOON_NS + 9 * DAY_NS,
                cost=envelope.LEAST_COST)  # fmt: skip
    return made


def _window(qtbot: QtBot, profile: Path, daemons: Daemons, now_ns: int = NOON_NS, language: str = "en") -> UnsealWindow:
    made = unseal.made(profile, load_theme("night"), Texts(language), ManualClock(now_ns))
    made._start = daemons.started
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_the_passphrase_goes_down_the_pipe_and_the_open_profile_comes_back(
    qtbot: QtBot, sealed: Path, daemons: Daemons
) -> None:
    window = _window(qtbot, sealed, daemons)
    window.passphrase.setText(WORD)
    qtbot.keyClick(window.passphrase, Qt.Key.Key_Return)
    assert daemons.heard.getvalue() == WORD.encode() + b"\n"
    assert window.passphrase.text() == ""
    qtbot.keyClick(window.passphrase, Qt.Key.Key_Return)  # once more while it is opened does nothing
    assert daemons.starts == 1
    with qtbot.waitSignal(window.was_opened) as told:
        daemons.tell({"outcome": "opened", "folder": "/dev/shm/x", "days": 9, "swaps": []})
    assert told.args == [Path("/dev/shm/x")]


def test_that_a_refusal_is_told_in_place_and_the_passphrase_asked_again(
    qtbot: QtBot, sealed: Path, daemons: Daemons
) -> None:
    window = _window(qtbot, sealed, daemons)
    window.passphrase.setText("wrong")
    window.submit()
    assert not window.enter.isEnabled()
    daemons.tell({"outcome": "refused", "code": "custody.wait", "params": {}, "text": "Wait <b>5</b> s."})
    qtbot.waitUntil(window.enter.isEnabled)
    assert window.answer.text() == "Wait <b>5</b> s."
    assert window.answer.textFormat() == Qt.TextFormat.PlainText
    assert not window.passphrase.isReadOnly()


def test_that_daemons_that_end_without_a_word_are_told_with_what_to_do(
    qtbot: QtBot, sealed: Path, daemons: Daemons
) -> None:
    window = _window(qtbot, sealed, daemons)
    window.passphrase.setText(WORD)
    window.submit()
    daemons.tell(None)
    qtbot.waitUntil(window.enter.isEnabled)
    assert "chengyun up" in window.answer.text()
    assert "(9)" in window.answer.text()
    assert daemons.looks > 1, "it was not waited for in the window's thread"


def test_that_nothing_is_started_without_a_passphrase(qtbot: QtBot, sealed: Path, daemons: Daemons) -> None:
    window = _window(qtbot, sealed, daemons)
    window.submit()
    assert daemons.starts == 0
    assert window.answer.text() == Texts("en").say("custody.form.no_passphrase")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_that_it_tells_the_last_day_and_is_worked_by_keys_alone(
    qtbot: QtBot, sealed: Path, daemons: Daemons, language: str
) -> None:
    window = _window(qtbot, sealed, daemons, language=language)
    texts = Texts(language)
    labels = [label.text() for label in window.findChildren(unseal.Lettered)]
    assert any(
        "9" in label and label.startswith(texts.say("custody.form.until", until="", days="")[:3]) for label in labels
    )
    for widget in (*window.findChildren(QPushButton), *window.findChildren(QLineEdit)):
        assert widget.accessibleName()
        assert widget.height() >= TARGET_PX
    assert window.passphrase.echoMode() == QLineEdit.EchoMode.Password
    with qtbot.waitSignal(window.was_left):
        qtbot.keyClick(window, Qt.Key.Key_Escape)


def test_that_an_expired_profile_is_ended_and_told_and_asks_for_nothing(
    qtbot: QtBot, sealed: Path, daemons: Daemons
) -> None:
    window = _window(qtbot, sealed, daemons, now_ns=NOON_NS + 9 * DAY_NS)
    assert window.answer.text() == Texts("en").say("custody.expired_now")
    assert not window.passphrase.isEnabled()
    assert not window.enter.isEnabled()
    assert not (sealed / "seal" / "envelope.json").exists()


def test_that_no_argument_of_the_daemons_holds_the_passphrase(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[Any] = []
    monkeypatch.setattr(subprocess, "Popen", lambda line, **named: lines.append((line, named)))
    unseal._start(sealed, "en")
    ((line, named),) = lines
    assert list(line)[line.index("--passphrase-fd") :][:2] == ["--passphrase-fd", "0"]
    assert named["start_new_session"]
    assert "env" not in named


def test_that_a_picture_of_a_closed_profile_is_refused_since_nobody_is_there_to_type(
    sealed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = console.main(["--profile", str(sealed), "--shot", str(sealed.parent / "x.png"), "--language", "en"])
    assert code == console.EXIT_TROUBLE
    assert "passphrase" in capsys.readouterr().err
    assert unseal.place_of(sealed) is None
    assert unseal.place_of(sealed.parent) == sealed.parent


def test_that_the_console_ends_with_the_profile_and_leaves_nothing_of_it_in_memory(
    qtbot: QtBot, sealed: Path, daemons: Daemons, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ends: list[bool] = []
    monkeypatch.setattr(unseal.QApplication, "exit", lambda: ends.append(True))
    kept = keeper.Keeper(sealed, WORD, ManualClock(NOON_NS))
    watch = unseal.EndWatch(sealed)
    watch.look()
    watch.tidy()  # while it is open nothing is touched
    assert (ends, kept.folder.exists()) == ([], True)
    kept.close()
    (kept.folder / "cache").mkdir(parents=True)
    with caplog.at_level("ERROR"):
        watch.look()
    watch.tidy()
    assert (ends, kept.folder.exists()) == ([True], False)
    kept.folder.with_name(f"{kept.folder.name}.lock").unlink()


@pytest.mark.parametrize(("days", "is_told"), [(3, True), (14, True), (30, False), (None, False)])
def test_that_the_log_in_tells_days_before_that_the_profile_will_be_destroyed(
    room: Room, days: int | None, is_told: bool
) -> None:
    desk = room.desk
    if days is not None:
        place.mark(desk.profile, "0" * 32, ProfileClock().utc_ns() + days * DAY_NS + 3600 * NS_PER_S)
    screen = SignOnScreen(desk)
    told = [label.text() for label in screen.findChildren(unseal.Lettered)]
    assert (desk.say("custody.sign_on.days", days=days) in told) is is_told
    screen.deleteLater()


def test_that_leaving_seals_what_was_opened_here_and_waits_until_it_is(
    qtbot: QtBot, sealed: Path, daemons: Daemons
) -> None:
    window = _window(qtbot, sealed, daemons)
    unseal.close(window)  # nothing was opened: nothing to wait for
    assert daemons.ended is None
    window.passphrase.setText(WORD)
    window.enter.setEnabled(True)
    window.submit()
    unseal.close(window)
    assert daemons.ended == 0
    assert window.answer.text() == Texts("en").say("custody.form.closing")
    assert not window.isVisible()

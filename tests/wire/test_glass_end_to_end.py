"""A real centre and a real window: a phone enrolled at the log-in, the glass broken by two, ended by key, reviewed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.glass.page import GlassPageView
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.model import totp
from chengyun_core.model.command import CreateAccount
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.core.centre.process import CentreProcess

PASSWORD = "a long password"
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@dataclass
class Console:
    """A window on a centre in a process of its own."""

    window: ConsoleWindow
    session: Session
    desk: Desk
    qtbot: QtBot

    def wait(self, condition: Callable[[], object]) -> None:
        """Turn the event loop until the condition holds."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=60_000)

    def log_in(self, account: str) -> None:
        """Type account and password at the seat that is chosen, and press Enter."""
        screen = self.window.sign_on
        self.wait(screen.chosen_seat)
        screen._account.setText(account)
        screen._password.setText(PASSWORD)
        screen.submit()

    def lamp(self) -> str:
        """Return what the centre says of the lamp."""
        beat = self.session.links().centre.heartbeat
        return beat.lights.get("glass", "") if beat is not None else ""


@pytest.fixture
def console(qtbot: QtBot, tmp_path: Path) -> Iterator[Console]:
    """A centre whose duty officers need a phone, with three accounts; nobody is signed on."""
    with CentreProcess(tmp_path / "p", 'second_factor_posts = ["duty_officer"]\n') as centre:
        centre.start()
        centre.import_city(0)
        for account, kind in (("li", "duty_officer"), ("chief", "watch_chief"), ("it", "it_admin")):
            made = CreateAccount(account=account, name=account, password=PASSWORD, posts=(f"500000.{kind}",))
            assert centre.do(made, centre.admin_key).outcome == "done"
        session, tick = Session(tmp_path / "p"), FrameTick()
        desk = Desk(session, tmp_path / "p", load_theme("night"), Texts("zh_CN"), Preferences())
        window = ConsoleWindow(desk, tick)
        qtbot.addWidget(window)
        window.show()
        session.start()
        tick.start()
        yield Console(window, session, desk, qtbot)
        tick.stop()
        session.stop()


def test_that_a_phone_is_enrolled_at_the_log_in_and_the_glass_broken_ended_and_reviewed(console: Console) -> None:
    session, window = console.session, console.window
    console.log_in("li")
    console.wait(window.rooms.glass.phone.isVisible)
    phone = window.rooms.glass.phone
    secret = totp.secret_of(phone.letters.text())
    phone.code.setText("000000")
    phone.send()
    console.wait(lambda: phone.status.text() == console.desk.say("totp.code_does_not_fit"))
    phone.code.setText(totp.code_of(secret, totp.step_of(session.clock.utc_ns())))
    phone.send()
    console.wait(lambda: session.signed_on)
    window.lock.lock()
    window.lock.sheet.password.setText(PASSWORD)
    window.lock.sheet.submit()
    console.wait(lambda: not window.lock.is_locked)
    session.sign_off()
    console.wait(lambda: session.signed_on is None)

    QTest.keyClick(window, Qt.Key.Key_G, CTRL_ALT)
    form = window.rooms.glass.form
    console.wait(lambda: form.posts)
    form.reason.setText("洪峰将至")
    form.posts["it_admin"].setChecked(True)
    for person, account, secret_word in ((form.first, "li", PASSWORD), (form.second, "chief", "wrong")):
        person.account.setText(account)
        person.secret.setText(secret_word)
    form.send()
    console.wait(form.second.fault.text)
    assert form.second.fault.text() == console.desk.say("glass.wrong_second", left="4")
    for person in (form.first, form.second):
        person.secret.setText(PASSWORD)
    form.send()
    console.wait(lambda: session.signed_on)
    assert session.signed_on is not None
    assert session.signed_on.posts == ("500000.duty_officer", "500000.it_admin")
    console.wait(lambda: window.glass_band.isVisible() and console.lamp() == "session.glass_broken")
    QTest.keyClick(window, Qt.Key.Key_E, CTRL_ALT)
    console.wait(lambda: session.signed_on is None and console.lamp() == "ok")

    console.log_in("it")
    console.wait(lambda: session.signed_on)
    window.show_page("glass")
    page = window.stack.of(GlassPageView)
    console.wait(page.deeds_list.rows)
    page.field.setText("确有必要")
    page.review()
    console.wait(lambda: page._glasses["1"].reviewed_by == "it")

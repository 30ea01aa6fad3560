"""A phone enrolled at the console: for one's own account, along with a sign-on, and a lost one taken away."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from chengyun_console.glass.phone import RECOVERY_CODES, PhoneSheet
from chengyun_console.shell.carried import pack
from chengyun_core.model import totp
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp
from chengyun_core.wire.rights_asks import AskPhone, PhoneTold
from chengyun_resources.theme.tokens import Colour
from tests.console import scenes
from tests.console.glass_scenes import SEATS

RIGHTS = ("account.enrol_totp", "account.drop_totp")


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests."""
    with scenes.stand(tmp_path_factory.mktemp("phone"), scenes.Look()) as made:
        scenes.seat(made)
        yield made


@pytest.fixture
def sheet(at: scenes.Stand) -> Iterator[PhoneSheet]:
    """The sheet as its key opens it for the officer's own account."""
    at.session.enter(allowed=RIGHTS)
    at.session.sent.commands.clear()
    at.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    made = at.window.rooms.glass.phone
    assert made.isVisible()
    yield made
    made.sending._sent.clear()
    made.close_over()


def told(at: scenes.Stand, *, has: bool, needs: bool = False) -> None:
    _kind, body, _ = at.session.sent.asks["account.phone"]
    assert body == AskPhone(account="officer")
    at.session.answer_ask("account.phone", PhoneTold(account="officer", has=has, needs=needs, recovery_left=3))


def test_that_what_is_shown_is_what_is_sent_with_the_code_that_proves_the_phone(
    at: scenes.Stand, sheet: PhoneSheet
) -> None:
    told(at, has=False)
    letters = sheet.letters.text().replace(" ", "")
    codes = {code.replace(" ", "") for half in sheet.recovery for code in half.text().split("\n")}
    assert not sheet.present.isVisible()
    QTest.keyClicks(sheet.code, "123 456")
    QTest.keyClick(sheet.code, Qt.Key.Key_Return)
    (sent,) = at.session.sent.commands
    assert isinstance(sent, EnrolTotp)
    assert (sent.account, sent.secret, sent.code, set(sent.recovery)) == ("officer", letters, "123456", codes)
    assert len(codes) == RECOVERY_CODES
    assert len(totp.secret_of(letters)) == totp.SECRET_BYTES
    at.session.end_command()
    assert not sheet.isVisible()


def test_that_a_code_that_does_not_fit_is_asked_again_for_the_same_secret(at: scenes.Stand, sheet: PhoneSheet) -> None:
    letters = sheet.letters.text()
    sheet.code.setText("000000")
    sheet.send()
    at.session.end_command(outcome="refused", code="totp.code_does_not_fit")
    assert sheet.status.text() == at.desk.refusal(Reason(code="totp.code_does_not_fit"))
    assert (sheet.letters.text(), sheet.code.text()) == (letters, "")
    assert sheet.confirm.isEnabled()


def test_that_a_phone_that_is_there_is_replaced_by_its_own_code(at: scenes.Stand, sheet: PhoneSheet) -> None:
    told(at, has=True, needs=True)
    assert sheet.present.isVisible()
    assert at.desk.say("glass.phone.asked") in sheet.lead.text()
    sheet.present.setText("654321")
    sheet.code.setText("123456")
    sheet.send()
    sent = at.session.sent.commands[-1]
    assert isinstance(sent, EnrolTotp)
    assert sent.present == "654321"
    at.session.end_command(outcome="refused", code="session.wrong_code")
    assert (sheet.present.text(), sheet.code.text()) == ("", "123456")


def test_that_a_secret_is_gone_with_the_sheet_and_another_one_comes_next(at: scenes.Stand, sheet: PhoneSheet) -> None:
    QGuiApplication.clipboard().clear()
    letters = sheet.letters.text()
    for _ in range(6):
        at.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        at.press(Qt.Key.Key_Tab)
    assert QGuiApplication.clipboard().text() == ""
    assert letters.replace(" ", "") not in repr(pack(at.window)).replace(" ", "")
    at.press(Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert (sheet.letters.text(), sheet._secret, sheet._recovery) == ("", "", ())
    at.do("phone.open")
    assert sheet.letters.text() not in ("", letters)


def test_that_the_drawn_code_is_that_of_the_secret(sheet: PhoneSheet) -> None:
    sheet.draw_now()
    assert sheet._uri().startswith("otpauth://totp/")
    assert sheet.letters.text().replace(" ", "") in sheet._uri()
    place = sheet.picture.geometry()
    assert sheet.picture.grab().toImage().pixelColor(30, 30) == sheet.theme.colour(Colour.PANEL)
    sheet.picture.show_grid(())
    assert sheet.picture.geometry() == place, "nothing moves when the code comes from its thread"


def test_that_an_administrator_takes_a_lost_phone_away_with_a_reason(at: scenes.Stand, sheet: PhoneSheet) -> None:
    assert sheet.lost.isVisible()
    sheet.lost_account.setText(" li ")
    sheet.take_away()
    assert at.session.sent.commands == []
    sheet.lost_reason.setText("手机遗失")
    sheet.take_away()
    assert at.session.sent.commands == [DropTotp(account="li", reason="手机遗失")]
    at.session.end_command()
    assert sheet.lost_account.text() == ""


def test_that_who_keeps_no_accounts_is_not_offered_that(at: scenes.Stand) -> None:
    at.session.enter(allowed=("account.enrol_totp",))
    at.do("phone.open")
    assert not at.window.rooms.glass.phone.lost.isVisible()
    at.press(Qt.Key.Key_Escape)


def _log_in(at: scenes.Stand) -> PhoneSheet:
    """Try to sign on as li, whose post asks for a phone he has not got."""
    at.session.sign_off()
    at.session.seats_came.emit(SEATS)
    screen = at.window.sign_on
    screen._account.setText("li")
    screen._password.setText("a long password")
    screen.submit()
    at.session.refuse_sign_on("session.second_factor_missing", account="li", enrols="yes")
    return at.window.rooms.glass.phone


def test_that_a_post_that_asks_for_a_phone_leads_to_its_enrolment_and_straight_in(at: scenes.Stand) -> None:
    sheet = _log_in(at)
    assert sheet.isVisible()
    assert sheet.lead.text() == at.desk.say("glass.phone.needed", account="li")
    assert not sheet.lost.isVisible()
    sheet.code.setText("123456")
    sheet.send()
    account, password, _seat = at.session.sent.sign_ons[-1]
    secret, recovery = at.session.sent.phones[-1]
    assert (account, password, at.session.sent.ways[-1][0]) == ("li", "a long password", "123456")
    assert secret == sheet.letters.text().replace(" ", "")
    assert len(recovery) == RECOVERY_CODES
    at.session.refuse_sign_on("totp.code_does_not_fit")
    assert sheet.isVisible()
    assert sheet.confirm.isEnabled()
    assert at.window.sign_on._password.text() == "a long password"
    at.session.enter(allowed=RIGHTS)
    assert not sheet.isVisible()


def test_that_a_centre_that_leaves_it_to_the_machine_says_so(at: scenes.Stand) -> None:
    at.session.sign_off()
    at.session.seats_came.emit(SEATS)
    at.session.refuse_sign_on("session.second_factor_missing", account="li", enrols="")
    assert not at.window.rooms.glass.phone.isVisible()
    reason = Reason(code="session.second_factor_missing", params={"account": "li", "enrols": ""})
    assert at.window.sign_on._answer.text() == at.desk.refusal(reason)
    assert all(
        line.text() == "" for line in at.window.sign_on.findChildren(QLineEdit, "") if line.echoMode().value == 2
    )

"""The second person's field: keys and mouse, refusals in place, and a password that is nowhere afterwards."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from chengyun_console.second_person import SecondPerson
from chengyun_console.shell.carried import pack
from chengyun_core.model.failure import Reason
from tests.console.conftest import Room


@pytest.fixture
def field(room: Room, qtbot: QtBot) -> Iterator[tuple[SecondPerson, list[tuple[str, str]]]]:
    """A field that asks for somebody else than `officer`, and what it gave."""
    made = SecondPerson(room.desk)
    qtbot.addWidget(made)
    given: list[tuple[str, str]] = []
    made.was_given.connect(lambda account, secret: given.append((account, secret)))
    made.ask(other_than="officer")
    yield made, given
    made.close()


def _type(line: QLineEdit, text: str) -> None:
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_that_enter_leads_from_account_to_password_and_gives_both(
    field: tuple[SecondPerson, list[tuple[str, str]]],
) -> None:
    second, given = field
    _type(second.account, "chief")
    assert given == []
    _type(second.password, "the chief's own")
    assert given == [("chief", "the chief's own")]
    assert second.is_waiting
    second.submit()
    assert len(given) == 1


def test_that_a_mouse_gives_as_enter_does(field: tuple[SecondPerson, list[tuple[str, str]]]) -> None:
    second, given = field
    QTest.keyClicks(second.account, "chief")
    QTest.keyClicks(second.password, "secret")
    QTest.mouseClick(second.give, Qt.MouseButton.LeftButton)
    assert given == [("chief", "secret")]


def test_that_a_password_is_never_shown_nor_kept(field: tuple[SecondPerson, list[tuple[str, str]]]) -> None:
    second, _given = field
    QTest.keyClicks(second.account, "chief")
    QTest.keyClicks(second.password, "secret")
    assert "secret" not in second.password.displayText()
    assert "secret" not in repr(pack(second))
    second.submit()
    assert second.password.text() == ""


def test_that_who_asked_cannot_be_the_second_person(
    room: Room, field: tuple[SecondPerson, list[tuple[str, str]]]
) -> None:
    second, given = field
    _type(second.account, "officer")
    _type(second.password, "secret")
    assert given == []
    assert second.answer.text() == room.desk.say("console.second.own")


@pytest.mark.parametrize("code", ["session.wrong_password", "session.locked_out", "approval.own"])
def test_that_a_refusal_is_told_in_place_and_asks_again(
    room: Room, field: tuple[SecondPerson, list[tuple[str, str]]], code: str
) -> None:
    second, given = field
    _type(second.account, "chief")
    _type(second.password, "wrong")
    second.show_refusal(Reason(code=code))
    assert second.answer.text() == room.desk.refusal(Reason(code=code))
    _type(second.password, "right")
    assert given[1:] == [("chief", "right")]


@pytest.mark.parametrize("missing", ["no_account", "no_password"])
def test_that_what_is_missing_is_named(
    room: Room, field: tuple[SecondPerson, list[tuple[str, str]]], missing: str
) -> None:
    second, given = field
    second.account.setText("chief" if missing == "no_password" else "")
    second.submit()
    assert given == []
    assert second.answer.text() == room.desk.say(f"console.second.{missing}")


def test_that_leaving_it_gives_nothing_and_says_so(field: tuple[SecondPerson, list[tuple[str, str]]]) -> None:
    second, given = field
    left: list[bool] = []
    second.was_left.connect(lambda: left.append(True))
    QTest.keyClicks(second.password, "secret")
    assert second.close_over()
    assert (left, given, second.password.text()) == ([True], [], "")
    assert not second.close_over()


@pytest.mark.parametrize("code", ["session.second_factor", "session.wrong_code"])
def test_that_a_code_that_is_asked_for_has_its_own_field_and_the_password_is_not_typed_twice(
    room: Room, field: tuple[SecondPerson, list[tuple[str, str]]], code: str
) -> None:
    second, given = field
    _type(second.account, "chief")
    _type(second.password, "secret")
    assert (second.code.isHidden(), second.typed_code()) == (True, "")
    second.show_refusal(Reason(code=code))
    assert not second.code.isHidden()
    assert second.answer.text() == room.desk.refusal(Reason(code=code))
    assert second.password.text() == ""
    _type(second.code, " 123456 ")
    assert (given[1:], second.typed_code()) == ([("chief", "secret")], "123456")


@pytest.mark.parametrize("how", ["another refusal", "another account", "leaving"])
def test_that_a_password_held_for_its_code_is_forgotten_with_anything_else(
    field: tuple[SecondPerson, list[tuple[str, str]]], how: str
) -> None:
    second, given = field
    _type(second.account, "chief")
    _type(second.password, "secret")
    second.show_refusal(Reason(code="session.second_factor"))
    if how == "another refusal":
        second.show_refusal(Reason(code="session.locked_out"))
    elif how == "another account":
        QTest.keyClicks(second.account, "x")
    else:
        second.close_over()
        second.ask(account="chief")
    assert second.code.isHidden()
    second.submit()
    assert len(given) == 1
    assert "secret" not in repr(vars(second))

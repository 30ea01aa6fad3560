"""The message line lies at the foot of the page, and gives way to a field somebody writes into there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chengyun_console.pages.devices.page import DevicesPage
from chengyun_widgets.toast import Message, MessageTone
from tests.console import device_scenes
from tests.console.scenes import Look, Stand, stand


@pytest.fixture(params=[(1920, 1080), (1366, 768)], ids=["1920", "1366"])
def at(tmp_path: Path, qapp, request: pytest.FixtureRequest) -> Iterator[Stand]:
    width, height = request.param
    with stand(tmp_path, Look(theme="night", language="zh_CN", width=width, height=height)) as made:
        made.session.show_city(device_scenes.city())
        made.beat()
        yield made


@pytest.fixture
def page(at: Stand) -> DevicesPage:
    return device_scenes.show_devices(at)


def _told(at: Stand) -> QRect:
    """Tell something for good, and return where it lies in the window."""
    at.window.message.show_message(Message(tone=MessageTone.TROUBLE, text="维修单 12 水位计7 已超时"))
    QApplication.processEvents()
    at.beat()
    assert at.window.message.isVisible()
    return at.window.message.geometry()


def _place(at: Stand, part: QWidget) -> QRect:
    return QRect(part.mapTo(at.window, part.rect().topLeft()), part.size())


def test_that_a_message_does_not_lie_over_the_question_that_is_answered(at: Stand, page: DevicesPage) -> None:
    before = _told(at)
    QTest.keyClick(at.window, Qt.Key.Key_N)
    QApplication.processEvents()
    at.beat()
    assert at.window.focusWidget() is page.ask_line.line
    lies = _told(at)
    assert not lies.intersects(_place(at, page.ask_line.line))
    assert not lies.intersects(_place(at, page.ask_line.question))
    assert at.window.layers.area().contains(lies)
    page.ask_line.close_over()
    at.beat()
    assert _told(at).bottom() == before.bottom(), "at the foot again"

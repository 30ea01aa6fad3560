"""T7: several orders are written, wait at the seat, and go as one batch: all of them or none."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.drafts import Drafts
from chengyun_console.order_batch import MOST, OrderBatch
from chengyun_core.model import command
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.wire.envelope import Reply
from tests.console import task_samples
from tests.console.conftest import Room

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def draft(title: str, code: str = "U-01") -> OrderDraft:
    return OrderDraft(title=title, text="立即处置", centre="500000", recipients=(Recipient(code=code, role=Role.LEAD),))


@pytest.fixture
def tasks(desk_room: Room) -> Room:
    """The page of tasks in front."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    task_samples.put_orders(desk_room.session)
    desk_room.window.show_page("F4")
    desk_room.beat()
    return desk_room


def press(room: Room, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(room.window.focusWidget() or room.window, key, held)


def write(room: Room, title: str) -> None:
    """Write an order and put it to the others."""
    room.window.tasks.compose(None)
    form = room.window.tasks.form
    form.name.setText(title)
    form.text.setPlainText("立即处置")
    form.recipients.chosen = {"U-01": Role.LEAD}
    press(room, Qt.Key.Key_Return, CTRL | SHIFT)
    room.beat()


def keys(room: Room) -> list[str]:
    return [row.key for row in room.window.tasks._page.lists.list.rows()]


def test_that_written_orders_wait_on_top_of_the_list_and_nothing_is_sent(tasks: Room) -> None:
    write(tasks, "关阀")
    write(tasks, "疏导交通")
    assert tasks.session.sent.commands == []
    assert keys(tasks)[:4] == ["batch", "batch:0", "batch:1", "given"]
    assert tasks.window.tasks.form.isHidden()
    assert tasks.desk.drafts.read("order.0.0.") == {}


def test_that_two_keys_send_the_batch_and_it_is_empty_once_the_centre_has_it(tasks: Room) -> None:
    for title in ("关阀", "疏导交通"):
        tasks.desk.order_batch.add(draft(title))
    press(tasks, Qt.Key.Key_D, SHIFT)
    press(tasks, Qt.Key.Key_1)
    (sent,) = tasks.session.sent.commands
    assert sent == SendOrders(drafts=(draft("关阀"), draft("疏导交通")))
    assert len(tasks.desk.order_batch.orders) == 2
    tasks.session.command_ended.emit("command-1", Reply(id="", outcome="done"))
    assert tasks.desk.order_batch.orders == ()


def test_that_a_refused_batch_stays_whole_and_says_why(tasks: Room) -> None:
    tasks.desk.order_batch.add(draft("关阀"))
    press(tasks, Qt.Key.Key_D, SHIFT)
    press(tasks, Qt.Key.Key_2)
    assert tasks.session.sent.commands[-1] == SendOrders(drafts=(draft("关阀"),), hold=True)
    tasks.session.command_ended.emit("command-1", Reply(id="", outcome="refused", code="order.no_title"))
    assert tasks.desk.order_batch.orders == (draft("关阀"),)
    assert tasks.desk.say("order.no_title") in tasks.window.message.accessibleName()


def test_that_enter_takes_an_order_of_the_batch_back_into_its_form(tasks: Room) -> None:
    write(tasks, "关阀")
    lists = tasks.window.tasks._page.lists
    lists.list.setFocus()
    lists.list.select("batch:0")
    press(tasks, Qt.Key.Key_Return)
    form = tasks.window.tasks.form
    assert form.isVisible()
    assert (form.name.text(), form.text.toPlainText(), form.recipients.chosen) == (
        "关阀", "立即处置", {"U-01": Role.LEAD}
    )  # fmt: skip
    assert tasks.desk.order_batch.orders == ()


def test_that_an_empty_batch_says_how_orders_come_into_it(tasks: Room) -> None:
    press(tasks, Qt.Key.Key_D, SHIFT)
    assert not tasks.window.deeds.is_asking
    assert "Ctrl+Shift+Enter" in tasks.window.message.accessibleName()


def test_that_a_batch_outlives_the_console_and_a_damaged_one_is_none(tmp_path: Path) -> None:
    drafts = Drafts()
    drafts.take_seat(tmp_path)
    before = OrderBatch(drafts)
    before.add(draft("关阀"))
    before.add(draft("疏导交通", "U-02"))
    drafts.flush()
    after = OrderBatch(drafts)
    after.take_seat()
    assert after.orders == before.orders
    drafts.write("order.batch", {"orders": "bm8="})
    after.take_seat()
    assert after.orders == ()


def test_that_a_batch_takes_no_more_than_the_centre_does() -> None:
    batch = OrderBatch(Drafts())
    assert all(batch.add(draft(str(at))) for at in range(MOST))
    assert not batch.add(draft("one too many"))
    assert len(batch.orders) == MOST

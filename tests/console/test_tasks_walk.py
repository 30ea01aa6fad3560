"""The page of tasks and its sheets, looked at as test_walk looks at others: readable, large, named, reached by keys."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from chengyun_core.model.order import Role, RollAnswer, RollCall, Step
from chengyun_core.model.order_commands import OrderDraft, Recipient
from chengyun_core.wire.dispatch_asks import Proposed
from tests.console import task_samples, walk_checks
from tests.console.scenes import Look, Stand, seat, stand
from tests.console.still_session import START_NS, S
from tests.console.test_order_form import PROPOSAL
from tests.console.test_walk import sentences
from tests.support.walk import pixels, watched_writing

LOOKS = (Look(theme="night", language="zh_CN"), Look(theme="day", language="en"))


def _page(at: Stand) -> None:
    task_samples.put_orders(at.session)
    at.window.show_page("F4")
    at.beat()
    task_samples.answer_order(at.session)
    at.desk.order_focus.select(17, 2)


def _board(at: Stand) -> None:
    lists = at.window.stack.page("F4").lists  # type: ignore[union-attr]
    lists.show_list("board")
    at.beat()
    at.session.answer_ask("tasks board", task_samples.board())
    at.beat()
    at.do("order.mark_unit")
    at.session.answer_ask("tasks scorecard", task_samples.scorecard("U-02"))
    at.desk.order_focus.turn_mark("17.3")
    at.session.put_fact("receipt", "17.2", replace(task_samples.moving()[1][1], version=9, extended=2), version=9)
    at.beat()
    at.session.answer_ask("tasks scorecard", task_samples.scorecard("U-02", extended=7, urged=8))


def _empty(at: Stand) -> None:
    at.window.show_page("F4")


def _late(at: Stand) -> None:
    lists = at.window.stack.page("F4").lists  # type: ignore[union-attr]
    lists.show_list("late")


def _batch(at: Stand) -> None:
    for title, code in (("封闭滨江步道入口", "U-03"), ("备勤冲锋舟", "U-01")):
        lead = Recipient(code=code, role=Role.LEAD)
        at.desk.order_batch.add(OrderDraft(event=41, title=title, text="立即办理。", recipients=(lead,)))
    at.window.stack.page("F4").lists.show_list("given")  # type: ignore[union-attr]


def _requests(at: Stand) -> None:
    lists = at.window.stack.page("F4").lists  # type: ignore[union-attr]
    lists.show_list("requests")
    at.beat()
    at.session.answer_ask("tasks ledger", task_samples.ledger())


def _outbox(at: Stand) -> None:
    lists = at.window.stack.page("F4").lists  # type: ignore[union-attr]
    lists.show_list("outbox")
    at.beat()
    at.session.answer_ask("tasks outbox", task_samples.outbox())


def _order_form(at: Stand) -> None:
    at.window.tasks.compose(41)
    at.session.answer_ask("tasks propose", Proposed(proposal=PROPOSAL))


def _confirm(at: Stand) -> None:
    at.desk.order_focus.select(17, 3)
    at.do("order.confirm")
    form = at.window.tasks.receipt_form
    form.step.setCurrentIndex(form.step.findData("fed_back"))


def _feed_back(at: Stand) -> None:
    """The feedback of an own receipt, with a photo that is up."""
    row = task_samples.receipt(21, 1, "500000.duty_officer", (Step.SIGNED, 9))
    at.session.put_fact("order", "21", task_samples.order(21, title="查看磁器口码头水位"))
    at.session.put_fact("receipt", "21.1", row)
    at.desk.order_focus.select(21, 1)
    at.do("order.feed_back")
    fields = at.window.tasks.receipt_form.feedback
    fields.lines["talked_to"].setText("码头管理员老张")
    fields.lines["time_limit"].setText("今日 18:00 前")
    fields.measures.setPlainText("已拉警戒线，劝离游客 12 人")
    fields._kept, fields._shares = {"后-警戒线.jpg": 77}, {"后-警戒线.jpg": 1.0}
    fields._show_files()


def _roll_choice(at: Stand) -> None:
    at.do("roll_call.open")


def _receipts(at: Stand) -> None:
    at.desk.event_focus.select(41)
    at.do("order.receipts")


def _roll_call(at: Stand) -> None:
    call = RollCall(number=5, title="汛期点名", called=("U-01", "U-02"), started_at=START_NS, started_by="li")
    at.session.put_fact("roll_call", "5", call)
    answer = RollAnswer(call=5, code="U-01", at=START_NS + 3 * S, account="wang", seat="U-1")
    at.session.put_fact("roll_answer", "5.U-01", answer)
    at.do("roll_call.open")


SCENES: dict[str, Callable[[Stand], None]] = {
    "F4 empty": _empty,
    "F4": _page,
    "overdue": _late,
    "board": _board,
    "requests": _requests,
    "outbox": _outbox,
    "batch": _batch,
    "order form": _order_form,
    "confirm": _confirm,
    "feedback": _feed_back,
    "receipts": _receipts,
    "roll call choice": _roll_choice,
    "roll call": _roll_call,
    "unfolded": lambda at: at.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier),
}
ON_THE_PAGE = ("F4 empty", "F4", "overdue", "board", "requests", "outbox", "batch")
"""Scenes that lie over nothing: Esc would only take their marks away."""


@cache
def walked(look: Look) -> dict[str, dict[str, str]]:
    """Return what is wrong on any scene of a look, by kind: the fault and the first scene that has it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
        seat(at)
        for name, show in SCENES.items():
            show(at)
            at.beat()
            at.beat()
            for kind, faults in _faults(at, look).items():
                for fault in faults:
                    found[kind].setdefault(fault, name)
            if name not in ON_THE_PAGE:
                at.press(Qt.Key.Key_Escape)
    return found


def _faults(at: Stand, look: Look) -> dict[str, set[str]]:
    window = at.window
    with watched_writing(window) as notes:
        picture = pixels(window.grab().toImage())
    return {
        "contrast": set(walk_checks.poor_contrast(window, notes, picture)),
        "targets": set(walk_checks.small_targets(window)),
        "cut": set(walk_checks.cut_texts(window, notes, sentences(look.language))),
        "names": set(walk_checks.nameless(window)),
        "tips": set(walk_checks.rich_tips(window)),
        "reach": set(walk_checks.unreached(window)),
        "focus": set(walk_checks.unseen_focus(window)),
    }


@pytest.mark.parametrize("kind", ["contrast", "targets", "cut", "names", "tips", "reach", "focus"])
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.theme}-{look.language}")
def test_that_nothing_on_the_page_of_tasks_is_hard_to_read_or_to_reach(
    look: Look, kind: str, qapp: QApplication
) -> None:  # fmt: skip
    assert walked(look)[kind] == {}

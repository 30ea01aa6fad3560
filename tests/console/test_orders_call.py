"""Orders call: on the strip, by a gentle sound, in the status bar, for those they concern."""

from dataclasses import replace

import pytest

from chengyun_console.outbox_counts import OutboxCounts, counts_of
from chengyun_console.shell import strip_orders
from chengyun_console.sound import tones
from chengyun_console.sound.calls import Kind
from chengyun_console.sound.order_news import OrderNews
from chengyun_console.sound.policy import Policy
from chengyun_core.mirror.news import FactNews
from chengyun_core.model import command
from chengyun_core.model.change import Change
from chengyun_core.model.order import ReceiptState, Step
from tests.console import task_samples
from tests.console.conftest import Room

OWN = "500000.duty_officer"


@pytest.fixture
def tasks(desk_room: Room) -> Room:
    """A seat with every right, and the orders of one evening."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    task_samples.put_orders(desk_room.session)
    desk_room.beat()
    return desk_room


def test_that_overdue_orders_roll_on_the_strip_with_their_clock(tasks: Room) -> None:
    assert [item.key for item in strip_orders.order_items(tasks.desk, narrow=False)] == [
        "order:17.3.signed", "order:17.5.signed"
    ]  # fmt: skip
    assert all("超时" in tail for tail in strip_orders.order_tails(tasks.desk).values())
    tasks.window.routes.open_strip_item("order:17.3.signed")
    assert tasks.window.page == "F4"
    assert (tasks.desk.order_focus.number, tasks.desk.order_focus.place) == (17, 3)


def test_that_a_seat_that_may_not_urge_sees_its_own_only_and_those_stand_still(tasks: Room) -> None:
    tasks.session.enter(allowed=("receipt.sign",))
    assert strip_orders.on_strip(tasks.desk) == []
    tasks.session.put_fact("receipt", "21.1", task_samples.receipt(21, 1, OWN, due={}))
    (item,) = strip_orders.order_items(tasks.desk, narrow=False)
    assert item.is_pinned
    signed = task_samples.receipt(21, 1, OWN, (Step.SIGNED, 3), due={})
    tasks.session.put_fact("receipt", "21.1", signed)
    assert strip_orders.on_strip(tasks.desk) == []


def test_that_the_outbox_tells_what_has_not_left_from_what_has_not_arrived(tasks: Room) -> None:
    assert counts_of(tasks.session.facts) == OutboxCounts(waiting=1, sent=0, delivered=1)
    fresh = task_samples.receipt(22, 1, "U-09")
    tasks.session.put_fact("receipt", "22.1", fresh)
    assert counts_of(tasks.session.facts).sent == 1
    tasks.session.put_fact("receipt", "22.1", replace(fresh, state=ReceiptState.SUSPENDED))
    assert counts_of(tasks.session.facts).sent == 0


def test_that_an_order_for_this_seat_is_news_once_and_again_when_it_is_called_for_louder(tasks: Room) -> None:
    news = OrderNews(tasks.desk)
    mine = task_samples.receipt(21, 1, OWN)
    assert news.is_news(mine)
    assert not news.is_news(replace(mine, version=3))
    assert news.is_news(replace(mine, escalated=1))
    assert news.is_news(replace(mine, escalated=1, supervision="督办〔2026〕13"))
    assert not news.is_news(task_samples.receipt(22, 1, "U-01"))


def test_that_news_is_one_gentle_sound_and_an_alarm_goes_before_it() -> None:
    policy = Policy()
    policy.notice(100.0)
    policy.notice(100.1)
    told = policy.next(100.2)
    assert told is not None
    assert told.kind is Kind.NOTICE
    assert policy.next(100.3) is None
    policy.notice(105.0)
    assert policy.next(105.1) is None  # ten seconds between two
    policy.notice(120.0)
    assert policy.next(126.0) is None  # too late to be told
    gravest = abs(tones.tone(*next(iter((colour, 1) for colour in tones.PATTERNS)))).max()  # type: ignore[arg-type]
    assert abs(tones.notice()).max() < gravest


@pytest.mark.parametrize(
    ("action", "words"),
    [("lapse", "随事件终止，不必再办"), ("void", "已作废"), ("recall", "已撤回"), ("carry", "转入并入的事件")],
)
def test_that_who_has_an_order_is_told_what_became_of_it_without_him(tasks: Room, action: str, words: str) -> None:
    told: list[str] = []
    tasks.window.deeds._line.show_message = lambda message: told.append(message.text)  # type: ignore[method-assign]
    for recipient in ("U-01", OWN):
        change = Change(
            number=9, at_ns=0, action=f"receipt.{action}", kind="receipt", key="17.1", version=3, record=b"",
            account="li", seat="A-03",
            params={"order": "令〔2026〕000017", "recipient": recipient, "reason": "水已退"},
        )  # fmt: skip
        news = FactNews(facts=(), gone=(("receipt", "17.1"),), changes=(change,), through=99, tail=99, complete=True)
        tasks.session.facts_came.emit(news)
    (line,) = told
    assert "令〔2026〕000017" in line
    assert words in line

"""Documents as the centre gives them: facts of one snapshot, figures that a recount finds, numbers given once."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.model.duty_commands import OpenHandover, WriteHandoverLines
from chengyun_core.model.duty_figures import FigureName
from chengyun_core.model.order import Step
from chengyun_core.model.paper import PaperKind
from chengyun_core.model.paper_commands import NumberPaper
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.report.daily import DailyFacts, daily
from chengyun_core.report.event_brief import EventFacts, event_brief
from chengyun_core.report.handover_sheet import SheetFacts, handover_sheet
from chengyun_core.report.workbook import workbook
from chengyun_core.store import duty_figures
from chengyun_core.wire.paper_asks import AskDaily, AskEventPaper, AskPapers, AskSheet, Papers
from chengyun_resources.texts import LANGUAGES, Texts
from tests.core.centre.order_stand import OrderStand, draft
from tests.core.centre.room import ADMIN_KEY

HOUR = 3600 * 10**9
ZH = Texts("zh_CN")


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def _worked(stand: OrderStand) -> tuple[int, int]:
    """Play a short shift: an event, an order to two units, one of them signs; return its half-open time."""
    begin = stand.room.clock.utc_ns()
    event = stand.open_event()
    stand.send(draft("U-WATER", "U-POLICE", event=event.number))
    stand.climb(Step.DELIVERED, Step.READ, Step.SIGNED)
    stand.room.clock.advance(60)
    return begin, stand.room.clock.utc_ns()


def _daily(stand: OrderStand, begin: int, end: int, seat: str = "") -> DailyFacts:
    return stand.ask("paper.daily", AskDaily(from_ns=begin, to_ns=end, seat=seat), DailyFacts)


def test_that_a_daily_report_tells_what_was_done_in_its_time(stand: OrderStand) -> None:
    begin, end = _worked(stand)
    facts = _daily(stand, begin, end)
    figures = facts.figures
    wanted = {
        FigureName.EVENTS_OPENED: 1, FigureName.EVENTS_LARGER: 1, FigureName.ORDERS_ISSUED: 1,
        FigureName.RECEIPTS_ASKED: 2, FigureName.RECEIPTS_SIGNED: 1, FigureName.RECEIPTS_FED_BACK: 0,
    }  # fmt: skip
    assert {name: figures[name] for name in wanted} == wanted
    assert [event.title for event in facts.events] == ["嘉西村爆管"]
    assert facts.names["U-WATER"] == "水厂抢修队"
    assert facts.audit_head.startswith(f"live.1.{figures.head}.")


def test_that_its_figures_are_those_of_a_recount_in_the_file(stand: OrderStand, tmp_path: Path) -> None:
    begin, end = _worked(stand)
    told = _daily(stand, begin, end).figures.values
    everything = {"begin": begin, "end": end, "first": 0, "last": 2**62, "first_event": 0, "last_event": 2**62}
    stand.room.ledger.close()
    (file,) = tmp_path.rglob("*.db")
    with sqlite3.connect(file) as connection:
        counted = {name: connection.execute(sql, everything).fetchone()[0] for name, sql in duty_figures.SQL.items()}
    connection.close()
    assert told == {name: value for name, value in counted.items() if value is not None}
    stand.room.restart()


def test_that_an_event_before_the_time_is_told_while_it_lives_and_not_counted(stand: OrderStand) -> None:
    _, end = _worked(stand)
    stand.room.clock.advance(60)
    later = _daily(stand, end, end + HOUR)
    assert later.figures[FigureName.EVENTS_OPENED] == 0
    assert len(later.events) == 1
    before = _daily(stand, end - 2 * HOUR, end - HOUR)
    assert before.events == ()


def test_that_a_time_that_is_none_or_longer_than_a_month_is_refused(stand: OrderStand) -> None:
    times = {(5, 5): "report.no_time", (9, 5): "report.no_time", (0, 33 * 24 * HOUR): "report.more_than_month"}
    told = {
        time: stand.room.ask("paper.daily", AskDaily(from_ns=time[0], to_ns=time[1]), stand.officer).code
        for time in times
    }
    assert told == times


def test_that_a_special_report_tells_the_story_with_names_in_both_languages(stand: OrderStand) -> None:
    _worked(stand)
    facts = stand.ask("paper.event", AskEventPaper(event=1), EventFacts)
    assert [order.number for order in facts.orders] == [1]
    assert [receipt.recipient for receipt in facts.receipts] == ["U-WATER", "U-POLICE"]
    assert {"timeline.event.open", "timeline.order.send", "timeline.receipt.sign"} <= {t.code for t in facts.timeline}
    for language in LANGUAGES:
        document = event_brief(facts, Texts(language))
        cells = [str(cell) for section in document.sections for table in section.tables for row in table.rows
                 for cell in row]  # fmt: skip
        assert not [cell for cell in cells if "timeline." in cell or "U-WATER" in cell]
        assert workbook(document).startswith(b"PK")


def test_that_a_sheet_is_told_as_it_stands_with_the_lines_of_its_giver(stand: OrderStand) -> None:
    _worked(stand)
    opened = stand.room.done(OpenHandover(seat="A-01"), stand.officer)
    number = int(opened.key)
    lines = ("大溪沟泵站检修", "明晨有雨")
    written = WriteHandoverLines(handover=number, version=opened.version, lines=lines)
    stand.room.done(written, stand.officer)
    facts = stand.ask("paper.handover", AskSheet(handover=number), SheetFacts)
    document = handover_sheet(facts, ZH)
    assert ("嘉西村爆管" in str(document.sections[0].tables[0].rows), facts.handover.lines) == (True, lines)
    assert "不作为交接凭证" in document.sections[0].notes[0]


def test_that_what_is_open_at_a_seat_is_told_when_it_is_asked_for(stand: OrderStand) -> None:
    begin, end = _worked(stand)
    assert _daily(stand, begin, end).items == ()
    facts = _daily(stand, begin, end, seat="A-01")
    assert "嘉西村爆管" in " ".join(item.title for item in facts.items)
    assert daily(facts, ZH).sections
    reply = stand.room.ask("paper.daily", AskDaily(from_ns=begin, to_ns=end, seat="X"), stand.officer)
    assert reply.code == "session.seat_unknown"


def test_that_each_kind_has_numbers_of_its_own_without_gaps(stand: OrderStand) -> None:
    given = [
        stand.room.done(NumberPaper(kind=kind, title="日报", about="shift/1"), stand.officer).key
        for kind in (PaperKind.DAILY, PaperKind.DAILY, PaperKind.EVENT, PaperKind.DAILY)
    ]
    year = given[0].partition("〔")[2][:4]
    assert given == [
        f"城运值〔{year}〕1号", f"城运值〔{year}〕2号", f"城运专〔{year}〕1号", f"城运值〔{year}〕3号",
    ]  # fmt: skip
    told = stand.ask("paper.page", AskPapers(kind=PaperKind.DAILY, limit=2), Papers)
    assert [paper.code for paper in told.papers] == [given[3], given[1]]
    assert told.papers[0].by == "officer"


def test_that_the_same_request_again_gets_the_same_number(stand: OrderStand) -> None:
    command = NumberPaper(kind=PaperKind.DAILY, title="日报")
    first, again = (stand.room.do(command, stand.officer, "same-request-id") for _ in range(2))
    assert first.body == again.body
    assert len(stand.ask("paper.page", AskPapers(), Papers).papers) == 1


def test_that_a_refused_number_is_not_lost(stand: OrderStand) -> None:
    assert stand.code(NumberPaper(kind=PaperKind.DAILY, title=" ")) == "text.missing.title"
    assert stand.code(NumberPaper(kind=PaperKind.DAILY, title="日报"), stand.unit()) == "permission.no_post"
    given = stand.room.done(NumberPaper(kind=PaperKind.DAILY, title="日报"), stand.officer)
    assert given.key.endswith("〕1号")


def test_that_numbers_go_on_after_a_restart(stand: OrderStand) -> None:
    command = NumberPaper(kind=PaperKind.DAILY, title="日报")
    stand.room.done(command, stand.officer)
    stand.restart()
    assert stand.room.done(command, stand.officer).key.endswith("〕2号")


def test_that_a_hidden_event_is_in_no_document_of_who_is_not_cleared(stand: OrderStand) -> None:
    begin, end = _worked(stand)
    chief = stand.chief
    stand.room.done(SetClearance(account="chief", clearance=Label.HIDE, reason="指挥"), ADMIN_KEY)
    stand.room.done(SetLabel(kind="event", key="1", label=Label.HIDE, reason="涉密"), chief)
    assert _daily(stand, begin, end).events == ()
    asked = stand.room.ask("paper.event", AskEventPaper(event=1), stand.officer)
    assert asked.code == "event.unknown"
    facts = stand.ask("paper.daily", AskDaily(from_ns=begin, to_ns=end), DailyFacts, chief)
    assert [event.title for event in facts.events] == ["嘉西村爆管"]

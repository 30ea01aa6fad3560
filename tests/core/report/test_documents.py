"""The documents of a shift: every fact is in them, in words of both languages, and nothing is a code or a gap."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from chengyun_core.model.duty import HandoverState
from chengyun_core.model.duty_figures import FigureName, ShiftFigures
from chengyun_core.model.event import EventSource, EventState, ReportKind
from chengyun_core.model.order import OrderState, Step
from chengyun_core.report.daily import daily
from chengyun_core.report.document import Document
from chengyun_core.report.event_brief import event_brief
from chengyun_core.report.handover_sheet import handover_sheet
from chengyun_core.report.renderer import ChildRenderer
from chengyun_resources.texts import LANGUAGES, Texts
from tests.core.report.fact_samples import (
    BEGIN,
    HOUR,
    daily_facts,
    event,
    event_facts,
    figures,
    sheet_facts,
)
from tests.core.report.report_samples import MADE_AT, words_of

ZH = Texts("zh_CN")
_CODE = re.compile(r"\b(reports|event|handover|timeline|order|receipt)\.[a-z_.]+\b|\{[a-z_]+\}")


def made(language: str) -> tuple[Document, Document, Document]:
    said = Texts(language)
    return daily(daily_facts(), said), event_brief(event_facts(), said), handover_sheet(sheet_facts(), said)


def texts_in(value: object) -> Iterator[str]:
    """Yield every text of a document but the words of pages, which have names of their own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_in(one)
    elif is_dataclass(value):
        for one in fields(value):
            if one.name != "page_words":
                yield from texts_in(getattr(value, one.name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_no_code_and_no_gap_is_left_in_a_document(language: str) -> None:
    left = {text for document in made(language) for text in texts_in(document) if _CODE.search(text)}
    # A row nobody has words for is told by its action.
    assert left == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_word_a_document_may_need_is_there(language: str) -> None:
    texts = Texts(language)
    wanted = [
        *(f"reports.figure.{name.value}" for name in FigureName),
        *(f"event.state.{state.value}" for state in EventState),
        *(f"event.source.{source.value}" for source in EventSource),
        *(f"event.report_kind.{kind.value}" for kind in ReportKind),
        *(f"order.state.{state.value}" for state in OrderState),
        *(f"receipt.step.{step.value}" for step in Step),
        *(f"reports.handover_state.{state.value}" for state in HandoverState),
    ]
    assert [code for code in wanted if not texts.has(code)] == []


def test_that_the_daily_report_tells_every_figure_as_it_was_counted() -> None:
    document = daily(daily_facts(), ZH)
    told = {row[0]: row[1] for row in document.sections[-1].tables[0].rows}
    texts = Texts("zh_CN")
    wanted = {texts.say(f"reports.figure.{name.value}"): figures()[name] for name in FigureName}
    assert told == wanted
    assert "中位数32.5秒" in document.sections[0].paragraphs[0]


def test_that_a_figure_without_anything_to_count_is_told_as_none_and_not_as_nought() -> None:
    empty = ShiftFigures(from_ns=BEGIN, to_ns=MADE_AT, values={FigureName.ACKNOWLEDGED: 0.0})
    document = daily(daily_facts(figures=empty), ZH)
    assert "确认0次，确认用时中位数无" in document.sections[0].paragraphs[0]
    (row,) = [row for row in document.sections[-1].tables[0].rows if row[0] == "确认用时中位数"]
    assert row[1] is None


def test_that_the_daily_report_can_be_searched_for_everything_in_it() -> None:
    said = "".join(words_of(ChildRenderer().render(daily(daily_facts(), ZH))))
    for wanted in (
        "渝城运值〔2026〕325号",
        "2026年7月13日23:33至2026年7月14日11:33",
        "带班领导李𠮷",
        "张𬭎、王小明",
        "=cmd|'/Ccalc'!A0",
        "暴雨红色预警",
        "暴雨红色预警生效",
        "退交班人：本人跟到底",
        "<b>泵站</b>检修",
        "明晨有强降雨",
    ):
        assert wanted in said, wanted


def test_that_at_most_three_free_lines_are_told() -> None:
    document = daily(daily_facts(lines=("一", "二", "三", "四")), ZH)
    assert document.sections[1].items == ("一", "二", "三")


def test_that_headings_are_numbered_without_gaps_when_a_part_is_empty() -> None:
    headings = [section.heading for section in daily(daily_facts(lines=()), ZH).sections]
    assert [heading[0] for heading in headings] == list("一二三四五")


def test_that_a_special_report_tells_source_and_receive_time_of_every_row() -> None:
    document = event_brief(event_facts(), ZH)
    (story,) = [section for section in document.sections if section.heading.endswith("处置经过")]
    assert story.tables[0].rows[0][:2] == (BEGIN + HOUR, BEGIN + HOUR + 60 * 10**9)
    assert story.tables[0].rows[0][3] == "张𬭎"
    assert story.tables[0].rows[2][2:] == ("no.such_row", "系统")


def test_that_a_special_report_tells_every_recipient_of_every_order_and_orders_without_any() -> None:
    document = event_brief(event_facts(), ZH)
    (orders,) = [section for section in document.sections if section.heading.endswith("指令与回执")]
    rows = orders.tables[0].rows
    assert [row[0] for row in rows] == ["令〔2026〕000007", "令〔2026〕000008"]
    assert rows[0][2:4] == ("市水务集团", "已签收")
    assert rows[0][5] == BEGIN + 2 * HOUR + 60 * 10**9


def test_that_decisions_are_told_apart_from_the_story() -> None:
    document = event_brief(event_facts(), ZH)
    (decisions,) = [section for section in document.sections if section.heading.endswith("指挥决策")]
    assert len(decisions.tables[0].rows) == 1
    assert "较大" in str(decisions.tables[0].rows[0][2])


def test_that_losses_are_told_and_their_absence_is_said() -> None:
    some = event_brief(event_facts(), ZH)
    none = event_brief(event_facts(event=event(attributes={})), ZH)
    assert [fact.value for section in some.sections if "损失" in section.heading for fact in section.facts] == ["2"]
    assert [text for section in none.sections if "损失" in section.heading for text in section.paragraphs]


def test_that_a_hand_over_sheet_has_both_signatures_with_what_was_signed() -> None:
    document = handover_sheet(sheet_facts(), ZH)
    assert {"统计时段": "2026年7月13日 23:33至2026年7月14日 11:33"}.items() <= {
        f.name: f.value for f in document.heads
    }.items()
    giver, taker = document.signatures
    assert (giver.role, giver.name, giver.proof) == ("交班人", "张𬭎", "ab" * 32)
    assert "动态口令" in taker.at
    assert document.audit_head.endswith("4711:" + "0f" * 32)


def test_that_a_sheet_not_signed_by_both_says_so_and_has_lines_to_sign_on() -> None:
    facts = sheet_facts()
    held = type(facts.handover)(
        number=1, code="交1", shift=1, next_shift=2, seat="S02", giver="zhang", taker="li", opened_at=BEGIN,
        closes_at=MADE_AT,
    )  # fmt: skip
    document = handover_sheet(sheet_facts(handover=held), ZH)
    assert [line.name for line in document.signatures] == ["", ""]
    assert "不作为交接凭证" in document.sections[0].notes[0]

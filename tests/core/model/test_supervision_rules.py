"""The board's judgement of one receipt, its order, and the texts of orders with gaps that are filled."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.order import ReceiptState, Step
from chengyun_core.model.order_texts import filled, of_facts, parsed
from chengyun_core.model.scales import EventGrade
from chengyun_core.model.scorecard import Measure, Ratio
from chengyun_core.model.supervision_rules import Why, judged, ordered
from tests.core.model.test_receipt_rules import SENT_AT, climbed, sent

MINUTE = 60 * 10**9
SILENT = 30 * MINUTE


def _why(minutes: float, *steps: Step, **fields: object) -> tuple[Why, ...] | None:
    receipt = replace(climbed(sent(), *steps), **fields)  # type: ignore[arg-type]
    standing = judged(receipt, None, SENT_AT + round(minutes * MINUTE), SILENT)
    return None if standing is None else standing.why


def test_that_each_deadline_has_its_own_word() -> None:
    assert _why(1.0) is None
    assert _why(1.1) == (Why.UNSIGNED,)
    assert _why(1.1, Step.READ) == (Why.UNSIGNED,)
    assert _why(5.1, Step.SIGNED) == (Why.UNARRIVED,)
    assert _why(31, Step.ARRIVED) == (Why.UNHANDLED, Why.SILENT)
    assert _why(200, Step.HANDLING, due={Step.FED_BACK: SENT_AT + 180 * MINUTE}) == (Why.NOT_FED_BACK, Why.SILENT)


def test_that_who_owes_nothing_is_neither_late_nor_silent() -> None:
    assert _why(600, Step.FED_BACK) is None
    for state in (ReceiptState.SUSPENDED, ReceiptState.VOID, ReceiptState.DONE, ReceiptState.KEPT):
        assert _why(600, state=state) is None


def test_that_a_returned_one_stands_there_until_it_is_settled() -> None:
    assert _why(1, state=ReceiptState.RETURNED) == (Why.RETURNED,)
    assert _why(1, state=ReceiptState.RETURNED, settled="令〔2027〕000002") is None


@given(st.lists(st.tuples(st.integers(1, 500), st.sampled_from([None, *EventGrade])), max_size=8))
def test_that_the_board_falls_in_lateness_times_grade(rows: list[tuple[int, EventGrade | None]]) -> None:
    standing = [judged(sent(), grade, SENT_AT + (60 + minutes) * MINUTE, SILENT) for minutes, grade in rows]
    board = ordered([one for one in standing if one is not None])
    weights = [one.weight for one in board]
    assert weights == sorted(weights, reverse=True)
    assert len(board) == len(rows)


def test_that_nothing_of_nothing_is_no_percentage() -> None:
    assert Ratio(measure=Measure.ONCE, numerator=0, denominator=0).value is None
    assert Ratio(measure=Measure.ONCE, numerator=1, denominator=4).value == 0.25


def test_that_a_gap_without_a_value_stays_visible() -> None:
    text = parsed("x", "到 {place}\n请到 {place}，带 {what}。")
    assert (text.title, text.gaps) == ("到 {place}", ("place", "what"))
    assert filled(text.text, {"place": "嘉西村", "what": ""}) == "请到 嘉西村，带 {what}。"
    assert parsed("y", "只有标题").text == "只有标题"


@given(st.text(), st.dictionaries(st.from_regex(r"\w{1,5}", fullmatch=True), st.text(min_size=1)))
def test_that_filling_never_fails_and_never_reads_more_than_its_values(text: str, values: dict[str, str]) -> None:
    shown = filled(text, values)
    if not any("{" + name + "}" in text for name in values):
        assert shown == text
    assert filled("{place.__class__} {0!r} {", values) == "{place.__class__} {0!r} {"


def test_that_only_facts_of_their_own_name_are_templates() -> None:
    facts = {"order_text.flood": "防汛\n上堤", "order_text.empty": "  ", "name": "x"}
    assert list(of_facts(facts)) == ["flood"]

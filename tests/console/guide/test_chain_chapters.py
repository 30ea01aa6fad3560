"""The officer's guide speaks of the program as it is: its keys, rights and deadlines are those of the tables."""

import re
from dataclasses import replace

import pytest

from chengyun_console.actions.table import ACTIONS, BY_ID
from chengyun_console.guide import chain_tables, markers, posts
from chengyun_console.guide.book import Book
from chengyun_console.guide.markers import asked, filled
from chengyun_core.model.deadline_rules import RUNGS
from chengyun_core.model.event_rules import Move
from chengyun_core.model.holding import Permission, PostKind
from chengyun_core.model.hop_waterfall import BUDGETS
from chengyun_core.model.order import LADDER
from chengyun_resources import handbook
from chengyun_resources.texts import LANGUAGES, Texts

GUIDE = ("chain", "night", "intake", "receipts", "supervision")
OF_WIDGETS = {"Enter", "Esc", "Tab", "Space", "1", "4"}
"""Heard by a list, a form or a question whatever the table of actions says."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", GUIDE)
def test_that_no_key_of_an_action_is_written_by_hand(key: str, language: str) -> None:
    source = handbook.chapter(language, key)
    assert set(re.findall(r"`([^`]+)`", source)) <= OF_WIDGETS
    assert {name for name, _about in asked(source)} & {"deed", "key"}, "it names keys at all"


def test_that_a_changed_key_changes_the_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = Texts("zh_CN")
    assert filled("{{deed event.grade}}", texts) == "`G` 定级"
    monkeypatch.setitem(BY_ID, "event.grade", replace(BY_ID["event.grade"], keys=("Ctrl+G",)))
    assert (
        filled("{{deed event.grade}} {{key event.grade}} {{does event.grade}}", texts) == "`Ctrl+G` 定级 `Ctrl+G` 定级"
    )


def test_that_changed_rights_change_who_may(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = Texts("zh_CN")
    assert filled("{{who receipt.decide}}", texts) == "值班长"
    monkeypatch.setitem(posts.PERMISSIONS, "receipt.decide", (Permission(post=PostKind.UNIT),))
    assert filled("{{who receipt.decide}}", texts) == "处置单位"
    assert filled("{{who order.get}}", texts) == "所有登录人员"
    assert "负责这件事的岗位" in filled("{{who receipt.sign}}", texts)


def test_that_a_marker_of_what_is_not_there_says_which() -> None:
    for wrong in ("{{deed event.nothing}}", "{{who event.nothing}}", "{{nothing}}", "{{nothing event.grade}}"):
        with pytest.raises(KeyError, match="nothing"):
            filled(wrong, Texts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_tables_hold_every_row_the_program_goes_by(language: str) -> None:
    texts = Texts(language)
    events = chain_tables.deeds_on_events(texts).splitlines()
    assert len(events) == 2 + sum(action.where.value == "event" for action in ACTIONS)
    shift = chain_tables.deeds_of_a_shift(texts).splitlines()
    there = {action.id for action in ACTIONS if action.where.value in ("handover", "warning")}
    assert len(shift) == 2 + len(there - {"warning.mode"} | {"handover.open", "warning.open", "mode.change"})
    assert not any(row.startswith("| `M` |") for row in shift), "that all may open the sheet of the mode is no right"
    assert len(chain_tables.rungs(texts).splitlines()) == 2 + len(RUNGS)
    moves = chain_tables.moves(texts)
    assert all(texts.say(f"events.move.{move.value}") in moves for move in Move)
    hops = chain_tables.hops(texts)
    assert all(texts.say(f"event.hop.{hop.value}") in hops for hop in BUDGETS)
    head = chain_tables.deadlines(texts).splitlines()[0]
    assert texts.say(f"receipt.step.{LADDER[3].value}") in head


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_an_officer_reads_no_code_anywhere_in_the_handbook(language: str) -> None:
    code = re.compile(
        r"\b(?:console|cockpit|events?|guide|plans?|receipt|order|tasks|duty|handover|mode|warnings?)\.[a-z_]+\.[a-z_.]+"
    )
    found = {chapter.key: code.findall(chapter.plain) for chapter in Book(Texts(language)).chapters}
    assert {key: codes for key, codes in found.items() if codes} == {}


def test_that_who_has_been_asked_is_told_by_every_marker_of_one_thing() -> None:
    assert set(markers.OF_ONE) == {"deed", "does", "key", "who"}

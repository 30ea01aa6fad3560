"""A page is one row of the table: rail, keys and the command bar follow from it."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chengyun_console.actions.table import BY_ID
from chengyun_console.actions.verbs import PAGES as NAMED
from chengyun_console.options import FIRST_PAGES
from chengyun_console.pages.page import Page
from chengyun_console.shell import frame, page_stack, routes
from chengyun_console.shell.page_table import PAGES, PageRow
from tests.console.conftest import Room, made_room
from tests.support.small_city import small_city


class EmptyPage(Page):
    """A page nobody wrote anything for."""

    def __init__(self, _desk: object) -> None:
        super().__init__()


@pytest.fixture
def wider(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A console with one page more: the row that leads to the sources stands on the rail and makes another page."""
    extra = PageRow(id="F9", action="page.F9", kind="EmptyPage", load=lambda: EmptyPage, waiting=lambda _desk: 12)
    rows = (*PAGES, extra)
    action = replace(BY_ID["page.sources"], id="page.F9", keys=("F9",))
    monkeypatch.setitem(BY_ID, "page.F9", action)
    for module in (page_stack, frame, routes):
        monkeypatch.setattr(module, "PAGES", rows)
    room = made_room(qtbot, tmp_path)
    room.session.hear()
    room.session.show_city(small_city(4))
    return room


def test_that_every_page_is_named_by_its_action_and_its_key(desk_room: Room) -> None:
    for row in PAGES:
        action = BY_ID[row.action]
        assert action.title == f"console.page.{row.id}"
        assert NAMED[row.id] == row.action
        assert desk_room.desk.texts.has(action.title)
        assert row.on_rail == (action.keys == (row.id,))
        assert row.on_rail or not any(key.startswith("F") for key in action.keys), "those are the rail's"
    assert tuple(row.id for row in PAGES if row.on_rail) == FIRST_PAGES


def test_that_every_page_comes_to_the_front_by_the_action_of_its_row(desk_room: Room) -> None:
    for row in PAGES:
        desk_room.window.do((BY_ID[row.action],))
        assert desk_room.window.page == row.id
        assert desk_room.window.stack.currentWidget() is desk_room.window.stack.page(row.id)


def test_that_a_row_more_is_a_page_more(wider: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wider.desk.texts, "say", lambda code, **_params: code)
    wider.session.enter()
    wider.beat()
    shown = [(page.key, page.hint, page.badge) for page in wider.window.rail._pages]
    assert shown == [*((row.id, row.id, "") for row in PAGES if row.on_rail), ("F9", "F9", "9+")]
    wider.window.rail.page_was_asked.emit("F9")
    assert isinstance(wider.window.stack.currentWidget(), EmptyPage)
    wider.window.close()


def test_that_no_page_comes_to_the_front_before_sign_on(room: Room) -> None:
    for row in PAGES:
        room.window.show_page(row.id)
    assert room.window.stack.currentWidget() is room.window.sign_on

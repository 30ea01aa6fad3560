"""A city of one sector: the row shows its tracks beside it, and each card leads to its own node."""

from dataclasses import replace

from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.catalogue import Catalogue
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.summary_card import SummaryCard
from tests.console.conftest import Room
from tests.support.small_city import small_city


def one_sector() -> Catalogue:
    """The small city without its second sector, whose track goes to the first."""
    city = small_city()
    tracks = tuple(replace(track, sector="S1") for track in city.tracks)
    return replace(city, version=2, sectors=city.sectors[:1], tracks=tracks)


def cards(room: Room) -> list[SummaryCard]:
    return [card for card in room.window.cockpit.sectors._widgets if card.isVisible()]


def test_that_the_tracks_of_a_single_sector_stand_beside_it(desk_room: Room) -> None:
    room = desk_room
    room.session.show_city(one_sector())
    room.session.put({0: 120.0}, band={0: 4})
    room.beat()
    assert [card.record.title for card in cards(room)] == ["应急动员", "防汛抗旱", "供水保障", "燃气安全"]
    assert [card.record.severity for card in cards(room)][:3] == [Severity.RED, Severity.RED, Severity.NONE]
    cards(room)[2].was_opened.emit(cards(room)[2].key)
    assert (room.window.cockpit.descent.node.name, room.window.cockpit.descent.node.kind) == (
        "供水保障", NodeKind.TRACK,
    )  # fmt: skip


def test_that_two_sectors_are_shown_alone(desk_room: Room) -> None:
    assert [card.record.title for card in cards(desk_room)] == ["应急动员", "设施运行"]


def test_that_a_sector_page_fills_its_room_with_what_is_not_as_it_should_be(desk_room: Room) -> None:
    room, descent = desk_room, desk_room.window.cockpit.descent
    room.session.put({0: 120.0, 4: 60.0, 3: 130.0}, band={0: 4, 4: 2, 3: 4})
    room.window.cockpit.open_node(room.desk.names.view.layer(NodeKind.SECTOR).node("S1"))
    room.beat()
    assert descent._lists.isVisible()
    assert [row.key for row in descent._vitals.rows()] == ["vital:0", "vital:4"], "those of S1, the gravest first"
    assert [row.title for row in descent._kpis.rows()] == ["排涝时长"], "the one that is met is left out"
    assert descent._vital_head.text() == "异常体征 2"


def test_that_a_low_sector_page_keeps_its_room_for_the_cards(desk_room: Room) -> None:
    room, descent = desk_room, desk_room.window.cockpit.descent
    room.window.resize(1366, 500)
    room.window.cockpit.open_node(room.desk.names.view.layer(NodeKind.SECTOR).node("S1"))
    room.beat()
    assert descent._lists.isHidden()
    assert descent._cards[0].isVisible()

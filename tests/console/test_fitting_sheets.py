"""Sheets over the page are as high as what they hold: an empty box hides the page for nothing."""

from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.approval import Approval
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S

MOST_BARE_PX = 60
"""Under the last row: less than another one and a half."""


def asked(number: int) -> Approval:
    return Approval(
        number=number, action="alarm.shelve", subject="V0000", params={"minutes": "15"}, command=b"", asked_by="x",
        asked_seat="A-05", asked_at=START_NS, expires_at=START_NS + 300 * S, version=1,
    )  # fmt: skip


def test_that_the_call_card_is_as_high_as_whom_it_names(desk_room: Room) -> None:
    call = desk_room.window.drills.call
    call.open_for(desk_room.desk.names.view.layer(NodeKind.TRACK).node("T1"), None, desk_room.window.rect())
    rows = sum(call.list.sizeHintForRow(at) for at in range(len(call.list.rows())))
    assert rows <= call.list.height() <= rows + MOST_BARE_PX
    assert call.height() < 260


def test_that_the_list_of_requests_grows_with_them_up_to_its_room(desk_room: Room) -> None:
    sheet, heights = desk_room.window.approvals, []
    for count in (1, 4, 40):
        for number in range(1, count + 1):
            desk_room.session.put_fact("approval", str(number), asked(number))
        desk_room.window.routes.open_approvals()
        desk_room.beat()
        heights.append(sheet.height())
        assert len(sheet.list.rows()) == count
        sheet.close_over()
    assert heights[0] < heights[1] < heights[2]
    assert heights[2] <= 420, "more of them scroll"

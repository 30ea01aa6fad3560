"""How cameras are in their list: the state of each with its time, the rate of each place, asked while it is seen."""

from collections.abc import Iterator

import pytest

from chengyun_console.video.health import COUNTS_NS, Looks
from chengyun_core.model.camera import CameraLook, CameraState
from chengyun_core.model.failure import Reason
from chengyun_core.wire.camera_asks import AskCameraHealth, CameraHealth
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_model import FactRow
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S
from tests.console.video_stand import Stand, made_stand

NIGHT_NS = 8 * 3600 * S


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    """The list of all cameras, none of them in a pane."""
    made = made_stand(desk_room)
    made.do("video.open")
    made.settle()
    yield made
    desk_room.desk.video.stop()


def look(
    code: str, state: CameraState, *, since: int = START_NS - 600 * S, told: int = START_NS - 60 * S
) -> CameraLook:
    return CameraLook(camera=code, state=state, since=since, told_at=told)


def answer(stand: Stand, *looks: CameraLook) -> None:
    stand.room.session.answer_ask("camera.health", CameraHealth(looks=looks))


def row(stand: Stand, key: str) -> FactRow:
    return next(one for one in stand.sheet.list.list.rows() if one.key == key)


def unfolded(stand: Stand) -> None:
    for path in ("渝中区", "渝中区/朝天门街道", "渝中区/解放碑街道"):
        stand.sheet.list.list.fold_was_asked.emit(f"path:{path}", True)


def test_that_each_camera_says_how_it_was_and_when_and_each_place_its_rate(stand: Stand) -> None:
    assert stand.room.session.sent.asks["camera.health"][1] == AskCameraHealth()
    answer(
        stand, look("CAM-0001", CameraState.FROZEN), look("CAM-0003", CameraState.ONLINE),
        look("CAM-0002", CameraState.ONLINE),
    )  # fmt: skip
    unfolded(stand)
    frozen, well, unknown = (row(stand, f"cam:CAM-000{at}") for at in (1, 3, 5))
    assert (frozen.status, frozen.status_colour) == ("画面冻结", Colour.TEXT)
    assert frozen.detail.endswith("· 自 14:22 · CAM-0001")
    assert (well.status, well.status_colour) == ("在线", Colour.TEXT_THIRD)
    assert well.detail.endswith("· 14:31 见 · CAM-0003")
    assert unknown.status == ""
    assert unknown.detail.endswith("CAM-0005")
    assert [row(stand, f"path:渝中区{below}").status for below in ("", "/朝天门街道", "/解放碑街道")] == [
        "在线 2/3", "在线 1/2", "在线 1/1",
    ]  # fmt: skip


def test_that_it_is_asked_again_while_it_is_looked_at_and_not_afterwards(stand: Stand) -> None:
    health, asks = stand.sheet.list._health, stand.room.session.sent.asks
    asks.pop("camera.health")
    health._timer.timeout.emit()
    assert "camera.health" in asks
    assert health._timer.isActive()
    while stand.sheet.isVisible():
        stand.sheet.close_over()
    assert not health._timer.isActive()


def test_that_what_was_known_stays_when_nobody_answers(stand: Stand) -> None:
    answer(stand, look("CAM-0001", CameraState.DEAD))
    stand.sheet.list._health._ask()
    stand.room.session.answer_ask("camera.health", Reason(code="session.no_answer"))
    unfolded(stand)
    assert row(stand, "cam:CAM-0001").status == "信号中断"


def test_that_a_look_of_the_day_before_yesterday_says_nothing() -> None:
    looks = Looks(
        by_code={"A": look("A", CameraState.ONLINE), "B": look("B", CameraState.DEAD, told=START_NS - COUNTS_NS)}
    )
    assert looks.of("A", START_NS + NIGHT_NS) is not None
    assert looks.of("B", START_NS) is None
    assert looks.online(("A", "B", "C"), START_NS) == (1, 1)


def test_that_every_state_has_its_word(stand: Stand) -> None:
    said = {stand.room.desk.say(f"camera.state.{state.value}") for state in CameraState}
    assert len(said) == len(CameraState)

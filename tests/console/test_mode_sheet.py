"""平急转换 at a console: the sheet, the second person, the frame, what the seat applies and confirms, the way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from chengyun_console.mode.red_frame import FRAME_PX
from chengyun_console.mode.sheet import ModeSheet
from chengyun_console.mode.standing import mode_here
from chengyun_console.session.answers import PreviewAnswer
from chengyun_core.mirror.links import Reach
from chengyun_core.model.approval import Approval
from chengyun_core.model.command import GiveApproval
from chengyun_core.model.mode import Part, PartChange, Scope, ScopeKind, SwitchState
from chengyun_core.model.mode_commands import ConfirmMode, DeclareMode, LiftMode, OrderMode, RefuseModeOrder
from chengyun_core.model.scales import Mode
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from tests.console import mode_samples as samples
from tests.console import scenes
from tests.console.mode_scenes import put
from tests.console.still_session import START_NS, S

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
RIGHTS = ("mode.declare", "mode.lift", "mode.order", "mode.refuse_order", "session.sign_off")


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests, at seat A-03 of the city."""
    folder: Path = tmp_path_factory.mktemp("mode")
    with scenes.stand(folder, scenes.Look()) as made:
        scenes.seat(made)
        yield made


@pytest.fixture
def here(at: scenes.Stand) -> Iterator[scenes.Stand]:
    """The window in peacetime, nothing sent, nothing open."""
    at.session.enter(allowed=RIGHTS)
    at.session.hear()
    put(at)
    yield at
    while at.window.rooms.mode.sheet.close_over():
        pass
    fields, facts = at.window.rooms.mode.sheet.fields, at.session.facts
    for box in (fields.scope, fields.track, fields.preset):
        box.setCurrentIndex(0)
    for shelf in (facts.mode.declarations, facts.mode.orders, facts.mode.presets, facts.approvals):
        shelf.clear()
    for number in range(1, len(at.session.sent.commands) + 1):
        at.session.command_ended.emit(f"command-{number}", Reply(id=f"command-{number}", outcome="done"))
    at.session.sent.commands.clear()
    at.window.mode.look()
    at.beat()


def opened(at: scenes.Stand) -> ModeSheet:
    """Open the sheet by its key, and have its preview answered."""
    at.press(Qt.Key.Key_E, CTRL_SHIFT)
    sheet = at.window.rooms.mode.sheet
    assert sheet.isVisible()
    answer(at)
    return sheet


def answer(at: scenes.Stand, *, fault: bool = False, digest: str = "d1") -> None:
    if "mode.preview" in at.session.sent.asks:
        at.session.answer_ask("mode.preview", samples.preview(fault=fault, digest=digest))


def test_that_a_declaration_names_scope_preset_evidence_and_the_preview_that_was_seen(here: scenes.Stand) -> None:
    sheet = opened(here)
    sheet.fields.put(scope="500103", preset="flood", reason="  暴雨  橙色 ")
    answer(here, digest="d7")
    sheet.send()
    assert here.session.sent.commands == [
        DeclareMode(scope=Scope(centre="500103"), mode=Mode.EMERGENCY, preset="flood", reason="暴雨 橙色", seen="d7")
    ]


def test_that_a_track_can_be_switched_alone(here: scenes.Stand) -> None:
    sheet = opened(here)
    sheet.fields.track.setCurrentIndex(sheet.fields.track.findData("T1"))
    sheet.fields.put(preset="flood", reason="x")
    answer(here)
    sheet.send()
    (made,) = here.session.sent.commands
    assert isinstance(made, DeclareMode)
    assert made.scope == Scope(kind=ScopeKind.TRACK, centre="500000", track="T1")


def test_that_nothing_is_sent_without_a_reason_or_with_a_part_that_cannot_be_switched(here: scenes.Stand) -> None:
    sheet = opened(here)
    sheet.fields.reason.clear()
    sheet.send()
    assert sheet.status.text() == here.desk.say("mode.sheet.needs_reason")
    sheet.fields.put(preset="water", reason="x")
    answer(here, fault=True)
    sheet.send()
    assert sheet.status.text() == here.desk.say("mode.sheet.faulty", count=1)
    assert here.session.sent.commands == []


def test_that_the_preview_shows_eight_parts_and_an_answer_to_an_earlier_choice_is_not_taken(
    here: scenes.Stand,
) -> None:
    sheet = opened(here)
    assert sheet.preview.list.model().rowCount() == len(Part)
    sheet.fields.put(preset="water")
    assert sheet.preview.digest == ""
    answer(here, digest="d2")
    assert sheet.preview.digest == "d2"


def test_that_what_would_alarm_is_asked_of_ingest_and_sent_along(here: scenes.Stand) -> None:
    sheet = opened(here)
    here.session.sent.previews.clear()
    sheet.fields.put(preset="water", reason="x")
    answer(here)
    ((base, told),) = here.session.sent.previews
    assert base == "normal"
    told(PreviewAnswer(threshold_set=base, would_alarm=((0, 4), (20, 2))))
    row = sheet.preview.list.model().index(0, 0)
    assert here.desk.say("mode.sheet.alarms", count=2, raised=1, returned=4) in str(
        row.data(Qt.ItemDataRole.AccessibleTextRole)
    )
    sheet.send()
    (made,) = here.session.sent.commands
    assert isinstance(made, DeclareMode)
    assert made.seen_alarms == 2


def test_that_who_failed_last_time_can_be_left_out_by_name_and_nobody_is_unasked(here: scenes.Stand) -> None:
    put(here, samples.undone())
    sheet = opened(here)
    assert sheet.fields.chosen("").without == ()
    sheet.fields.without.setCurrentIndex(1)
    sheet.fields.put(preset="flood", reason="x")
    answer(here)
    sheet.send()
    (made,) = here.session.sent.commands
    assert isinstance(made, DeclareMode)
    assert made.without == ("B-02",)


def test_that_a_preview_that_changed_is_listed_anew(here: scenes.Stand) -> None:
    sheet = opened(here)
    sheet.fields.put(preset="flood", reason="x")
    answer(here)
    sheet.send()
    here.session.end_command(outcome="refused", code="mode.preview_changed")
    assert sheet.preview.digest == ""
    assert sheet.status.text() == here.desk.say("mode.sheet.changed")
    answer(here, digest="d9")
    sheet.send()
    made = here.session.sent.commands[-1]
    assert isinstance(made, DeclareMode)
    assert made.seen == "d9"


def wait_for_second(at: scenes.Stand) -> ModeSheet:
    """Send a declaration that the centre lets wait for a second person."""
    sheet = opened(at)
    sheet.fields.put(preset="flood", reason="x")
    answer(at)
    sheet.send()
    command = f"command-{len(at.session.sent.commands)}"
    body = codec.pack(Done(change=5, warnings=("approval.waits",)))
    at.session.command_ended.emit(command, Reply(id=command, outcome="done", body=body))
    asked = Approval(
        number=31, action="mode.declare", subject="500000", params={}, command=b"", asked_by="officer",
        asked_seat="A-03", asked_at=START_NS, expires_at=START_NS + 300 * S, version=1,
    )  # fmt: skip
    at.session.put_fact("approval", "31", asked)
    at.beat()
    return sheet


def test_that_the_second_person_agrees_at_the_same_console_and_his_password_goes_nowhere_else(
    here: scenes.Stand,
) -> None:
    sheet = wait_for_second(here)
    assert sheet.second.isVisible()
    sheet.second.account.setText("wang")
    sheet.second.password.setText("geheim")
    sheet.second.submit()
    given = here.session.sent.commands[-1]
    assert given == GiveApproval(approval=31, version=1, account="wang", secret="geheim")
    assert sheet.second.password.text() == ""
    here.session.end_command(outcome="refused", code="session.wrong_password")
    assert sheet.second.isVisible()
    assert sheet.second.answer.text() == here.desk.say("session.wrong_password")


def test_that_the_second_persons_field_goes_when_it_was_decided_at_another_seat(here: scenes.Stand) -> None:
    sheet = wait_for_second(here)
    here.session.facts.approvals.clear()
    here.beat()
    assert not sheet.second.isVisible()


def test_that_a_seat_applies_a_switch_and_confirms_it_once_per_term(here: scenes.Stand) -> None:
    put(here, samples.applying())
    confirmed = ConfirmMode(declaration=12, term=1, who="A-03")
    assert here.session.sent.commands == [confirmed]
    assert here.window.cockpit.laid.master.row.code == "emergency"
    put(here, samples.applying(version=3))
    assert here.session.sent.commands == [confirmed]
    put(here, samples.applying(version=4, term=2))
    assert here.session.sent.commands[-1] == ConfirmMode(declaration=12, term=2, who="A-03")


def test_that_a_layout_that_does_not_exist_here_is_told_to_the_centre(here: scenes.Stand) -> None:
    put(here, samples.applying(number=15, parts=(PartChange(part=Part.LAYOUT, before="", after="nowhere"),)))
    assert here.session.sent.commands == [ConfirmMode(declaration=15, term=1, who="A-03", fault="mode.fault.layout")]


def test_that_a_switch_elsewhere_neither_changes_nor_confirms_anything_here(here: scenes.Stand) -> None:
    before = here.window.cockpit.laid.master.row.code
    put(here, samples.applying(issuer="500103", scope=Scope(centre="500103"), declared_seat="Y-01"))
    assert here.session.sent.commands == []
    assert here.window.cockpit.laid.master.row.code == before


def test_that_the_way_back_restores_the_officers_own_layout(here: scenes.Stand) -> None:
    laid = here.window.cockpit.laid
    laid.keep_range(360)
    own = (laid.master.row.code, laid.range_minutes)
    put(here, samples.declaration())
    assert (laid.master.row.code, laid.range_minutes) == ("emergency", 60)
    put(here, samples.declaration(SwitchState.LIFTED, version=3))
    assert (laid.master.row.code, laid.range_minutes) == own
    laid.reset()


def test_that_the_window_is_framed_in_red_with_word_scope_and_elapsed_time(here: scenes.Stand) -> None:
    frame = here.window.red_frame
    assert frame.isHidden()
    put(here, samples.declaration())
    assert frame.isVisible()
    assert not frame.mask().contains(frame.rect().center())
    assert frame.mask().boundingRect() == here.window.rect()
    middle = frame.height() // 2
    assert [frame.mask().contains(QPoint(x, middle)) for x in (0, 2, FRAME_PX)] == [True, True, False]
    badge = here.window.top_bar._mode.accessibleName()
    assert "急时" in badge
    assert "重庆" in badge
    assert "防汛" in badge
    assert "00:10:" in badge
    assert "急时" in here.window.windowTitle()


def test_that_no_frame_stands_while_a_switch_is_only_being_applied(here: scenes.Stand) -> None:
    put(here, samples.applying())
    assert here.window.red_frame.isHidden()
    assert "转换中" in here.window.top_bar._mode.accessibleName()


def test_that_the_city_in_peacetime_names_the_district_in_emergency(here: scenes.Stand) -> None:
    put(here, samples.declaration(number=13, issuer="500103", scope=Scope(centre="500103"), declared_seat="Y-01"))
    assert mode_here(here.desk).effect.mode is Mode.PEACETIME
    assert here.window.red_frame.isHidden()
    assert here.window.top_bar._mode.accessibleName() == "平时 · 渝中急时"


def test_that_an_undone_switch_is_told_with_who_failed_and_why(here: scenes.Stand) -> None:
    put(here, samples.applying())
    put(here, samples.undone())
    sheet = opened(here)
    assert "席位 B-02" in sheet.standing.text()
    assert here.desk.say("mode.fault.layout") in sheet.standing.text()
    assert here.window.cockpit.laid.master.row.code != "emergency"


def test_that_the_sheet_begins_with_the_way_back_while_an_emergency_is_in_force(here: scenes.Stand) -> None:
    put(here, samples.declaration(version=7))
    sheet = opened(here)
    sheet.fields.put(reason="水位回落")
    sheet.send()
    assert here.session.sent.commands == [LiftMode(declaration=12, version=7, reason="水位回落", seen="d1")]


def test_that_the_reason_for_declaring_is_not_the_reason_for_lifting(here: scenes.Stand) -> None:
    put(here, samples.declaration())
    fields = opened(here).fields
    fields.put(act="declare.", reason="暴雨")
    fields.put(act="lift.12")
    assert fields.reason.text() == ""
    fields.put(act="declare.")
    assert fields.reason.text() == "暴雨"
    fields.reason.clear()


def test_that_a_superiors_order_is_followed_or_refused_with_a_reason(here: scenes.Stand) -> None:
    here.session.put_fact("mode_order", "4", samples.order(version=1))
    here.beat()
    sheet = opened(here)
    sheet.fields.put(reason="按命令")
    sheet.send()
    (followed,) = here.session.sent.commands
    assert isinstance(followed, DeclareMode)
    assert (followed.order, followed.preset) == (4, "flood")
    here.session.end_command()
    sheet.fields.put(act="refuse.4", reason="本区无雨")
    sheet.send()
    assert here.session.sent.commands[-1] == RefuseModeOrder(order=4, version=1, reason="本区无雨")


def test_that_a_lower_centre_is_ordered_with_a_time(here: scenes.Stand) -> None:
    sheet = opened(here)
    sheet.fields.put(act="order.", scope="500103", preset="flood", reason="强降雨东移")
    sheet.send()
    assert here.session.sent.commands == [
        OrderMode(centre="500103", mode=Mode.EMERGENCY, scope=Scope(centre="500103"), preset="flood",
                  reason="强降雨东移", minutes=10.0)
    ]  # fmt: skip


def test_that_who_may_not_switch_is_told_whom_to_ask_and_nothing_can_be_sent(here: scenes.Stand) -> None:
    here.session.enter(allowed=("session.sign_off",))
    here.press(Qt.Key.Key_E, CTRL_SHIFT)
    sheet = here.window.rooms.mode.sheet
    assert sheet.status.text() == here.desk.say("mode.sheet.not_allowed")
    assert not sheet.confirm.isEnabled()


def test_that_without_the_centre_nothing_can_be_switched_and_it_is_said(here: scenes.Stand) -> None:
    here.session.hear(centre=Reach.LOST)
    here.press(Qt.Key.Key_E, CTRL_SHIFT)
    here.beat()
    sheet = here.window.rooms.mode.sheet
    assert not sheet.confirm.isEnabled()
    assert sheet.status.text() == here.desk.say("mode.sheet.offline")
    here.session.hear()
    here.beat()
    assert sheet.confirm.isEnabled()


def test_that_the_sound_of_an_emergency_is_never_quieter_than_the_seats_own(here: scenes.Stand) -> None:
    from chengyun_console.mode.parts import sound_here

    assert sound_here(here.desk).least_volume == 0
    put(here, samples.declaration())
    assert (sound_here(here.desk).least_volume, sound_here(here.desk).speaks) == (75, True)


def test_that_the_wall_is_framed_and_told_as_the_window_is(here: scenes.Stand) -> None:
    here.do("wall.toggle")
    here.beat()
    wall = here.window.wall.window
    assert wall is not None
    assert wall.red_frame.isHidden()
    put(here, samples.declaration(version=11))
    here.beat()
    assert not wall.red_frame.isHidden()
    assert "急时" in wall.page.top_bar._mode.accessibleName()
    assert wall.page.cockpit.laid.master.row.code == "wall.emergency"
    wall.close()

"""Who may do what to events: officers decide, who works there tells, everybody reads, machines do nothing of it."""

import pytest

from chengyun_core.model.event_commands import EVENT_COMMANDS
from chengyun_core.model.event_permissions import EVENT_PERMISSIONS
from chengyun_core.model.holding import MACHINES, Holding, PostKind, Subject
from chengyun_core.model.permission import may
from chengyun_core.model.scales import Level, Mode
from chengyun_core.wire.event_asks import EVENT_ASKS

HERE = Subject(name="e", path=("500103", "500000"))
BESIDE = Subject(name="e", path=("500106", "500000"))
OFFICERS = {PostKind.DUTY_OFFICER, PostKind.WATCH_CHIEF}
TELLERS = OFFICERS | {PostKind.UNIT, PostKind.TRACK_OWNER}
TELLING = {"attachment.add", "event.note"}


def _may(kind: PostKind, action: str, subject: Subject = HERE) -> bool:
    level = None if kind in MACHINES else Level.DISTRICT
    area = "" if kind in MACHINES else "500103"
    holding = Holding(post=f"500103.{kind}", kind=kind, level=level, area=area)
    return all(may(action, [holding], subject, mode) is None for mode in Mode)


@pytest.mark.parametrize("action", sorted(EVENT_COMMANDS))
def test_that_officers_decide_tellers_tell_and_nobody_else_does_anything(action: str) -> None:
    for kind in PostKind:
        if action in TELLING:
            expected = kind in TELLERS
        elif action == "event.import":
            expected = kind in OFFICERS | {PostKind.LOCAL_ADMIN}
        else:
            expected = kind in OFFICERS
        assert _may(kind, action) == expected, kind


@pytest.mark.parametrize("action", sorted(EVENT_COMMANDS))
def test_that_nobody_does_anything_next_door_except_with_what_is_his_own(action: str) -> None:
    owned = Subject(name="e", path=BESIDE.path, owners=frozenset({f"500103.{kind}" for kind in PostKind}))
    for kind in PostKind:
        admin = kind is PostKind.LOCAL_ADMIN and action == "event.import"
        assert _may(kind, action, BESIDE) == admin
        # Who audits changes nothing, not even what is his own (G3).
        own = kind not in MACHINES | {PostKind.AUDIT_ADMIN} and action in TELLING | {"improvement.finish"}
        assert _may(kind, action, owned) == (admin or own), kind


@pytest.mark.parametrize("action", sorted(EVENT_ASKS))
def test_that_people_read_and_a_screen_without_anybody_does_not(action: str) -> None:
    for kind in PostKind:
        if action == "event.check_import":
            expected = kind in OFFICERS | {PostKind.LOCAL_ADMIN}
        else:
            # Who stands at the machine uploads layers of the map, too (chengyun map).
            expected = kind not in MACHINES or kind is PostKind.LOCAL_ADMIN
        assert _may(kind, action) == expected, kind


def test_that_every_command_and_ask_has_its_row_and_no_row_is_left_over() -> None:
    assert set(EVENT_PERMISSIONS) == set(EVENT_COMMANDS) | set(EVENT_ASKS)

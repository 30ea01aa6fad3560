"""The permission table, every cell: action, post kind, level, area, ownership, mode, against a hand-written list."""

import itertools

import pytest

from chengyun_core.model.chain_permissions import EVENT_PERMISSIONS, ORDER_PERMISSIONS, PLAN_PERMISSIONS
from chengyun_core.model.command import COMMANDS
from chengyun_core.model.dispatch_permissions import DISPATCH_PERMISSIONS
from chengyun_core.model.duty_permissions import DUTY_PERMISSIONS
from chengyun_core.model.holding import MACHINES, Holding, PostKind, Subject
from chengyun_core.model.mode_permissions import MODE_PERMISSIONS
from chengyun_core.model.permission import OPEN_TO_ALL, PERMISSIONS, allowed, kind_of, may
from chengyun_core.model.rights_permissions import RIGHTS_PERMISSIONS
from chengyun_core.model.scales import Level, Mode
from chengyun_core.model.warning_permissions import WARNING_PERMISSIONS
from chengyun_core.wire.centre_asks import CENTRE_ASKS

PEOPLE = {
    "duty_officer",
    "watch_chief",
    "it_admin",
    "security_admin",
    "audit_admin",
    "catalogue_editor",
    "sensing_ops",
    "track_owner",
    "unit",
    "plan_editor",
}
EVERYBODY = PEOPLE | {"local_admin", "ingest", "screen"}
WHO: dict[str, set[str]] = {
    "account.create": {"it_admin", "local_admin"},
    "account.disable": {"it_admin", "local_admin"},
    "account.set_password": {"it_admin", "local_admin"},
    "alarm.acknowledge": {"duty_officer", "watch_chief", "track_owner"},
    "alarm.acknowledge_page": {"duty_officer", "watch_chief"},
    "alarm.assign": {"duty_officer", "watch_chief", "track_owner"},
    "alarm.comment": {"duty_officer", "watch_chief", "track_owner"},
    "alarm.shelve": {"duty_officer", "watch_chief"},
    "alarm.unacknowledge": {"duty_officer", "watch_chief"},
    "alarm.unshelve": {"duty_officer", "watch_chief"},
    "catalogue.get": EVERYBODY,
    "catalogue.import": {"catalogue_editor", "local_admin"},
    "changes.since": EVERYBODY,
    "ingest.activations": {"ingest"},
    "ingest.bands": {"ingest"},
    "session.sign_off": PEOPLE,
    "situation.dismiss": {"duty_officer", "watch_chief"},
    "situation.merge": {"duty_officer", "watch_chief"},
    "situation.split": {"duty_officer", "watch_chief"},
    "snapshot": EVERYBODY,
    "vital.put_back": {"watch_chief", "sensing_ops"},
    "vital.release": {"watch_chief", "sensing_ops"},
    "vital.suppress": {"watch_chief", "sensing_ops"},
    "vital.take_out": {"watch_chief", "sensing_ops"},
}
"""Written from the duties of the posts, not from the table."""
WITHOUT_PLACE = {"catalogue.get", "changes.since", "snapshot", "session.sign_off", "ingest.activations", "ingest.bands"}
CITY, DISTRICT = "500000", "500103"
CELLS = list(
    itertools.product(
        [*WHO, "alarm.delete", ""], PostKind, [*Level, None], ["own", "below", "beside", "above"], [True, False], Mode
    )
)


def _expected(action: str, kind: PostKind, level: Level | None, place: str, owner: bool, mode: Mode) -> bool:
    if kind.value not in WHO.get(action, set()):
        return False
    if kind in MACHINES:
        return True
    if level is None:
        return False
    if action == "catalogue.import" and (level is Level.TOWN or mode is Mode.EMERGENCY):
        return False
    if action in WITHOUT_PLACE:
        return True
    return place in ("own", "below") and (kind is not PostKind.TRACK_OWNER or owner)


def _subject(place: str, owner: bool) -> Subject:
    path = {
        "own": (DISTRICT, CITY),
        "below": ("500103012", DISTRICT, CITY),
        "beside": ("500106", CITY),
        "above": (CITY,),
    }[place]
    return Subject(name="SW", path=path, owners=frozenset({"the.post"}) if owner else frozenset())


def test_that_every_cell_is_as_the_duties_say() -> None:
    wrong = []
    for action, kind, level, place, owner, mode in CELLS:
        holding = Holding(post="the.post", kind=kind, level=level, area=DISTRICT)
        reason = may(action, [holding], _subject(place, owner), mode)
        if (reason is None) != _expected(action, kind, level, place, owner, mode):
            wrong.append((action, kind.value, level, place, owner, mode.value, reason))
    assert wrong == []
    assert len(CELLS) == 26 * len(PostKind) * 4 * 4 * 2 * 2


def test_that_a_refusal_says_what_was_missing() -> None:
    def why(action: str, kind: PostKind, **fields: object) -> str:
        holding = Holding(post="p", kind=kind, **{"level": Level.DISTRICT, "area": DISTRICT, **fields})
        reason = may(action, [holding], _subject("beside", owner=False), Mode.EMERGENCY)
        return reason.code if reason else ""

    assert why("alarm.shelve", PostKind.SENSING_OPS) == "permission.no_post"
    assert why("alarm.shelve", PostKind.DUTY_OFFICER, level=None) == "permission.wrong_level"
    assert why("alarm.shelve", PostKind.DUTY_OFFICER) == "permission.outside_area"
    assert why("alarm.acknowledge", PostKind.TRACK_OWNER, area="500106") == "permission.not_owner"
    assert why("catalogue.import", PostKind.CATALOGUE_EDITOR) == "permission.wrong_mode"
    assert why("alarm.delete", PostKind.WATCH_CHIEF) == "permission.unknown_action"


def test_that_nobody_may_anything_without_a_post() -> None:
    for action in PERMISSIONS:
        assert may(action, [], Subject(), Mode.PEACETIME) is not None


def test_that_one_of_several_posts_is_enough() -> None:
    holdings = [
        Holding(post="a", kind=PostKind.IT_ADMIN, level=Level.CITY, area=CITY),
        Holding(post="b", kind=PostKind.DUTY_OFFICER, level=Level.CITY, area=CITY),
    ]
    assert may("alarm.shelve", holdings, _subject("own", owner=False), Mode.PEACETIME) is None


def test_that_the_table_names_every_command_and_every_ask_and_nothing_else() -> None:
    assert set(PERMISSIONS) | OPEN_TO_ALL == set(COMMANDS) | set(CENTRE_ASKS)
    assert list(PERMISSIONS) == sorted(PERMISSIONS)


CHAIN = {
    *DISPATCH_PERMISSIONS,
    *DUTY_PERMISSIONS,
    *EVENT_PERMISSIONS,
    *MODE_PERMISSIONS,
    *ORDER_PERMISSIONS,
    *PLAN_PERMISSIONS,
    *RIGHTS_PERMISSIONS,
    *WARNING_PERMISSIONS,
}
"""Rows of the chain have tests of their own."""


SENSING = {"alarm", "approval", "catalogue", "changes", "ingest", "situation", "snapshot", "threshold", "vital"}
"""Subjects this module writes the rights of by hand; all others are judged by sets in test_rights_matrix."""


def test_that_a_screen_is_told_what_some_subject_would_allow() -> None:
    owner = Holding(post="p", kind=PostKind.TRACK_OWNER, level=Level.CITY, area=CITY)
    told = (
        "alarm.acknowledge", "alarm.assign", "alarm.comment", "alarm.verdicts", "approval.give", "approval.refuse",
        "catalogue.get", "changes.since", "snapshot", "threshold.history",
    )  # fmt: skip
    offered = (action for action in allowed([owner], Mode.PEACETIME) if action not in CHAIN)
    assert tuple(action for action in offered if action.partition(".")[0] in SENSING) == told


@pytest.mark.parametrize("post", ["", "500000", "500000.", "500000.boss", ".duty_officer", "500000.duty_officer.x",
                                  "500000.duty_officer.1.2", "500000.local_admin", "500000.ingest"])  # fmt: skip
def test_that_a_post_of_no_known_kind_and_a_machine_s_name_give_nothing(post: str) -> None:
    assert kind_of(post) is None


def test_that_a_post_s_kind_is_read_from_its_code() -> None:
    assert kind_of("500000.duty_officer.12") is PostKind.DUTY_OFFICER
    assert kind_of("CQ-LJXQ.watch_chief") is PostKind.WATCH_CHIEF

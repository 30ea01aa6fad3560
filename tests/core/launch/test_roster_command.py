"""The demo city's roster: taken without a fault by a real centre, with the gaps that are meant to be seen."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from chengyun_core.launch.roster_command import _bytes_of
from chengyun_core.model.command import CreateAccount
from chengyun_core.model.duty import DutyRole
from chengyun_core.model.duty_commands import ImportRoster
from chengyun_core.wire.duty_asks import AskShifts, Shifts
from chengyun_resources.reference import duty_roster
from tests.core.centre.duty_stand import DutyStand
from tests.core.centre.room import ADMIN_KEY, NOON_NS, PASSWORD

DAY_NS = 86_400 * 10**9


def _today() -> date:
    return datetime.fromtimestamp(NOON_NS // 10**9, UTC).astimezone(timezone(timedelta(hours=8))).date()


def test_that_the_demos_roster_is_taken_and_its_gaps_are_those_that_are_meant(tmp_path: Path) -> None:
    with DutyStand(tmp_path) as stand:
        for account in ("officer", "chief"):
            made = CreateAccount(account=account, name=account, password=PASSWORD, posts=("500000.duty_officer",))
            stand.room.done(made, ADMIN_KEY)
        for name, rows in duty_roster.tables(_today()).items():
            stand.room.done(ImportRoster(name=f"{name}.csv", data=_bytes_of(name, rows)), ADMIN_KEY)
        asked = AskShifts(from_ns=NOON_NS - DAY_NS, to_ns=NOON_NS + 4 * DAY_NS)
        told = stand.body(stand.room.ask("shift.page", asked, stand.chief), Shifts)
    assert len(told.shifts) == 9
    assert all(shift.ends_at - shift.begins_at == DAY_NS // 3 for shift in told.shifts)
    roles = Counter(one.role for one in told.shifts[1].assignments)
    assert roles == {
        DutyRole.LEADER: 1, DutyRole.CHIEF: 1, DutyRole.OFFICER: 4, DutyRole.RESIDENT: 3, DutyRole.ROTATING: 1,
    }  # fmt: skip
    lacking = [(gap.shift, gap.why, gap.person) for gap in told.gaps if gap.role is not DutyRole.ROTATING]
    assert lacking == [(7, "uncertified", "g3-5"), (9, "nobody", "")]

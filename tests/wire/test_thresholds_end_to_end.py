"""Thresholds changed and sets switched in a living city: ingest follows, alarms come and go, the journal tells."""

import json
from pathlib import Path

import pytest

from chengyun_core.launch import cli
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.alarm import Alarm, is_active
from chengyun_core.model.command import CreateAccount, GiveApproval, SignOn
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, SignedOn, Snapshot
from tests.support.living_city import PASSWORD, LivingCity, living_city
from tests.support.waiting import wait_until

VITAL = "V0000"


class Stand:
    """The city with a chief signed on, and the command line with its JSON."""

    def __init__(self, city: LivingCity, capsys: pytest.CaptureFixture[str]) -> None:
        self.city = city
        self._capsys = capsys
        with city.door() as door:
            door.send(CreateAccount(account="chief", name="Chief", password=PASSWORD, posts=("500000.watch_chief",)))
        with DoorClient(self._address) as door:
            told = door.ask("session.sign_on", SignOn(account="chief", password=PASSWORD, seat="A-02"))
        self.chief = codec.unpack(told, SignedOn).token

    @property
    def _address(self) -> str:
        return of_profile(self.city.profile.folder).centre_door

    def run(self, *arguments: str, code: int = 0) -> dict[str, object]:
        """Run `chengyun thresholds …` (or another command) and return what it reports."""
        self._capsys.readouterr()
        assert cli.main([*arguments, "--json", "--profile", str(self.city.profile.folder)]) == code
        report: dict[str, object] = json.loads(self._capsys.readouterr().out)
        return report

    def approved(self, change: object) -> None:
        """Have the chief approve what was proposed by the machine's admin, and wait until it is in force."""
        with DoorClient(self._address, session=self.chief) as door:
            approvals = [row for row in self.snapshot().records if row.kind == "approval"]
            door.send(GiveApproval(approval=int(approvals[-1].key), version=approvals[-1].version))
        wait_until(lambda: self._state(change) == "in_force", f"change {change} is in force")

    def snapshot(self) -> Snapshot:
        with self.city.door() as door:
            return codec.unpack(door.ask("snapshot", Hello(protocol=PROTOCOL_VERSION, client="test")), Snapshot)

    def alarms(self) -> bool:
        """Return whether the vital's alarm is active."""
        rows = (codec.unpack(row.record, Alarm) for row in self.snapshot().records if row.kind == "alarm")
        return any(alarm.vital_code == VITAL and is_active(alarm) for alarm in rows)

    def _state(self, change: object) -> object:
        changes = self.run("thresholds", "list")["changes"]
        assert isinstance(changes, list)
        return next(row["state"] for row in changes if row["change"] == change)


def test_that_limits_change_by_two_persons_and_sets_by_preview(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with living_city(tmp_path, vitals=6) as city:
        city.publish_all()
        city.publish({0: 60.0})
        stand = Stand(city, capsys)
        wait_until(stand.alarms, "60 is yellow from 50 upward")

        raised = stand.run("thresholds", "propose", VITAL, "high_yellow=70", "--reason", "noise")
        assert stand.run("thresholds", "approve", str(raised["change"]), code=1)["code"] == "approval.own"
        stand.approved(raised["change"])
        wait_until(lambda: not stand.alarms(), "60 is normal below 70")

        # The set of the flood season still begins at 50.
        preview = stand.run("thresholds", "preview", "flood")
        assert preview["would_alarm"] == 1
        stand.run("thresholds", "switch", "flood", "--reason", "flood season")
        wait_until(stand.alarms, "the other set is judged by")
        stand.run("thresholds", "switch", "normal", "--reason", "over")
        wait_until(lambda: not stand.alarms(), "what only the other set gave returns")

        back = stand.run("thresholds", "rollback", str(raised["change"]), "--reason", "was right before")
        stand.approved(back["change"])
        wait_until(stand.alarms, "60 is yellow again")

        vitals = stand.run("quality")["vitals"]
        assert isinstance(vitals, list)
        assert {row["vital"] for row in vitals} == {vital.code for vital in city.catalogue.vitals}

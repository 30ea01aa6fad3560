"""Changes of thresholds from proposal to roll-back: two people, one version, a history, nothing lost by a restart."""

import time
from dataclasses import replace

import pytest

from chengyun_core.centre import approvals, catalogue, thresholds
from chengyun_core.centre.handlers import IMPORTS, SECONDED
from chengyun_core.centre.threshold_keeper import ThresholdKeeper
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.audit import CENTRE, LOCAL_ADMIN_NAME
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import (
    GiveApproval,
    ImportCatalogue,
    ProposeThreshold,
    RefuseApproval,
    RollBackThreshold,
)
from chengyun_core.model.scales import Mode
from chengyun_core.model.threshold_change import cells_of
from chengyun_core.store import threshold_log
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskThresholds, Done, Hello, Reply, Snapshot, ThresholdHistory
from tests.core.centre.room import ADMIN_KEY, SCREEN_KEY, Room
from tests.support.mode_samples import set_mode
from tests.support.small_tables import small_tables

STATE = ThresholdState
HELLO = Hello(protocol=PROTOCOL_VERSION, client="screen")
DAY_NS = 86_400 * NS_PER_S


class Desk:
    """The centre with the small tables in force, a chief who proposes, an editor who approves, the loop's keeper."""

    def __init__(self, room: Room) -> None:
        self.room = room
        room.adopt(Catalogue())
        room.desk.packed = b""
        self.imported(city_tables())
        self.chief = room.officer("chief", "500000.watch_chief")
        self.editor = room.officer("editor", "500000.catalogue_editor", seat="A-02")
        self.new_keeper()

    def new_keeper(self) -> None:
        room = self.room
        self.keeper = ThresholdKeeper(
            room.desk, room.ledger, lambda job, then: room.door.undertake(IMPORTS, job, then)
        )  # fmt: skip

    def imported(self, tables: dict[str, list[dict[str, str]]]) -> None:
        self.room.done(ImportCatalogue(tables=tables, origin={}), ADMIN_KEY)

    def propose(self, changes: dict[str, str], *, at: int | None = None, vital: str = "SW", by: str = "") -> Reply:
        command = ProposeThreshold(
            threshold_set="PT", vital_code=vital, changes=changes, reason="汛前复核", effective_at=at
        )
        return self.room.do(command, by or self.chief)

    def proposed(self, changes: dict[str, str], **more: object) -> ThresholdChange:
        return self._made(self.propose(changes, **more))  # type: ignore[arg-type]

    def roll_back(self, number: int) -> Reply:
        command = RollBackThreshold(change=number, version=self.change(number).version, reason="误改")
        return self.room.do(command, self.chief)

    def rolled_back(self, number: int) -> ThresholdChange:
        return self._made(self.roll_back(number))

    def approve(self, number: int, by: str = "") -> Reply:
        approval = self.approval(number)
        return self.room.do(GiveApproval(approval=approval.number, version=approval.version), by or self.editor)

    def refuse(self, number: int, by: str) -> Reply:
        approval = self.approval(number)
        command = RefuseApproval(approval=approval.number, version=approval.version, reason="依据不足")
        return self.room.do(command, by)

    def approval(self, number: int) -> Approval:
        change = self.change(number)
        with self.room.ledger.reading() as connection:
            found = approvals.LOG.get(connection, change.approval)
        assert found is not None
        return found

    def _made(self, reply: Reply) -> ThresholdChange:
        assert reply.outcome == "done", reply
        return self.change(int(codec.unpack(reply.body, Done).key))

    def tend(self) -> None:
        """Let the keeper begin and the worker end what is due, until nothing is."""
        for _ in range(4):
            self.keeper.tend()
            self.room.work()

    def in_force(self, changes: dict[str, str], **more: object) -> ThresholdChange:
        number = self.proposed(changes, **more).number
        assert self.approve(number).outcome == "done"
        self.tend()
        return self.change(number)

    def change(self, number: int) -> ThresholdChange:
        with self.room.ledger.reading() as connection:
            return thresholds.known(connection, number)

    def cells(self, vital: str = "SW", threshold_set: str = "PT") -> dict[str, str]:
        return cells_of(codec.unpack(self.room.desk.packed, Catalogue), threshold_set, vital)


def city_tables() -> dict[str, list[dict[str, str]]]:
    """Return the small tables with seats for three."""
    tables = small_tables()
    tables["seats"] += [tables["seats"][0] | {"code": code} for code in ("A-02", "A-03")]
    return tables


@pytest.fixture
def desk(room: Room) -> Desk:
    return Desk(room)


def test_that_a_proposal_waits_with_author_reason_from_and_to(desk: Desk) -> None:
    change = desk.proposed({"high_yellow": "181"})
    desk.tend()
    assert desk.change(change.number) == change
    assert (change.state, change.author, change.reason) == (STATE.WAITING, "chief", "汛前复核")
    assert (change.before, change.after) == ({"high_yellow": "180.5"}, {"high_yellow": "181"})
    assert desk.cells()["high_yellow"] == "180.5"


def test_that_an_approved_change_is_in_force_as_one_new_version(desk: Desk) -> None:
    change = desk.in_force({"high_yellow": "181"})
    assert (change.state, change.approver, change.catalogue_version) == (STATE.IN_FORCE, "editor", 2)
    assert desk.cells()["high_yellow"] == "181"
    told = [(row.action, row.kind) for row in desk.room.published[-2:]]
    assert told == [("threshold.take_effect", "catalogue"), ("threshold.take_effect", "threshold")]
    assert desk.room.published[-1].params == {"author": "chief", "approver": "editor"}


def test_that_the_new_version_survives_a_restart_with_its_numbers(desk: Desk) -> None:
    before = codec.unpack(desk.room.desk.packed, Catalogue)
    desk.in_force({"high_yellow": "181"})
    packed = desk.room.desk.packed
    desk.room.restart()
    after = codec.unpack(desk.room.desk.packed, Catalogue)
    assert desk.room.desk.packed == packed
    assert replace(after, version=1, thresholds=before.thresholds) == before
    desk.imported(city_tables())
    assert [vital.number for vital in codec.unpack(desk.room.desk.packed, Catalogue).vitals] == [0, 1]


def test_that_a_change_for_tomorrow_takes_effect_tomorrow_even_after_a_restart(desk: Desk) -> None:
    tomorrow = desk.room.clock.utc_ns() + DAY_NS
    change = desk.in_force({"high_yellow": "181"}, at=tomorrow)
    assert (change.state, desk.cells()["high_yellow"]) == (STATE.SCHEDULED, "180.5")
    desk.room.restart()
    desk.new_keeper()
    desk.room.clock.now_ns = tomorrow - 1
    desk.tend()
    assert desk.change(change.number).state is STATE.SCHEDULED
    desk.room.clock.now_ns = tomorrow
    desk.tend()
    assert desk.change(change.number).state is STATE.IN_FORCE
    assert desk.cells()["high_yellow"] == "181"


def test_that_several_changes_due_together_make_one_version(desk: Desk) -> None:
    soon = desk.room.clock.utc_ns() + NS_PER_S
    for vital, changes in (("SW", {"high_yellow": "181"}), ("BF", {"high_red": "120"})):
        desk.in_force(changes, at=soon, vital=vital)
    desk.room.clock.advance(1)
    desk.tend()
    assert (desk.room.desk.city.version, desk.cells("BF")["high_red"]) == (2, "120")
    assert {desk.change(number).catalogue_version for number in (1, 2)} == {2}


def test_that_a_roll_back_goes_the_same_way_and_leaves_the_rule_as_it_was(desk: Desk) -> None:
    before = desk.cells()
    change = desk.in_force({"high_yellow": "181", "on_delay_s": "5"})
    back = desk.rolled_back(change.number)
    assert (back.state, back.rolls_back, desk.cells()["high_yellow"]) == (STATE.WAITING, change.number, "181")
    desk.approve(back.number)
    desk.tend()
    assert desk.cells() == before
    assert desk.change(change.number).state is STATE.ROLLED_BACK
    assert desk.change(back.number).state is STATE.IN_FORCE


def test_that_only_what_is_in_force_can_be_rolled_back_and_only_once(desk: Desk) -> None:
    waiting = desk.proposed({"high_yellow": "181"})
    assert desk.roll_back(waiting.number).code == "threshold.state"
    desk.approve(waiting.number)
    desk.tend()
    back = desk.rolled_back(waiting.number)
    desk.approve(back.number)
    desk.tend()
    assert desk.roll_back(waiting.number).code == "threshold.state"


def test_that_a_later_change_of_the_same_limit_ends_the_earlier_one(desk: Desk) -> None:
    first, second = desk.in_force({"high_yellow": "181"}), desk.in_force({"high_yellow": "182"})
    other = desk.in_force({"on_delay_s": "5"})
    states = [desk.change(change.number).state for change in (first, second, other)]
    assert states == [STATE.SUPERSEDED, STATE.IN_FORCE, STATE.IN_FORCE]


def test_that_a_change_is_laid_upon_an_import_that_left_its_limit_alone(desk: Desk) -> None:
    soon = desk.room.clock.utc_ns() + NS_PER_S
    change = desk.in_force({"high_yellow": "181"}, at=soon)
    tables = city_tables()
    tables["thresholds"][0]["high_red"] = "184"
    desk.imported(tables)
    desk.room.clock.advance(1)
    desk.tend()
    assert desk.change(change.number).state is STATE.IN_FORCE
    assert (desk.cells()["high_yellow"], desk.cells()["high_red"]) == ("181", "184")


def test_that_a_change_whose_limit_was_imported_anew_is_refused_with_who_and_when(desk: Desk) -> None:
    soon = desk.room.clock.utc_ns() + NS_PER_S
    change = desk.in_force({"high_yellow": "181"}, at=soon)
    tables = city_tables()
    tables["thresholds"][0]["high_yellow"] = "180"
    desk.imported(tables)
    desk.room.clock.advance(1)
    desk.tend()
    refused = desk.change(change.number)
    assert (refused.state, refused.params["refused"]) == (STATE.REFUSED, "threshold.no_longer_fits")
    assert (refused.params["who"], refused.params["version"]) == (LOCAL_ADMIN_NAME, "2")
    assert refused.params["at"]
    assert (desk.cells()["high_yellow"], desk.room.desk.city.version) == ("180", 2)


def test_that_a_change_that_would_no_longer_be_acceptable_is_refused_and_the_others_go_on(desk: Desk) -> None:
    soon = desk.room.clock.utc_ns() + NS_PER_S
    bad = desk.in_force({"high_yellow": "183"}, at=soon)
    good = desk.in_force({"high_red": "120"}, at=soon, vital="BF")
    tables = city_tables()
    tables["thresholds"][0]["high_red"] = "182"
    desk.imported(tables)
    desk.room.clock.advance(1)
    desk.tend()
    assert desk.change(bad.number).params["refused"] == "catalogue.limits_not_in_order"
    assert desk.change(good.number).state is STATE.IN_FORCE


def test_that_an_import_that_undoes_a_change_is_noted_at_it(desk: Desk) -> None:
    change = desk.in_force({"high_yellow": "181"})
    desk.imported(city_tables())
    desk.tend()
    undone = desk.change(change.number)
    assert (undone.state, undone.params["version"]) == (STATE.SUPERSEDED, "3")


def test_that_a_version_put_in_force_while_the_worker_worked_is_not_lost(desk: Desk) -> None:
    number = desk.proposed({"high_yellow": "181"}).number
    desk.approve(number)
    desk.keeper.tend()
    tables = city_tables()
    tables["thresholds"][0]["high_red"] = "184"
    built = catalogue.prepare_import  # the import overtakes the job that already waits
    with desk.room.ledger.reading() as connection:
        job = built(desk.room.desk, connection, ImportCatalogue(tables=tables, origin={}))
    prepared = job()
    with desk.room.ledger.work(CENTRE) as work:
        catalogue.put(desk.room.desk, work, prepared, "catalogue.import")
    desk.tend()
    assert (desk.cells()["high_yellow"], desk.cells()["high_red"]) == ("181", "184")
    assert desk.change(number).catalogue_version == 3


def test_that_nobody_approves_his_own_change_nor_one_he_might_not_ask_for(desk: Desk) -> None:
    number = desk.proposed({"high_yellow": "181"}).number
    officer = desk.room.officer("officer", "500000.duty_officer", seat="A-03")
    assert desk.approve(number, desk.chief).code == "approval.own"
    assert desk.approve(number, officer).code == "permission.no_post"
    assert desk.change(number).state is STATE.WAITING
    assert desk.approve(number).outcome == "done"
    assert desk.approve(number, ADMIN_KEY).code == "approval.decided"


def test_that_the_machine_s_admin_needs_a_second_person_too(desk: Desk) -> None:
    number = desk.proposed({"high_yellow": "181"}, by=ADMIN_KEY).number
    assert desk.approve(number, ADMIN_KEY).code == "approval.own"
    assert desk.approve(number, desk.chief).outcome == "done"


def test_that_the_approver_sees_what_changes_from_what_to_what_and_why(desk: Desk) -> None:
    change = desk.proposed({"high_yellow": "181", "high_red": ""})
    approval = desk.approval(change.number)
    assert (approval.action, approval.subject, approval.asked_by) == ("threshold.propose", "SW", "chief")
    assert approval.params["cells"] == "high_yellow 180.5 → 181 · high_red 183.5 → —"
    assert (approval.params["reason"], approval.params["threshold_set"]) == ("汛前复核", "PT")


def test_that_a_refused_or_withdrawn_change_ends_and_tells_why(desk: Desk) -> None:
    refused, withdrawn = desk.proposed({"high_yellow": "181"}), desk.proposed({"high_red": "120"}, vital="BF")
    assert desk.refuse(refused.number, desk.editor).outcome == "done"
    assert desk.refuse(withdrawn.number, desk.chief).outcome == "done"
    desk.tend()
    ended = [desk.change(change.number) for change in (refused, withdrawn)]
    assert [(change.state, change.params["refused"]) for change in ended] == [
        (STATE.REFUSED, "依据不足"), (STATE.WITHDRAWN, "依据不足"),
    ]  # fmt: skip
    assert desk.approval(withdrawn.number).state is ApprovalState.WITHDRAWN
    assert desk.cells()["high_yellow"] == "180.5"


def test_that_a_proposal_nobody_looks_at_expires_even_over_a_restart(desk: Desk) -> None:
    number = desk.proposed({"high_yellow": "181"}).number
    desk.room.restart()
    desk.room.clock.now_ns += round(desk.room.settings.threshold_approval_hours * 3600 * NS_PER_S)
    assert desk.approve(number).code in {"approval.expired", "session.expired"}
    assert approvals.expire(SECONDED, desk.room.desk, desk.room.ledger) == 1
    assert (desk.change(number).state, desk.change(number).params["refused"]) == (STATE.REFUSED, "approval.expired")
    assert desk.approval(number).state is ApprovalState.EXPIRED
    assert approvals.expire(SECONDED, desk.room.desk, desk.room.ledger) == 0


def test_that_what_waits_is_told_to_a_screen_that_joins_and_no_longer_once_decided(desk: Desk) -> None:
    number = desk.proposed({"high_yellow": "181"}).number

    def told() -> list[str]:
        snapshot = codec.unpack(desk.room.ask("snapshot", HELLO, SCREEN_KEY).body, Snapshot)
        return [record.key for record in snapshot.records if record.kind == "approval"]

    assert told() == [str(desk.approval(number).number)]
    desk.approve(number)
    assert told() == []


def test_that_no_limit_changes_in_an_emergency_unless_the_machine_s_admin_takes_part(desk: Desk) -> None:
    held, let = desk.proposed({"high_yellow": "181"}), desk.proposed({"high_red": "120"}, vital="BF")
    desk.approve(held.number)
    desk.approve(let.number, ADMIN_KEY)
    set_mode(desk.room.desk, Mode.EMERGENCY)
    desk.tend()
    assert [desk.change(n).state for n in (held.number, let.number)] == [STATE.SCHEDULED, STATE.IN_FORCE]
    set_mode(desk.room.desk, Mode.PEACETIME)
    desk.new_keeper()  # past the second in which what is held is not looked at again
    desk.tend()
    assert desk.change(held.number).state is STATE.IN_FORCE


def test_that_one_rule_has_one_open_change_at_a_time(desk: Desk) -> None:
    desk.proposed({"high_yellow": "181"})
    assert desk.propose({"high_red": "184"}).code == "threshold.already_waiting"
    desk.proposed({"high_red": "120"}, vital="BF")


@pytest.mark.parametrize(("days", "code"), [(-1, "threshold.effective_past"), (367, "threshold.effective_too_far")])
def test_that_an_effective_time_must_be_ahead_and_not_too_far(desk: Desk, days: int, code: str) -> None:
    assert desk.propose({"high_yellow": "181"}, at=desk.room.clock.utc_ns() + days * DAY_NS).code == code


def test_that_a_full_lane_or_a_bug_is_tried_again_later_and_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = desk.proposed({"high_yellow": "181"}).number
    desk.approve(number)
    monkeypatch.setattr("chengyun_core.centre.threshold_keeper.next_version", lambda *_: 1 / 0)
    desk.tend()
    assert desk.room.desk.counters["threshold.bugs"] == 1
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()
    monkeypatch.undo()
    later = time.monotonic() + 6
    monkeypatch.setattr("chengyun_core.centre.one_job.time.monotonic", lambda: later)
    desk.room.lanes[IMPORTS].full = True
    desk.tend()
    assert desk.change(number).state is STATE.SCHEDULED
    desk.room.lanes[IMPORTS].full = False
    monkeypatch.setattr("chengyun_core.centre.one_job.time.monotonic", lambda: later + 6)
    desk.tend()
    assert desk.change(number).state is STATE.IN_FORCE


def test_that_a_screen_that_joins_is_told_the_changes(desk: Desk) -> None:
    change = desk.in_force({"high_yellow": "181"})
    snapshot = codec.unpack(desk.room.ask("snapshot", HELLO, SCREEN_KEY).body, Snapshot)
    (told,) = (record for record in snapshot.records if record.kind == "threshold")
    fact = fact_of(told)
    assert fact is not None
    assert (fact.record, told.number) == (change, desk.room.published[-1].number)


def test_that_the_newest_changes_are_read_back_with_the_row_that_tells_them(desk: Desk) -> None:
    first, second = desk.in_force({"high_yellow": "181"}), desk.proposed({"high_red": "120"}, vital="BF")
    with desk.room.ledger.reading() as connection:
        told = threshold_log.newest(connection)
        (one,) = threshold_log.newest(connection, limit=1)
    assert [change for change, _ in told] == [first, second]
    assert one[0] == second
    assert one[1] == desk.room.published[-1].number


def test_that_the_history_of_a_vital_says_when_each_change_came_into_force(desk: Desk) -> None:
    def told(vital: str) -> list[tuple[dict[str, str], str, str, int]]:
        reply = desk.room.ask("threshold.history", AskThresholds(vital_code=vital), SCREEN_KEY)
        rows = codec.unpack(reply.body, ThresholdHistory).rows
        return [(row.change.after, row.change.author, row.change.approver, row.effect_at) for row in rows]

    first = desk.in_force({"high_yellow": "181.0"})
    at_first = desk.room.clock.now_ns
    desk.room.clock.now_ns += 10 * NS_PER_S
    desk.in_force({"high_yellow": "181.5"})
    waits = desk.proposed({"high_red": "190"})
    assert told("SW") == [
        ({"high_yellow": first.after["high_yellow"]}, "chief", "editor", at_first),
        ({"high_yellow": "181.5"}, "chief", "editor", at_first + 10 * NS_PER_S),
        (waits.after, "chief", "", 0),
    ]
    assert told("nobody") == []

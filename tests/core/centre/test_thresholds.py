"""Changes of thresholds from proposal to roll-back: two people, one version, a history, nothing lost by a restart."""

import time
from dataclasses import replace

import pytest

from chengyun_core.centre import catalogue, thresholds
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.handlers import IMPORTS
from chengyun_core.centre.threshold_keeper import ThresholdKeeper
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.audit import CENTRE, LOCAL_ADMIN_NAME
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import ImportCatalogue, ProposeThreshold, RollBackThreshold
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Mode
from chengyun_core.model.threshold_change import cells_of
from chengyun_core.store import threshold_log
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Snapshot
from tests.core.centre.room import ADMIN_KEY, SCREEN_KEY, Room
from tests.support.small_tables import small_tables

STATE = ThresholdState
CHIEF = Caller(account="chief", holdings=())


class Desk:
    """The centre with the small tables in force, and the keeper its loop would tend."""

    def __init__(self, room: Room) -> None:
        self.room = room
        room.adopt(Catalogue())
        room.desk.packed = b""
        self.imported(small_tables())
        self.new_keeper()

    def new_keeper(self) -> None:
        room = self.room
        self.keeper = ThresholdKeeper(
            room.desk, room.ledger, lambda job, then: room.door.undertake(IMPORTS, job, then)
        )  # fmt: skip

    def imported(self, tables: dict[str, list[dict[str, str]]]) -> None:
        self.room.done(ImportCatalogue(tables=tables, origin={}), ADMIN_KEY)

    def proposed(self, changes: dict[str, str], *, at: int | None = None, vital: str = "SW") -> ThresholdChange:
        command = ProposeThreshold(
            threshold_set="PT", vital_code=vital, changes=changes, reason="汛前复核", effective_at=at
        )
        with self.room.ledger.reading() as connection:
            prepared = thresholds.prepare_proposal(self.room.desk, connection, command)()
        with self.room.ledger.work(CENTRE) as work:
            return thresholds.propose(self.room.desk, work, CHIEF, command, prepared)

    def rolled_back(self, number: int) -> ThresholdChange:
        command = RollBackThreshold(change=number, version=self.change(number).version, reason="误改")
        with self.room.ledger.reading() as connection:
            prepared = thresholds.prepare_roll_back(self.room.desk, connection, command)()
        with self.room.ledger.work(CENTRE) as work:
            return thresholds.roll_back(self.room.desk, work, CHIEF, command, prepared)

    def approve(self, number: int, approver: str = "editor") -> None:
        with self.room.ledger.work(CENTRE) as work:
            thresholds.approved(self.room.desk, work, number, approver)

    def tend(self) -> None:
        """Let the keeper begin and the worker end what is due, until nothing is."""
        for _ in range(4):
            self.keeper.tend()
            self.room.work()

    def in_force(self, changes: dict[str, str], **more: object) -> ThresholdChange:
        number = self.proposed(changes, **more).number  # type: ignore[arg-type]
        self.approve(number)
        self.tend()
        return self.change(number)

    def change(self, number: int) -> ThresholdChange:
        with self.room.ledger.reading() as connection:
            return thresholds.known(connection, number)

    def cells(self, vital: str = "SW", threshold_set: str = "PT") -> dict[str, str]:
        return cells_of(codec.unpack(self.room.desk.packed, Catalogue), threshold_set, vital)


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
    desk.imported(small_tables())
    assert [vital.number for vital in codec.unpack(desk.room.desk.packed, Catalogue).vitals] == [0, 1]


def test_that_a_change_for_tomorrow_takes_effect_tomorrow_even_after_a_restart(desk: Desk) -> None:
    tomorrow = desk.room.clock.utc_ns() + 86_400 * NS_PER_S
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
    with pytest.raises(Refused, match=r"threshold\.state"):
        desk.rolled_back(waiting.number)
    desk.approve(waiting.number)
    desk.tend()
    back = desk.rolled_back(waiting.number)
    desk.approve(back.number)
    desk.tend()
    with pytest.raises(Refused, match=r"threshold\.state"):
        desk.rolled_back(waiting.number)


def test_that_a_later_change_of_the_same_limit_ends_the_earlier_one(desk: Desk) -> None:
    first, second = desk.in_force({"high_yellow": "181"}), desk.in_force({"high_yellow": "182"})
    other = desk.in_force({"on_delay_s": "5"})
    states = [desk.change(change.number).state for change in (first, second, other)]
    assert states == [STATE.SUPERSEDED, STATE.IN_FORCE, STATE.IN_FORCE]


def test_that_a_change_is_laid_upon_an_import_that_left_its_limit_alone(desk: Desk) -> None:
    soon = desk.room.clock.utc_ns() + NS_PER_S
    change = desk.in_force({"high_yellow": "181"}, at=soon)
    tables = small_tables()
    tables["thresholds"][0]["high_red"] = "184"
    desk.imported(tables)
    desk.room.clock.advance(1)
    desk.tend()
    assert desk.change(change.number).state is STATE.IN_FORCE
    assert (desk.cells()["high_yellow"], desk.cells()["high_red"]) == ("181", "184")


def test_that_a_change_whose_limit_was_imported_anew_is_refused_with_who_and_when(desk: Desk) -> None:
    soon = desk.room.clock.utc_ns() + NS_PER_S
    change = desk.in_force({"high_yellow": "181"}, at=soon)
    tables = small_tables()
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
    tables = small_tables()
    tables["thresholds"][0]["high_red"] = "182"
    desk.imported(tables)
    desk.room.clock.advance(1)
    desk.tend()
    assert desk.change(bad.number).params["refused"] == "catalogue.limits_not_in_order"
    assert desk.change(good.number).state is STATE.IN_FORCE


def test_that_an_import_that_undoes_a_change_is_noted_at_it(desk: Desk) -> None:
    change = desk.in_force({"high_yellow": "181"})
    desk.imported(small_tables())
    desk.tend()
    undone = desk.change(change.number)
    assert (undone.state, undone.params["version"]) == (STATE.SUPERSEDED, "3")


def test_that_a_version_put_in_force_while_the_worker_worked_is_not_lost(desk: Desk) -> None:
    number = desk.proposed({"high_yellow": "181"}).number
    desk.approve(number)
    desk.keeper.tend()
    tables = small_tables()
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


def test_that_a_change_withdrawn_while_the_worker_worked_does_not_take_effect(desk: Desk) -> None:
    number = desk.proposed({"high_yellow": "181"}).number
    desk.approve(number)
    desk.keeper.tend()
    with desk.room.ledger.work(CENTRE) as work:
        thresholds.turned_down(desk.room.desk, work, number, "撤回", withdrawn=True)
    desk.tend()
    assert (desk.change(number).state, desk.cells()["high_yellow"]) == (STATE.WITHDRAWN, "180.5")


def test_that_no_limit_changes_in_an_emergency_unless_the_machine_s_admin_takes_part(desk: Desk) -> None:
    held, let = desk.proposed({"high_yellow": "181"}), desk.proposed({"high_red": "120"}, vital="BF")
    desk.approve(held.number)
    desk.approve(let.number, LOCAL_ADMIN_NAME)
    desk.room.desk.mode = Mode.EMERGENCY
    desk.tend()
    assert [desk.change(n).state for n in (held.number, let.number)] == [STATE.SCHEDULED, STATE.IN_FORCE]
    desk.room.desk.mode = Mode.PEACETIME
    desk.new_keeper()  # past the second in which what is held is not looked at again
    desk.tend()
    assert desk.change(held.number).state is STATE.IN_FORCE


def test_that_one_rule_has_one_open_change_at_a_time(desk: Desk) -> None:
    desk.proposed({"high_yellow": "181"})
    with pytest.raises(Refused, match=r"threshold\.already_waiting"):
        desk.proposed({"high_red": "184"})
    desk.proposed({"high_red": "120"}, vital="BF")


@pytest.mark.parametrize(("days", "code"), [(-1, "threshold.effective_past"), (367, "threshold.effective_too_far")])
def test_that_an_effective_time_must_be_ahead_and_not_too_far(desk: Desk, days: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        desk.proposed({"high_yellow": "181"}, at=desk.room.clock.utc_ns() + days * 86_400 * NS_PER_S)


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
    monkeypatch.setattr("chengyun_core.centre.threshold_keeper.time.monotonic", lambda: later)
    desk.room.lanes[IMPORTS].full = True
    desk.tend()
    assert desk.change(number).state is STATE.SCHEDULED
    desk.room.lanes[IMPORTS].full = False
    monkeypatch.setattr("chengyun_core.centre.threshold_keeper.time.monotonic", lambda: later + 6)
    desk.tend()
    assert desk.change(number).state is STATE.IN_FORCE


def test_that_a_screen_that_joins_is_told_the_changes(desk: Desk) -> None:
    change = desk.in_force({"high_yellow": "181"})
    hello = Hello(protocol=PROTOCOL_VERSION, client="screen")
    snapshot = codec.unpack(desk.room.ask("snapshot", hello, SCREEN_KEY).body, Snapshot)
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

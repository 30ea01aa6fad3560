"""Another threshold set in force: a new version, journalled with the preview, reversible, and compared afterwards."""

import pytest

from chengyun_core.centre.threshold_sets import COMPARED_AFTER_S, compare, differs
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.change import CatalogueRecord, Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import ImportCatalogue, SwitchThresholdSet
from chengyun_core.model.scales import Mode, WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskCatalogue, AskThresholds, ThresholdHistory
from tests.core.centre.room import ADMIN_KEY, Room
from tests.support.mode_samples import set_mode
from tests.support.small_tables import small_tables


@pytest.fixture
def city(room: Room) -> Room:
    """Return the centre with the small tables in force: sets PT and XQ."""
    room.adopt(Catalogue())
    room.desk.packed = b""
    tables = small_tables()
    tables["seats"].append(tables["seats"][0] | {"code": "A-02"})
    room.done(ImportCatalogue(tables=tables, origin={}), ADMIN_KEY)
    room.published.clear()
    return room


def _switch(to: str, seen: int = 0) -> SwitchThresholdSet:
    return SwitchThresholdSet(threshold_set=to, reason="入汛", seen_alarms=seen)


def _in_force(room: Room) -> Catalogue:
    return codec.unpack(room.ask("catalogue.get", AskCatalogue(), ADMIN_KEY).body, Catalogue)


def _compared(room: Room) -> list[Change]:
    compare(room.desk, room.ledger)
    return [change for change in room.published if change.action == "threshold.compare"]


def test_that_a_switch_is_a_new_version_told_with_reason_and_preview(city: Room) -> None:
    done = city.done(_switch("XQ", seen=37), ADMIN_KEY)
    assert (done.version, _in_force(city).set_in_force()) == (2, "XQ")
    (change,) = city.published
    assert codec.unpack(change.record, CatalogueRecord).threshold_set == "XQ"
    told = {name: change.params[name] for name in ("from", "to", "reason", "seen_alarms")}
    assert told == {"from": "PT", "to": "XQ", "reason": "入汛", "seen_alarms": "37"}
    city.restart()
    assert _in_force(city).set_in_force() == "XQ"


def test_that_a_switch_can_be_taken_back_and_changes_nothing_else(city: Room) -> None:
    before = _in_force(city)
    city.done(_switch("XQ"), ADMIN_KEY)
    city.done(_switch("PT"), ADMIN_KEY)
    after = _in_force(city)
    assert after.version == 3
    assert (after.thresholds, after.threshold_sets, after.vitals) == (
        before.thresholds, before.threshold_sets, before.vitals,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("to", "seen", "reason", "code"),
    [
        ("PT", 0, "x", "threshold.set_in_force"),
        ("YY", 0, "x", "threshold.set_unknown"),
        ("XQ", -1, "x", "threshold.seen_alarms"),
        ("XQ", 0, " ", "text.missing.reason"),
    ],
)
def test_that_a_switch_that_cannot_be_meant_is_refused(city: Room, to: str, seen: int, reason: str, code: str) -> None:
    command = SwitchThresholdSet(threshold_set=to, reason=reason, seen_alarms=seen)
    assert city.do(command, ADMIN_KEY).code == code
    assert _in_force(city).version == 1


def test_that_of_two_switches_at_once_the_second_is_refused(city: Room) -> None:
    for name in ("one", "two"):
        city.door.take(b"peer", city.bytes_of("threshold.switch_set", _switch("XQ"), ADMIN_KEY, name))
    first, second = city.work()
    assert (b"done" in first.data, b"catalogue.changed_meanwhile" in second.data) == (True, True)


def test_that_a_chief_switches_in_peacetime_and_only_the_machine_s_admin_in_an_emergency(city: Room) -> None:
    officer = city.officer("officer", "500000.duty_officer")
    chief = city.officer("chief", "500000.watch_chief", seat="A-02")
    assert city.do(_switch("XQ"), officer).code == "permission.no_post"
    set_mode(city.desk, Mode.EMERGENCY)
    assert city.do(_switch("XQ"), chief).code == "permission.wrong_mode"
    city.done(_switch("XQ"), ADMIN_KEY)
    set_mode(city.desk, Mode.PEACETIME)
    city.done(_switch("PT"), chief)


def test_that_ten_seconds_later_the_journal_tells_whether_the_preview_was_true(city: Room) -> None:
    city.done(_switch("XQ", seen=1), ADMIN_KEY)
    city.observe(0, WarningColour.YELLOW)
    city.clock.advance(COMPARED_AFTER_S - 1)
    assert _compared(city) == []
    city.clock.advance(1)
    (change,) = _compared(city)
    assert change.params == {"seen_alarms": "1", "found_alarms": "1", "differs": "False"}
    assert _compared(city) == [change]


def test_that_a_wrong_preview_is_counted(city: Room) -> None:
    city.done(_switch("XQ", seen=40), ADMIN_KEY)
    city.clock.advance(COMPARED_AFTER_S)
    (change,) = _compared(city)
    assert change.params["differs"] == "True"
    assert city.desk.counters["threshold.previews_wrong"] == 1


def test_that_only_the_last_of_two_switches_is_compared(city: Room) -> None:
    city.done(_switch("XQ", seen=40), ADMIN_KEY)
    city.clock.advance(5)
    city.done(_switch("PT", seen=0), ADMIN_KEY)
    city.clock.advance(COMPARED_AFTER_S)
    (change,) = _compared(city)
    assert (change.key, change.version, change.params["differs"]) == ("PT", 3, "False")


@pytest.mark.parametrize(
    ("seen", "found", "expected"),
    [(0, 0, False), (10, 12, False), (10, 13, True), (100, 110, False), (100, 111, True), (40, 30, True), (0, 1, True)],
)
def test_that_more_than_a_fifth_or_ten_is_a_difference(seen: int, found: int, expected: bool) -> None:
    assert differs(seen, found) is expected


def _history(room: Room) -> ThresholdHistory:
    return codec.unpack(room.ask("threshold.history", AskThresholds(vital_code="SW"), ADMIN_KEY).body, ThresholdHistory)


def test_that_the_history_of_limits_tells_which_set_was_in_force_when(city: Room) -> None:
    began = _history(city).sets[0][0]
    switched = []
    for code in ("XQ", "PT"):
        city.clock.now_ns += 10 * NS_PER_S
        switched.append((city.clock.now_ns, code))
        city.done(_switch(code), ADMIN_KEY)
    told = _history(city)
    assert told.sets == ((began, "PT"), *switched)
    assert told.known_since == 0


def test_that_a_catalogue_imported_over_another_is_told_as_the_end_of_what_is_known(city: Room) -> None:
    city.clock.now_ns += 10 * NS_PER_S
    tables = small_tables()
    tables["thresholds"][0]["high_red"] = "200"
    city.done(ImportCatalogue(tables=tables, origin={}), ADMIN_KEY)
    at_import = city.clock.now_ns
    city.clock.now_ns += 10 * NS_PER_S
    city.done(_switch("XQ"), ADMIN_KEY)
    told = _history(city)
    assert told.known_since == at_import
    assert [code for _, code in told.sets] == ["PT", "XQ"]

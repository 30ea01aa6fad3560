"""平急转换 (H1, WF3): previewed, decided by two, one switch over every part, confirmed or undone whole; the way."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chengyun_core.centre import catalogue, mode_care, mode_parts, mode_preview, mode_reports, threshold_sets
from chengyun_core.centre.catalogue import packed_up
from chengyun_core.centre.mode_parts import Step
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import RefuseApproval, ShelveAlarm
from chengyun_core.model.failure import Trouble
from chengyun_core.model.mode import Declaration, Part, Preset, Scope, ScopeKind, SwitchState
from chengyun_core.model.mode_commands import ConfirmMode, DeclareMode, GiveModeReport, LiftMode, SavePreset
from chengyun_core.model.scales import Mode, WarningColour
from chengyun_core.store import call_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.mode_asks import AskModePreview, AskSets, ModePreview, SetsTold
from tests.core.centre.mode_room import CITY, FLOOD, SHAPINGBA, WATER, WHOLE, YUZHONG, ModeRoom
from tests.core.centre.room import ADMIN_KEY, INGEST_KEY

FULL = replace(FLOOD, code="full", plans=("P1",))
"""Carries all eight parts."""
MANY = ("x",) * 51
NOWHERE, HALF = Scope(centre="999999"), Scope(centre=CITY, track="YJ01")


@pytest.fixture
def city(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[ModeRoom]:
    """Return a centre whose seats and ingest live."""
    made = ModeRoom(tmp_path)
    yield made
    made.room.ledger.close()


def _state(city: ModeRoom) -> tuple[object, ...]:
    """Return all that a switch changes, as it lies in the database and on the desk."""
    with city.room.ledger.reading() as connection:
        calls = [(call.number, call.ended_at is None) for call, _ in call_table.running(connection)]
    room = city.room
    return (
        codec.unpack(room.desk.packed, Catalogue).scope_sets, room.desk.city.scope_sets, calls, city.effect(),
        city.effect(YUZHONG), sorted(str(key) for kind, key in room.desk.due.due() if kind == "mode_report"),
    )  # fmt: skip


def test_that_a_switch_changes_every_part_in_one_record_and_is_in_force_when_all_confirmed(city: ModeRoom) -> None:
    declared = city.declare()
    assert (declared.state, declared.awaited) == (SwitchState.APPLYING, ("ingest/0", "A-01", "A-02", "Y-01"))
    assert {item.part: (item.before, item.after) for item in declared.parts} == {
        Part.THRESHOLDS: ("PT", "XQ"), Part.LAYOUT: ("", "flood-command"), Part.SOUND: ("", "emergency"),
        Part.ROSTER: ("", "500000.duty_officer.2"), Part.CALL_OUT: ("", "flood"), Part.REPORTS: ("", "120"),
        Part.LAYERS: ("", "rain rivers"),
    }  # fmt: skip
    assert (declared.declared_by, declared.seconded_by) == ("officer", "chief")
    written = [change for change in city.room.published if change.action == "mode.switch"]
    assert [change.params["thresholds"] for change in written] == ["PT → XQ"]
    city.confirm_all()
    assert city.of(declared.number).state is SwitchState.IN_FORCE
    assert city.effect(SHAPINGBA).mode is Mode.EMERGENCY
    assert city.room.desk.city.scope_sets == {CITY: "XQ"}


def test_that_nothing_changes_before_a_second_person_gives_it_and_who_asked_cannot(city: ModeRoom) -> None:
    before = _state(city)
    asked = city.ask_for()
    assert city.newest().state is SwitchState.ASKED
    assert _state(city) == before
    assert city.give(asked, city.officer).code == "approval.own"
    assert city.give(asked, city.officer, "chief").outcome == "done", "beside each other, at one console"
    assert city.newest().seconded_by == "chief"


def test_that_one_of_the_two_is_a_chief_of_the_watch(city: ModeRoom) -> None:
    city.room.make("officer2", "500000.duty_officer")
    asked = city.ask_for()
    assert city.give(asked, city.officer, "officer2").code == "mode.no_chief"
    assert city.newest().state is SwitchState.ASKED


def test_that_what_nobody_gave_in_time_is_refused_and_the_scope_is_free_again(city: ModeRoom) -> None:
    city.ask_for()
    assert city.ask_for().code == "mode.already"
    city.pass_time(601)
    assert city.newest().state is SwitchState.REFUSED
    city.here(city.officer, city.chief, city.of_yuzhong)
    assert city.ask_for().outcome == "done"


def test_that_a_preview_that_was_not_shown_or_is_another_by_now_is_shown_again(city: ModeRoom) -> None:
    assert city.ask_for(seen="").code == "mode.preview_changed"
    asked = city.ask_for()
    city.room.done(SavePreset(preset=replace(FLOOD, sound="siren"), version=1), ADMIN_KEY)
    assert city.give(asked).code == "mode.preview_changed"
    assert city.newest().state is SwitchState.ASKED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"threshold_set": "none"}, "threshold.set_unknown"),
        ({"call_out": "none"}, "call_list.unknown"),
        ({"plans": ("none",)}, "mode.plan_unknown"),
    ],
)
def test_that_a_part_that_cannot_be_switched_is_told_by_the_preview_and_refused_beforehand(
    city: ModeRoom, change: dict[str, Any], code: str
) -> None:
    # Written past the command, which would refuse it.
    broken = Preset(code="broken", name="坏", version=1, **change)
    with city.room.ledger.work(CENTRE) as work:
        work.note("mode_preset.save", mode_care.PRESETS.kind, broken.code, 1, broken)
    told = {item.fault.code for item in city.preview(preset="broken").parts if item.fault}
    assert told == {code}
    assert city.ask_for(preset="broken").code == code


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModeRoom]:
    """Return a centre shared by tests after which everything is as it was."""
    made = ModeRoom(tmp_path_factory.mktemp("lasting"))
    with pytest.MonkeyPatch.context() as patch:
        _all_parts(made, patch)
        yield made
    made.room.ledger.close()


@pytest.mark.parametrize("part", Part)
def test_that_a_failure_in_any_part_leaves_everything_as_it_was(
    lasting: ModeRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, part: Part
) -> None:
    before, asked = _state(lasting), lasting.ask_for(preset="full")
    monkeypatch.setitem(mode_parts.PUT, part, _failing)
    given = lasting.give(asked)
    assert (given.outcome, given.code) == ("trouble", "store.fault")
    assert caplog.records, "told in the log, too"
    assert _state(lasting) == before
    assert lasting.newest().state is SwitchState.ASKED, "the approval still waits"
    waits = codec.unpack(asked.body, Done)
    lasting.room.done(RefuseApproval(approval=int(waits.key), version=1, reason="不转换"), lasting.officer)
    assert lasting.newest().state is SwitchState.REFUSED


@pytest.mark.parametrize("part", Part)
def test_that_a_failure_in_any_part_of_the_way_back_leaves_it_in_force(
    lasting: ModeRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, part: Part
) -> None:
    held = lasting.newest()
    if held.state is not SwitchState.IN_FORCE:
        held = lasting.in_force(preset="full")
    before, asked = _state(lasting), lasting.ask_to_lift(held.number)
    monkeypatch.setitem(mode_parts.LIFT, part, _failing)
    assert lasting.give(asked).outcome == "trouble"
    assert caplog.records, "told in the log, too"
    assert _state(lasting) == before
    assert lasting.of(held.number) == held


@pytest.mark.parametrize(
    ("who", "fault"),
    [
        ("ingest", "mode.ingest_refused"),
        ("A-01", "mode.fault.layout"),
        ("A-02", "mode.fault.sound"),
        ("Y-01", "mode.fault.layers"),
        ("Y-01", "mode.fault.plans"),
    ],
)
def test_that_a_fault_of_ingest_or_of_a_seat_undoes_every_part_and_says_who(
    city: ModeRoom, who: str, fault: str
) -> None:
    before, declared = _state(city), city.declare()
    if who == "ingest":
        city.runs(1, refused=declared.catalogue)
    else:
        session = {"A-01": city.officer, "A-02": city.chief, "Y-01": city.of_yuzhong}[who]
        assert city.confirm(session, who, declared, fault).outcome == "done"
    city.turn()
    undone = city.of(declared.number)
    assert (undone.state, undone.fault, undone.faulty) == (
        SwitchState.UNDONE, fault, "ingest/0" if who == "ingest" else who,
    )  # fmt: skip
    assert _state(city) == before
    assert [change.params["who"] for change in city.room.published if change.action == "mode.undo"] == [undone.faulty]


@pytest.mark.parametrize("silent", ["ingest/0", "A-01", "A-02", "Y-01"])
def test_that_whoever_is_silent_for_two_seconds_undoes_it(city: ModeRoom, silent: str) -> None:
    before, declared = _state(city), city.declare()
    city.turn()
    seats = {"A-01": city.officer, "A-02": city.chief, "Y-01": city.of_yuzhong}
    for seat in seats.keys() - {silent}:
        city.confirm(seats[seat], seat, declared)
    if silent != "ingest/0":
        city.runs()
    city.pass_time(1.9)
    assert city.of(declared.number).state is SwitchState.APPLYING
    city.pass_time(0.2)
    undone = city.of(declared.number)
    assert (undone.state, undone.fault, undone.faulty) == (SwitchState.UNDONE, "mode.not_confirmed", silent)
    assert _state(city) == before


def test_that_a_seat_nobody_is_at_and_one_whose_console_died_block_nothing(city: ModeRoom) -> None:
    city.pass_time(13)
    city.here(city.officer)
    asked = city.ask_for()
    assert city.give(asked, city.officer, "chief").outcome == "done"
    declared = city.newest()
    assert declared.awaited == ("ingest/0", "A-01")
    city.confirm(city.officer, "A-01", declared)
    city.runs()
    assert city.of(declared.number).state is SwitchState.IN_FORCE


def test_that_a_seat_speaks_for_itself_only_and_once_and_not_after_the_end(city: ModeRoom) -> None:
    declared = city.declare()
    assert city.confirm(city.officer, "A-02", declared).code == "mode.not_your_seat"
    assert city.confirm(city.officer, "ingest/0", declared).code == "mode.not_your_seat"
    assert city.confirm(city.officer, "A-01", replace(declared, term=9)).code == "mode.not_applying"
    assert city.confirm(city.officer, "A-01", declared).outcome == "done"
    before = city.of(declared.number)
    assert city.confirm(city.officer, "A-01", declared, "mode.fault.sound").outcome == "done", (
        "a repetition, kept as it was"
    )
    assert city.of(declared.number) == before
    city.confirm_all()
    assert city.confirm(city.officer, "A-01", declared).code == "mode.not_applying"


def test_that_who_failed_may_be_left_out_by_name(city: ModeRoom) -> None:
    declared = city.declare()
    city.confirm(city.officer, "A-01", declared, "mode.fault.layout")
    city.turn()
    again = city.declare(without=("A-01", "ingest/0"))
    assert (again.awaited, again.without) == (("A-02", "Y-01"), ("A-01", "ingest/0"))
    assert again.term > declared.term


def test_that_the_way_back_restores_what_was_and_keeps_what_was_done_meanwhile(city: ModeRoom) -> None:
    room, before = city.room, _state(city)
    room.observe(0, WarningColour.RED)
    held = city.in_force()
    now = codec.unpack(room.desk.packed, Catalogue)
    edited = tuple(replace(row, high_red=199.0) if row.threshold_set == "PT" else row for row in now.thresholds)
    changed = packed_up(replace(now, version=now.version + 1, thresholds=edited), now.version)
    with room.ledger.work(CENTRE) as work:
        catalogue.put(room.desk, work, changed, "threshold.take_effect")
    lifting = city.lift(held.number)
    assert (lifting.state, lifting.mode) == (SwitchState.APPLYING, Mode.PEACETIME)
    assert {item.part: item.after for item in lifting.back}[Part.THRESHOLDS] == "PT"
    city.confirm_all()
    lifted = city.of(held.number)
    assert lifted.state is SwitchState.LIFTED
    assert _state(city)[:2] == before[:2]
    assert city.effect() == before[3]
    assert set(room.living()) == {0}, "an alarm is not lost by a switch"
    kept = codec.unpack(room.desk.packed, Catalogue).thresholds
    assert {row.high_red for row in kept if row.threshold_set == "PT"} == {199.0}, "the set comes back, not its content"


def test_that_a_way_back_that_is_not_confirmed_leaves_it_in_force_and_says_so(city: ModeRoom) -> None:
    held = city.in_force()
    lifting = city.lift(held.number)
    city.confirm(city.officer, "A-01", lifting, "mode.fault.layout")
    city.turn()
    now = city.of(held.number)
    assert (now.state, now.mode, now.fault, now.faulty) == (
        SwitchState.IN_FORCE, Mode.EMERGENCY, "mode.fault.layout", "A-01",
    )  # fmt: skip
    assert city.room.desk.city.scope_sets == {CITY: "XQ"}
    with city.room.ledger.reading() as connection:
        assert [call.ended_at for call, _ in call_table.running(connection)] == [None], "calls go on"


def test_that_what_stands_of_alarms_survives_both_ways(city: ModeRoom) -> None:
    room = city.room
    room.observe(0, WarningColour.ORANGE)
    room.done(ShelveAlarm(alarm=1, version=room.alarm(1).version, minutes=60, reason="检修"), city.officer)
    held, shelved = city.in_force(), room.alarm(1).shelved_until
    assert shelved is not None
    city.lift(held.number)
    city.confirm_all()
    assert room.alarm(1).shelved_until == shelved


@pytest.mark.parametrize("confirmed", [False, True])
def test_that_a_centre_that_starts_within_a_switch_finishes_or_undoes_it(city: ModeRoom, confirmed: bool) -> None:
    before, declared = _state(city), city.declare()
    city.room.restart()
    assert city.of(declared.number) == declared
    city.turn()
    city.pass_time(5)
    assert city.of(declared.number).state is SwitchState.APPLYING, "everybody has to find the centre again"
    if confirmed:
        city.confirm_all()
        assert city.of(declared.number).state is SwitchState.IN_FORCE
    else:
        city.pass_time(6)
        assert city.of(declared.number).state is SwitchState.UNDONE
        assert _state(city)[:3] == before[:3]


def test_that_a_full_lane_and_a_catalogue_that_changed_meanwhile_only_delay_the_undoing(city: ModeRoom) -> None:
    before, declared = _state(city), city.declare()
    city.confirm(city.officer, "A-01", declared, "mode.fault.layout")
    city.room.lanes["imports"].full = True
    city.room.tend()
    city.room.lanes["imports"].full = False
    city.room.modes._job.rest(0.0)
    city.turn()
    assert city.of(declared.number).state is SwitchState.UNDONE
    assert _state(city) == before


def test_that_a_district_is_in_emergency_alone_and_its_city_lifts_only_its_own(city: ModeRoom) -> None:
    own = city.in_force(Scope(centre=YUZHONG), "water", city.of_yuzhong)
    assert (own.issuer, own.awaited) == (YUZHONG, ("ingest/0", "Y-01"))
    assert [city.effect(code).mode for code in (CITY, YUZHONG, SHAPINGBA)] == [
        Mode.PEACETIME, Mode.EMERGENCY, Mode.PEACETIME,
    ]  # fmt: skip
    assert city.room.desk.city.scope_sets == {YUZHONG: "GS"}
    wide = city.in_force()
    assert city.room.desk.city.scope_sets == {CITY: "XQ", YUZHONG: "GS"}
    assert city.effect(YUZHONG).parts[Part.SOUND] == "quiet"
    lift = LiftMode(declaration=own.number, version=city.of(own.number).version, reason="r", seen="")
    assert city.room.do(lift, city.chief).code == "mode.not_yours"
    assert city.room.do(replace(lift, declaration=wide.number), city.of_yuzhong).code == "permission.outside_area"
    city.lift(wide.number)
    city.confirm_all()
    assert city.room.desk.city.scope_sets == {YUZHONG: "GS"}
    assert city.effect(YUZHONG).mode is Mode.EMERGENCY


def test_that_ingest_is_told_the_sets_alone_when_nothing_else_changed_since_the_version_it_has(city: ModeRoom) -> None:
    def told(held: int) -> dict[str, str] | None:
        ask = AskSets(version=city.room.desk.city.version, held=held)
        return codec.unpack(city.room.ask("catalogue.sets", ask, INGEST_KEY).body, SetsTold).sets

    city.in_force()
    inner = city.in_force(Scope(centre=YUZHONG), "water", city.of_yuzhong)
    assert told(1) == told(2) == told(3) == {CITY: "XQ", YUZHONG: "GS"}
    assert told(0) is None
    assert told(9) is None
    city.lift(inner.number, city.of_yuzhong)
    assert told(1) == {CITY: "XQ"}
    city.room.restart()
    assert told(1) is None, "what other processes did is not known: the whole is fetched"


def test_that_the_seat_that_declares_takes_part_wherever_it_lies(city: ModeRoom) -> None:
    declared = city.declare(Scope(centre=YUZHONG), "water")
    assert (declared.issuer, declared.awaited) == (CITY, ("ingest/0", "A-01", "Y-01"))
    ask = AskModePreview(scope=Scope(centre=YUZHONG), mode=Mode.EMERGENCY, preset="water", seat="A-01")
    told = codec.unpack(city.room.ask("mode.preview", ask, city.officer).body, ModePreview)
    assert told.seats == ("A-01", "Y-01")
    city.confirm_all()
    assert city.of(declared.number).state is SwitchState.IN_FORCE
    assert city.lift(declared.number).awaited == ("ingest/0", "A-01", "Y-01")


def test_that_the_way_back_of_the_inner_goes_to_what_the_outer_says_by_then(city: ModeRoom) -> None:
    inner = city.in_force(Scope(centre=YUZHONG), "water", city.of_yuzhong)
    city.in_force()
    back = {item.part: item.after for item in city.lift(inner.number, city.of_yuzhong).back}
    assert (back[Part.THRESHOLDS], back[Part.SOUND]) == ("XQ", "emergency")


def test_that_what_came_of_new_limits_is_compared_with_what_the_officer_saw(city: ModeRoom) -> None:
    city.room.observe(0, WarningColour.RED)
    city.declare(seen_alarms=40)
    city.confirm_all()
    city.room.clock.advance(11)
    threshold_sets.compare(city.room.desk, city.room.ledger)
    (told,) = [change.params for change in city.room.published if change.action == "threshold.compare"]
    assert (told["seen_alarms"], told["found_alarms"], told["differs"]) == ("40", "1", "True")


def test_that_a_track_switches_its_limits_and_no_screen(city: ModeRoom) -> None:
    scope = Scope(kind=ScopeKind.TRACK, centre=CITY, track="YJ01")
    held = city.in_force(scope)
    assert {item.part for item in held.parts} == {Part.THRESHOLDS, Part.ROSTER, Part.CALL_OUT, Part.REPORTS}
    assert [one.who for one in held.confirmed] == ["ingest/0"]
    assert city.room.desk.city.scope_sets == {"500000:YJ01": "XQ"}
    assert (city.effect().mode, city.effect(track="YJ01").mode) == (Mode.PEACETIME, Mode.EMERGENCY)


def test_that_a_preset_without_limits_waits_for_no_ingest_and_one_alone_is_in_force_at_once(city: ModeRoom) -> None:
    version = city.room.desk.city.version
    assert city.declare(preset="bare").awaited == ("A-01", "A-02", "Y-01")
    assert city.room.desk.city.version == version


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (DeclareMode(scope=NOWHERE, mode=Mode.EMERGENCY, preset="", reason="r"), "permission.outside_area"),
        (DeclareMode(scope=HALF, mode=Mode.EMERGENCY, preset="", reason="r"), "mode.scope_unknown"),
        (DeclareMode(scope=WHOLE, mode=Mode.PEACETIME, preset="", reason="r"), "mode.lift_instead"),
        (DeclareMode(scope=WHOLE, mode=Mode.EMERGENCY, preset="none", reason="r"), "mode.preset_unknown"),
        (DeclareMode(scope=WHOLE, mode=Mode.EMERGENCY, preset="", reason=" "), "text.missing.reason"),
        (DeclareMode(scope=WHOLE, mode=Mode.EMERGENCY, preset="", reason="r", without=MANY), "mode.too_many_left_out"),
        (LiftMode(declaration=999, version=1, reason="r"), "mode.unknown"),
        (ConfirmMode(declaration=999, term=1, who="A-01"), "mode.unknown"),
        (SavePreset(preset=replace(WATER, threshold_set="none"), version=1), "permission.no_post"),
    ],
)  # fmt: skip
def test_that_what_cannot_be_meant_is_refused_with_its_reason(lasting: ModeRoom, command: object, code: str) -> None:
    assert lasting.room.do(command, lasting.officer).code == code


@pytest.mark.parametrize(
    ("change", "version", "code"),
    [
        ({}, 0, "mode.preset_changed"),
        ({"threshold_set": "none"}, 1, "threshold.set_unknown"),
        ({"sound": "two words"}, 1, "mode.preset_space"),
        ({"report_every_min": -1.0}, 1, "mode.preset_reports"),
        ({"layers": ("a",) * 101}, 1, "mode.preset_long"),
        ({"name": ""}, 1, "text.missing.name"),
    ],
)
def test_that_a_preset_that_means_nothing_is_refused(
    lasting: ModeRoom, change: dict[str, Any], version: int, code: str
) -> None:
    assert lasting.room.do(SavePreset(preset=replace(WATER, **change), version=version), ADMIN_KEY).code == code


def test_that_reports_fall_due_every_interval_until_it_is_lifted(city: ModeRoom) -> None:
    def due() -> list[tuple[int, int]]:
        with city.room.ledger.reading() as connection:
            return [
                (one.place, (one.due_at - start) // (60 * NS_PER_S)) for one, _ in mode_reports.open_ones(connection)
            ]

    held = city.in_force()
    start = held.applied_at or 0
    assert due() == [(1, 120)]
    city.pass_time(7200)
    assert due() == [(1, 120), (2, 240)]
    told = GiveModeReport(declaration=held.number, place=1, version=2, words="已电话报告")
    city.room.done(told, city.officer)
    assert city.room.do(told, city.chief).code == "mode.report_given"
    city.room.restart()
    city.pass_time(7200)
    assert due() == [(2, 240), (3, 360)]
    city.here(city.officer, city.chief, city.of_yuzhong)
    city.lift(held.number)
    city.confirm_all()
    assert due() == [(2, 240)], "what is overdue is still owed"


def _failing(step: Step, declaration: Declaration) -> Declaration:
    del step, declaration
    raise Trouble("store.fault")


def _all_parts(city: ModeRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a preset carry all eight parts; whether its plan is in force is tested elsewhere."""
    checked: Callable[..., Any] = mode_preview._fault
    monkeypatch.setattr(
        mode_preview, "_fault", lambda desk, connection, part, value: (
            None if part is Part.PLANS else checked(desk, connection, part, value)
        ),
    )  # fmt: skip
    city.room.done(SavePreset(preset=FULL, version=0), ADMIN_KEY)

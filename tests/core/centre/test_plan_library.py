"""The library of plans at the centre: imports, editions approved by another person, bindings, gaps, export."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from chengyun_core.centre import library_import
from chengyun_core.model.approval import ApprovalState
from chengyun_core.model.command import GiveApproval, RefuseApproval
from chengyun_core.model.plan import Action, DoneBy, PlanBinding, PlanState, PlanTemplate
from chengyun_core.model.plan_commands import (
    BindPlan,
    ImportPlans,
    NoteDrill,
    RetirePlan,
    SavePlan,
    StartPlan,
    SubmitPlan,
    UnbindPlan,
)
from chengyun_core.store import risk_point_table
from chengyun_core.store.chain_tables import RISK_POINTS
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.plan_asks import (
    AskDiff,
    AskExport,
    AskGaps,
    AskLibrary,
    AskPlan,
    Diff,
    Gaps,
    LibraryTold,
    PlanTablesTold,
    PlanTold,
)
from tests.core.centre.plan_room import LIBRARY, PlanRoom
from tests.core.centre.room import ADMIN_KEY, Room


@pytest.fixture
def plans(room: Room) -> PlanRoom:
    """Return a centre with a library of plans."""
    return PlanRoom(room)


@pytest.fixture
def editor(plans: PlanRoom) -> str:
    """Return the session of an editor of plans."""
    return plans.room.officer("editor", "500000.plan_editor", seat="A-04")


def saved(plans: PlanRoom, editor: str, template: PlanTemplate, version: int = 0) -> Done:
    """Save a draft."""
    return plans.room.done(SavePlan(template=template, version=version), editor)


def draft(plans: PlanRoom) -> PlanTemplate:
    """Return a second edition of the pipe plan with one step reworded, as an editor would send it."""
    first = plans.template("BAOGUAN", 1)
    actions = (replace(first.actions[0], text="先关阀再抢修{place}", within_min=120.0), *first.actions[1:])
    return replace(first, edition=0, name="城市供水爆管处置（二版）", actions=actions)


def submitted(plans: PlanRoom, editor: str) -> tuple[int, int]:
    """Save and hand in the second edition; return number and version of the approval."""
    version = saved(plans, editor, draft(plans)).version
    done = plans.room.done(SubmitPlan(code="BAOGUAN", edition=2, version=version), editor)
    assert done.warnings == ("approval.waits",)
    return int(done.key), done.version


def test_that_an_edition_is_in_force_only_when_another_person_approves_it(plans: PlanRoom, editor: str) -> None:
    chief = plans.room.officer("chief", "500000.watch_chief", seat="A-05")
    number, version = submitted(plans, editor)
    assert plans.template("BAOGUAN", 2).state is PlanState.WAITING
    own = plans.room.do(GiveApproval(approval=number, version=version), editor)
    assert own.code == "approval.own"
    plans.room.done(GiveApproval(approval=number, version=version), chief)
    now, before = plans.template("BAOGUAN", 2), plans.template("BAOGUAN", 1)
    assert (now.state, now.written_by, now.approved_by) == (PlanState.IN_FORCE, "editor", "chief")
    assert before.state is PlanState.RETIRED


def test_that_a_refused_edition_is_its_writers_draft_again(plans: PlanRoom, editor: str) -> None:
    chief = plans.room.officer("chief", "500000.watch_chief", seat="A-05")
    number, version = submitted(plans, editor)
    plans.room.done(RefuseApproval(approval=number, version=version, reason="时限太长"), chief)
    again = plans.template("BAOGUAN", 2)
    assert again.state is PlanState.DRAFT
    assert plans.template("BAOGUAN", 1).state is PlanState.IN_FORCE
    saved(plans, editor, replace(again, name="三稿"), again.version)
    assert plans.template("BAOGUAN", 2).name == "三稿"


def test_that_an_edition_nobody_approves_in_time_is_a_draft_again(plans: PlanRoom, editor: str) -> None:
    number, _ = submitted(plans, editor)
    plans.room.clock.advance(73 * 3600)
    plans.room.tend()
    assert plans.template("BAOGUAN", 2).state is PlanState.DRAFT
    assert [one.params["state"] for one in plans.room.published if one.action == "plan.turn_down"] == [
        ApprovalState.EXPIRED
    ]
    assert number > 0


def test_that_an_edition_is_not_approved_over_a_newer_one_that_came_into_force_meanwhile(
    plans: PlanRoom, editor: str
) -> None:  # fmt: skip
    chief = plans.room.officer("chief", "500000.watch_chief", seat="A-05")
    number, version = submitted(plans, editor)
    third = {"templates": [{**LIBRARY["templates"][0], "edition": "3"}]}
    plans.take_library({**third, "tiers": LIBRARY["tiers"], "actions": LIBRARY["actions"][:4]})
    assert plans.room.do(GiveApproval(approval=number, version=version), chief).code == "plan.edition_older"
    assert plans.template("BAOGUAN", 3).state is PlanState.IN_FORCE


def test_that_of_two_editors_the_second_is_told_who_saved_before_him(plans: PlanRoom, editor: str) -> None:
    other = plans.room.officer("other", "500000.plan_editor", seat="A-06")
    version = saved(plans, editor, draft(plans)).version
    edition = replace(plans.template("BAOGUAN", 2), name="改")
    saved(plans, editor, edition, version)
    reply = plans.room.do(SavePlan(template=edition, version=version), other)
    assert (reply.code, reply.params["who"]) == ("plan.edition_changed", "editor")


def test_that_a_draft_is_not_started_and_an_edition_in_force_is_not_saved_over(plans: PlanRoom, editor: str) -> None:
    saved(plans, editor, draft(plans))
    event = plans.event()
    started = plans.room.do(StartPlan(event=event.number, template="BAOGUAN", edition=2), plans.officer)
    assert started.code == "plan.not_in_force"
    first = plans.template("BAOGUAN", 1)
    assert plans.room.do(SavePlan(template=first, version=first.version), editor).code == "plan.edition_not_so"


def test_that_a_draft_that_could_not_run_is_refused_with_every_reason(plans: PlanRoom, editor: str) -> None:
    ring = (
        Action(code="A", text="甲", after=("B",), done_by=DoneBy.HAND),
        Action(code="B", text="乙", after=("A",), done_by=DoneBy.HAND),
    )
    reply = plans.room.do(SavePlan(template=replace(draft(plans), actions=ring), version=0), editor)
    assert (reply.code, reply.params["reason"]) == ("plan.cannot_run", "plan.after_ring")
    turned = replace(draft(plans), name="倒\u202e序")
    assert plans.room.do(SavePlan(template=turned, version=0), editor).code == "text.control_characters"


def test_that_the_difference_of_two_editions_is_told_part_by_part(plans: PlanRoom, editor: str) -> None:
    saved(plans, editor, draft(plans))
    told = plans.ask("plan.diff", AskDiff(code="BAOGUAN", before=1, after=2), Diff)
    assert [(one.part, one.key, one.field, one.after) for one in told.differences] == [
        ("name", "", "name", "城市供水爆管处置（二版）"),
        ("actions", "REPAIR", "text", "先关阀再抢修{place}"),
        ("actions", "REPAIR", "within_min", "120"),
    ]


def test_that_a_drill_is_noted_and_ends_the_flag(plans: PlanRoom, editor: str) -> None:
    before = plans.ask("plan.get", AskPlan(code="NEILAO"), PlanTold)
    assert [flag.code for flag in before.flags] == ["plan.never_drilled"]
    noted = NoteDrill(code="NEILAO", edition=1, version=before.template.version, drilled="2027-01-10", words="桌面推演")
    plans.room.done(noted, editor)
    assert plans.ask("plan.get", AskPlan(code="NEILAO"), PlanTold).flags == ()
    tomorrow = replace(noted, version=before.template.version + 1, drilled="2027-02-01")
    assert plans.room.do(tomorrow, editor).code == "plan.drill_day"


def test_that_what_was_retired_is_kept_and_answers_nothing(plans: PlanRoom, editor: str) -> None:
    held = plans.template("NEILAO", 1)
    plans.room.done(RetirePlan(code="NEILAO", edition=1, version=held.version, reason="并入新预案"), editor)
    assert plans.template("NEILAO", 1).state is PlanState.RETIRED
    gaps = plans.ask("plan.gaps", AskGaps(), Gaps)
    assert gaps.matters == ("SS-JISHUI", "SS-DIANTI")


def test_that_gaps_name_points_without_plan_matters_without_template_and_what_nobody_can(plans: PlanRoom) -> None:
    gaps = plans.ask("plan.gaps", AskGaps(), Gaps)
    assert (gaps.points, [point.code for point in gaps.points_first]) == (1, ["R-3"])
    assert gaps.matters == ("SS-DIANTI",)
    assert [(one.capability, one.templates) for one in gaps.capabilities] == [("pump", ("NEILAO",))]
    assert [head.code for head in gaps.stale] == ["NEILAO"]


def test_that_the_library_is_counted(plans: PlanRoom) -> None:
    told = plans.ask("plan.library", AskLibrary(), LibraryTold)
    assert (told.templates, told.points, told.bindings, told.matters, told.covered) == (2, 3, 2, 3, 2)
    assert (told.drafts, told.waiting, told.stale) == (0, 0, 1)


def test_that_a_bad_cell_imports_nothing_of_all_tables(plans: PlanRoom) -> None:
    before = plans.room.ledger.tail
    bad = {
        **LIBRARY,
        "risk_points": [*LIBRARY["risk_points"], {"code": "R-4", "name": "坏", "centre": "X", "kind": "k"}],
    }
    reply = plans.room.do(ImportPlans(tables=bad, origin={"risk_points": "点.csv"}), ADMIN_KEY)
    assert (reply.code, reply.params["file"], reply.params["line"]) == ("plan.faults", "点.csv", "5")
    assert plans.room.ledger.tail == before


def test_that_an_import_again_writes_no_edition_again(plans: PlanRoom) -> None:
    version = plans.template("BAOGUAN", 1).version
    plans.take_library()
    assert plans.template("BAOGUAN", 1).version == version


def test_that_an_import_takes_over_what_changed_and_takes_away_what_is_no_longer_there(plans: PlanRoom) -> None:
    points = [{**LIBRARY["risk_points"][0], "name": "改了名"}, LIBRARY["risk_points"][2]]
    bindings = [LIBRARY["bindings"][0], {"risk_point": "R-3", "template": "NEILAO"}]
    plans.take_library({"risk_points": points, "bindings": bindings, "overrides": []})
    told = plans.ask("plan.export", AskExport(), PlanTablesTold).tables
    assert [(row["code"], row["name"]) for row in told["risk_points"]] == [("R-1", "改了名"), ("R-3", "无预案的边坡")]
    assert told["bindings"] == bindings
    assert told["overrides"] == []
    with plans.room.ledger.reading() as connection:
        assert risk_point_table.watched_by(connection, ["SW-YUZHONG"]) == ["R-1"]


def test_that_from_a_seat_only_drafts_are_imported(plans: PlanRoom, editor: str) -> None:
    rows = [{**LIBRARY["templates"][1], "code": "NEW"}]
    actions = [{**LIBRARY["actions"][4], "template": "NEW"}]
    in_force = ImportPlans(tables={"templates": rows, "actions": actions}, origin={})
    assert plans.room.do(in_force, editor).code == "plan.import_in_force"
    drafts = [{name: text for name, text in rows[0].items() if name not in ("state", "approved_by")}]
    plans.room.done(ImportPlans(tables={"templates": drafts, "actions": actions}, origin={}), editor)
    assert plans.template("NEW", 1).state is PlanState.DRAFT


def test_that_an_import_checked_before_somebody_saved_is_refused(plans: PlanRoom, editor: str) -> None:
    saved(plans, editor, draft(plans))
    rows = [{**LIBRARY["templates"][0], "edition": "2"}]
    tables = {"templates": rows, "tiers": LIBRARY["tiers"], "actions": LIBRARY["actions"][:4]}
    request = plans.room.bytes_of("plan.import", ImportPlans(tables=tables, origin={}), ADMIN_KEY)
    assert plans.room.door.take(b"peer", request) is None
    held = plans.template("BAOGUAN", 2)
    saved(plans, editor, replace(held, name="抢先"), held.version)
    (answer,) = plans.room.work()
    assert b"plan.changed_meanwhile" in answer.data


def test_that_an_export_imported_is_the_same_library(plans: PlanRoom) -> None:
    told = plans.ask("plan.export", AskExport(), PlanTablesTold)
    plans.take_library(told.tables)
    assert plans.ask("plan.export", AskExport(), PlanTablesTold).tables == told.tables


def test_that_pages_of_an_export_make_the_whole_and_tell_when_the_library_is_another(plans: PlanRoom) -> None:
    whole = plans.ask("plan.export", AskExport(), PlanTablesTold)
    first = plans.ask("plan.export", AskExport(limit=2), PlanTablesTold)
    second = plans.ask("plan.export", AskExport(after=first.after, limit=2), PlanTablesTold)
    assert (first.after, second.after) == ("R-2", "")
    assert {name: rows + second.tables[name] for name, rows in first.tables.items()} == whole.tables
    assert second.tables["templates"] == []
    assert first.library == second.library
    plans.take_library()
    assert plans.ask("plan.export", AskExport(limit=2), PlanTablesTold).library != first.library


def test_that_a_binding_is_made_and_taken_away_by_who_has_a_say_at_the_place(plans: PlanRoom) -> None:
    there = plans.room.officer("there", "500103.plan_editor", seat="A-07")
    elsewhere = plans.room.officer("elsewhere", "500106.plan_editor", seat="A-08")
    bound = BindPlan(binding=PlanBinding(risk_point="R-3", template="NEILAO", texts={"PUMP": "抽排坡顶截水沟"}))
    assert plans.room.do(bound, elsewhere).code == "permission.outside_area"
    plans.room.done(bound, there)
    wrong = replace(bound, binding=replace(bound.binding, left_out=("NONE",)))
    assert plans.room.do(wrong, there).code == "plan.step_unknown"
    told = plans.ask("plan.get", AskPlan(code="NEILAO", risk_point="R-3"), PlanTold)
    assert told.binding == bound.binding
    plans.room.done(UnbindPlan(risk_point="R-3", template="NEILAO", reason="改由物业处置"), there)
    with plans.room.ledger.reading() as connection:
        assert risk_point_table.binding(connection, "R-3", "NEILAO") is None


def begun(plans: PlanRoom, tables: dict[str, list[dict[str, str]]]) -> None:
    """Send an import and have the worker check it: its parts are still to be written."""
    request = plans.room.bytes_of("plan.import", ImportPlans(tables=tables, origin={}), ADMIN_KEY)
    assert plans.room.door.take(b"peer", request) is None
    (result,) = plans.room.lanes["imports"].run()
    assert plans.room.door.finish(result) is None


def points_in(plans: PlanRoom) -> list[str]:
    """Return the risk points that are seen."""
    told = plans.ask("plan.export", AskExport(), PlanTablesTold).tables
    return [row["code"] for row in told["risk_points"]]


def rows_written(plans: PlanRoom) -> int:
    """Return how many risk points lie in the database, seen or not."""
    with plans.room.ledger.reading() as connection:
        return connection.execute(select(func.count()).select_from(RISK_POINTS)).scalar_one()


def swept(plans: PlanRoom) -> None:
    """Do what the loop does until nothing is left to be swept away."""
    while any(kind == library_import.SWEEP for kind, _ in plans.room.desk.due.due()):
        plans.room.tend()


def smaller() -> dict[str, list[dict[str, str]]]:
    """Return a library of one risk point."""
    return {"risk_points": [LIBRARY["risk_points"][1]], "bindings": [LIBRARY["bindings"][1]], "overrides": []}


def test_that_while_a_library_is_written_others_are_answered_and_see_the_one_before(plans: PlanRoom) -> None:
    begun(plans, smaller())
    answers = [plans.room.door.go_on()]
    while plans.room.door.stages():
        assert points_in(plans) == ["R-1", "R-2", "R-3"]
        answers.append(plans.room.door.go_on())
    assert len(answers) > 3
    assert answers[-1] is not None
    assert points_in(plans) == ["R-2"]
    swept(plans)
    assert rows_written(plans) == 1


def test_that_a_centre_killed_while_it_writes_a_library_has_the_one_before_and_no_rows_left_over(
    plans: PlanRoom,
) -> None:
    begun(plans, smaller())
    plans.room.door.go_on()
    plans.room.door.go_on()
    assert rows_written(plans) == 4
    plans.room.restart()
    assert points_in(plans) == ["R-1", "R-2", "R-3"]
    swept(plans)
    assert rows_written(plans) == 3
    plans.take_library(smaller())
    assert points_in(plans) == ["R-2"]


def test_that_a_library_is_not_put_in_force_over_what_somebody_bound_while_it_was_written(plans: PlanRoom) -> None:
    there = plans.room.officer("there", "500103.plan_editor", seat="A-07")
    begun(plans, smaller())
    plans.room.door.go_on()
    plans.room.done(BindPlan(binding=PlanBinding(risk_point="R-3", template="NEILAO")), there)
    answers = [plans.room.door.go_on() for _ in iter(plans.room.door.stages, 0)]
    assert answers[-1] is not None
    assert b"plan.points_changed_meanwhile" in answers[-1].data
    assert points_in(plans) == ["R-1", "R-2", "R-3"]
    swept(plans)
    assert rows_written(plans) == 3


def test_that_a_library_whose_rows_were_swept_away_meanwhile_is_not_put_in_force(plans: PlanRoom) -> None:
    begun(plans, smaller())
    plans.room.door.go_on()
    plans.room.door.go_on()
    # The file was opened anew: what was begun is taken for left over.
    with plans.room.ledger.reading() as connection:
        library_import.load(plans.room.desk, connection)
    swept(plans)
    answers = [plans.room.door.go_on() for _ in iter(plans.room.door.stages, 0)]
    assert answers[-1] is not None
    assert b"plan.points_changed_meanwhile" in answers[-1].data
    assert points_in(plans) == ["R-1", "R-2", "R-3"]


def test_that_a_new_plan_with_the_code_of_another_is_refused_and_becomes_no_edition_of_it(
    plans: PlanRoom, editor: str
) -> None:  # fmt: skip
    copy = replace(plans.template("NEILAO", 1), name="副本", edition=1, version=0)
    reply = plans.room.do(SavePlan(template=copy, version=0), editor)
    assert (reply.code, reply.params["name"]) == ("plan.code_taken", "城市内涝处置")
    saved(plans, editor, replace(copy, code="NEILAO-2"))
    own = plans.template("NEILAO-2", 1)
    saved(plans, editor, replace(own, actions=(replace(own.actions[0], text="改过的话"),)), own.version)
    assert plans.template("NEILAO", 1).actions[0].text == "抽排{place}积水"

"""The case of 嘉西村 in the reference city: a red alarm, its event, the plan of its risk point, five orders (WF2)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from chengyun_core.centre import plan_care
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import OpenEvent
from chengyun_core.model.plan import RunStepState
from chengyun_core.model.plan_commands import ImportPlans, SendPlanOrders, StartPlan
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import event_table, order_table, plan_table
from chengyun_core.wire import codec
from chengyun_core.wire.event_asks import Prefilled
from chengyun_core.wire.plan_asks import AskDrafts, AskGaps, AskMatch, AskRun, Drafts, Gaps, Matches, Runs
from chengyun_resources.reference import plans
from chengyun_resources.reference.city import tables
from tests.core.centre.room import ADMIN_KEY, Room

T = TypeVar("T")
PRESSURE = "SS01C-500103"
TOWNS = ("500103001", "500103004")
FIVE = {
    "QIANGXIU": "500103-GS", "SHUDAO": "500103-JJ", "GUANXIAN": "500103-JX", "SONGSHUI": "500103-XFZ",
    "GAOZHI": "500103005-JD",
}  # fmt: skip
"""Step → unit of the district, and the street office of the risk point's own town."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Return the reference city with its library of plans, an officer signed on."""
    folder: Path = tmp_path_factory.mktemp("golden")
    catalogue, _ = build(tables(), Numbers(), 1)
    with Room(folder) as made:
        made.adopt(catalogue)
        made.done(ImportPlans(tables=_library(catalogue.vitals), origin={}), ADMIN_KEY)
        yield made


@pytest.fixture(scope="module")
def officer(room: Room) -> str:
    """Return the session of a duty officer of the city."""
    return room.officer()


def asked(room: Room, session: str, kind: str, body: object, answer: type[T]) -> T:
    """Return the answer to a question that must be answered."""
    reply = room.ask(kind, body, session)
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, answer)


def test_that_a_burst_main_becomes_five_orders_and_the_plan_waits_for_its_pressure(room: Room, officer: str) -> None:
    number = next(vital.number for vital in room.desk.city.vitals.values() if vital.code == PRESSURE)
    room.observe(number, WarningColour.RED)
    alarm = room.living()[number]
    opened = room.done(OpenEvent(source=EventSource.ALARM, alarms=(alarm.number,), matter="SS-BAOGUAN"), officer)
    event = int(opened.key)
    with room.ledger.reading() as connection:
        told = event_table.get(connection, event)
    assert told is not None
    assert (told.centre, told.risk_point) == ("500103005", "FX-JIAXI")
    assert told.place == "渝中区上清寺街道嘉西村DN400供水管"
    assert (told.longitude, told.latitude) == (106.5443, 29.5628)

    found = asked(room, officer, "plan.match", AskMatch(event=event), Matches)
    best = found.matches[0]
    assert (best.template, best.risk_point, best.tiers.in_force) == ("SS-BAOGUAN", "FX-JIAXI", ("T1",))
    assert {"plan.watched", "plan.same_matter", "plan.tier_decided"} <= {reason.code for reason in best.reasons}

    start = StartPlan(event=event, template=best.template, edition=best.edition, risk_point=best.risk_point)
    run = int(room.done(start, officer).key)
    drafts = asked(room, officer, "plan.drafts", AskDrafts(run=run), Drafts)
    proposed = {one.step: one.draft.recipients[0].code for one in drafts.drafts if one.draft is not None}
    assert proposed == FIVE
    assert all(one.proposal.picks[0].reasons for one in drafts.drafts)

    chosen = tuple(one.draft for one in drafts.drafts if one.draft is not None)
    room.done(SendPlanOrders(run=run, version=drafts.version, drafts=chosen), officer)
    with room.ledger.reading() as connection:
        orders = order_table.of_event(connection, event)
        held = plan_table.run(connection, run)
        receipts = [one for order in orders for one in order_table.receipts_of(connection, order.number)]
    assert held is not None
    assert {receipt.recipient for receipt in receipts} == set(FIVE.values())
    assert {order.plan_run for order in orders} == {run}
    assert [step.action.code for step in held.steps if step.state is RunStepState.WAITING] == ["HUIYA", "LUMIAN"]
    assert held.watches == (PRESSURE,)
    with room.ledger.reading() as connection:
        assert "管径400毫米" in plan_care.said(connection, held, "QIANGXIU"), "measured of the point, not of the event"
    (told,) = asked(room, officer, "plan.run", AskRun(event=event), Runs).runs
    assert (told.pace.ahead_min, (told.pace.ends_at - held.started_at) / 60e9) == (0, 380)


def test_that_an_event_of_alarms_is_where_the_points_are_that_they_watch(room: Room, officer: str) -> None:
    numbers = {vital.code: vital.number for vital in room.desk.city.vitals.values()}
    first, second, bare = _of_the_district(room.desk.city.vitals.values())[:3]
    for code in (first, second, bare):
        room.observe(numbers[code], WarningColour.YELLOW)
    alarms = {code: room.living()[numbers[code]].number for code in (first, second, bare)}
    both = OpenEvent(source=EventSource.ALARM, alarms=(alarms[first], alarms[second]))
    form = _prefilled(room, officer, both)
    assert (form.centre, form.risk_point, form.longitude) == ("500103", "", None), "of two places none is told"
    form = _prefilled(room, officer, replace(both, risk_point="FX-B", place="我写的地方"))
    assert (form.centre, form.place, form.longitude) == (TOWNS[1], "我写的地方", 106.55)
    form = _prefilled(room, officer, OpenEvent(source=EventSource.ALARM, alarms=(alarms[bare],)))
    assert (form.centre, form.risk_point, form.place) == ("500103", "", "渝中区")


def _prefilled(room: Room, session: str, form: OpenEvent) -> OpenEvent:
    return asked(room, session, "event.prefill", form, Prefilled).form


def _of_the_district(vitals: Iterable[Vital]) -> list[str]:
    return [vital.code for vital in vitals if vital.centre == "500103" and vital.code != PRESSURE]


def _library(vitals: Iterable[Vital]) -> dict[str, list[dict[str, str]]]:
    """Return the reference library with two points more, each in a town and watched by a vital of its own."""
    tables = plans.tables(60)
    for code, town, vital in zip(("FX-A", "FX-B"), TOWNS, _of_the_district(vitals), strict=False):
        tables["risk_points"].append(
            {"code": code, "name": f"{code}阀井", "centre": town, "kind": "供水管", "longitude": "106.55",
             "latitude": "29.56", "vitals": vital}
        )  # fmt: skip
        tables["bindings"].append({"risk_point": code, "template": "SS-BAOGUAN"})
    return tables


def test_that_the_gaps_of_the_reference_library_are_matters_nobody_wrote_a_plan_for(room: Room, officer: str) -> None:
    gaps = asked(room, officer, "plan.gaps", AskGaps(), Gaps)
    assert (gaps.points, gaps.capabilities) == (0, ())
    assert 0 < len(gaps.matters) < len(room.desk.city.matters)
    assert "SS-BAOGUAN" not in gaps.matters

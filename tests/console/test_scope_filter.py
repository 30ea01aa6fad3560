"""The focus filter of a desk: masks follow the catalogue and the situation, and what is unknown is never hidden."""

import pytest

from chengyun_console.scope_filter import ScopeFilter
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.scope import Scope, ScopeKind
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState
from tests.console.conftest import Room
from tests.console.still_session import START_NS, alarm
from tests.support.small_city import small_city

SECTOR = Scope(kind=ScopeKind.SECTOR, code="S1")
SITUATION = Situation(
    number=5, kind=SituationKind.CLUSTER, state=SituationState.OPEN, alarms=(1, 2), centre="500103", subtrack="",
    colour=WarningColour.RED, began_at=START_NS, last_at=START_NS,
)  # fmt: skip


@pytest.fixture
def scope(qapp: object) -> ScopeFilter:
    made = ScopeFilter()
    made.take_catalogue(CatalogueView(small_city(12)))
    return made


def test_that_a_vital_the_catalogue_does_not_know_yet_is_let_through(scope: ScopeFilter) -> None:
    scope.choose(SECTOR, FactMirror())
    assert scope.lets(0)
    assert not scope.lets(3)
    assert scope.lets(99)
    assert scope.clear()
    assert scope.lets(3)
    assert not scope.clear()


def test_that_a_filter_outlives_a_new_catalogue_and_is_lifted_with_a_word_when_its_node_is_gone(
    scope: ScopeFilter,
) -> None:
    lost: list[bool] = []
    scope.was_lost.connect(lambda: lost.append(True))
    scope.choose(SECTOR, FactMirror())
    scope.take_catalogue(CatalogueView(small_city(20)))
    assert scope.mask is not None
    assert len(scope.mask) == 20
    scope.choose(Scope(kind=ScopeKind.SUBTRACK, code="gone"), FactMirror())
    assert scope.scope is None
    scope.choose(SECTOR, FactMirror())
    scope.scope = Scope(kind=ScopeKind.TRACK, code="gone")
    scope.take_catalogue(CatalogueView(small_city(12)))
    assert lost == [True]
    assert scope.mask is None


def test_that_what_joins_the_situation_of_the_alarm_is_let_through(desk_room: Room) -> None:
    room, scope = desk_room, desk_room.desk.scope
    room.session.put_alarms(alarm(1, 0, situation=5), alarm(2, 3, situation=5))
    scope.choose(Scope(kind=ScopeKind.ALARM, code="1", vital=0), room.session.facts)
    assert scope.lets(4)
    assert not scope.lets(3)
    room.session.put_fact("situation", "5", SITUATION)
    assert scope.lets(3)

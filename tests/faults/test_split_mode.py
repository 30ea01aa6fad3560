"""RF22: 急时 declared on both sides of a broken link: one outcome for every order, repetition and delay of news."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from chengyun_core.centre import mode_care
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.mode import Declaration, Part, PartChange, Scope, SwitchState
from chengyun_core.model.mode_commands import DeclareMode
from chengyun_core.model.mode_rules import in_effect, merged, sets_by_scope
from chengyun_core.model.scales import Mode
from chengyun_core.store.tables import OUTBOX
from tests.core.centre.mode_room import CITY, SHAPINGBA, YUZHONG, flooding_city
from tests.core.centre.room import SETTINGS, Room

HISTORIES, SEED = 10_000, 20_261_121
PATHS = {CITY: (CITY,), YUZHONG: (YUZHONG, CITY), SHAPINGBA: (SHAPINGBA, CITY)}


def register(
    issuer: str, centre: str, term: int, *, mode: Mode, threshold_set: str = "", version: int = 1
) -> Declaration:
    """Return a state of a register."""
    parts = (PartChange(part=Part.THRESHOLDS, before="PT", after=threshold_set),) if threshold_set else ()
    state = SwitchState.IN_FORCE if mode is Mode.EMERGENCY else SwitchState.LIFTED
    return Declaration(
        number=term, issuer=issuer, scope=Scope(centre=centre), term=term, mode=mode, reason="r", parts=parts,
        state=state, declared_at=term, declared_by="chief", version=version,
    )  # fmt: skip


def history(chance: random.Random) -> list[Declaration]:
    """Return what up to four registers went through while nobody heard of the others."""
    found: list[Declaration] = []
    for issuer, centre in ((CITY, CITY), (CITY, YUZHONG), (YUZHONG, YUZHONG), (SHAPINGBA, SHAPINGBA)):
        terms = range(1, chance.randrange(4) + 1)
        found += [_drawn(chance, issuer, centre, term) for term in terms]
    return found


def _drawn(chance: random.Random, issuer: str, centre: str, term: int) -> Declaration:
    mode, threshold_set = chance.choice(list(Mode)), chance.choice(["", "XQ", "GS"])
    return register(issuer, centre, term, mode=mode, threshold_set=threshold_set)


def test_that_ten_thousand_histories_end_alike_on_both_sides_in_whatever_order_news_come() -> None:
    chance = random.Random(SEED)
    for number in range(HISTORIES):
        told = history(chance)
        sides = []
        for _ in range(2):
            heard = [*told, *chance.choices(told, k=3)] if told else []
            chance.shuffle(heard)
            cut = chance.randrange(len(heard) + 1)
            sides.append(merged(merged({}, heard[:cut]), heard[cut:]))
        assert sides[0] == sides[1], f"history {number} of seed {SEED}"
        for path in PATHS.values():
            assert in_effect(sides[0].values(), path) == in_effect(sides[1].values(), path)
        assert sets_by_scope(sides[0].values()) == sets_by_scope(sides[1].values())
        own = in_effect(
            [one for one in told if one.issuer == YUZHONG and one == sides[0][one.key]], PATHS[YUZHONG]
        ).mode
        imposed = in_effect([one for one in sides[0].values() if one.issuer == CITY], PATHS[YUZHONG]).mode
        greatest = Mode.EMERGENCY if Mode.EMERGENCY in (own, imposed) else Mode.PEACETIME
        assert in_effect(sides[0].values(), PATHS[YUZHONG]).mode is greatest, "max(own, imposed from above)"


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Room, Room]]:
    """Return the city's centre and 渝中区's own one, each with a database of its own."""
    rooms = []
    for name, settings in (
        ("city", replace(SETTINGS, centre=CITY, linked_centres=(YUZHONG,))),
        ("district", replace(SETTINGS, centre=YUZHONG)),
    ):
        rooms.append(_room(tmp_path / name, settings))
    yield rooms[0], rooms[1]
    for room in rooms:
        room.ledger.close()


def _room(folder: Path, settings: CentreSettings) -> Room:
    made = Room(folder, settings)
    made.adopt(flooding_city())
    return made


def tell(room: Room, source: str, *told: Declaration) -> int:
    """Have a centre hear of registers."""
    with room.ledger.work(CENTRE) as work:
        return mode_care.take(room.desk, work, source, told)


def settle(room: Room) -> None:
    """Let the loop turn until limits follow."""
    for _ in range(3):
        room.tend()
        room.work()


def test_that_two_centres_that_declared_at_once_agree_after_late_and_doubled_news(sides: tuple[Room, Room]) -> None:
    city, district = sides
    wide = register(CITY, CITY, 1, mode=Mode.EMERGENCY, threshold_set="XQ")
    own = register(YUZHONG, YUZHONG, 1, mode=Mode.EMERGENCY, threshold_set="GS")
    ended = register(YUZHONG, YUZHONG, 2, mode=Mode.PEACETIME)
    for room, declaration in ((city, wide), (district, own)):
        with room.ledger.work(CENTRE) as work:
            mode_care.put(room.desk, work, declaration, "mode.in_force")
    assert [tell(district, CITY, wide), tell(district, CITY, wide, wide)] == [1, 0]
    assert [tell(city, YUZHONG, ended), tell(city, YUZHONG, own), tell(city, YUZHONG, ended, own)] == [1, 0, 0]
    with district.ledger.work(CENTRE) as work:
        mode_care.put(district.desk, work, ended, "mode.lifted")
    for room in sides:
        settle(room)
        assert room.desk.city.scope_sets == {CITY: "XQ"}, "limits follow what holds"
        assert room.desk.mode_at((YUZHONG, CITY)) is Mode.EMERGENCY, "a lower centre never cancels an upper one's"
        room.restart()
        assert room.desk.declarations[own.key] == ended
    assert city.desk.declarations == district.desk.declarations


def test_that_nobody_writes_the_register_of_another(sides: tuple[Room, Room]) -> None:
    city, district = sides
    forged_up = register(CITY, CITY, 99, mode=Mode.PEACETIME)
    forged_down = register(YUZHONG, YUZHONG, 99, mode=Mode.PEACETIME)
    aside = register(SHAPINGBA, SHAPINGBA, 99, mode=Mode.EMERGENCY)
    assert tell(city, YUZHONG, forged_up, aside) == 0, "a district tells of itself and of what is below it"
    assert tell(city, SHAPINGBA, aside) == 0, "it is not linked: its registers are written here"
    assert tell(district, CITY, forged_down, aside) == 0, "the city tells of itself; it orders a lift, and writes none"
    assert tell(district, SHAPINGBA, aside, forged_up) == 0
    assert city.desk.declarations == {} == district.desk.declarations


def test_that_a_register_has_one_writer_when_its_centre_runs_a_daemon_of_its_own(sides: tuple[Room, Room]) -> None:
    city, _ = sides
    chief = city.officer("yz", "500103.watch_chief", seat="Y-01")
    command = DeclareMode(scope=Scope(centre=YUZHONG), mode=Mode.EMERGENCY, preset="", reason="r")
    assert city.do(command, chief).code == "mode.issuer_linked"


def test_that_a_linked_centre_is_sent_what_it_has_to_know(sides: tuple[Room, Room]) -> None:
    city, _ = sides
    with city.ledger.work(CENTRE) as work:
        mode_care.put(city.desk, work, register(CITY, CITY, 1, mode=Mode.EMERGENCY), "mode.in_force")
        mode_care.put(city.desk, work, register(YUZHONG, YUZHONG, 1, mode=Mode.EMERGENCY), "mode.heard")
    with city.ledger.reading() as connection:
        assert connection.execute(select(OUTBOX.c.target)).scalars().all() == [YUZHONG], "not its own back to it"

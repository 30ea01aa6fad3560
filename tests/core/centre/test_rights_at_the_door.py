"""Rights through the door, with real bytes, sessions and rows: what the sets allow gets through, and nothing else."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chengyun_core.model.holding import MACHINES, PostKind, Subject
from chengyun_core.model.scales import Mode
from tests.core.centre.rights_stand import PATH, Person, RightsStand, actions, expected, leaves_a_row, standing
from tests.support.in_memory import memory_folder
from tests.support.rights_oracle import BESIDE, opened

PEOPLE = set(PostKind) - MACHINES
SEED, TIMES = 20_261_121, 10_000
LOOKED_AT = 60
PARTS = 5
"""Each with the limit of a test to itself, on a machine where everything else runs, too."""
KEPT_OUT = {"permission.no_post", "permission.wrong_level", "permission.wrong_mode", "permission.outside_area",
            "permission.not_owner", "session.none"}  # fmt: skip


@pytest.fixture(scope="module")
def stand() -> Iterator[RightsStand]:
    # Ten thousand refusals are ten thousand commits.
    with memory_folder() as folder, standing(folder) as built:
        yield built


def _asked_of(person: Person, *, owner: bool, centre: str) -> Subject:
    path = PATH[centre] if centre else ()
    return Subject(name="x", path=path, owners=frozenset({person.post if owner else "somebody.else"}))


def _subjects(person: Person) -> list[Subject]:
    return [_asked_of(person, owner=owner, centre=centre) for owner in (True, False) for centre in (*PATH, "")]


def _tried(stand: RightsStand, person: Person, action: str, subject: Subject, mode: Mode) -> str:
    """Knock; return what was wrong with the answer or with what it left behind, empty when nothing was."""
    before = stand.written()
    reply = stand.knock(person, action, subject, mode)
    leaves = stand.written() - before
    if expected(person, action, subject, mode):
        return (
            ""
            if reply.outcome == "done" and leaves == leaves_a_row(action)
            else f"kept out: {reply.code or reply.outcome}"
        )
    if reply.outcome != "refused" or reply.code not in KEPT_OUT or leaves:
        return f"got through: {reply.outcome} {reply.code} {leaves}"
    return ""


@pytest.mark.slow
def test_that_each_action_is_done_once_by_whom_the_table_allows(stand: RightsStand) -> None:
    nobody = []
    for action in actions():
        tried = ((p, s, m) for p in stand.people for s in _subjects(p) for m in Mode if expected(p, action, s, m))
        found = next(tried, None)
        if found is None or _tried(stand, found[0], action, *found[1:]):
            nobody.append(action)
    assert nobody == []


@pytest.mark.slow
def test_that_each_single_thing_amiss_keeps_each_action_closed(stand: RightsStand) -> None:
    """From somebody who may, one thing at a time is taken away: session, post, level, area, ownership, mode."""
    seen: dict[str, set[str]] = {}
    wrong = []
    for action in actions():
        allowed = [(p, s, m) for p in stand.people for s in _subjects(p) for m in Mode if expected(p, action, s, m)]
        for why, (person, subject, mode) in _one_thing_amiss(stand, action, allowed).items():
            seen.setdefault(why, set()).add(action)
            if fault := _tried(stand, person, action, subject, mode):
                wrong.append((action, why, fault))
    assert wrong == []
    assert seen["session"] == set(actions())
    assert {"post", "level", "area", "ownership", "mode"} <= set(seen)
    # Some questions, and leaving one's seat, are for every post; of all the rest a wrong post alone is tried.
    of_all = {action for action in actions() if {c.kind for c in opened(action)} >= PEOPLE}
    assert set(actions()) - seen["post"] <= of_all


def _one_thing_amiss(
    stand: RightsStand, action: str, allowed: list[tuple[Person, Subject, Mode]]
) -> dict[str, tuple[Person, Subject, Mode]]:
    """Return what is amiss → a call that the sets refuse, and that they allow but for this."""
    found: dict[str, tuple[Person, Subject, Mode]] = {}
    everybody = {(p.kind, p.centre): p for p in stand.people if p.kind is not None}
    # Enough of them to have somebody of each kind and level; all would be many thousand for what everybody may.
    for person, subject, mode in random.Random(SEED).sample(allowed, min(len(allowed), LOOKED_AT)):
        stranger = replace(person, kind=None, token="e" * 64)
        others = [other for other in everybody.values() if other.centre == person.centre]
        elsewhere = [other for (kind, _), other in everybody.items() if kind is person.kind]
        tries = {
            "session": [(stranger, subject, mode)],
            "post": [(other, subject, mode) for other in others] or [(stranger, subject, mode)],
            "level": [(other, replace(subject, path=PATH.get(other.centre, ())), mode) for other in elsewhere],
            "area": [(person, replace(subject, path=PATH[BESIDE]), mode)],
            "ownership": [(person, replace(subject, owners=frozenset({"somebody.else"})), mode)],
            "mode": [(person, subject, other) for other in Mode],
        }
        for why, calls in tries.items():
            closed = next((call for call in calls if not expected(call[0], action, *call[1:])), None)
            if why not in found and closed is not None:
                found[why] = closed
    return found


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_that_of_ten_thousand_calls_none_gets_through_that_may_not(stand: RightsStand, part: int) -> None:
    chosen, every = random.Random(SEED + part), actions()
    wrong, allowed = [], 0
    for _ in range(TIMES // PARTS):
        person, action, mode = chosen.choice(stand.people), chosen.choice(every), chosen.choice(list(Mode))
        subject = _asked_of(person, owner=chosen.random() < 0.5, centre=chosen.choice((*PATH, "")))
        allowed += expected(person, action, subject, mode)
        if fault := _tried(stand, person, action, subject, mode):
            wrong.append((person, action, subject, mode, fault))
    assert wrong == []
    assert 0.1 < allowed * PARTS / TIMES < 0.9, "a draw that asks both sides"

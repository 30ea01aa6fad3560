"""Posts that 急时 calls on duty: by what is in effect in each scope, at the post's own centre, as many as can be."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.duty import Assignment, DutyRole, Gap, Person, Presence, Shift, ShiftState
from chengyun_core.model.duty_rules import Ground, gaps
from chengyun_core.model.mode import Declaration, Part, PartChange, Scope, ScopeKind, SwitchState
from chengyun_core.model.reinforcement import WHY, missing, posts_at, role_of
from chengyun_core.model.scales import Mode

CITY, DISTRICT, TOWN = "500000", "500103", "500103001"
PARENTS = {TOWN: DISTRICT, DISTRICT: CITY}
POSTS = ("500000.duty_officer.7", "500000.watch_chief.2", "500103.duty_officer")


def path_of(code: str) -> tuple[str, ...]:
    """Return a centre's way up to the city."""
    return (code, *path_of(PARENTS[code])) if code in PARENTS else (code,)


def declared(number: int, scope: Scope, posts: str, state: SwitchState = SwitchState.IN_FORCE) -> Declaration:
    """Return a declaration that calls posts on duty."""
    parts = (PartChange(part=Part.ROSTER, before="", after=posts),) if posts else ()
    return Declaration(
        number=number, issuer=scope.centre, scope=scope, term=1, mode=Mode.EMERGENCY, reason="x", parts=parts,
        state=state, declared_at=0, declared_by="li",
    )  # fmt: skip


def shift(*people: tuple[str, Presence], state: ShiftState = ShiftState.RUNNING) -> Shift:
    """Return a shift of the city with people as rotating department, which has no demands of its own."""
    rows = tuple(Assignment(person=code, role=DutyRole.ROTATING, presence=presence) for code, presence in people)
    return Shift(number=3, centre=CITY, name="白班", begins_at=0, ends_at=10**9, state=state, assignments=rows)


def lacking(held: Shift, people: dict[str, Person], posts: tuple[str, ...]) -> list[Gap]:
    """Return what a shift lacks of its reinforcement."""
    return [gap for gap in gaps([held], Ground(people=people, reinforcement=posts)) if gap.why == WHY]


def person(code: str, *posts: str) -> Person:
    """Return somebody with posts."""
    return Person(code=code, name=code, centre=CITY, posts=posts)


def test_that_posts_are_wanted_while_it_is_in_effect_and_at_their_own_centre_only() -> None:
    whole = declared(1, Scope(centre=CITY), " ".join(POSTS))
    assert posts_at([whole], CITY, path_of) == POSTS[:2]
    assert posts_at([whole], DISTRICT, path_of) == POSTS[2:]
    for over in (SwitchState.LIFTED, SwitchState.UNDONE, SwitchState.ASKED):
        assert posts_at([declared(1, Scope(centre=CITY), POSTS[0], over)], CITY, path_of) == ()


def test_that_of_nested_scopes_each_is_asked_and_the_narrower_decides_for_itself() -> None:
    whole = declared(1, Scope(centre=CITY), POSTS[0])
    district = declared(2, Scope(centre=DISTRICT), f"{POSTS[1]} {POSTS[2]}")
    track = declared(3, Scope(kind=ScopeKind.TRACK, centre=TOWN, track="YJ01"), "500000.duty_officer.9")
    assert posts_at([whole, district, track], CITY, path_of) == (POSTS[0], "500000.duty_officer.9", POSTS[1])
    assert posts_at([district], CITY, path_of) == (POSTS[1],), "a district calls on somebody of the city"
    assert posts_at([whole, declared(4, Scope(centre=DISTRICT), "")], CITY, path_of) == (POSTS[0],)


def test_that_a_post_nobody_there_holds_is_a_gap_that_names_it() -> None:
    people = {"a": person("a", POSTS[0]), "b": person("b", POSTS[1])}
    held = shift(("a", Presence.PRESENT), ("b", Presence.ABSENT))
    (gap,) = lacking(held, people, POSTS[:2])
    assert (gap.post, gap.role, gap.missing, gap.person, gap.shift) == (POSTS[1], DutyRole.CHIEF, 1, "", 3)
    assert lacking(shift(("a", Presence.ON_CALL), ("b", Presence.PLANNED)), people, POSTS[:2]) == []
    assert len(lacking(shift(("a", Presence.RELIEVED)), people, POSTS[:1])) == 1


def test_that_a_shift_that_hands_over_or_is_over_lacks_no_reinforcement() -> None:
    for state in (ShiftState.HANDING_OVER, ShiftState.CLOSED, ShiftState.CANCELLED):
        assert lacking(shift(state=state), {}, POSTS) == []
    assert len(lacking(shift(state=ShiftState.PLANNED), {}, POSTS)) == len(POSTS)


def test_that_one_person_fills_one_post_and_any_number_will_do_where_none_is_said() -> None:
    one = {"a": ("500000.duty_officer.7", "500000.watch_chief.2")}
    assert missing(POSTS[:2], one) == [POSTS[1]]
    assert missing(["500000.duty_officer"], one) == []
    assert missing(["500000.duty_officer"], {"a": ("500000.duty_officers",)}) == ["500000.duty_officer"]


def test_that_the_roles_are_those_of_the_posts() -> None:
    assert [role_of(post) for post in (*POSTS, "500000.unit.3", "nonsense")] == [
        DutyRole.OFFICER, DutyRole.CHIEF, DutyRole.OFFICER, DutyRole.RESIDENT, DutyRole.RESIDENT,
    ]  # fmt: skip


@given(st.dictionaries(st.sampled_from("abcd"), st.sets(st.sampled_from("wxyz"), max_size=3), max_size=4))
def test_that_as_many_posts_are_filled_as_any_choice_of_people_could_fill(held: dict[str, set[str]]) -> None:
    posts = ["w", "x", "y", "z"]
    best = 0
    for people in permutations([*held, *([""] * len(posts))], len(posts)):
        best = max(best, sum(post in held.get(who, ()) for post, who in zip(posts, people, strict=True)))
    assert len(posts) - len(missing(posts, held)) == best

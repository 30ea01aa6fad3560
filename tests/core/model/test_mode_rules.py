"""RF22: the join of modes: one outcome for every order of news, and what is in effect follows from it alone."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.model.mode import Declaration, Part, PartChange, Preset, Scope, ScopeKind, SwitchState
from chengyun_core.model.mode_rules import at_seat, carried, in_effect, merged, newer, outlook, sets_by_scope
from chengyun_core.model.scales import Mode

CITY, DISTRICT, TOWN, OTHER = "500000", "500103", "500103001", "500106"
IN_TOWN, IN_DISTRICT, IN_CITY, IN_OTHER = (TOWN, DISTRICT, CITY), (DISTRICT, CITY), (CITY,), (OTHER, CITY)
WATER = "GS01"


def declared(
    issuer: str = CITY,
    scope: Scope | None = None,
    *,
    number: int = 1,
    parts: dict[Part, str] | None = None,
    **more: object,
) -> Declaration:
    """Return a declaration in force, of the issuer's own centre unless told otherwise."""
    base = Declaration(
        number=number, issuer=issuer, scope=scope or Scope(centre=issuer), term=1, mode=Mode.EMERGENCY, reason="暴雨",
        parts=tuple(PartChange(part=part, before="", after=after) for part, after in (parts or {}).items()),
        state=SwitchState.IN_FORCE, declared_at=100 + number, declared_by="chief",
    )  # fmt: skip
    return replace(base, **more)


SCOPES = st.one_of(
    st.builds(Scope, centre=st.sampled_from([CITY, DISTRICT, TOWN, OTHER])),
    st.builds(
        Scope, kind=st.just(ScopeKind.TRACK), centre=st.sampled_from([CITY, DISTRICT]), track=st.sampled_from([WATER])
    ),
)
DECLARATIONS = st.builds(
    Declaration, number=st.integers(1, 9), issuer=st.sampled_from([CITY, DISTRICT, OTHER]), scope=SCOPES,
    term=st.integers(1, 4), mode=st.sampled_from(Mode), reason=st.sampled_from(["a", "b"]),
    state=st.sampled_from(SwitchState), declared_at=st.integers(0, 50), declared_by=st.just("x"),
    parts=st.sampled_from([(), (PartChange(part=Part.THRESHOLDS, before="n", after="flood"),),
                           (PartChange(part=Part.SOUND, before="", after="loud"),)]),
    version=st.integers(1, 3),
)  # fmt: skip
NEWS = st.lists(DECLARATIONS, max_size=8)


@given(told=NEWS, cut=st.integers(0, 8), data=st.data())
@settings(max_examples=300, deadline=None)
def test_that_the_order_the_cuts_and_the_repetitions_of_news_make_no_difference(
    told: list[Declaration], cut: int, data: st.DataObject
) -> None:  # fmt: skip
    whole = merged({}, told)
    shuffled = data.draw(st.permutations(told))
    assert merged({}, shuffled) == whole, "commutative"
    assert merged(merged({}, told[:cut]), merged({}, told[cut:]).values()) == whole, "associative"
    assert merged(merged({}, told), [*told, *whole.values()]) == whole, "idempotent"
    for path in (IN_TOWN, IN_OTHER):
        for track in ("", WATER):
            assert in_effect(shuffled and merged({}, shuffled).values(), path, track) == in_effect(
                whole.values(), path, track
            )
    assert sets_by_scope(reversed(list(whole.values()))) == sets_by_scope(whole.values())


@given(one=DECLARATIONS, other=DECLARATIONS)
def test_that_of_two_states_of_a_register_the_greater_term_wins_whoever_told_it_first(
    one: Declaration, other: Declaration
) -> None:
    assert newer(one, other) == newer(other, one)
    if one.term > other.term:
        assert newer(one, other) is one


@given(told=NEWS, more=DECLARATIONS)
def test_that_one_declaration_more_never_lowers_what_is_in_effect(told: list[Declaration], more: Declaration) -> None:
    held = [one for one in told if one.key != more.key]
    before, after = in_effect(held, IN_TOWN).mode, in_effect([*held, more], IN_TOWN).mode
    assert (before, after) != (Mode.EMERGENCY, Mode.PEACETIME)


def test_that_a_district_is_in_emergency_while_its_city_and_its_neighbours_are_not() -> None:
    only = [declared(DISTRICT)]
    assert in_effect(only, IN_TOWN).mode is Mode.EMERGENCY
    assert in_effect(only, IN_CITY).mode is Mode.PEACETIME
    assert in_effect(only, IN_OTHER).mode is Mode.PEACETIME


def test_that_a_city_that_lifts_its_own_leaves_the_districts_standing() -> None:
    both = [declared(CITY), declared(DISTRICT, number=2)]
    assert in_effect(both, IN_DISTRICT).by == (1, 2)
    lifted = [replace(both[0], mode=Mode.PEACETIME, state=SwitchState.APPLYING, term=2), both[1]]
    assert in_effect(lifted, IN_DISTRICT).by == (2,)
    assert in_effect(lifted, IN_CITY).mode is Mode.PEACETIME


def test_that_a_district_cannot_cancel_what_its_city_imposed_on_it() -> None:
    imposed = declared(CITY, Scope(centre=DISTRICT))
    own = declared(DISTRICT, number=2, mode=Mode.PEACETIME, state=SwitchState.LIFTED, term=9)
    assert in_effect([imposed, own], IN_DISTRICT).mode is Mode.EMERGENCY


def test_that_a_track_is_in_emergency_and_the_rest_of_its_city_is_not() -> None:
    only = [declared(CITY, Scope(kind=ScopeKind.TRACK, centre=CITY, track=WATER))]
    assert in_effect(only, IN_TOWN, WATER).mode is Mode.EMERGENCY
    assert in_effect(only, IN_TOWN, "YJ01").mode is Mode.PEACETIME
    assert in_effect(only, IN_TOWN).mode is Mode.PEACETIME


def test_that_of_every_part_the_narrowest_declaration_that_carries_it_decides() -> None:
    wide = declared(CITY, parts={Part.THRESHOLDS: "flood", Part.SOUND: "loud"}, preset="wide")
    narrow = declared(DISTRICT, number=2, parts={Part.THRESHOLDS: "water"}, preset="narrow")
    found = in_effect([narrow, wide], IN_DISTRICT)
    assert (found.parts, found.preset, found.since) == ({Part.THRESHOLDS: "water", Part.SOUND: "loud"}, "narrow", 101)


def test_that_what_waits_for_its_second_person_or_was_undone_holds_nothing() -> None:
    for state in (SwitchState.ASKED, SwitchState.UNDONE, SwitchState.REFUSED):
        assert in_effect([declared(state=state)], IN_CITY).mode is Mode.PEACETIME
    assert in_effect([declared(state=SwitchState.APPLYING)], IN_CITY).mode is Mode.EMERGENCY


def test_that_lifting_goes_back_to_what_the_join_says_of_each_part() -> None:
    wide = declared(CITY, parts={Part.THRESHOLDS: "flood"})
    narrow = declared(DISTRICT, number=2, parts={Part.THRESHOLDS: "water", Part.LAYOUT: "flood-room"})
    back = outlook([wide, narrow], [wide], narrow.scope, IN_DISTRICT, "normal")
    changed = {change.part: (change.before, change.after) for change in back.changes if change.before != change.after}
    assert changed == {Part.THRESHOLDS: ("water", "flood"), Part.LAYOUT: ("flood-room", "")}
    alone = outlook([narrow], [], narrow.scope, IN_DISTRICT, "normal")
    assert alone.changes[0] == PartChange(part=Part.THRESHOLDS, before="water", after="normal")


def test_that_a_track_carries_no_layout_sound_or_layer() -> None:
    preset = Preset(
        code="flood", name="防汛", threshold_set="XQ", layout="f", sound="loud", layers=("rain",), plans=("P1",)
    )
    assert set(carried(preset, whole=False)) == {Part.THRESHOLDS, Part.PLANS}
    assert set(carried(preset, whole=True)) == {Part.THRESHOLDS, Part.LAYOUT, Part.SOUND, Part.LAYERS, Part.PLANS}


def test_that_who_declares_for_a_district_from_a_seat_of_the_city_works_by_its_layout() -> None:
    own = declared(CITY, Scope(centre=DISTRICT), parts={Part.LAYOUT: "emergency"}, declared_seat="A-01")
    assert at_seat([own], IN_CITY, "A-01").parts == {Part.LAYOUT: "emergency"}
    assert at_seat([own], IN_CITY, "A-02").mode is Mode.PEACETIME
    assert at_seat([own], IN_DISTRICT, "Y-01").mode is Mode.EMERGENCY
    assert in_effect([own], IN_CITY).mode is Mode.PEACETIME, "rights follow the place, not the seat"
    track = replace(own, scope=Scope(kind=ScopeKind.TRACK, centre=CITY, track=WATER))
    assert at_seat([track], IN_CITY, "A-01").mode is Mode.PEACETIME

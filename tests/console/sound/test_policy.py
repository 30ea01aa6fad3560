"""What is to be heard: tones by gravity, one phrase or one count, two minutes of silence, never a backlog."""

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_console.sound.calls import Call, Kind, Utterance, call_of, is_returned
from chengyun_console.sound.policy import REPEAT_S, SPEAK_AGAIN_S, Policy
from chengyun_console.sound.silence import SILENCE_S
from chengyun_core.model.scales import AlarmPriority, WarningColour
from tests.console.still_session import START_NS, alarm

RED, ORANGE, YELLOW = WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW


def call(number: int, colour: WarningColour = RED, **fields: int) -> Call:
    """Return a call of the vital of the same number."""
    times = fields.get("times", 1)
    return Call(
        number=number,
        about=fields.get("about", number),
        colour=colour,
        priority=AlarmPriority(fields.get("priority", 2)),
        times=times,
    )


def heard(policy: Policy, now_s: float, *, speech: bool = True) -> list[tuple[Kind, WarningColour]]:
    """Return everything a loudspeaker that is free at once would play at one instant."""
    told: list[Utterance] = []
    while (utterance := policy.next(now_s, speech=speech)) is not None:
        told.append(utterance)
    return [(utterance.kind, utterance.colour) for utterance in told]


def test_that_a_tone_comes_before_the_words() -> None:
    policy = Policy()
    policy.hear(call(1), 0.0)
    assert heard(policy, 0.0) == [(Kind.TONE, RED), (Kind.PHRASE, RED)]


def test_that_red_and_orange_repeat_every_ten_seconds_until_acknowledged_and_yellow_sounds_once() -> None:
    for colour, again in ((RED, True), (ORANGE, True), (YELLOW, False)):
        policy = Policy()
        policy.hear(call(1, colour), 0.0)
        heard(policy, 0.0)
        assert heard(policy, REPEAT_S - 0.1) == []
        assert heard(policy, REPEAT_S) == ([(Kind.TONE, colour)] if again else [])
        policy.still(1, REPEAT_S + 1)
        assert heard(policy, 3 * REPEAT_S) == []


def test_that_what_goes_on_waiting_is_named_again_after_a_minute_not_with_every_tone() -> None:
    policy = Policy()
    policy.hear(call(1), 0.0)
    heard(policy, 0.0)
    spoken = [at for at in range(1, 2 * int(SPEAK_AGAIN_S)) if (Kind.PHRASE, RED) in heard(policy, float(at))]
    assert spoken == [int(SPEAK_AGAIN_S)]


def test_that_a_graver_colour_does_not_wait_for_the_ten_seconds_and_a_lesser_one_does() -> None:
    policy = Policy()
    policy.hear(call(1, ORANGE), 0.0)
    heard(policy, 0.0)
    policy.hear(call(2, RED), 1.0)
    assert heard(policy, 1.0)[0] == (Kind.TONE, RED)
    policy.hear(call(3, YELLOW), 2.0)
    assert heard(policy, 2.0) == [(Kind.PHRASE, YELLOW)]


def test_that_an_escalation_calls_anew() -> None:
    policy = Policy()
    policy.hear(call(1, YELLOW), 0.0)
    heard(policy, 0.0)
    policy.hear(call(1, RED), 2.0)
    assert heard(policy, 2.0) == [(Kind.TONE, RED), (Kind.PHRASE, RED)]


def test_that_a_burst_is_one_sentence_with_counts_and_no_backlog() -> None:
    policy = Policy()
    for number in range(18):
        policy.hear(call(number, RED if number < 2 else ORANGE if number < 7 else YELLOW), 0.1 * number)
    first, second = policy.next(2.0), policy.next(3.0)
    assert first is not None
    assert (first.kind, first.colour) == (Kind.TONE, RED)
    assert second is not None
    assert (second.kind, second.counts) == (Kind.BURST, (0, 0, 11, 5, 2))
    assert heard(policy, 4.0) == []


def test_that_one_alarm_a_second_does_not_make_the_voice_talk_without_end() -> None:
    policy, free_at, said = Policy(), 0.0, []
    for second in range(100):
        policy.hear(call(second, YELLOW), float(second))
        if second >= free_at and (told := policy.next(float(second))) is not None and told.kind is not Kind.TONE:
            said.append((second, told.kind))
            free_at = second + 4.0
    assert [kind for _at, kind in said] == [Kind.PHRASE, Kind.BURST, Kind.BURST, Kind.BURST, Kind.BURST]
    bursts = [at for at, kind in said if kind is Kind.BURST]
    assert min(later - sooner for sooner, later in pairwise(bursts)) >= 30


def test_that_a_red_is_named_within_a_burst_of_lesser_colours() -> None:
    policy = Policy()
    for number in range(6):
        policy.hear(call(number, YELLOW), 0.0)
    heard(policy, 0.0)
    policy.hear(call(9, RED), 5.0)
    assert heard(policy, 5.0) == [(Kind.TONE, RED), (Kind.PHRASE, RED)]


def test_that_what_ended_or_was_acknowledged_is_neither_spoken_nor_finished() -> None:
    policy = Policy()
    policy.hear(call(1), 0.0)
    tone = policy.next(0.0)
    assert tone is not None
    assert policy.is_due(tone, 0.5)
    policy.still(1, 0.6)
    assert not policy.is_due(tone, 0.6)
    assert heard(policy, 0.6) == []


def test_that_a_chattering_vital_is_named_once_in_ten_seconds() -> None:
    policy, phrases = Policy(), 0
    for second in range(9):
        policy.hear(call(1, YELLOW, times=second + 1), float(second))
        phrases += heard(policy, float(second)).count((Kind.PHRASE, YELLOW))
        policy.still(1, second + 0.5, returned=True)
    assert phrases == 1


def test_that_a_return_before_the_acknowledgement_sounds_once() -> None:
    policy = Policy()
    policy.hear(call(1), 0.0)
    heard(policy, 0.0)
    policy.still(1, 3.0, returned=True)
    assert heard(policy, 3.0) == [(Kind.RETURNED, WarningColour.NONE)]
    assert heard(policy, 60.0) == []


def test_that_silence_is_total_for_what_called_before_it_and_ends_by_itself_with_a_count() -> None:
    policy = Policy()
    for number in range(2):
        policy.hear(call(number), 0.0)
    heard(policy, 0.0)
    policy.be_silent(5.0)
    policy.hear(call(7, ORANGE), 6.0)
    assert [heard(policy, float(at)) for at in range(5, 125)] == [[]] * 120
    assert policy.silence.left_s(18.0) == 107.0
    assert heard(policy, 5.0 + SILENCE_S) == [(Kind.TONE, RED), (Kind.STANDING, RED)]


def test_that_a_red_that_comes_within_the_silence_is_heard_once_and_not_spoken() -> None:
    policy = Policy()
    policy.be_silent(0.0)
    policy.hear(call(1), 20.0)
    tone = policy.next(20.0)
    assert tone is not None
    assert tone.kind is Kind.TONE
    assert policy.is_due(tone, 20.2)
    assert [heard(policy, float(at)) for at in range(21, 120)] == [[]] * 99


def test_that_the_silence_key_cuts_what_sounds_and_counts_two_minutes_anew() -> None:
    policy = Policy()
    policy.hear(call(1), 0.0)
    tone = policy.next(0.0)
    policy.be_silent(0.1)
    assert tone is not None
    assert not policy.is_due(tone, 0.1)
    policy.be_silent(100.0)
    assert policy.silence.left_s(100.0) == SILENCE_S


def test_that_sound_comes_back_when_it_is_asked_for() -> None:
    policy = Policy()
    policy.hear(call(1), 0.0)
    heard(policy, 0.0)
    policy.be_silent(1.0)
    policy.sound_again()
    assert heard(policy, 12.0) == [(Kind.TONE, RED), (Kind.PHRASE, RED)]


def test_that_what_stands_at_the_start_is_counted_not_told_one_by_one() -> None:
    policy = Policy()
    policy.begin([call(1, YELLOW), call(2, YELLOW), call(3, ORANGE)])
    assert heard(policy, 0.0) == [(Kind.TONE, ORANGE), (Kind.STANDING, ORANGE)]


def test_that_without_speech_the_tones_go_on_alone() -> None:
    policy = Policy()
    policy.begin([call(1, YELLOW)])
    assert heard(policy, 0.0, speech=False) == [(Kind.TONE, YELLOW)]
    assert heard(policy, 60.0, speech=False) == []
    policy.hear(call(2), 61.0)
    assert heard(policy, 61.0, speech=False) == [(Kind.TONE, RED)]


def test_that_what_could_not_be_told_in_half_a_minute_is_not_called_new() -> None:
    policy = Policy()
    for number in range(5):
        policy.hear(call(number), 0.0)
    assert heard(policy, 45.0) == [(Kind.TONE, RED), (Kind.STANDING, RED)]


def test_that_only_the_state_that_sounds_makes_a_call() -> None:
    assert call_of(alarm(1, 2)) is not None
    assert call_of(alarm(1, 2, acked_at=START_NS)) is None
    assert call_of(alarm(1, 2, shelved_at=START_NS)) is None
    returned = alarm(1, 2, band=WarningColour.NONE)
    assert call_of(returned) is None
    assert is_returned(returned)


@dataclass
class World:
    """What stands, kept apart from the policy, and when each colour sounded."""

    policy: Policy = field(default_factory=Policy)
    now_s: float = 0.0
    standing: dict[int, WarningColour] = field(default_factory=dict)
    came_s: dict[int, float] = field(default_factory=dict)
    silent_s: float = -SILENCE_S
    tones: list[tuple[float, WarningColour]] = field(default_factory=list)

    def is_silent(self) -> bool:
        """Whether F12 was pressed within two minutes."""
        return self.now_s - self.silent_s < SILENCE_S

    def raise_(self, number: int, colour: WarningColour) -> None:
        """Raise an alarm, or raise its colour."""
        grave = max(colour, self.standing.get(number, WarningColour.NONE))
        if self.standing.get(number) != grave:
            self.came_s[number] = self.now_s
        self.standing[number] = grave
        self.policy.hear(call(number, grave), self.now_s)

    def check(self, told: Utterance) -> None:
        """Hold what must be true of whatever is played, whenever it is played."""
        assert self.policy.is_due(told, self.now_s)
        if self.is_silent():
            assert (told.kind, told.colour) == (Kind.TONE, RED)
            assert any(self.came_s[n] >= self.silent_s for n, colour in self.standing.items() if colour is RED)
        match told.kind:
            case Kind.TONE:
                assert told.colour in self.standing.values()
                assert all(self.now_s - at >= REPEAT_S for at, colour in self.tones if colour >= told.colour)
                self.tones.append((self.now_s, told.colour))
            case Kind.PHRASE:
                assert told.number is not None
                assert self.standing[told.number] == told.colour
            case Kind.BURST | Kind.STANDING:
                assert 0 < sum(told.counts) <= len(self.standing)
                assert sum(told.counts) > 1


DEED = st.one_of(
    st.tuples(st.just("raise"), st.integers(0, 8), st.sampled_from(list(WarningColour)[1:])),
    st.tuples(st.just("still"), st.integers(0, 8), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 1.0, 6.0, 10.0, 31.0]), st.none()),
    st.tuples(st.just("silence"), st.none(), st.none()),
    st.tuples(st.just("listen"), st.none(), st.none()),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(DEED, max_size=60), st.booleans())
def test_that_whatever_happens_nothing_untrue_is_heard_and_red_is_never_forgotten(
    deeds: list[tuple[str, object, object]], speech: bool
) -> None:
    world = World()
    for deed, one, two in deeds:
        _do(world, deed, one, two)
        if deed == "listen":
            _listen(world, speech=speech)
    world.silent_s, world.now_s = -SILENCE_S, world.now_s + SILENCE_S
    before = len(world.tones)
    _listen(world, speech=speech)
    if {RED, ORANGE} & set(world.standing.values()):
        assert len(world.tones) > before


def _listen(world: World, *, speech: bool) -> None:
    count = 0
    while (told := world.policy.next(world.now_s, speech=speech)) is not None:
        world.check(told)
        count += 1
    # A tone, and at most the two phrases that are no burst yet, and the tone of what returned.
    assert count <= 4


def _do(world: World, deed: str, one: object, two: object) -> None:
    if deed == "raise" and isinstance(one, int) and isinstance(two, WarningColour):
        world.raise_(one, two)
    elif deed == "still" and isinstance(one, int):
        world.standing.pop(one, None)
        world.policy.still(one, world.now_s, returned=bool(two))
    elif deed == "wait" and isinstance(one, float):
        world.now_s += one
    elif deed == "silence":
        world.silent_s = world.now_s
        world.policy.be_silent(world.now_s)

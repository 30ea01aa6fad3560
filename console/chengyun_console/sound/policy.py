"""Decides what is to be heard now (A15): a tone, a phrase, a count or nothing. No Qt, no audio, no clock of its own.

Seconds are monotonic ones of the officer's room: a drill ten times as fast does not call ten times as often.
"""

from collections import deque
from collections.abc import Iterable

from chengyun_console.sound.calls import Call, Kind, Utterance
from chengyun_console.sound.roll import Roll
from chengyun_console.sound.silence import Silence
from chengyun_core.model.scales import WarningColour

REPEAT_S = 10.0
"""A colour sounds, and a vital is named, at most once in so long (FEATURES A15, qgc#4223)."""
SPEAK_AGAIN_S = 60.0
"""What goes on waiting is named again after so long; its tone is heard every 10 s."""
BURST_S = 30.0
BURST_FROM = 3
"""So many that nobody has told yet are a burst: one sentence counts them."""
CROWD_FROM = 5
"""So many within half a minute are one too, even if each was told: a voice that never stops is not listened to."""
RETURN_WITHIN_S = 5.0
GRAVE = (WarningColour.ORANGE, WarningColour.RED)
"""Colours that repeat until acknowledged."""


class Policy:
    """Told of alarms, time and silence; asked by whoever has a free loudspeaker."""

    def __init__(self) -> None:
        self.silence = Silence()
        self._forget_all()

    def _forget_all(self) -> None:
        self._standing = Roll()
        self._untold: dict[int, float] = {}
        """Calls nobody has spoken of → when they came."""
        self._unsounded: set[int] = set()
        """Calls whose coming no tone has told."""
        self._came: deque[tuple[float, int]] = deque()
        self._sounded_s: dict[WarningColour, float] = {}
        """When each colour sounded last; NONE: the tone of what returned."""
        self._named_s: dict[tuple[int, WarningColour], float] = {}
        self._summed_s = -SPEAK_AGAIN_S
        self._burst: tuple[float, WarningColour] = (-BURST_S, WarningColour.NONE)
        """When a burst was counted last, and its gravest colour."""
        self._returned_s: float | None = None
        self._notice_s: float | None = None
        self._noticed_s = -REPEAT_S
        self._owes_count = False
        """What stands has to be counted once: after the start, and after a silence."""

    def begin(self, calls: Iterable[Call]) -> None:
        """Forget everything but the silence; what stands already is counted, not told one by one."""
        self._forget_all()
        for call in calls:
            self._standing.put(call)
        self._owes_count = bool(self._standing)

    def hear(self, call: Call, now_s: float) -> None:
        """Take note of a call as it stands now."""
        before = self._standing.put(call)
        if before is None or call.colour > before.colour or call.times > before.times:
            self._came.append((now_s, call.number))
            self._untold[call.number] = now_s
            self._unsounded.add(call.number)
            self.silence.hear(call, now_s)

    def still(self, number: int, now_s: float, *, returned: bool = False) -> None:
        """Take note that an alarm calls no more; `returned`: it ended before anybody acknowledged it."""
        was_calling = self._standing.remove(number) is not None
        self._untold.pop(number, None)
        self._unsounded.discard(number)
        self.silence.forget(number)
        if was_calling and returned:
            self._returned_s = now_s

    def missed(self, now_s: float) -> None:
        """Take note of an alarm that had come and gone again before anybody could look."""
        self._returned_s = now_s

    def notice(self, now_s: float) -> None:
        """Take note that something came that is no alarm; several at once are one sound."""
        self._notice_s = now_s

    def be_silent(self, now_s: float) -> None:
        """Silence every sound for two minutes from now on."""
        self.silence.begin(now_s)

    def sound_again(self) -> None:
        """End the silence before its time."""
        if self.silence.end():
            self._owe_count()

    def next(self, now_s: float, *, speech: bool = True) -> Utterance | None:
        """Return what a free loudspeaker has to play now, and count it as told; None: nothing."""
        self._forget_old(now_s)
        if self.silence.is_on(now_s):
            return self._broken_silence(now_s)
        tone = self._tone(now_s)
        if not speech:
            self._owes_count = False
        return tone or (self._spoken(now_s) if speech else None) or self._return_tone(now_s) or self._noticed(now_s)

    def is_due(self, utterance: Utterance, now_s: float) -> bool:
        """Return whether what is being played still holds: what is acknowledged, ended or silenced is cut off."""
        if self.silence.is_on(now_s):
            return utterance.kind is Kind.TONE and self.silence.was_broken_by(utterance)
        match utterance.kind:
            case Kind.TONE:
                return self._standing.counts()[utterance.colour] > 0
            case Kind.PHRASE:
                call = self._standing.get(utterance.number)
                return call is not None and call.colour == utterance.colour
            case Kind.RETURNED | Kind.NOTICE:
                return True
            case _:
                return bool(self._standing)

    def calling(self) -> tuple[int, ...]:
        """Return how many alarms call, by WarningColour."""
        return self._standing.counts()

    def _tone(self, now_s: float) -> Utterance | None:
        gravest = self._gravest(self._unsounded)
        if gravest is not None and self._may_sound(gravest.colour, now_s):
            return self._sounding(gravest, now_s)
        gravest = self._standing.gravest()
        if gravest is None or not self._may_sound(gravest.colour, now_s):
            return None
        return self._sounding(gravest, now_s) if gravest.colour in GRAVE or self._owes_count else None

    def _may_sound(self, colour: WarningColour, now_s: float) -> bool:
        """A tone covers every lesser colour of its ten seconds: only what is graver is heard before they are over."""
        heard = [at_s for other, at_s in self._sounded_s.items() if other >= colour]
        return not heard or now_s - max(heard) >= REPEAT_S

    def _sounding(self, call: Call, now_s: float) -> Utterance:
        self._sounded_s[call.colour] = now_s
        self._unsounded = {number for number in self._unsounded if self._colour(number) > call.colour}
        return Utterance(kind=Kind.TONE, colour=call.colour, priority=call.priority)

    def _spoken(self, now_s: float) -> Utterance | None:
        if self._owes_count:
            return self._count_of_standing(now_s) if self._standing else None
        untold = [call for call in map(self._standing.get, self._untold) if call is not None]
        if len(untold) >= BURST_FROM or (untold and len(self._newcomers()) >= CROWD_FROM):
            if now_s - self._burst[0] >= BURST_S:
                return self._count_of_burst(now_s)
            # Within the half minute that was counted only what is graver than all of it is worth a sentence.
            untold = [call for call in untold if call.colour > self._burst[1]]
        for call in sorted(untold, key=lambda call: call.gravity, reverse=True):
            if self._may_name(call, now_s):
                return self._phrase(call, now_s)
        return self._again(now_s)

    def _may_name(self, call: Call, now_s: float) -> bool:
        return now_s - self._named_s.get((call.about, call.colour), -REPEAT_S) >= REPEAT_S

    def _phrase(self, call: Call, now_s: float) -> Utterance:
        self._named_s[call.about, call.colour] = self._summed_s = now_s
        self._untold.pop(call.number, None)
        return Utterance(kind=Kind.PHRASE, colour=call.colour, priority=call.priority, number=call.number)

    def _count_of_burst(self, now_s: float) -> Utterance:
        self._untold.clear()
        self._summed_s = now_s
        calls = self._newcomers()
        colour = max(call.colour for call in calls)
        self._burst = now_s, colour
        return Utterance(kind=Kind.BURST, colour=colour, counts=_counted(calls))

    def _newcomers(self) -> list[Call]:
        """Return what came within the last half minute and still calls."""
        came = {number for _at, number in self._came}
        return [call for call in map(self._standing.get, came) if call is not None]

    def _again(self, now_s: float) -> Utterance | None:
        """Return what waits in red or orange, named again: one by its name, several by their number."""
        gravest = self._standing.gravest()
        if gravest is None or gravest.colour not in GRAVE or now_s - self._summed_s < SPEAK_AGAIN_S:
            return None
        return self._count_of_standing(now_s)

    def _count_of_standing(self, now_s: float) -> Utterance | None:
        self._owes_count = False
        self._untold.clear()
        self._summed_s = now_s
        gravest = self._standing.gravest()
        if gravest is None or len(self._standing) == 1:
            return self._phrase(gravest, now_s) if gravest is not None else None
        return Utterance(kind=Kind.STANDING, colour=gravest.colour, counts=self._standing.counts())

    def _return_tone(self, now_s: float) -> Utterance | None:
        if self._returned_s is None or now_s - self._sounded_s.get(WarningColour.NONE, -REPEAT_S) < REPEAT_S:
            return None
        self._returned_s, self._sounded_s[WarningColour.NONE] = None, now_s
        return Utterance(kind=Kind.RETURNED)

    def _noticed(self, now_s: float) -> Utterance | None:
        """An alarm is heard first; what waited longer than a voice may be late is not told late."""
        came_s, self._notice_s = self._notice_s, None
        if came_s is None or now_s - came_s >= RETURN_WITHIN_S or now_s - self._noticed_s < REPEAT_S:
            return None
        self._noticed_s = now_s
        return Utterance(kind=Kind.NOTICE)

    def _broken_silence(self, now_s: float) -> Utterance | None:
        """A red that came after F12 was not what the officer silenced: its tone is heard once, unspoken."""
        call = self.silence.breaker(self._standing)
        if call is None or not self._may_sound(call.colour, now_s):
            return None
        self.silence.broken()
        return self._sounding(call, now_s)

    def _gravest(self, numbers: Iterable[int]) -> Call | None:
        calls = (call for call in map(self._standing.get, numbers) if call is not None)
        return max(calls, key=lambda call: call.gravity, default=None)

    def _colour(self, number: int) -> WarningColour:
        call = self._standing.get(number)
        return call.colour if call is not None else WarningColour.NONE

    def _forget_old(self, now_s: float) -> None:
        """What could not be told in time is not told late: it is counted with what stands."""
        if self.silence.ended(now_s):
            self._owe_count()
        while self._came and now_s - self._came[0][0] >= BURST_S:
            self._came.popleft()
        late = [number for number, at_s in self._untold.items() if now_s - at_s >= BURST_S]
        for number in late:
            del self._untold[number]
        self._owes_count = self._owes_count and bool(self._standing)
        self._named_s = {key: at_s for key, at_s in self._named_s.items() if now_s - at_s < REPEAT_S}
        if self._returned_s is not None and now_s - self._returned_s >= RETURN_WITHIN_S:
            self._returned_s = None

    def _owe_count(self) -> None:
        gravest = self._standing.gravest()
        self._owes_count = gravest is not None and gravest.colour in GRAVE
        self._untold.clear()
        self._unsounded.clear()


def _counted(calls: Iterable[Call]) -> tuple[int, ...]:
    counts = [0] * len(WarningColour)
    for call in calls:
        counts[call.colour] += 1
    return tuple(counts)

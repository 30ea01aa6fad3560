"""Between the desk and the loudspeaker: tells the policy what calls, and plays what it answers. GUI thread."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.mode.parts import sound_here
from chengyun_console.seat_routing import Whole
from chengyun_console.sound import tones
from chengyun_console.sound.calls import Call, Kind, Utterance, call_of, is_returned
from chengyun_console.sound.lone_calls import LoneCalls, vital_of
from chengyun_console.sound.order_news import OrderNews
from chengyun_console.sound.policy import Policy
from chengyun_console.sound.silence_log import SilenceLog
from chengyun_console.sound.speech import Speech
from chengyun_console.sound.standing import SoundStanding
from chengyun_console.sound.tones import Samples
from chengyun_console.sound.voice import Voice, VoiceState
from chengyun_console.wording.sounds import spoken, spoken_lone
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.order import Receipt

STARTING = "sound.starting"
REROUTED_A_BEAT = 200


class Horn(QObject):
    """Goes on while the window is changed, the seat is locked or nobody is signed on. Started once, stopped once."""

    def __init__(self, desk: Desk, tick: FrameTick, voice: Voice, speech: Speech) -> None:
        super().__init__()
        self._desk, self._voice, self._speech = desk, voice, speech
        self._log = SilenceLog(desk.profile)
        self.policy = Policy()
        self.lone = LoneCalls(desk, self.policy)
        self.orders = OrderNews(desk)
        self._playing: Utterance | None = None
        self._seat: str | None = None
        """Whose area is listened to; None: nothing was told yet."""
        self._heard_s = 0.0
        self._rerouted: deque[int] = deque()
        """Alarms still to be judged anew: who answers for what has changed."""
        self._told_speechless = False
        self._was_silent = False
        desk.session.facts_came.connect(self._on_facts)
        desk.routing.did_change.connect(self._on_rerouted)
        desk.sound_was_asked.connect(self._on_asked)
        tick.page_ticked.connect(self.refresh)

    @property
    def playing(self) -> Utterance | None:
        """What is being made or played."""
        return self._playing

    def start(self) -> None:
        """Begin to play."""
        self._desk.sound = SoundStanding(is_running=True)
        self._voice.use(self._desk.preferences.sound_device)
        self._voice.start()

    def stop(self) -> None:
        """End both threads and whatever is being spoken out."""
        self._speech.close()
        self._voice.stop()

    def refresh(self, now_s: float) -> None:
        """Say what is to be heard at this beat; returns at once."""
        self._heard_s = now_s
        self._voice.use(self._desk.preferences.sound_device)
        self._desk.routing.look(self._desk.now_ns())
        self._listen_anew()
        self._judge_rerouted()
        self.lone.refresh(now_s)
        self._tell_standing(self._voice.state, now_s)
        if self._playing is not None and not self.policy.is_due(self._playing, now_s):
            self._voice.cut()
            self._playing = None
        if (self._seat is not None or self.lone.is_alone) and self._voice.is_free:
            self._playing = self.policy.next(now_s, speech=self._speaks())
            if self._playing is not None:
                self._voice.play(self._made(self._playing))

    def _listen_anew(self) -> None:
        """At the first facts, and when another seat is taken, begin with what its area has standing."""
        facts, signed_on = self._desk.session.facts, self._desk.session.signed_on
        seat = signed_on.seat if signed_on else ""
        if seat == self._seat or not facts.complete or self._desk.names is None:
            return
        self._seat = seat
        calls = (call_of(alarm) for alarm in facts.alarms.values() if self._is_heard(alarm))
        self.policy.begin(call for call in calls if call is not None)
        self._rerouted.clear()
        self.lone.forget()

    def _is_heard(self, alarm: Alarm) -> bool:
        """Return whether an alarm is heard here; where nobody keeps watch (yet) whatever lies in the area is."""
        routing = self._desk.routing
        return self._desk.flood.watches(alarm) if routing.whole is Whole.NO_WATCH else routing.is_mine(alarm)

    def _on_rerouted(self) -> None:
        """Judge anew whatever calls, the gravest first: a seat that covers another one hears its alarms at once."""
        board = self._desk.session.facts.board
        self._rerouted = deque(alarm.number for alarm in board.alarms[: board.unacknowledged])

    def _judge_rerouted(self) -> None:
        """Judge some of them: thousands at once would hold up the window's frame."""
        alarms = self._desk.session.facts.alarms
        for _ in range(min(REROUTED_A_BEAT, len(self._rerouted))):
            alarm = alarms.get(self._rerouted.popleft())
            if alarm is not None and self._seat is not None:
                self._hear(alarm)

    def _on_facts(self, news: FactNews) -> None:
        if self._seat is None:
            return
        for fact in news.facts:
            if isinstance(fact.record, Alarm):
                self._hear(fact.record)
            elif isinstance(fact.record, Receipt) and self.orders.is_news(fact.record):
                self.policy.notice(self._heard_s)
        for kind, key in news.gone:
            if kind == "alarm":
                self.policy.still(int(key), self._heard_s)

    def _hear(self, alarm: Alarm) -> None:
        is_heard = self._is_heard(alarm)
        call: Call | None = call_of(alarm) if is_heard else None
        if call is not None:
            self.policy.hear(call, self._heard_s)
        else:
            self.policy.still(alarm.number, self._heard_s, returned=is_heard and is_returned(alarm))

    def _made(self, utterance: Utterance) -> Callable[[], Samples]:
        """Return what makes its samples, in another thread; the words are those of this instant."""
        gain = (max(self._desk.preferences.sound_volume, sound_here(self._desk).least_volume) / 100) ** 2
        match utterance.kind:
            case Kind.TONE:
                return partial(_louder, partial(tones.tone, utterance.colour, utterance.priority), gain)
            case Kind.RETURNED:
                return partial(_louder, tones.returned, gain)
            case Kind.NOTICE:
                return partial(_louder, tones.notice, gain)
            case _:
                return partial(_louder, partial(self._speech.samples, *self._words(utterance)), gain)

    def _speaks(self) -> bool:
        return self._desk.preferences.speech == "on" or sound_here(self._desk).speaks

    def _words(self, utterance: Utterance) -> tuple[str, str]:
        number, facts = utterance.number, self._desk.session.facts
        alarm = facts.alarms.get(number) if number is not None else None
        desk, vital = self._desk, vital_of(number)
        told = spoken(desk.texts, desk.words, utterance, alarm)
        if vital is not None:
            told = spoken_lone(desk, vital, utterance.colour)
        return desk.say("sound.lone", told=told) if len(self.lone) and told else told, desk.texts.language

    def _tell_standing(self, state: VoiceState, now_s: float) -> None:
        desk, before = self._desk, self._desk.sound
        lost = state.lost if state.lost is None or state.lost.code != STARTING else None
        desk.sound = replace(
            before,
            silence_left_s=self.policy.silence.left_s(now_s),
            is_calling=any(self.policy.calling()),
            device=state.device,
            devices=state.devices or before.devices,
            lost=lost,
            lost_since_ns=(before.lost_since_ns or desk.now_ns()) if lost else 0,
        )
        if lost is not None and before.lost is None:
            since = desk.figures.clock(desk.sound.lost_since_ns)
            desk.message_came.emit(desk.say("sound.light.lost", time=since, reason=desk.refusal(lost)), True)
        elif lost is None and before.lost is not None:
            desk.message_came.emit(desk.say("sound.back", name=state.device), False)
        self._tell_speechless(state)
        self._tell_end_of_silence()

    def _tell_speechless(self, state: VoiceState) -> None:
        """Say once in a run that nothing is spoken: the tones say the rest."""
        if state.speechless is not None and not self._told_speechless:
            self._told_speechless = True
            self._desk.message_came.emit(self._desk.refusal(state.speechless), True)

    def _tell_end_of_silence(self) -> None:
        is_silent = self._desk.sound.silence_left_s > 0
        if self._was_silent and not is_silent:
            self._write("ended")
            self._desk.message_came.emit(self._desk.say("sound.silence_over"), False)
        self._was_silent = is_silent

    def _on_asked(self, what: str) -> None:
        if what == "again":
            self.policy.sound_again()
            return
        self.policy.be_silent(self._heard_s)
        self._was_silent = True
        self._write("silenced")
        self._desk.message_came.emit(self._desk.say("sound.silenced"), False)

    def _write(self, what: str) -> None:
        signed_on, desk = self._desk.session.signed_on, self._desk
        self._log.write({
            "at": desk.figures.stamp(desk.now_ns()),
            "what": what,
            "seat": signed_on.seat if signed_on else "",
            "account": signed_on.account if signed_on else "",
            "calling": list(self.policy.calling()),
        })  # fmt: skip


def _louder(make: Callable[[], Samples], gain: float) -> Samples:
    return (make() * gain).astype("float32")

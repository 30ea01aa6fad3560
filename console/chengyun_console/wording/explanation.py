"""«Where from?»: everything behind one figure, as lines to be read. Every number on a page can be asked for this."""

from dataclasses import dataclass

from chengyun_console.wording.alarms import AlarmWords
from chengyun_console.wording.figures import NO_VALUE, Figures
from chengyun_console.wording.gazetteer import Gazetteer, limits
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.catalogue import Threshold, Vital
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import parse
from chengyun_core.model.scales import Quality, WarningColour

MOST_CHANNELS = 6
"""Named one by one; an aggregate over more says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: what it is about, and the answer."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What stands behind one vital now. `history` tells its alarm's life, oldest first."""

    name: str
    place: str
    value: str
    band: WarningColour
    is_stale: bool
    lines: tuple[Line, ...]
    rule: tuple[Line, ...]
    """Those of `lines` that tell the rule."""
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains vitals of one catalogue version."""

    figures: Figures
    names: Gazetteer
    words: AlarmWords

    def explain(self, number: int, state: StateMirror, now_ns: int, facts: FactMirror) -> Explanation | None:
        """Return the explanation of a vital, None when the catalogue does not know it."""
        vital = self.names.vital(number)
        if vital is None or number >= state.count:
            return None
        alarm = facts.alarm_of_vital(number)
        threshold = self.names.view.threshold(number)
        fresh = Freshness(int(state.freshness(now_ns)[number]))
        rule = self._rule(vital, threshold)
        return Explanation(
            name=vital.name,
            place=self._place(vital),
            value=self.figures.with_unit(float(state.value[number]), vital.decimals, vital.unit),
            band=WarningColour(int(state.band[number])),
            is_stale=fresh is not Freshness.FRESH,
            lines=(*self._sample(vital, state, now_ns, fresh), *rule, *self._source(vital)),
            rule=rule,
            history=self.words.history(alarm, facts.history_of(alarm.number)) if alarm else (),
        )

    def _place(self, vital: Vital) -> str:
        path = [node.name for node in self.names.view.place_of(vital.number)]
        return " · ".join((self.names.place(vital.centre), "/".join(path)))

    def _sample(self, vital: Vital, state: StateMirror, now_ns: int, fresh: Freshness) -> tuple[Line, ...]:
        number = vital.number
        if fresh is Freshness.NEVER:
            return (self._line("at", self._say(f"console.quality.{int(Quality.NEVER)}")),)
        at_ns = int(state.time[number])
        age = self._say("console.explain.age", age=self.figures.since(at_ns, now_ns))
        quality = self._say(f"console.quality.{int(state.quality[number])}")
        told = self._say(f"console.fresh.{fresh.name.lower()}")
        return (self._line("at", f"{self._moment(at_ns, now_ns)}  {age} · {quality} · {told}"),)

    def _moment(self, at_ns: int, now_ns: int) -> str:
        """Return the time of day; with the date before it when it was not today."""
        same_day = self.figures.moment(at_ns).date() == self.figures.moment(now_ns).date()
        return self.figures.clock(at_ns) if same_day else self.figures.stamp(at_ns)

    def _rule(self, vital: Vital, threshold: Threshold | None) -> tuple[Line, ...]:
        if threshold is None:
            return (self._line("threshold", self._say("console.explain.no_threshold")),)
        bands = "  ".join(part for part in (self._limits(vital, threshold, s) for s in ("high", "low")) if part)
        in_force = self._say("console.explain.set", name=self.names.set_called(threshold.threshold_set))
        return (
            self._line("threshold", f"{bands or self._say('console.explain.no_threshold')} · {in_force}"),
            self._line("rule", "  ".join(self._conditions(vital, threshold))),
        )

    def _limits(self, vital: Vital, threshold: Threshold, side: str) -> str:
        found = limits(threshold, side)
        if not found:
            return ""
        written = " ".join(
            f"{self._say(f'console.colour.{colour}')} {self.figures.value(limit, vital.decimals)}"
            for colour, limit in found
        )
        return f"{self._say(f'console.explain.{side}')} {written}"

    def _conditions(self, vital: Vital, threshold: Threshold) -> tuple[str, ...]:
        said = [
            self._say(
                "console.explain.rule_text",
                hysteresis=self.figures.value(threshold.hysteresis, vital.decimals + 1),
                on=f"{threshold.on_delay_s:g}",
                off=f"{threshold.off_delay_s:g}",
            )
        ]
        for code, amount, colour in (
            ("rate", threshold.rate_per_min, threshold.rate_colour),
            ("stuck", threshold.stuck_s, threshold.stuck_colour),
            ("missing", threshold.missing_s, threshold.missing_colour),
        ):
            if amount is not None:
                word = self._say(f"console.colour.{int(colour)}")
                said.append(
                    self._say(f"console.explain.{code}", rate=f"{amount:g}", seconds=f"{amount:g}", colour=word)
                )
        return tuple(said)

    def _source(self, vital: Vital) -> tuple[Line, ...]:
        post = self.names.post(vital.owner_post)
        owner = " ".join(
            part for part in ((post.name, post.holder, post.phone) if post else (vital.owner_post,)) if part
        )
        kind = self._say(f"console.explain.class.{vital.vital_class}")
        version = self._say("console.explain.catalogue", version=self.names.view.version)
        return (
            self._line(
                "formula", f"{vital.formula}  {self._say('console.explain.period', seconds=f'{vital.period_s:g}')}"
            ),
            self._line("channels", self._channels(vital)),
            self._line("owner", owner or NO_VALUE),
            self._line("code", f"{vital.code} · {kind} · {version}"),
        )

    def _channels(self, vital: Vital) -> str:
        try:
            channels = parse(vital.formula).channels
        except Refused:
            return NO_VALUE
        told = [self._channel(code) for code in channels[:MOST_CHANNELS]]
        more = len(channels) - MOST_CHANNELS
        return "  ".join((*told, self._say("console.explain.more", count=more)) if more > 0 else told)

    def _channel(self, code: str) -> str:
        device_code, _, quantity = code.rpartition(".")
        series, _, member = device_code.partition("#")
        device = self.names.view.device(series)
        channel = self.names.view.channels.get(f"{series}.{quantity}")
        name = f"{device.name} {member}".strip() if device else device_code
        return f"{name} {quantity} [{channel.unit}]" if channel and channel.unit else f"{name} {quantity}"

    def _line(self, label: str, text: str) -> Line:
        return Line(label=self._say(f"console.explain.{label}"), text=text)

    def _say(self, code: str, **params: object) -> str:
        return self.figures.texts.say(code, **params)

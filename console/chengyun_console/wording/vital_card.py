"""Everything about one vital at a glance (V7), as sections of a sheet: state, threshold, alarm and deeds, sources."""

from collections.abc import Iterator
from dataclasses import dataclass

from chengyun_console.wording.alarm_card import AlarmCardWords, last_change
from chengyun_console.wording.explanation import Explanation
from chengyun_console.wording.figures import NO_VALUE
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.alarm import effective
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import parse
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

MOST_SENSORS = 8
"""Named one by one; an aggregate over more says how many there are."""
_SOURCE_LINES = 4
"""Lines at the end of an explanation that tell formula, channels, owner and code."""


@dataclass(frozen=True, slots=True)
class VitalCardWords:
    """Writes the card with the names of one catalogue version."""

    card: AlarmCardWords

    def sections(self, vital: Vital, found: Explanation, facts: FactMirror, now_ns: int) -> tuple[SheetSection, ...]:
        """Return the card; `found` is the explanation of the same vital now."""
        told = [
            self._section("state", self._state(vital, found)),
            self._section("threshold", self._threshold(vital, found, facts)),
            self._section("alarm", self._alarm(vital, found, facts, now_ns)),
            self._section("sensors", self._sensors(vital, found)),
        ]
        return tuple(section for section in told if section.lines)

    def _state(self, vital: Vital, found: Explanation) -> list[SheetLine]:
        post = self.card.names.post(vital.owner_post)
        told = (post.name, post.holder, post.phone) if post else (vital.owner_post,)
        sample = found.lines[: len(found.lines) - len(found.rule) - _SOURCE_LINES]
        return [
            self._line("place", found.place),
            *(SheetLine(label=line.label, text=line.text) for line in sample),
            self._line("owner", "  ".join(part for part in told if part) or NO_VALUE),
            SheetLine(label=found.lines[-1].label, text=found.lines[-1].text),
        ]

    def _threshold(self, vital: Vital, found: Explanation, facts: FactMirror) -> list[SheetLine]:
        """Return set in force, limits, rule, and who set it (A20)."""
        changed = last_change(facts, vital.code)
        version = self._say("search.card.by_catalogue", version=self.card.names.view.version)
        return [
            *(SheetLine(label=line.label, text=line.text) for line in found.rule),
            self._line("by", self.card.change(changed) if changed else version),
        ]

    def _alarm(self, vital: Vital, found: Explanation, facts: FactMirror, now_ns: int) -> list[SheetLine]:
        alarm = facts.alarm_of_vital(vital.number)
        if alarm is None:
            return [SheetLine(label="", text=self._say("search.card.no_alarm"), colour=Colour.TEXT_SECOND)]
        words = self.card.list_words
        state = self._say(f"console.state.{effective(alarm).value}")
        told = f"{words.words.rule(alarm)} · {words.priority(alarm)} · {state} · {words.words.age(alarm, now_ns)}"
        return [self._line("alarm", told), *(SheetLine(label="", text=text) for text in found.history)]

    def _sensors(self, vital: Vital, found: Explanation) -> list[SheetLine]:
        formula = found.lines[-_SOURCE_LINES]
        return [SheetLine(label=formula.label, text=formula.text), *self._channels(vital)]

    def _channels(self, vital: Vital) -> Iterator[SheetLine]:
        try:
            channels = parse(vital.formula).channels
        except Refused:
            channels = ()
        if not channels:
            yield SheetLine(label="", text=self._say("search.card.no_sensor"), colour=Colour.TEXT_SECOND)
        for code in channels[:MOST_SENSORS]:
            yield self._line("sensors", self._sensor(code))
        if len(channels) > MOST_SENSORS:
            yield SheetLine(label="", text=self._say("search.card.more", count=len(channels) - MOST_SENSORS))

    def _sensor(self, code: str) -> str:
        """Return what measures a channel: device, quantity and unit, period, how many, where."""
        device_code, _, quantity = code.rpartition(".")
        series, _, member = device_code.partition("#")
        names = self.card.names
        device, channel = names.view.device(series), names.view.channels.get(f"{series}.{quantity}")
        return self._say(
            "search.card.sensor",
            device=f"{device.name if device else series} {member}".strip(),
            quantity=quantity,
            unit=channel.unit if channel else "",
            period=f"{channel.period_s:g}" if channel else NO_VALUE,
            count=device.count if device and not member else 1,
            place=names.place(device.centre) if device else NO_VALUE,
        )

    def _section(self, name: str, lines: list[SheetLine]) -> SheetSection:
        return SheetSection(title=self._say(f"search.card.section.{name}"), lines=tuple(lines))

    def _line(self, label: str, text: str) -> SheetLine:
        return SheetLine(label=self._say(f"search.card.{label}"), text=text)

    def _say(self, code: str, **params: object) -> str:
        return self.card.list_words.words.figures.texts.say(code, **params)

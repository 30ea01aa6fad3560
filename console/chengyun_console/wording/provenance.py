"""How a figure came to this screen and who set its limits, as lines of the card «where from?» (C6, A20)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chengyun_console.wording.explanation import Line
from chengyun_console.wording.figures import NO_VALUE, Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import parse, reference
from chengyun_core.wire.envelope import ThresholdTold

MOST_CHANGES = 6
MOST_GATEWAYS = 3


@dataclass(frozen=True, slots=True)
class Provenance:
    """Tells where figures of one catalogue version came through."""

    figures: Figures
    names: Gazetteer

    def way(self, vital: Vital, state: StateMirror, monotonic_ns: int, demo: str) -> tuple[Line, ...]:
        """Return what the value came through, and how long ago it reached this seat.

        monotonic_ns: of now, as in `state.received_ns`. demo: the scenario or replay that feeds ingest, empty: sensors.
        """
        lines = [self._line("source", self._source(vital, demo))]
        received_ns = int(state.received_ns[vital.number])
        if received_ns:
            age = self.figures.duration((monotonic_ns - received_ns) / NS_PER_S)
            lines.append(self._line("received", self._say("vitals.explain.received_text", age=age)))
        return tuple(lines)

    def limits(self, changes: Sequence[ThresholdTold]) -> tuple[Line, ...]:
        """Return who set the limits: changes of all sets, newest first; without any, the import that brought them."""
        if not changes:
            version = self.names.view.version
            return (self._line("set_by", self._say("vitals.explain.by_import", version=version)),)
        newest = sorted(changes, key=lambda row: row.change.number, reverse=True)
        told = [
            Line(label="" if at else self._say("vitals.explain.set_by"), text=self._change(row))
            for at, row in enumerate(newest[:MOST_CHANGES])
        ]
        more = len(newest) - MOST_CHANGES
        return (*told, Line(label="", text=self._say("console.explain.more", count=more))) if more > 0 else tuple(told)

    def _change(self, row: ThresholdTold) -> str:
        """Return one change: since when, in which set, from what to what, by whom, and why."""
        change, say = row.change, self._say
        steps = "  ".join(
            say(
                "console.card.from_to",
                column=say(f"console.limit.{column}"),
                before=change.before.get(column) or NO_VALUE,
                after=after or NO_VALUE,
            )
            for column, after in change.after.items()
        )
        at_ns = row.effect_at or change.effective_at or change.asked_at
        return say(
            "vitals.explain.change",
            state=say(f"console.threshold_state.{change.state.value}"),
            time=self.figures.stamp(at_ns),
            set=self._set(change.threshold_set),
            steps=steps,
            author=change.author,
            approver=change.approver or NO_VALUE,
            reason=change.reason,
        )

    def _set(self, code: str) -> str:
        sets = self.names.view.catalogue.threshold_sets
        return next((row.name for row in sets if row.code == code), code)

    def _source(self, vital: Vital, demo: str) -> str:
        try:
            devices = dict.fromkeys(reference(channel).device for channel in parse(vital.formula).channels)
        except Refused:
            devices = {}
        rows = [self.names.view.device(code) for code in devices]
        gateways = list(dict.fromkeys(row.gateway for row in rows if row is not None and row.gateway))
        told = [self._say("vitals.explain.gateway", name=name) for name in gateways[:MOST_GATEWAYS]]
        if len(gateways) > MOST_GATEWAYS:
            told.append(self._say("console.explain.more", count=len(gateways) - MOST_GATEWAYS))
        fed = self._say("vitals.explain.demo", name=demo) if demo else self._say("vitals.explain.live")
        return " · ".join((fed, *told))

    def _line(self, label: str, text: str) -> Line:
        return Line(label=self._say(f"vitals.explain.{label}"), text=text)

    def _say(self, code: str, **params: object) -> str:
        return self.figures.texts.say(code, **params)

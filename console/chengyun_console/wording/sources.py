"""Sources and daemons as an officer reads them: state, rate, lag, what was dropped and why, who sends badly."""

from collections.abc import Iterator
from dataclasses import dataclass

from chengyun_console.wording.figures import NO_VALUE, Figures
from chengyun_core.mirror.links import LinkState, daemon_code
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import HistoryStatus, SourceHealth
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

MIB = 2**20
MOST_OFFENDERS = 8
_FINE = ("running", "done")


@dataclass(frozen=True, slots=True)
class SourceWords:
    """Writes what `status` of ingest and the heartbeats tell."""

    figures: Figures

    def row(self, source: SourceHealth, now_ns: int, *, is_stale: bool) -> FactRow:
        """Return a source as a row: its state in words at the right, what is wrong beneath its name."""
        lost = sum(source.drops.values())
        told = [self.reason(source), self._say("console.sources.lost", count=self.figures.count(lost)) if lost else ""]
        rate = self._say("console.sources.rate", rate=self._rate(source.rate))
        return FactRow(
            key=source.name,
            severity=Severity.NONE,
            title=source.name,
            badges=(self.kind(source),),
            detail=" · ".join(part for part in (rate, self._lag(source), *told) if part),
            age=self._since(source, now_ns),
            status=self.state(source),
            status_colour=Colour.TEXT_SECOND if source.state in _FINE and not source.reason else Colour.TEXT,
            is_link=source.state not in _FINE,
            is_stale=is_stale,
        )

    def sheet(self, source: SourceHealth, now_ns: int) -> tuple[SheetSection, ...]:
        """Return everything about one source."""
        facts = [
            self._line("state", self.state(source)),
            self._line("since", self._since(source, now_ns) or NO_VALUE),
            self._line("kind", self.kind(source)),
            self._line("samples", self.figures.count(source.samples)),
            self._line("rate", self._rate(source.rate)),
            self._line("lag", self._lag(source) or NO_VALUE),
        ]
        if source.reason:
            facts.append(self._line("reason", self.reason(source)))
        if source.last_fault:
            facts.append(self._line("fault", source.last_fault))
        drops = [self.drop(cause, count) for cause, count in _worst(source.drops)]
        offenders = [SheetLine(label=self.figures.count(n), text=who) for who, n in source.offenders[:MOST_OFFENDERS]]
        nothing = [SheetLine(label="", text=self._say("console.sources.no_drops"), colour=Colour.TEXT_SECOND)]
        made = [
            self._section(source.name, facts),
            self._section(self._say("console.sources.drops"), drops or nothing),
        ]
        if offenders:
            made.append(self._section(self._say("console.sources.offenders"), offenders))
        return tuple(made)

    def daemon(self, link: LinkState, now_ns: int) -> SheetSection:
        """Return one daemon as this console hears it: reach, run, counters that matter, lights that are not green."""
        beat = link.heartbeat
        params = self._said({"daemon": daemon_code(link.daemon), **link.reason.params})
        reason = self.figures.texts.say(link.reason.code, **params)
        lines = [self._line("state", reason)]
        if link.since_ns:
            since = self.figures.since(link.since_ns, now_ns)
            lines.append(self._line("since", f"{self.figures.stamp(link.since_ns)} · {since}"))
        if beat is not None:
            lines += self._beat(link)
        code = f"console.light.{link.daemon}"
        return self._section(self._say(code) if self.figures.texts.has(code) else link.daemon, lines)

    def historian(self, told: HistoryStatus | Reason | None) -> SheetSection:
        """Return the archive: what is kept, what is known to be missing, what it costs; or why that is not known."""
        title = self._say("console.sources.archive")
        if not isinstance(told, HistoryStatus):
            failed = self._say(told.code, **self._said(told.params)) if told else self._say("console.sources.asking")
            return self._section(title, [self._line("state", failed)])
        fine, count = told.light in ("ok", ""), self.figures.count
        gaps, size = told.counters.get("known_gaps", 0), told.counters.get("archive_bytes", 0)
        kept = self._say(
            "console.sources.archive_kept",
            parts=count(told.counters.get("archive_parts", 0)),
            rows=count(told.counters.get("archive_rows", 0)),
            mib=self.figures.value(size / MIB, 1),
        )
        share = self.figures.percent(told.gauges.get("core_share", 0.0), 1)
        return self._section(title, [
            self._line("state", self._say("console.light.ok") if fine else self._say(told.light)),
            self._line("kept", kept),
            self._line("gaps", count(gaps) if gaps else self._say("console.sources.archive_whole")),
            self._line("core", share),
        ])  # fmt: skip

    def drop(self, cause: str, count: int) -> SheetLine:
        """Return one cause of losses in words with its count; a cause without words is shown by its code."""
        code = f"console.cause.{cause}"
        return SheetLine(
            label=self.figures.count(count), text=self._say(code) if self.figures.texts.has(code) else cause
        )

    def state(self, source: SourceHealth) -> str:
        """Return the state's word."""
        held = source.state == "running" and source.reason
        return self._say(f"console.source_state.{'limited' if held else source.state}")

    def kind(self, source: SourceHealth) -> str:
        """Return the kind's name."""
        code = f"console.source_kind.{source.kind}"
        return self._say(code) if self.figures.texts.has(code) else source.kind

    def reason(self, source: SourceHealth) -> str:
        """Return why it is not simply running; nothing when it is."""
        return self._say(source.reason, name=source.name, offender=_first(source.offenders)) if source.reason else ""

    def _beat(self, link: LinkState) -> Iterator[SheetLine]:
        beat = link.heartbeat
        assert beat is not None
        since = self.figures.stamp(beat.epoch)  # a run is numbered by the machine time at which it began
        yield self._line("run", self._say("console.sources.run", since=since, version=beat.catalogue))
        if "samples_per_s" in beat.gauges:
            yield self._line("rate", self._rate(beat.gauges["samples_per_s"]))
            queued = self.figures.count(round(beat.gauges.get("queued", 0)))
            spooled = self.figures.count(beat.counters.get("spooled", 0))
            yield self._line("queue", self._say("console.sources.queue", queued=queued, spooled=spooled))
        for name, code in sorted(beat.lights.items()):
            if not name.startswith("source."):
                said = self._say("console.light.ok") if code in ("ok", "") else self._say(code)
                yield SheetLine(label=self._lamp(name), text=said,
                                colour=Colour.TEXT_SECOND if code in ("ok", "") else Colour.TEXT)  # fmt: skip
        dropped = {name.removeprefix("dropped."): count for name, count in beat.counters.items()
                   if name.startswith("dropped.") and count}  # fmt: skip
        for cause, count in _worst(dropped):
            yield self.drop(cause, count)

    def _lamp(self, name: str) -> str:
        code = f"console.lamp.{name}"
        return self._say(code) if self.figures.texts.has(code) else name

    def _since(self, source: SourceHealth, now_ns: int) -> str:
        return self.figures.since(source.since_ns, now_ns) if source.since_ns else ""

    def _lag(self, source: SourceHealth) -> str:
        return self._say("console.sources.lag", seconds=f"{source.lag_s:.1f}") if source.samples else ""

    def _rate(self, rate: float) -> str:
        return self._say("console.sources.per_second", count=self.figures.count(round(rate)))

    def _said(self, params: dict[str, str]) -> dict[str, str]:
        texts = self.figures.texts
        return {key: texts.say(value) if texts.has(value) else value for key, value in params.items()}

    def _section(self, title: str, lines: list[SheetLine]) -> SheetSection:
        return SheetSection(title=title, lines=tuple(lines))

    def _line(self, label: str, text: str) -> SheetLine:
        return SheetLine(label=self._say(f"console.sources.label.{label}"), text=text)

    def _say(self, code: str, **params: object) -> str:
        return self.figures.texts.say(code, **params)


def _worst(drops: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(((cause, count) for cause, count in drops.items() if count), key=lambda row: (-row[1], row[0]))


def _first(offenders: tuple[tuple[str, int], ...]) -> str:
    return offenders[0][0] if offenders else NO_VALUE

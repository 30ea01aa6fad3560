"""A KPI in words: its headline, and the four tabs 决策执行, 风险提示, 管控结果, 实施过程 (C4, C5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from chengyun_console.desk import Desk
from chengyun_console.wording import linked_events as linked
from chengyun_console.wording.alarm_card import AlarmCardWords
from chengyun_console.wording.approvals import approval_title
from chengyun_console.wording.calls import person_line
from chengyun_console.wording.explanation import Explainer
from chengyun_console.wording.figures import NO_VALUE
from chengyun_core.mirror.scope import centres_below
from chengyun_core.mirror.state import Freshness
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.kpi_progress import KpiFigure, Progress, Standing, figures_of, planned_on, progress
from chengyun_resources.theme.tokens import SEVERITY_TEXT, Colour, Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import SheetLine, SheetSection
from chengyun_widgets.plan_chart import PlanRecord

MOST_VITALS = 60
_MOST_FIGURES = 24


def figure(value: float | None) -> str:
    """Return a KPI's figure: at most four digits after the point, none that say nothing."""
    return NO_VALUE if value is None else f"{round(value, 2):g}"


@dataclass(frozen=True, slots=True)
class KpiWords:
    """Writes one KPI as it stands now."""

    desk: Desk
    kpi: Kpi

    @property
    def today(self) -> str:
        """ISO date of now in this desk's zone."""
        return self.desk.figures.moment(self.desk.now_ns()).date().isoformat()

    def progress(self) -> Progress:
        """Return how the KPI does."""
        return progress(self.kpi, self.today)

    def headline(self) -> str:
        """Return actual, target and standing in one line."""
        kpi, told = self.kpi, self.progress()
        return self._say(
            "cockpit.kpi.headline",
            actual=figure(kpi.actual),
            target=figure(kpi.target),
            unit=kpi.unit,
            met=self._say("console.kpi.met" if told.is_met else "console.kpi.unmet"),
            standing=self.standing(told),
        )

    def standing(self, told: Progress) -> str:
        """Return ahead, on plan or behind, by how much; or that there is no plan line."""
        if told.gap is None:
            return self._say("cockpit.kpi.standing.no_plan")
        code = f"cockpit.kpi.standing.{told.standing.value}"
        return self._say(code, gap=figure(abs(told.gap)), unit=self.kpi.unit)

    def facts(self) -> SheetSection:
        """Return what stands above all tabs: stage, due day, owner, last figure with its age and source."""
        kpi, told = self.kpi, self.progress()
        left = "cockpit.kpi.days_left" if told.days_left >= 0 else "cockpit.kpi.overdue"
        names = self.desk.names
        version = names.view.version if names else 0
        age = NO_VALUE if told.age_days is None else self._age(told.age_days)
        stale = self._say("cockpit.kpi.stale") if told.is_stale else self._say("cockpit.kpi.fresh")
        lines = (
            self._line("stage", kpi.stage or self._say("cockpit.kpi.no_stage")),
            self._line("due", f"{kpi.due} · {self._say(left, days=abs(told.days_left))}"),
            self._line("owner", person_line(self.desk, kpi.owner_post)),
            self._line("updated", f"{kpi.updated or NO_VALUE} · {age} · {stale}"),
            self._line("source", self._say("cockpit.kpi.source_text", version=version, kpi=kpi.code)),
        )
        return SheetSection(title=self._say("cockpit.kpi.section.facts"), lines=lines)

    def _age(self, days: int) -> str:
        code = "cockpit.kpi.age" if days > 0 else "cockpit.kpi.age_today" if days == 0 else "cockpit.kpi.age_ahead"
        return self._say(code, days=abs(days))

    def vitals(self) -> list[int]:
        """Return the vitals the KPI is held against: those of its sub-track in its centre and below."""
        names = self.desk.names
        if names is None:
            return []
        layer = names.view.tree.subtracks
        node = next((node for node in layer.nodes if node.code == self.kpi.subtrack), None)
        if node is None:
            return []
        below = centres_below(names.view, self.kpi.centre)
        rows = (names.vital(number) for number in names.view.vitals_of(node).tolist())
        return [row.number for row in rows if row is not None and not row.retired and row.centre in below]

    def alarms(self) -> list[Alarm]:
        """Return the living alarms of these vitals, in the order of the board."""
        own = set(self.vitals())
        return [alarm for alarm in self.desk.session.facts.board.alarms if alarm.vital in own]

    def risk_rows(self) -> list[FactRow]:
        """Return 风险提示: living alarms first, then abnormal vitals, then what is silent; each leads to its source."""
        vitals, state = np.array(self.vitals(), np.int64), self.desk.session.state
        vitals = vitals[vitals < state.count]
        alarms = self.alarms()
        abnormal = vitals[state.band[vitals] > 0]
        order = abnormal[np.argsort(-state.band[abnormal].astype(np.int16), kind="stable")]
        fresh = state.freshness(self.desk.now_ns())
        silent = int(np.count_nonzero(fresh[vitals] != 0))
        rows = [self._head("alarms", len(alarms)), *map(self._alarm_row, alarms)]
        rows += [self._head("abnormal", len(order), all=len(vitals), silent=silent)]
        rows += [row for number in order[:MOST_VITALS].tolist() if (row := self._vital_row(number)) is not None]
        return rows

    def decisions(self) -> tuple[SheetSection, ...]:
        """Return 决策执行: who answers, what was decided on these vitals, and what was ordered in their events."""
        facts, names = self.desk.session.facts, self.desk.names
        if names is None:
            return ()
        codes = {vital.code for number in self.vitals() if (vital := names.vital(number)) is not None}
        card = AlarmCardWords(self.desk.list_words, Explainer(self.desk.figures, names, self.desk.words), names)
        changes = sorted(
            (row for row in facts.thresholds.values() if row.vital_code in codes), key=lambda row: -row.number
        )
        waiting = [row for row in facts.approvals.values() if row.subject in codes]
        overrides = [row for row in facts.overrides.values() if row.vital_code in codes and not row.ended]
        return (
            self._section("thresholds", [_plain(card.change(row)) for row in changes]),
            self._section("approvals", [_plain(approval_title(self.desk.texts, names, row)) for row in waiting]),
            self._section("overrides", [_plain(self._override(row)) for row in overrides]),
            self._section("orders", [_plain(line) for line in linked.order_lines(self.desk, self._events())]),
        )

    def results(self) -> tuple[SheetSection, ...]:
        """Return the figures of 管控结果: actual against plan at each known day, newest first."""
        kpi, told = self.kpi, self.progress()
        rows = figures_of(kpi)[::-1][:_MOST_FIGURES]
        lines = [
            SheetLine(
                label=row.day,
                text=self._say(
                    "cockpit.kpi.figure",
                    actual=figure(row.value),
                    planned=figure(planned_on(kpi, row.day)),
                    unit=kpi.unit,
                ),
            )
            for row in rows
        ]
        return (
            SheetSection(title=self._say("cockpit.kpi.section.trend"), lines=tuple(self._trend(told))),
            self._section("events", [_plain(line) for line in linked.event_lines(self.desk, self._events())]),
            self._section("figures", lines),
        )

    def process(self) -> tuple[SheetSection, ...]:
        """Return 实施过程: where the work stands, what happened on these vitals today, and the steps under way."""
        kpi, facts, figures = self.kpi, self.desk.session.facts, self.desk.figures
        begun = self._say("cockpit.kpi.begun_text", begun=kpi.begun, base=figure(kpi.base), unit=kpi.unit)
        stage = [
            self._line("stage", kpi.stage or self._say("cockpit.kpi.no_stage")),
            self._line("begun", begun if kpi.begun else self._say("cockpit.kpi.standing.no_plan")),
        ]
        lived: list[SheetLine] = []
        talked: list[tuple[int, SheetLine]] = []
        for alarm in self.alarms():
            told = self.desk.words.history(alarm, facts.history_of(alarm.number))
            lived += [_plain(f"{self.desk.words.name(alarm)} · {text}") for text in told]
        numbers = {alarm.number for alarm in self.alarms()}
        for row in facts.comments.values():
            if row.alarm in numbers:
                text = self._say(
                    "console.card.comment", who=self.desk.words.person(row.account), seat=row.seat, text=row.text
                )
                talked.append((row.at, SheetLine(label=figures.clock(row.at), text=text)))
        comments = [line for _at, line in sorted(talked, key=lambda pair: -pair[0])]
        return (
            SheetSection(title=self._say("cockpit.kpi.section.stage"), lines=tuple(stage)),
            self._section("facts_of_alarms", lived),
            self._section("comments", comments),
            self._section("steps", [_plain(line) for line in linked.step_lines(self.desk, self._events())]),
        )

    def chart(self) -> PlanRecord:
        """Return 管控结果 as a picture: actual, plan, target, today and the trend."""
        kpi, told = self.kpi, self.progress()
        points = tuple((date.fromisoformat(row.day).toordinal(), row.value) for row in figures_of(kpi))
        due, today = date.fromisoformat(kpi.due).toordinal(), date.fromisoformat(self.today).toordinal()
        plan = None
        if kpi.begun and kpi.base is not None:
            plan = ((date.fromisoformat(kpi.begun).toordinal(), kpi.base), (due, kpi.target))
        trend = (points[-1], (due, told.forecast)) if points and told.forecast is not None else None
        labels = ("actual", "plan", "target", "trend", "today")
        actual, planned, target, leads, now = (self._say(f"cockpit.kpi.line.{name}") for name in labels)
        return PlanRecord(
            points=points, target=kpi.target, due=due, today=today, labels=(actual, planned, target, leads, now),
            plan=plan, trend=trend, decimals=1, spoken=f"{kpi.name} {self.headline()}",
            notice=self._say("cockpit.kpi.no_figures"),
        )  # fmt: skip

    def _figure(self, row: KpiFigure) -> str:
        planned = figure(planned_on(self.kpi, row.day))
        return self._say("cockpit.kpi.figure", actual=figure(row.value), planned=planned, unit=self.kpi.unit)

    def _override(self, row: Override) -> str:
        words = self.desk.list_words
        return f"{words.override_status(row, self.desk.now_ns())} {words.why_silent(row)}"

    def _trend(self, told: Progress) -> Iterable[SheetLine]:
        unit = self.kpi.unit
        yield self._line("standing", self.standing(told))
        if told.per_month is None:
            yield self._line("trend", self._say("cockpit.kpi.no_trend"))
            return
        way = "none" if told.is_improving is None else "better" if told.is_improving else "worse"
        change = f"{told.per_month:+.2f}".rstrip("0").rstrip(".")
        yield self._line("trend", self._say(f"cockpit.kpi.trend.{way}", change=change, unit=unit))
        if told.forecast is not None:
            text = self._say("cockpit.kpi.forecast", due=self.kpi.due, figure=figure(told.forecast), unit=unit)
            yield self._line("forecast", text)

    def _head(self, name: str, count: int, **params: object) -> FactRow:
        title = self._say(f"cockpit.kpi.head.{name}", count=count, **params)
        return FactRow(key=f"head:{name}", severity=Severity.NONE, title=title, is_heading=True)

    def _alarm_row(self, alarm: Alarm) -> FactRow:
        words, now_ns = self.desk.list_words, self.desk.now_ns()
        return FactRow(
            key=f"alarm:{alarm.number}",
            severity=Severity(int(alarm.colour)),
            title=words.words.name(alarm),
            detail=f"{words.words.rule(alarm)} · {words.words.place(alarm)}",
            age=words.words.age(alarm, now_ns),
            status=words.status(alarm, now_ns),
        )

    def _vital_row(self, number: int) -> FactRow | None:
        names, state, figures = self.desk.names, self.desk.session.state, self.desk.figures
        vital = names.vital(number) if names else None
        if vital is None or names is None:
            return None
        band = Severity(int(state.band[number]))
        return FactRow(
            key=f"vital:{number}",
            severity=band,
            title=vital.name,
            detail=f"{names.place(vital.centre)} · {vital.code}",
            age=figures.short_duration((self.desk.now_ns() - int(state.time[number])) / NS_PER_S),
            status=figures.with_unit(float(state.value[number]), vital.decimals, vital.unit),
            status_colour=SEVERITY_TEXT[band],
            is_stale=int(state.freshness(self.desk.now_ns())[number]) != Freshness.FRESH,
        )

    def _section(self, name: str, lines: list[SheetLine]) -> SheetSection:
        none = SheetLine(label="", text=self._say(f"cockpit.kpi.none.{name}"), colour=Colour.TEXT_SECOND)
        note = str(len(lines)) if lines else ""
        return SheetSection(title=self._say(f"cockpit.kpi.section.{name}"), lines=tuple(lines or [none]), note=note)

    def _events(self) -> list[Event]:
        """Return its living events: their matter is of its sub-tracks, or an alarm of its vitals is theirs."""
        numbers = {alarm.number for alarm in self.alarms()}
        return linked.events_of(self.desk, self._subtracks(), numbers, self.kpi.centre)

    def _subtracks(self) -> frozenset[str]:
        names = self.desk.names
        rows = (names.vital(number) for number in self.vitals()) if names else ()
        return frozenset(row.subtrack for row in rows if row is not None)

    def _line(self, label: str, text: str) -> SheetLine:
        return SheetLine(label=self._say(f"cockpit.kpi.label.{label}"), text=text)

    def _say(self, code: str, **params: object) -> str:
        return self.desk.say(code, **params)


def standing_colour(standing: Standing) -> Colour:
    """Return the colour of the standing's word: done is green, everything else is plain text (KPI is no alarm)."""
    return Colour.DONE if standing in (Standing.AHEAD, Standing.ON_PLAN) else Colour.TEXT


def _plain(text: str) -> SheetLine:
    return SheetLine(label="", text=text)

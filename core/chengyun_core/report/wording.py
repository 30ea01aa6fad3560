"""Words of documents: times, names, figures, headings and codes said in one language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chengyun_core.model.duty import Item
from chengyun_core.model.duty_figures import FigureName, SeatFigure, ShiftFigures, Unit, unit_of
from chengyun_core.report.document import CellKind, Column, Fact, Section, Table, type_of_cell
from chengyun_core.report.page_data import local_time
from chengyun_resources.texts import Texts
from chengyun_resources.texts.reason_words import params_of

_CODED = {
    "channel": "channel.", "hop": "event.hop.", "kind": "event.report_kind.", "reached": "receipt.step.",
    "rung": "receipt.rung.", "source": "event.source.", "state": "approval.state.", "step": "receipt.step.",
}  # fmt: skip
"""Parameter of a journal row → the codes that say it in words."""
_NAMED = frozenset({"assisting", "before_lead", "lead", "recipient", "unit", "units"})
_GRADES = frozenset({"before", "grade", "suggested"})


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language, at one place's time, with the names of one catalogue."""

    texts: Texts
    zone_minutes: int = 480
    names: Mapping[str, str] = field(default_factory=dict)
    """Code of a unit, centre, seat, matter, account or person → what it is called."""

    def say(self, code: str, /, **params: object) -> str:
        """Return the sentence of a code."""
        return self.texts.say(code, **params)

    def coded(self, code: str, otherwise: str) -> str:
        """Return the word of a code, something else where there is none."""
        return self.say(code) if self.texts.has(code) else otherwise

    def name(self, code: str) -> str:
        """Return what a code is called; the code itself where nobody knows."""
        return self.names.get(code, code)

    def several(self, codes: Iterable[str]) -> str:
        """Return names side by side."""
        return self.say("console.names_between").join(self.name(code) for code in codes)

    def date(self, at_ns: int) -> str:
        """Return the day of ns UTC as a document has it: figures without noughts before (GB/T 9704, 7.3.5.4)."""
        at = local_time(at_ns, self.zone_minutes)
        return self.say("reports.date", year=at.year, month=at.month, day=at.day)

    def moment(self, at_ns: int | None) -> str:
        """Return ns UTC to the minute; empty for None."""
        if at_ns is None:
            return ""
        at = local_time(at_ns, self.zone_minutes)
        return self.say("reports.moment", year=at.year, month=at.month, day=at.day, time=f"{at:%H:%M}")

    def span(self, from_ns: int, to_ns: int) -> str:
        """Return a time from … to …"""
        return self.say("reports.span", begin=self.moment(from_ns), end=self.moment(to_ns))

    def headed(self, sections: Iterable[tuple[str, Section]]) -> tuple[Section, ...]:
        """Return sections under numbered headings; empty ones are left out and take no number."""
        numbers = self.say("reports.numbers").split()
        told = [(title, section) for title, section in sections if _says_something(section)]
        return tuple(
            replace(section, heading=self.say("reports.heading", number=number, title=self.say(title)))
            for number, (title, section) in zip(numbers, told, strict=False)
        )

    def facts(self, pairs: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
        """Return (code of a name, value) as lines; those without a value are left out."""
        return tuple(Fact(name=self.say(code), value=value) for code, value in pairs if value)

    def table(
        self, columns: Iterable[tuple[str, CellKind, float]], rows: Iterable[tuple[type_of_cell, ...]], *,
        caption: str = "", nothing: str = "reports.nothing",
    ) -> Table:  # fmt: skip
        """Return a table; columns are (code of a title, kind, share of the width)."""
        return Table(
            caption=self.say(caption) if caption else "", rows=tuple(rows), nothing=self.say(nothing),
            columns=tuple(Column(title=self.say(code), kind=kind, weight=weight) for code, kind, weight in columns),
        )  # fmt: skip

    def figure(self, figures: ShiftFigures, name: FigureName | SeatFigure) -> str:
        """Return a figure with its unit; a dash where there was nothing to say."""
        value = figures[name]
        if value is None:
            return self.say("reports.no_value")
        if unit_of(name) is Unit.COUNT:
            return str(round(value))
        return self.say(f"reports.in.{unit_of(name).value}", value=f"{value:.1f}".removesuffix(".0"))

    def figures(self, figures: ShiftFigures) -> tuple[Table, ...]:
        """Return every figure as a table: its name, the number, its unit; those of one seat as a second one."""
        own = (self._figures(figures, SeatFigure),) if figures.of_seat else ()
        return (self._figures(figures, FigureName), *own)

    def _figures(self, figures: ShiftFigures, names: Iterable[FigureName | SeatFigure]) -> Table:
        rows = [
            (self.say(f"reports.figure.{name.value}"), _number(figures[name]),
             self.say(f"reports.unit.{unit_of(name).value}"))
            for name in names
        ]  # fmt: skip
        columns = (("reports.column.figure", CellKind.TEXT, 5.0), ("reports.column.value", CellKind.NUMBER, 2.0),
                   ("reports.column.unit", CellKind.TEXT, 1.5))  # fmt: skip
        table = self.table(columns, rows)
        return replace(table, side_by_side=2)

    def row(self, code: str, params: Mapping[str, str]) -> str:
        """Return what a journal row says, `timeline.<action>` with its parameters."""
        told = {name: self._param(code, name, value) for name, value in params.items()}
        if self.texts.has(code):
            return " ".join(self.say(code, **told).split())
        action = code.removeprefix("timeline.")
        return self.coded(f"audit.{action}", action)

    def item(self, item: Item) -> str:
        """Return what an open item is about, in the words of its kind where it has some."""
        code = f"handover.item.{item.kind.value}"
        if not self.texts.has(code):
            return item.title or item.key
        told = {"title": item.title, "key": item.key, **params_of(self.texts, code, item.params)}
        return self.say(code, **told)

    def next_action(self, item: Item) -> str:
        """Return what has to be done next about an item."""
        for code in (f"handover.next.{item.next_action}", item.next_action):
            if item.next_action and self.texts.has(code):
                return self.say(code, **{"title": item.title, **params_of(self.texts, code, item.params)})
        return item.next_action

    def _param(self, code: str, name: str, value: str) -> str:
        if name in _GRADES and code == "timeline.event.grade":
            return self.grade(int(value)) if value.isdigit() else self.coded(f"event.grade.{value}", self.grade(0))
        if name in _NAMED:
            return self.several(value.split())
        if name == "passed":
            return self.say("events.yes" if value in ("1", "True", "true") else "events.no")
        return self.coded(_CODED[name] + value, value) if name in _CODED else value

    def grade(self, grade: int) -> str:
        """Return an event's grade in words (突发事件应对法 art. 3)."""
        names = {1: "general", 2: "larger", 3: "major", 4: "extraordinary"}
        return self.coded(f"event.grade.{names.get(grade, 'none')}", self.say("reports.no_grade"))


def _says_something(section: Section) -> bool:
    return bool(section.paragraphs or section.facts or section.items or section.tables)


def _number(value: float | None) -> float | int | None:
    return None if value is None else int(value) if value.is_integer() else round(value, 1)

"""值班日报 (WF9): what a shift was, in figures that anybody can recount, and what it leaves open."""

from dataclasses import dataclass, field

from chengyun_core.model.callout import CallOut
from chengyun_core.model.duty import Item
from chengyun_core.model.duty_figures import FigureName, ShiftFigures
from chengyun_core.model.event import Event
from chengyun_core.model.mode import Declaration
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.report.document import CellKind, Document, Section, SignatureLine, Table
from chengyun_core.report.wording import Words
from chengyun_resources.texts import Texts

MOST_LINES = 3
"""Free lines of the officer who hands over (WF9)."""
_TEXT, _TIME, _NUMBER = CellKind.TEXT, CellKind.TIME, CellKind.NUMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyFacts:
    """What a daily report is made of."""

    issuer: str
    """Name of the centre."""
    number: str = ""
    """发文字号; empty: not numbered, a working copy."""
    shift: str = ""
    leaders: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    mode: str = ""
    """`peacetime` or `emergency`: what is in effect now."""
    figures: ShiftFigures
    events: tuple[Event, ...] = ()
    """Opened in this time, or living still."""
    warnings: tuple[OfficialWarning, ...] = ()
    """In force at the end, or received in this time."""
    modes: tuple[Declaration, ...] = ()
    call_outs: tuple[CallOut, ...] = ()
    lines: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    """What is handed on."""
    signatures: tuple[SignatureLine, ...] = ()
    label: str = ""
    audit_head: str = ""
    watermark: str = ""
    made_at: int
    """Profile ns UTC."""
    zone_minutes: int = 480
    names: dict[str, str] = field(default_factory=dict)
    """Code of a unit, centre, seat, matter, account or person → what it is called."""


@dataclass(frozen=True, slots=True)
class _Writer:
    facts: DailyFacts
    words: Words = field(repr=False)

    def summary(self) -> str:
        """Return the shift in one paragraph."""
        told = {name.value: self.words.figure(self.facts.figures, name) for name in FigureName}
        return self.words.say("reports.daily.summary", **told)

    def events(self) -> Table:
        words = self.words
        columns = (("reports.column.code", _TEXT, 2.2), ("reports.column.title", _TEXT, 4.0),
                   ("reports.column.grade", _TEXT, 1.3), ("reports.column.state", _TEXT, 1.3),
                   ("reports.column.lead", _TEXT, 2.0), ("reports.column.opened", _TIME, 2.2))  # fmt: skip
        ordered = sorted(self.facts.events, key=lambda one: (-int(one.grade or 0), one.number))
        rows = [
            (one.code, one.title, words.grade(int(one.grade or 0)), words.say(f"event.state.{one.state.value}"),
             words.name(one.lead), one.opened_at)
            for one in ordered
        ]  # fmt: skip
        return words.table(columns, rows)

    def warnings(self) -> Table:
        columns = (("reports.column.issuer", _TEXT, 2.2), ("reports.column.title", _TEXT, 3.4),
                   ("reports.column.colour", _TEXT, 1.0), ("reports.column.issued", _TIME, 2.2),
                   ("reports.column.expires", _TIME, 2.2), ("reports.column.state", _TEXT, 1.2))  # fmt: skip
        words = self.words
        rows = [
            (one.issuer, one.headline or words.coded(f"warning.category.{one.category}", one.category),
             words.say(f"reports.colour.{one.colour.name.lower()}"), one.issued_at, one.expires_at,
             words.say(f"reports.warning.{one.state.value}"))
            for one in sorted(self.facts.warnings, key=lambda one: (-int(one.colour), one.issued_at))
        ]  # fmt: skip
        return self.words.table(columns, rows, caption="reports.caption.warnings")

    def modes(self) -> Table:
        columns = (("reports.column.time", _TIME, 2.2), ("reports.column.scope", _TEXT, 2.0),
                   ("reports.column.mode", _TEXT, 1.2), ("reports.column.state", _TEXT, 1.3),
                   ("reports.column.reason", _TEXT, 4.0), ("reports.column.who", _TEXT, 2.2))  # fmt: skip
        rows = [
            (one.declared_at, self.words.name(one.scope.centre), self.words.say(f"reports.mode.{one.mode.value}"),
             self.words.say(f"reports.switch.{one.state.value}"), one.reason,
             self.words.several(who for who in (one.declared_by, one.seconded_by) if who))
            for one in sorted(self.facts.modes, key=lambda one: one.declared_at)
        ]  # fmt: skip
        return self.words.table(columns, rows, caption="reports.caption.modes")

    def call_outs(self) -> Table:
        columns = (("reports.column.time", _TIME, 2.2), ("reports.column.title", _TEXT, 5.0),
                   ("reports.column.addressees", _NUMBER, 1.4), ("reports.column.confirmed", _NUMBER, 1.4),
                   ("reports.column.escalated", _NUMBER, 1.4))  # fmt: skip
        rows = [
            (one.started_at, one.title, one.addressees, one.confirmed, one.escalated)
            for one in sorted(self.facts.call_outs, key=lambda one: one.started_at)
        ]  # fmt: skip
        return self.words.table(columns, rows, caption="reports.caption.call_outs")

    def items(self) -> Table:
        return item_table(self.words, self.facts.items)


def daily(facts: DailyFacts, texts: Texts) -> Document:
    """Return the daily report of a shift."""
    words = Words(texts, facts.zone_minutes, facts.names)
    writer, figures = _Writer(facts, words), facts.figures
    sections = words.headed((
        ("reports.daily.overview", Section(paragraphs=(writer.summary(),))),
        ("reports.daily.lines", Section(items=facts.lines[:MOST_LINES])),
        ("reports.daily.events", Section(tables=(writer.events(),))),
        ("reports.daily.warnings", Section(tables=(writer.warnings(), writer.modes(), writer.call_outs()))),
        ("reports.daily.items", Section(tables=(writer.items(),))),
        ("reports.daily.figures", Section(
            tables=words.figures(figures), notes=(words.say("reports.daily.recount", head=figures.head),),
        )),
    ))  # fmt: skip
    return Document(
        title=words.say("reports.daily.title"), issuer=facts.issuer, number=facts.number, label=facts.label,
        heads=words.facts((
            ("reports.head.span", words.span(figures.from_ns, figures.to_ns)), ("reports.head.shift", facts.shift),
            ("reports.head.leaders", words.several(facts.leaders)),
            ("reports.head.officers", words.several(facts.officers)),
            ("reports.head.mode", words.say(f"reports.mode.{facts.mode}") if facts.mode else ""),
        )),
        sections=sections, signed=facts.issuer, dated=words.date(facts.made_at), signatures=facts.signatures,
        audit_head=audit_line(words, facts.audit_head), page_words=words.say("reports.page"),
        watermark=facts.watermark, language=words.texts.language, made_at=facts.made_at,
        zone_minutes=words.zone_minutes,
    )  # fmt: skip


def item_table(words: Words, items: tuple[Item, ...]) -> Table:
    """Return open items as a table, in the order in which they were collected."""
    columns = (("reports.column.kind", _TEXT, 1.6), ("reports.column.item", _TEXT, 4.6),
               ("reports.column.owner", _TEXT, 1.8), ("reports.column.next", _TEXT, 3.0),
               ("reports.column.due", _TIME, 2.2), ("reports.column.state", _TEXT, 1.6))  # fmt: skip
    rows = [
        (words.say(f"reports.item.{one.kind.value}"), words.item(one), words.name(one.owner), words.next_action(one),
         one.due_at, _item_state(words, one))
        for one in items
    ]  # fmt: skip
    return words.table(columns, rows)


def _item_state(words: Words, item: Item) -> str:
    state = words.say(f"reports.item_state.{item.state.value}")
    return words.say("reports.with_reason", state=state, reason=item.reason) if item.reason else state


def audit_line(words: Words, head: str) -> str:
    """Return what the foot of a page says of the journal; empty without a head."""
    return words.say("reports.audit_head", head=head) if head else ""

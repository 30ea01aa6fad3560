"""交接班单 (H5): what one seat handed to the next, as both signed it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chengyun_core.model.duty import Handover, HandoverState, Signature
from chengyun_core.model.duty_figures import FigureName, SeatFigure, ShiftFigures
from chengyun_core.report.daily import audit_line, item_table
from chengyun_core.report.document import CellKind, Document, Section, SignatureLine, Table
from chengyun_core.report.wording import Words
from chengyun_resources.texts import Texts
from chengyun_resources.texts.reason_words import params_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """What a hand-over sheet is made of."""

    handover: Handover
    issuer: str
    shift: str = ""
    next_shift: str = ""
    from_ns: int = 0
    """With `to_ns`, profile ns UTC: what the figures are of; 0: not known."""
    to_ns: int = 0
    label: str = ""
    watermark: str = ""
    made_at: int
    """Profile ns UTC."""
    zone_minutes: int = 480
    names: dict[str, str] = field(default_factory=dict)
    """Code of a unit, centre, seat, matter, account or person → what it is called."""


def handover_sheet(facts: SheetFacts, texts: Texts) -> Document:
    """Return the sheet; it says aloud when it is not signed by both."""
    words = Words(texts, facts.zone_minutes, facts.names)
    held = facts.handover
    notes = () if held.state is HandoverState.SIGNED else (words.say("reports.handover.not_locked"),)
    return Document(
        title=words.say("reports.handover.title"), issuer=facts.issuer, number=held.code, label=facts.label,
        heads=words.facts((
            ("reports.head.seat", words.name(held.seat)), ("reports.head.shift", facts.shift),
            ("reports.head.next_shift", facts.next_shift), ("reports.head.giver", words.name(held.giver)),
            ("reports.head.taker", words.name(held.taker)), ("reports.head.opened", words.moment(held.opened_at)),
            ("reports.head.counted", words.span(facts.from_ns, facts.to_ns) if 0 < facts.from_ns < facts.to_ns else ""),
            ("reports.head.forced", held.forced_reason),
            ("reports.head.state", words.say(f"reports.handover_state.{held.state.value}")),
        )),
        sections=words.headed((
            ("reports.handover.items", Section(tables=(item_table(words, held.items),), notes=notes)),
            ("reports.handover.lines", Section(items=held.lines)),
            ("reports.handover.checks", Section(tables=_checks(held, words))),
            ("reports.handover.figures", Section(tables=_figures(facts, words))),
        )),
        dated=words.date(facts.made_at), signed=facts.issuer, signatures=_signatures(held, words),
        audit_head=audit_line(words, held.audit_head), page_words=words.say("reports.page"),
        watermark=facts.watermark, language=words.texts.language, made_at=facts.made_at,
        zone_minutes=words.zone_minutes,
    )  # fmt: skip


def _checks(held: Handover, words: Words) -> tuple[Table, ...]:
    columns = (("reports.column.check", CellKind.TEXT, 3.0), ("reports.column.verdict", CellKind.TEXT, 1.2),
               ("reports.column.reason", CellKind.TEXT, 6.0))  # fmt: skip
    rows = [
        (words.coded(f"console.handover.check.{one.name}", one.name),
         words.say("reports.check.good" if one.good else "reports.check.bad"), _said(words, one.reason, one.params))
        for one in held.checks
    ]  # fmt: skip
    return (words.table(columns, rows),) if rows else ()


def _said(words: Words, code: str, params: Mapping[str, str]) -> str:
    return words.say(code, **params_of(words.texts, code, params)) if code and words.texts.has(code) else code


def _figures(facts: SheetFacts, words: Words) -> tuple[Table, ...]:
    signed = facts.handover.figures
    figures = ShiftFigures(
        from_ns=facts.from_ns, to_ns=facts.to_ns, seat=facts.handover.seat,
        values={name: signed[name.value] for name in FigureName if name.value in signed},
        of_seat={name: signed[name.value] for name in SeatFigure if name.value in signed},
    )  # fmt: skip
    return words.figures(figures) if figures.values else ()


def _signatures(held: Handover, words: Words) -> tuple[SignatureLine, ...]:
    """Return who signed, and a line for each who has not."""
    given = {one.account: one for one in held.signatures}
    roles = [("reports.role.giver", held.giver), ("reports.role.taker", held.taker)]
    known = {account for _, account in roles}
    lines = [_line(words, words.say(role), given.get(account)) for role, account in roles]
    return (*lines, *(_line(words, words.say("reports.role.chief"), one) for one in held.signatures
                      if one.account not in known))  # fmt: skip


def _line(words: Words, role: str, one: Signature | None) -> SignatureLine:
    if one is None:
        return SignatureLine(role=role)
    method = words.coded(f"reports.method.{one.method}", one.method)
    at = words.say("reports.signed_at", at=words.moment(one.at), seat=one.seat, method=method)
    return SignatureLine(role=role, name=one.name or words.name(one.account), at=at, proof=one.digest)

"""A hand-over in words: counts, items with owner, next action and time left, self-checks, figures, signatures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from chengyun_console.wording.figures import Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Check, Handover, HandoverState, Item, ItemKind, ItemState, Signature
from chengyun_core.model.duty_figures import FigureName, SeatFigure
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import HandoverTold
from chengyun_resources.texts.reason_words import params_of
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.count_strip import CountRecord
from chengyun_widgets.fact_sheet import SheetLine, SheetSection
from chengyun_widgets.step_list import Sign, StepRow

SOON_NS = 30 * 60 * NS_PER_S
"""What falls due within this time is told in orange: it will be the taker's first work."""
_SIGNS = {
    ItemState.OPEN: Sign.LEFT, ItemState.KNOWN: Sign.TAKEN, ItemState.REFUSED: Sign.CROSSED,
    ItemState.SETTLED: Sign.DONE,
}  # fmt: skip
_CALLING = frozenset({ItemKind.UNACKNOWLEDGED, ItemKind.FAULT})
_SETTLED = frozenset({ItemState.KNOWN, ItemState.REFUSED, ItemState.SETTLED})
_GROUPS = (
    ItemKind.UNACKNOWLEDGED, ItemKind.SHELVED, ItemKind.EVENT, ItemKind.PLAN_RUN, ItemKind.ORDER, ItemKind.REPORT_DUE,
    ItemKind.WARNING, ItemKind.CALL_OUT, ItemKind.MODE, ItemKind.APPROVAL, ItemKind.FAULT, ItemKind.NOTICE,
)  # fmt: skip
_TELLING = (
    FigureName.ALARMS_RAISED, FigureName.ALARMS_RED, FigureName.ALARMS_ORANGE, FigureName.ALARMS_YELLOW,
    FigureName.ALARMS_BLUE, FigureName.FLOOD_MINUTES, FigureName.ACK_MEDIAN_S, FigureName.EVENTS_OPENED,
    FigureName.EVENTS_EXTRAORDINARY, FigureName.EVENTS_MAJOR, FigureName.EVENTS_LARGER, FigureName.EVENTS_GENERAL,
    FigureName.EVENTS_UNGRADED, FigureName.RECEIPTS_OVERDUE, FigureName.REPORTS_OVERDUE,
)  # fmt: skip
"""What an incoming officer asks first (WF9); «of which» stands right below what it is of."""
_FIGURES = {name.value: place for place, name in enumerate(dict.fromkeys((*_TELLING, *SeatFigure, *FigureName)))}
_GROUP = 8
"""Characters of a digest that are read aloud and compared in one breath."""


def item_key(item: Item) -> str:
    """Return what an item is called in a list, and in `HandoverTold.changed`."""
    return f"{item.kind.value}/{item.key}"


@dataclass(frozen=True, slots=True)
class HandoverWords:
    """Writes sheets with the names of one catalogue version; without one codes are shown."""

    figures: Figures
    names: Gazetteer | None

    def say(self, code: str, /, **params: object) -> str:
        """Return the sentence of a code."""
        return self.figures.texts.say(code, **params)

    def kind(self, kind: ItemKind) -> str:
        """Return what a kind of item is called."""
        return self.say(f"console.handover.kind.{kind.value}")

    def counts(self, sheet: Handover) -> tuple[CountRecord, ...]:
        """Return how many items there are of each kind, and how many of those are settled already."""
        every = Counter(item.kind for item in sheet.items)
        done = Counter(item.kind for item in sheet.items if item.state in _SETTLED)
        return tuple(
            CountRecord(
                key=kind.value, name=self.kind(kind), figure=str(every[kind]),
                note=self.say("console.handover.done_of", done=done[kind]) if done[kind] else "",
                colour=_ink(kind, every[kind] - done[kind]),
            )
            for kind in _GROUPS if every[kind] or kind in (ItemKind.UNACKNOWLEDGED, ItemKind.EVENT, ItemKind.ORDER)
        )  # fmt: skip

    def row(self, item: Item, now_ns: int, *, is_changed: bool = False, awaited: ItemState | None = None) -> StepRow:
        """Return the row of an item. `awaited`: what was sent of it and is not answered yet."""
        state = awaited or item.state
        left, ink = self.left(item, now_ns)
        settled = state in _SETTLED
        told = self.say("console.handover.changed" if is_changed else f"console.handover.state.{state.value}")
        quiet = Colour.ORANGE_TEXT if state is ItemState.REFUSED else Colour.TEXT_SECOND
        return StepRow(
            key=item_key(item), severity=Severity(min(max(item.gravity, 0), int(Severity.RED))), title=self.title(item),
            detail=self._joined(self.kind(item.kind), self.owner(item), self.next_action(item)),
            age=left if is_changed and not settled else "", status=told if settled or is_changed else left,
            status_colour=quiet if settled else Colour.ORANGE_TEXT if is_changed else ink,
            sign=_SIGNS[state], depth=1, is_struck=state is ItemState.SETTLED,
            spoken=self._joined(self.title(item), self.kind(item.kind), told, left),
        )  # fmt: skip

    def title(self, item: Item) -> str:
        """Return what an item is about, in the words of its kind where it has some."""
        code = f"handover.item.{item.kind.value}"
        if not self.figures.texts.has(code):
            return item.title or item.key
        return self.say(code, **{"title": item.title, "key": item.key, **self._params(code, item.params)})

    def owner(self, item: Item) -> str:
        """Return whose it is: a person, a unit or a seat."""
        if self.names is None:
            return item.owner
        person = self.names.person(item.owner)
        return person if person != item.owner else self.names.who(item.owner)

    def next_action(self, item: Item) -> str:
        """Return what has to be done next; empty when there is nothing to do but know."""
        texts, code = self.figures.texts, item.next_action
        found = next((one for one in (f"handover.next.{code}", code) if code and texts.has(one)), "")
        return self.say(found, **{"title": item.title, **self._params(found, item.params)}) if found else code

    def left(self, item: Item, now_ns: int) -> tuple[str, Colour]:
        """Return how long is left or by how much it is over, and the ink for it."""
        if item.due_at is None:
            return "", Colour.TEXT_SECOND
        over = item.due_at < now_ns
        time = self.figures.short_duration(abs(item.due_at - now_ns) / NS_PER_S)
        soon = item.due_at - now_ns < SOON_NS
        ink = Colour.RED_TEXT if over else Colour.ORANGE_TEXT if soon else Colour.TEXT_SECOND
        return self.say("console.handover.over" if over else "console.handover.left", time=time), ink

    def section(self, item: Item, now_ns: int) -> SheetSection:
        """Return what the sheet knows of an item."""
        left, ink = self.left(item, now_ns)
        due = "" if item.due_at is None else self._joined(self.figures.axis(item.due_at, now_ns), left)
        lines = (
            self._line("kind", self.kind(item.kind)),
            self._line("owner", self.owner(item)),
            self._line("next", self.next_action(item)),
            SheetLine(label=self.say("console.handover.field.due"), text=due, colour=ink) if due else None,
            self._line("reason", item.reason),
        )
        return SheetSection(
            title=self.title(item), lines=tuple(line for line in lines if line is not None and line.text)
        )

    def checks(self, sheet: Handover) -> SheetSection:
        """Return the self-checks: a tick, or the reason in red."""
        lines = tuple(self._check(check) for check in sheet.checks)
        bad = sum(not check.good for check in sheet.checks)
        code = "console.handover.checks_bad" if bad else "console.handover.checks_good"
        note = self.say(code, count=bad or len(sheet.checks)) if sheet.checks else ""
        return SheetSection(title=self.say("console.handover.checks"), lines=lines, note=note)

    def statistics(self, sheet: Handover) -> SheetSection:
        """Return the figures of the shift."""
        lines = tuple(
            SheetLine(
                label=self._value(name, value), text=self._figure(name), colour=Colour.TEXT_SECOND, is_figure=True
            )
            for name, value in sorted(sheet.figures.items(), key=_place)
        )  # fmt: skip
        until = self.figures.clock(sheet.figures_until) if sheet.figures_until else ""
        note = self.say("console.handover.figures_until", time=until) if until else ""
        return SheetSection(title=self.say("console.handover.figures"), lines=lines, note=note)

    def standing(self, told: HandoverTold) -> str:
        """Return who hands over to whom and who has signed."""
        sheet = told.handover
        signed = {one.account: one for one in sheet.signatures}
        sides = (("giver", sheet.giver, told.giver_name), ("taker", sheet.taker, told.taker_name))
        parts = [
            self.say(f"console.handover.{side}", name=name or account, signed=self._signed(signed.get(account)))
            if account else self.say("console.handover.no_taker")
            for side, account, name in sides
        ]  # fmt: skip
        return self.say("console.handover.arrow").join(parts)

    def signatures(self, sheet: Handover) -> SheetSection:
        """Return both signatures, the sheet's number and the head of the journal it was locked at."""
        lines = [
            SheetLine(
                label=self.say("console.handover.field.signed"),
                text=self._joined(one.name or one.account, seat_of(one.seat), self.figures.stamp(one.at)),
            )
            for one in sheet.signatures
        ]
        if sheet.forced_by:
            forced = self.say("console.handover.forced", who=self._person(sheet.forced_by), reason=sheet.forced_reason)
            lines.append(SheetLine(label="", text=forced, colour=Colour.ORANGE_TEXT))
        number, _, head = sheet.audit_head.replace(":", ".").rpartition(".")
        digest = sheet.signatures[-1].digest if sheet.signatures else ""
        told = (self._line("digest", _grouped(digest)), self._line("head", f"{number} {_grouped(head)}".strip()))
        return SheetSection(title=sheet.code, lines=(*lines, *(line for line in told if line.text)))

    def clock(self, sheet: Handover, now_ns: int) -> tuple[str, Colour]:
        """Return how long the hand-over may still take, or what became of it, and the ink for it."""
        if sheet.state not in (HandoverState.OPEN, HandoverState.GIVEN):
            said = self.say(f"console.handover.sheet.{sheet.state.value}")
            return said, Colour.DONE if sheet.state is HandoverState.SIGNED else Colour.TEXT_SECOND
        left = (sheet.closes_at - now_ns) / NS_PER_S
        time = self.figures.short_duration(abs(left))
        if left < 0:
            return self.say("console.handover.late", time=time), Colour.RED_TEXT
        return self.say("console.handover.time_left", time=time), Colour.TEXT_SECOND

    def _check(self, check: Check) -> SheetLine:
        code = f"console.handover.check.{check.name}"
        name = self.say(code) if self.figures.texts.has(code) else check.name
        if check.good:
            return SheetLine(label=name, text=self.say("console.handover.check_good"), colour=Colour.DONE)
        why = self._reason(check.reason, check.params) if check.reason else self.say("console.handover.check_bad")
        return SheetLine(label=name, text=why, colour=Colour.RED_TEXT)

    def _reason(self, code: str, params: dict[str, str]) -> str:
        return self.say(code, **params_of(self.figures.texts, code, params)) if self.figures.texts.has(code) else code

    def reason(self, reason: Reason) -> str:
        """Return the sentence of a reason."""
        return self._reason(reason.code, reason.params)

    def _params(self, code: str, params: Mapping[str, str]) -> dict[str, str]:
        return params_of(self.figures.texts, code, dict(params))

    def _figure(self, name: str) -> str:
        code = f"reports.figure.{name}"
        return self.say(code) if self.figures.texts.has(code) else name

    def _value(self, name: str, value: float) -> str:
        if name.endswith("_s"):
            return self.figures.short_duration(value)
        return self.figures.value(value, 0 if value == int(value) else 1)

    def _signed(self, signature: Signature | None) -> str:
        if signature is None:
            return self.say("console.handover.unsigned")
        return self.say("console.handover.signed_at", time=self.figures.clock(signature.at))

    def _person(self, account: str) -> str:
        return self.names.person(account) if self.names else account

    def _line(self, field: str, text: str) -> SheetLine:
        return SheetLine(label=self.say(f"console.handover.field.{field}"), text=text)

    def _joined(self, *parts: str) -> str:
        return self.say("events.pieces_between").join(filter(None, parts))


def _ink(kind: ItemKind, left: int) -> Colour:
    if not left:
        return Colour.TEXT_THIRD
    return Colour.RED_TEXT if kind in _CALLING else Colour.FIGURE


def _grouped(digest: str) -> str:
    """Return a digest in groups: so it wraps on a narrow screen, and so it is read aloud."""
    return " ".join(digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))


def seat_of(seat: str) -> str:
    """Return the seat a session is at, or takes over: who comes in beside its holder is at `<seat>/incoming`."""
    return seat.partition("/")[0]


def _place(figure: tuple[str, float]) -> tuple[bool, int]:
    """Return what figures are sorted by: what is nothing last, the most telling first."""
    name, value = figure
    return not value, _FIGURES.get(name, len(_FIGURES))

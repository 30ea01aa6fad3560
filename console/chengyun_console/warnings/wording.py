"""Official warnings and call-outs in words: titles, validity, the eight fields, who was called and what he said."""

from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_core.model.callout import Attempt, Call, CallOut, CallState, Outcome
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.mode_rules import is_held
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import OfficialWarning, Status, WarningState
from chengyun_core.wire.warning_asks import CallTold, Concerned, WarningTold
from chengyun_resources.theme.tokens import SEVERITY_TEXT, Colour, Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

_OPEN = (CallState.WAITING, CallState.CALLING, CallState.UNREACHABLE)
_CALL_COLOURS = {
    CallState.CONFIRMED: Colour.DONE, CallState.ESCALATED: Colour.RED_TEXT, CallState.UNREACHABLE: Colour.ORANGE_TEXT,
    CallState.CANCELLED: Colour.TEXT_SECOND,
}  # fmt: skip
OUTCOMES: dict[Outcome, str] = {
    Outcome.CONFIRMED: "warnings.action.confirmed", Outcome.NO_ANSWER: "warnings.action.no_answer",
    Outcome.BUSY: "warnings.action.busy", Outcome.WRONG_NUMBER: "warnings.action.wrong_number",
    Outcome.REFUSED: "warnings.action.refused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WarningWords:
    """Writes with the names a desk has now."""

    desk: Desk

    def colour(self, colour: WarningColour) -> str:
        """Return the colour's word."""
        return self.desk.say(f"warnings.colour.{int(colour)}")

    def category(self, code: str) -> str:
        """Return the category's word; one nobody knows keeps its own."""
        found = f"warning.category.{code}"
        return self.desk.say(found) if self.desk.texts.has(found) else code

    def title(self, warning: OfficialWarning) -> str:
        """Return `暴雨红色预警`, with 演练 or 测试 before it where it is no actual one."""
        told = self.desk.say(
            "warnings.title", category=self.category(warning.category), colour=self.colour(warning.colour)
        )  # fmt: skip
        if warning.status is Status.ACTUAL:
            return told
        status = self.desk.say(f"warnings.status.{warning.status.value}")
        return self.desk.say("events.pieces_between").join((status, told))

    def area(self, warning: OfficialWarning) -> str:
        """Return where it holds: its own words, else the names of our centres within."""
        if warning.area.text:
            return warning.area.text
        named = [self.place(code) for code in warning.area.centres]
        return self.desk.say("console.names_between").join(named) or self.desk.say("warnings.doc.not_given")

    def place(self, code: str) -> str:
        """Return a centre's name."""
        return self.desk.names.place(code) if self.desk.names is not None else code

    def validity(self, warning: OfficialWarning, now_ns: int) -> str:
        """Return until when it holds, and how long that is."""
        figures, say = self.desk.figures, self.desk.say
        if warning.starts_at > now_ns:
            return say("warnings.begins", time=figures.axis(warning.starts_at, now_ns))
        if warning.expires_at is None:
            return say("warnings.until_unknown")
        time = figures.axis(warning.expires_at, now_ns)
        left = (warning.expires_at - now_ns) / NS_PER_S
        if left <= 0:
            return say("warnings.until_over", time=time)
        return say("warnings.until", time=time, left=figures.duration(left))

    def row(self, warning: OfficialWarning, now_ns: int) -> FactRow:
        """Return its row in the list."""
        figures, is_held = self.desk.figures, warning.state is WarningState.IN_FORCE
        between = self.desk.say("events.pieces_between")
        validity = self.validity(warning, now_ns) if is_held else ""
        return FactRow(
            key=str(warning.number), severity=Severity(int(warning.colour)) if is_held else Severity.NONE,
            title=warning.headline or self.title(warning),
            detail=between.join(part for part in (self.area(warning), warning.issuer, validity) if part),
            age=figures.axis(warning.issued_at, now_ns),
            status=self.desk.say(f"warnings.state.{warning.state.value}"),
            status_colour=SEVERITY_TEXT[Severity(int(warning.colour))] if is_held else Colour.TEXT_SECOND,
            is_struck=warning.state is WarningState.CANCELLED,
        )  # fmt: skip

    def sections(self, told: WarningTold, now_ns: int) -> tuple[SheetSection, ...]:
        """Return the document: the eight of art. 64, source and validity, the chain, and who is concerned."""
        return (
            *((self._suggestion(told),) if told.suggests_mode and not self._is_followed(told) else ()),
            self._eight(told.warning), self._concerned(told), self._source(told.warning, now_ns),
            *((self._chain(told, now_ns),) if len(told.chain) > 1 else ()),
        )  # fmt: skip

    def call_row(self, told: CallTold, now_ns: int) -> FactRow:
        """Return the row of one addressee: whom we call now, every try so far, and who comes next."""
        call, say = told.call, self.desk.say
        person = told.person_name or (call.chain[call.at] if call.chain else "")
        detail = [self.phones(told), *(self._attempt(one) for one in call.attempts)]
        following = list(told.chain_names[call.at + 1 :]) or [self._name(code) for code in call.chain[call.at + 1 :]]
        if following and call.state in _OPEN:
            detail.append(say("warnings.call.next", names=say("console.names_between").join(following)))
        badge = say("warnings.call.place", at=call.at + 1, count=len(call.chain)) if len(call.chain) > 1 else ""
        return FactRow(
            key=f"{call.call_out}.{call.place}", severity=Severity.NONE,
            title=say("warnings.call.who", centre=self.place(call.for_centre), person=person),
            badges=(badge,) if badge else (),
            detail=say("events.pieces_between").join(part for part in detail if part), age=self._due(call, now_ns),
            status=say(f"warnings.call.state.{call.state.value}"),
            status_colour=_CALL_COLOURS.get(call.state, Colour.TEXT),
        )  # fmt: skip

    def phones(self, told: CallTold) -> str:
        """Return the numbers of whom is called now; nothing for who may not call."""
        return self.desk.say("console.names_between").join(told.phones)

    def counts(self, call_out: CallOut) -> str:
        """Return how far a call-out has come."""
        still = max(0, call_out.addressees - call_out.confirmed - call_out.escalated)
        return self.desk.say(
            "warnings.call.counts", all=call_out.addressees, confirmed=call_out.confirmed,
            escalated=call_out.escalated, open=still,
        )  # fmt: skip

    def _name(self, code: str) -> str:
        names = self.desk.names
        return names.who(code) if names is not None else code

    def _attempt(self, one: Attempt) -> str:
        say = self.desk.say
        words = say("warnings.call.said", who=one.said_by, words=one.words) if one.words else ""
        known = self.desk.texts.has(f"channel.{one.channel}")
        return say(
            "warnings.call.attempt", time=self.desk.figures.clock(one.at)[:-3],
            channel=say(f"channel.{one.channel}") if known else one.channel, outcome=say(OUTCOMES[one.outcome]),
            words=words,
        )  # fmt: skip

    def _due(self, call: Call, now_ns: int) -> str:
        if call.due_at is None or call.state not in _OPEN:
            return ""
        left, figures = (call.due_at - now_ns) / NS_PER_S, self.desk.figures
        if left >= 0 and not call.overdue:
            return self.desk.say("warnings.call.due", left=figures.short_duration(left))
        return self.desk.say("warnings.call.overdue", late=figures.short_duration(max(0.0, -left)))

    def _is_followed(self, told: WarningTold) -> bool:
        """Return whether 急时 is held already that was founded on this very warning."""
        declared = self.desk.session.facts.mode.declarations.values()
        return any(is_held(one) and one.evidence == f"warning/{told.warning.number}" for one in declared)

    def _suggestion(self, told: WarningTold) -> SheetSection:
        preset = self.desk.session.facts.mode.presets.get(told.suggests_mode)
        name = preset.name if preset is not None else told.suggests_mode
        text = self.desk.say("warnings.doc.suggests", preset=name)
        return SheetSection(title=self.title(told.warning), lines=(SheetLine(label="", text=text, colour=Colour.TEXT),))

    def _eight(self, one: OfficialWarning) -> SheetSection:
        say, stamp = self.desk.say, self.desk.figures.stamp
        level = say(
            "warnings.doc.colour_told", level=say(f"warnings.level.{int(one.colour)}"), colour=self.colour(one.colour)
        )  # fmt: skip
        rows = (
            ("category", self.category(one.category)), ("colour", level), ("starts", stamp(one.starts_at)),
            ("area", self.area(one)), ("notice", one.notice), ("measures", one.measures), ("issuer", one.issuer),
            ("issued", stamp(one.issued_at)),
        )  # fmt: skip
        lines = tuple(
            SheetLine(
                label=say(f"warnings.doc.{code}"), text=text or say("warnings.doc.not_given"),
                colour=SEVERITY_TEXT[Severity(int(one.colour))] if code == "colour" else Colour.TEXT,
            )
            for code, text in rows
        )  # fmt: skip
        return SheetSection(title=say("warnings.doc.eight"), lines=lines)

    def _source(self, one: OfficialWarning, now_ns: int) -> SheetSection:
        say, stamp = self.desk.say, self.desk.figures.stamp
        rows = (
            ("expires", self.validity(one, now_ns)), ("identifier", f"{one.identifier} {one.code}".strip()),
            ("format", one.format), ("received", stamp(one.received_at)), ("digest", one.digest[:16]),
        )  # fmt: skip
        lines = tuple(SheetLine(label=say(f"warnings.doc.{code}"), text=text) for code, text in rows if text)
        return SheetSection(title=say("warnings.doc.source"), lines=lines)

    def _chain(self, told: WarningTold, now_ns: int) -> SheetSection:
        lines = tuple(
            SheetLine(
                label=self.desk.figures.axis(one.issued_at, now_ns),
                text=self.desk.say("events.pieces_between").join(
                    (self.desk.say(f"warnings.state.{one.state.value}"), one.headline or self.title(one))
                ),
                colour=Colour.TEXT if one.number == told.warning.number else Colour.TEXT_SECOND,
            )
            for one in told.chain
        )  # fmt: skip
        return SheetSection(title=self.desk.say("warnings.doc.chain"), lines=lines)

    def _concerned(self, told: WarningTold) -> SheetSection:
        say = self.desk.say
        if not told.concerned:
            return SheetSection(
                title=say("warnings.doc.concerned"), lines=(SheetLine(label="", text=say("warnings.doc.nowhere")),)
            )  # fmt: skip
        note = say("warnings.doc.concerned_count", centres=len(told.concerned), points=told.risk_points)
        lines = tuple(SheetLine(label=self.place(one.centre), text=self._at_risk(one)) for one in told.concerned)
        return SheetSection(title=say("warnings.doc.concerned"), lines=lines, note=note)

    def _at_risk(self, one: Concerned) -> str:
        say = self.desk.say
        person = one.person_name or (self._name(one.person) if one.person else say("warnings.doc.nobody"))
        return say(
            "warnings.doc.concerned_line", person=person, points=one.risk_points, vitals=one.vitals, events=one.events
        )  # fmt: skip


def is_open(call: Call) -> bool:
    """Return whether somebody of a call is still to be reached."""
    return call.state in _OPEN

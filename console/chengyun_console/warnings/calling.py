"""叫应 (H8): everybody to be reached, every try, who comes next; one digit notes what a try gave."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chengyun_console.actions.warning_deeds import OUTCOME_OF
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.warnings.wording import OUTCOMES, WarningWords, is_open
from chengyun_core.model.call_rules import CONFIRMABLE
from chengyun_core.model.callout import Call, CallOut, Outcome
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Channel
from chengyun_core.model.warning_commands import CancelCallOut, NoteCall
from chengyun_core.wire.warning_asks import AskCallOut, CallOutTold, CallTold
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_CHANNELS = (Channel.PHONE, Channel.RADIO, Channel.VIDEO, Channel.MESSAGE, Channel.IN_PERSON)
_ORDER = {"calling": 0, "unreachable": 1, "waiting": 2, "escalated": 3, "confirmed": 4, "cancelled": 5}


class CallPane(Panel):
    """Who is still to be reached stands first. 2 to 5 note a try at once; 1 asks for the very words and sends them."""

    def __init__(self, desk: Desk, ask_line: AskLine) -> None:
        """`ask_line`: where questions are asked, laid out by the page."""
        super().__init__(desk.theme, desk.say("warnings.call.title"))
        self._desk = desk
        self._number: int | None = None
        self._given: CallOut | None = None
        self._last: CallOut | None = None
        self._told: dict[int, CallTold] = {}
        self._asked: tuple[object, ...] = ()
        self._state: tuple[object, ...] = ()
        self._noted = ""
        """Key of the addressee a try was noted for: once that settles him, the next one is in focus."""
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("warnings.call.title"))
        self.counts = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self.words = Lettered(desk.theme, TypeSize.BODY)
        self.channel = ChoiceBox(desk.theme)
        self.ask_line, self.status = ask_line, status_line(desk)
        self.sending = Sender(desk, self.status)
        doers = {action: partial(self.note, outcome) for action, outcome in OUTCOME_OF.items()}
        self.deeds = KeyedButtons(desk, {**doers, "warning.end_call": self.ask_end})
        self._lay_out()
        self.show_call_out(None)
        desk.label_watch.did_change.connect(self._forget)

    def show_call_out(self, number: int | None, given: CallOut | None = None) -> None:
        """Show a call-out; None: nobody was called yet."""
        if number == self._number and given == self._given:
            return
        if number != self._number:
            self._told, self._asked, self._last = {}, (), None
            self.ask_line.close_over()
        self._number, self._given, self._state = number, given, ()
        self.refresh()

    def _forget(self) -> None:
        self._told, self._asked, self._last, self._given, self._state = {}, (), None, None, ()

    def refresh(self) -> None:
        """Follow the calls; does something when a fact or a second changed."""
        facts, now_ns = self._desk.session.facts, self._desk.now_ns()
        self._ask()
        state = (self._number, facts.through, now_ns // NS_PER_S, self._desk.names, len(self._told))
        if state == self._state:
            return
        self._state = state
        call_out = self.call_out()
        if call_out is None:
            self._show_nothing()
            return
        words, calls = WarningWords(self._desk), self.calls()
        self.counts.show_text(words.counts(call_out))
        self.words.show_text(self._desk.say("warnings.call.words", words=call_out.words))
        self.list.set_rows([words.call_row(self._told_of(call), now_ns) for call in calls])
        self._keep_focus(calls)
        self.show_notice(Presence.FRESH, "")
        goes_on = call_out.ended_at is None
        self.channel.setVisible(goes_on)
        self.deeds.show_only((*OUTCOME_OF, "warning.end_call") if goes_on else ())

    def _keep_focus(self, calls: list[Call]) -> None:
        """Put the first who is to be called into focus, at the beginning and when the one in hand is settled."""
        keys = {f"{call.call_out}.{call.place}": call for call in calls}
        settled = self._noted in keys and not is_open(keys[self._noted])
        if settled:
            self._noted = ""
        if keys and (settled or not self.list.current_key()):
            self.list.select(next(iter(keys)))

    def call_out(self) -> CallOut | None:
        """Return the call-out as it stands or as it ended, None when nobody was called."""
        if self._number is None:
            return None
        # What has ended leaves the mirror; who looks at it must not be told that nobody was called.
        self._last = self._desk.session.facts.warned.call_outs.get(self._number) or self._last
        return self._last or self._given

    def calls(self) -> list[Call]:
        """Return everybody, who is still to be reached first, then in the order of the list."""
        live = self._desk.session.facts.warned.calls
        known = {place: told.call for place, told in self._told.items()}
        newest = known | {call.place: call for call in live.values() if call.call_out == self._number}
        found = [max((newest[place], known.get(place, newest[place])), key=lambda one: one.version) for place in newest]
        return sorted(found, key=lambda one: (_ORDER[one.state.value], one.due_at or 0, one.place))

    def note(self, outcome: Outcome) -> None:
        """Note a try at the addressee in focus; a confirmation asks for his very words first."""
        call = self._current()
        if call is None or call.state not in CONFIRMABLE or (outcome is not Outcome.CONFIRMED and not is_open(call)):
            code = "warnings.call.nobody" if call is None else "warnings.call.over"
            self.sending.tell(self._desk.say(code), is_trouble=True)
            return
        if outcome is not Outcome.CONFIRMED:
            self._send(call, outcome)
            return
        question = self._desk.say("warnings.call.ask_words", who=self._person(call))
        text = self._desk.say("warnings.call.prefill")
        self.ask_line.ask(f"{call.call_out}.{call.place}", question, partial(self._confirm, call), text=text)

    def ask_end(self) -> None:
        """Ask why the call-out ends before everybody was reached."""
        call_out = self.call_out()
        if call_out is not None and call_out.ended_at is None:
            self.ask_line.ask("end", self._desk.say("warnings.call.ask_end"), self._end)

    def _confirm(self, call: Call, words: str) -> None:
        self._send(call, Outcome.CONFIRMED, words=words, said_by=self._person(call))

    def _send(self, call: Call, outcome: Outcome, *, words: str = "", said_by: str = "") -> None:
        told = self._told_of(call)
        made = NoteCall(
            call_out=call.call_out, place=call.place, version=call.version,
            channel=str(self.channel.currentData() or Channel.PHONE.value), number=next(iter(told.phones), ""),
            outcome=outcome, words=words, said_by=said_by,
        )  # fmt: skip
        self._noted = f"{call.call_out}.{call.place}"
        deed = self._desk.say("warnings.call.deed", who=self._person(call), outcome=self._desk.say(OUTCOMES[outcome]))
        self.sending.send(made, deed)

    def _end(self, reason: str) -> None:
        call_out = self.call_out()
        if call_out is not None:
            made = CancelCallOut(call_out=call_out.number, version=call_out.version, reason=reason)
            self.sending.send(made, self._desk.say("warnings.call.end"))

    def _current(self) -> Call | None:
        key = self.list.current_key()
        return next((call for call in self.calls() if f"{call.call_out}.{call.place}" == key), None)

    def _person(self, call: Call) -> str:
        told = self._told_of(call)
        return told.person_name or WarningWords(self._desk).place(call.for_centre)

    def _told_of(self, call: Call) -> CallTold:
        """Return a call with the names and numbers told; those of somebody earlier in the chain count for nothing."""
        told = self._told.get(call.place)
        if told is None or told.call.at != call.at:
            names = self._desk.names
            code = call.chain[call.at] if call.chain else ""
            known = told.chain_names if told is not None else ()
            name = known[call.at] if call.at < len(known) else names.who(code) if names is not None else code
            return CallTold(call=call, person_name=name, chain_names=known)
        return replace(told, call=call)

    def _ask(self) -> None:
        """Ask for names and numbers, and again when somebody else of a chain is to be called, or all of it ended."""
        if self._number is None:
            return
        warned = self._desk.session.facts.warned
        at = tuple(sorted((one.place, one.at) for one in warned.calls.values() if one.call_out == self._number))
        wanted = (self._number, self._number in warned.call_outs, at)
        if wanted != self._asked:
            self._asked = wanted
            ask = AskCallOut(call_out=self._number)
            self._desk.session.ask("call_out.get", ask, self._take, slot=f"warnings.calls.{id(self)}")

    def _take(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._desk.refusal(told), is_trouble=True)
        elif isinstance(told, CallOutTold) and told.call_out.number == self._number:
            self._told = {one.call.place: one for one in told.calls}
            self._last, self._state = told.call_out, ()

    def _show_nothing(self) -> None:
        self.list.set_rows([])
        self.counts.show_text("")
        self.words.show_text("")
        self.channel.hide()
        self.deeds.show_only(())
        self.show_notice(Presence.EMPTY, self._desk.say("warnings.call.none"))

    def _lay_out(self) -> None:
        for channel in _CHANNELS:
            self.channel.addItem(self._desk.say(f"channel.{channel.value}"), channel.value)
        self.channel.setAccessibleName(self._desk.say("warnings.call.channel"))
        self.channel.setMinimumHeight(TARGET_PX)
        self.words.setWordWrap(True)
        body, head, foot = QWidget(), QHBoxLayout(), QHBoxLayout()
        head.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        head.setSpacing(SPACE_PX * 4)
        head.addWidget(self.counts)
        head.addWidget(self.words, 1)
        foot.setContentsMargins(SPACE_PX * 3, 0, 0, 0)
        foot.addWidget(self.channel)
        foot.addWidget(self.deeds, 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.status)
        column.addLayout(foot)
        self.set_body(body)

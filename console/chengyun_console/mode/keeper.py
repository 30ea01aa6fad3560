"""Carries out at this seat what a declaration of the mode says, confirms it to the centre, and tells the officer."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.mode.standing import mode_here, touches_seat
from chengyun_console.mode.wording import ModeWords
from chengyun_console.shell.deeds import Deeds
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.mode import Declaration, ModeOrder, ModeOrderState, ReportDue, SwitchState
from chengyun_core.model.mode_commands import ConfirmMode
from chengyun_widgets.toast import Message, MessageTone

_TOLD = {
    SwitchState.IN_FORCE: ("mode.told.in_force", MessageTone.TROUBLE),
    SwitchState.LIFTED: ("mode.told.lifted", MessageTone.DONE),
    SwitchState.UNDONE: ("mode.told.undone", MessageTone.TROUBLE),
}
Apply = Callable[[], str]


class ModeKeeper(QObject):
    """Made once by the window. `apply` brings layout and sound of the mode in effect up, and answers a fault's code.

    What it applies is computed from the declarations each time and kept nowhere: the way back is exact, and a console
    that was started in the middle of an emergency, or lost the link, comes to the same.
    """

    came_into_force = Signal()
    """急时 came into force here and was confirmed by all."""
    was_lifted = Signal()
    """Peacetime is back here."""

    def __init__(self, desk: Desk, deeds: Deeds, apply: Apply) -> None:
        super().__init__(deeds)
        self._desk, self._deeds, self._apply = desk, deeds, apply
        self._confirmed: set[tuple[int, int]] = set()
        self._states: dict[str, tuple[int, SwitchState]] = {
            key: (one.term, one.state) for key, one in desk.session.facts.mode.declarations.items()
        }
        self._effect: object = None
        self._said: dict[str, Message] = {}
        """Register or report → what was said of it last: the next word takes it back, for «急时已生效» must not
        outlive 急时."""
        desk.session.facts_came.connect(self._on_facts)

    def look(self) -> None:
        """Bring up what holds here now; called when somebody sat down, or the catalogue is another one."""
        self._bring_up()
        for one in self._desk.session.facts.mode.declarations.values():
            self._confirm(one)

    def _on_facts(self, news: FactNews) -> None:
        for kind, key in news.gone:
            if kind == "mode_report":
                self._take_back(key)
        for fact in news.facts:
            record = fact.record
            if isinstance(record, Declaration):
                self._take(fact.key, record)
            elif isinstance(record, ReportDue):
                self._take_report(fact.key, record)
            elif isinstance(record, ModeOrder) and record.state is ModeOrderState.OPEN and record.version == 1:
                self._tell_order(record)

    def _take(self, key: str, declaration: Declaration) -> None:
        before = self._states.get(key)
        self._states[key] = (declaration.term, declaration.state)
        if self._desk.session.signed_on is None:
            return
        self._bring_up()
        self._confirm(declaration)
        if before != self._states[key] and declaration.state in _TOLD:
            self._tell(key, declaration)

    def _bring_up(self) -> str:
        """Apply what is in effect, when it is another thing than before; return a fault's code."""
        effect = mode_here(self._desk).effect
        if effect == self._effect:
            return ""
        self._effect = effect
        return self._apply()

    def _confirm(self, declaration: Declaration) -> None:
        """Say that this seat has done its part, once per term: the centre waits two seconds for it."""
        term = (declaration.number, declaration.term)
        signed_on = self._desk.session.signed_on
        waits = declaration.state is SwitchState.APPLYING and term not in self._confirmed
        if not waits or signed_on is None or not touches_seat(self._desk, declaration):
            return
        self._confirmed.add(term)
        fault = self._apply()
        made = ConfirmMode(declaration=declaration.number, term=declaration.term, who=signed_on.seat, fault=fault)
        self._deeds.send_quietly(made)

    def _tell(self, key: str, declaration: Declaration) -> None:
        words, (code, tone) = ModeWords(self._desk), _TOLD[declaration.state]
        if declaration.fault:
            # A lift that failed leaves the emergency in force.
            code, tone = _TOLD[SwitchState.UNDONE]
        told = self._desk.say(code, scope=words.scope(declaration.scope), faults=words.faults(declaration))
        self._say(key, tone, told)
        if touches_seat(self._desk, declaration):
            is_emergency = mode_here(self._desk).is_emergency
            (self.came_into_force if is_emergency else self.was_lifted).emit()

    def _take_report(self, key: str, due: ReportDue) -> None:
        """Tell that a situation report is late, at the seats it is asked of, until somebody gave it."""
        words = ModeWords(self._desk)
        if words.is_late(due) and self._desk.routing.place_is_mine(due.centre):
            self._say(key, MessageTone.TROUBLE, self._desk.say("mode.told.report", report=words.report_due(due)))

    def _say(self, key: str, tone: MessageTone, told: str) -> None:
        self._take_back(key)
        self._said[key] = self._deeds.tell(tone, told)

    def _take_back(self, key: str) -> None:
        if key in self._said:
            self._deeds.take_back(self._said.pop(key))

    def _tell_order(self, order: ModeOrder) -> None:
        names = self._desk.names
        who = names.place(order.by_centre) if names is not None else order.by_centre
        self._deeds.tell(MessageTone.TROUBLE, self._desk.say("mode.told.order", who=who))

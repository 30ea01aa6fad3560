"""Tells of command that went from seat to seat: those it concerns, and whoever has the event in focus (T10)."""

from PySide6.QtCore import QObject

from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.change import Change
from chengyun_widgets.toast import MessageTone

_DEEDS = ("event.hand_command", "event.take_command")


class Transfers(QObject):
    """Follows the facts; one's own deed is told by its answer and not again."""

    def __init__(self, desk: Desk, deeds: Deeds) -> None:
        super().__init__(deeds)
        self._desk, self._deeds = desk, deeds
        desk.session.facts_came.connect(self.take_facts)

    def take_facts(self, news: FactNews) -> None:
        """Tell what concerns this seat."""
        for change in news.changes:
            if change.kind == "event" and change.action in _DEEDS:
                self._tell(change)

    def _tell(self, change: Change) -> None:
        signed_on = self._desk.session.signed_on
        if signed_on is None or change.seat == signed_on.seat:
            return
        before, after = change.params.get("before", ""), change.params.get("seat", "")
        if signed_on.seat in (before, after) or str(self._desk.event_focus.number) == change.key:
            self._deeds.tell(self._tone(signed_on.seat, before), self._said(change, signed_on.seat, before, after))

    @staticmethod
    def _tone(own: str, before: str) -> MessageTone:
        """What was taken from this seat stays in the line until it is dismissed."""
        return MessageTone.REFUSED if own == before else MessageTone.NOTE

    def _said(self, change: Change, own: str, before: str, after: str) -> str:
        event = self._desk.session.facts.events.get(int(change.key)) if change.key.isdigit() else None
        name = event.code if event is not None else f"#{change.key}"
        code = "lost" if own == before else "given" if own == after else "changed"
        reason = change.params.get("reason", "")
        who = self._desk.words.person(change.account)
        return self._desk.say(
            f"events.transfer.{code}", event=name, before=before, seat=after, who=who, reason=reason,
            version=change.version,
        ).strip()  # fmt: skip

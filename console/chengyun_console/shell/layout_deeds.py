"""P pins the vital in focus from any page; the reset key brings the master back after one question."""

from collections.abc import Callable

from chengyun_console.desk import Desk
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.shell.deeds import Deeds
from chengyun_core.model.failure import Refused
from chengyun_widgets.toast import MessageTone

_YES = 0


class LayoutDeeds:
    """Deeds of the window itself: nothing is sent to the centre."""

    def __init__(self, desk: Desk, deeds: Deeds, cockpit: CockpitPage) -> None:
        self._desk, self._deeds, self._cockpit = desk, deeds, cockpit

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions of the layout do, by their ids."""
        return {"chart.pin": self.pin, "layout.reset": self.reset}

    def pin(self) -> None:
        """Pin the vital in focus to the cockpit, or unpin it."""
        number = self._desk.vital
        try:
            if number is None:
                raise Refused("console.layout.no_vital")
            told = self._cockpit.pinned.pin(number)
        except Refused as refused:
            self._deeds.tell(MessageTone.REFUSED, self._desk.refusal(refused.reason))
        else:
            self._deeds.tell(MessageTone.DONE, told)

    def reset(self) -> None:
        """Ask once, then drop what this officer changed."""
        laid, say = self._cockpit.laid, self._desk.say
        if laid.overlay.is_empty:
            self._deeds.tell(MessageTone.NOTE, say("console.layout.reset_none", master=laid.title()))
            return
        question = say("console.layout.reset_question", master=laid.title())
        self._deeds.ask(question, [say("console.layout.reset_yes"), say("console.layout.reset_no")], self._answered)

    def _answered(self, at: int) -> None:
        laid = self._cockpit.laid
        if at == _YES:
            laid.reset()
            self._deeds.tell(MessageTone.DONE, self._desk.say("console.layout.reset_done", master=laid.title()))

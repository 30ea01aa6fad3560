"""Everything the window does about events besides deeds of the table: ways to one, its forms, what is not there yet."""

from collections.abc import Callable

from chengyun_console.desk import Desk
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.page_stack import PageStack
from chengyun_widgets.toast import MessageTone

EVENTS = "F3"


class EventDesk:
    """Made once by the window."""

    def __init__(self, desk: Desk, stack: PageStack, deeds: Deeds) -> None:
        self._desk, self._stack, self._deeds = desk, stack, deeds
        self.page = stack.of(EventsPage)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions on events do that make no command by themselves."""
        return {"event.map": self.tell_map, "event.video": self.tell_video, "event.new": lambda: None}

    def open_event(self, number: int) -> None:
        """Go to an event."""
        self._stack.bring_forward(EVENTS)
        if self._stack.front == EVENTS:
            self.page.open_event(number)

    def tell_video(self) -> None:
        """Say what the call by video waits for."""
        self._tell("events.video.waits")

    def tell_map(self) -> None:
        """Say where the event is: there is no map yet to show it on."""
        event = self._desk.event_focus.record
        if event is None:
            self._tell("events.none_in_focus")
        elif event.longitude is None or event.latitude is None:
            self._tell("events.map.no_place")
        else:
            self._tell("events.map.waits", longitude=f"{event.longitude:.5f}", latitude=f"{event.latitude:.5f}")

    def _tell(self, code: str, **params: object) -> None:
        self._deeds.tell(MessageTone.NOTE, self._desk.say(code, **params))

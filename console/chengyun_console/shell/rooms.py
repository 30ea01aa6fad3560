"""The rooms of the window that its first page does without: each is imported and made when it is first asked for.

Making all of them takes longer than everything else an officer waits for after the start. Whoever holds the window has
them made in quiet moments, step by step (see shell.warming); a key that comes first has what is left of its room made
at once.
"""

from collections.abc import Callable
from inspect import GEN_RUNNING, getgeneratorstate
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.shell.ahead import imports
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.layers import Layers
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.page_table import PAGES
from chengyun_console.shell.sign_on import SignOnScreen
from chengyun_console.shell.threshold_switch import ThresholdSwitch
from chengyun_console.shell.ways import Ways, Window
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.toast import MessageTone

if TYPE_CHECKING:
    from chengyun_console.glass.desk import GlassDesk
    from chengyun_console.maps.room import MapRoom
    from chengyun_console.mode.desk import ModeDesk
    from chengyun_console.pages.events.page import EventsPage
    from chengyun_console.pages.sources.page import SourcesPage
    from chengyun_console.pages.vitals.page import VitalsPage
    from chengyun_console.rooms.room import ConsultRoom
    from chengyun_console.shell.commanding import CommandBar
    from chengyun_console.shell.duty_desk import DutyDesk
    from chengyun_console.shell.event_desk import EventDesk
    from chengyun_console.shell.order_form import About
    from chengyun_console.shell.plan_desk import PlanDesk
    from chengyun_console.shell.task_desk import TaskDesk
    from chengyun_console.video.room import VideoRoom
    from chengyun_console.warnings.desk import WarningDesk
    from chengyun_core.model.event import Attachment
    from chengyun_core.model.room_share import MapSight, SharedTrend

BAR, EVENTS, TASKS, PLANS, MODE, DUTY = "search", "events", "tasks", "plans", "mode", "duty"
WARNINGS = "warning forms"
GLASS = "glass forms"
VIDEO = "cameras"
CONSULT = "consultation"
MAPS = "maps"
NEAREST_FIRST = (BAR, "drills", GLASS, MODE, DUTY, WARNINGS, EVENTS, TASKS, PLANS, CONSULT, VIDEO, MAPS)
"""Esc leaves what lies over the page in this order, whatever was made first."""
_OF_PAGE = {"F3": EVENTS, "F4": TASKS, "F5": MAPS, "F6": MAPS, "F7": PLANS, "F8": DUTY, "warnings": WARNINGS}
_OF_ACTION = {
    "duty": DUTY, "event": EVENTS, "glass": GLASS, "handover": DUTY, "heard": CONSULT, "mode": MODE, "order": TASKS,
    "phone": GLASS, "plan": PLANS, "roll_call": TASKS, "room": CONSULT, "search": BAR, "tasks": TASKS, "video": VIDEO,
    "warning": WARNINGS,
}  # fmt: skip
"""First word of an action's id → the room that knows what to do; a test holds the rooms to it."""
_WANTED_FIRST = (
    BAR, "F3", EVENTS, "F4", TASKS, "F2", "F5", MAPS, "F6", "F7", PLANS, MODE, "F8", DUTY, "warnings", WARNINGS,
    VIDEO, CONSULT, "printing", "handbook", "sources", "devices", "audit", GLASS, "glass",
)  # fmt: skip


_OF_WHOLE = {
    "alarm.map": MAPS, "alarm.video": VIDEO, "event.map": MAPS, "event.video": VIDEO, "map.import": MAPS,
}  # fmt: skip
"""Actions that another room does than the one of their first word."""


class Room(Protocol):
    """What the window asks of each room."""

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        ...

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the room does for actions, by their ids."""
        ...

    def refresh(self) -> None:
        """Bring what is open to now; called on each frame."""
        ...


class Rooms:
    """Made once by the window. Asking for a room makes it."""

    def __init__(
        self, desk: Desk, parent: QWidget, window: Window, *, stack: PageStack, layers: Layers, deeds: Deeds,
        sign_on: SignOnScreen,
    ) -> None:  # fmt: skip
        """`parent` and `window` are the same, as a widget and as what can be asked of it."""
        self._desk, self._parent, self._window = desk, parent, window
        self._stack, self._layers, self._deeds, self._sign_on = stack, layers, deeds, sign_on
        self._made: dict[str, Room] = {}
        self._begun: dict[str, Steps] = {}
        """What is being made, step by step."""
        desk.label_watch.focus_was_lost.connect(self._close_sheets)

    @property
    def vitals_page(self) -> "VitalsPage":
        """F2."""
        return cast("VitalsPage", self._stack.page("F2"))

    @property
    def events_page(self) -> "EventsPage":
        """F3."""
        return cast("EventsPage", self._stack.page("F3"))

    @property
    def sources_page(self) -> "SourcesPage":
        """How the sources of samples stand."""
        return cast("SourcesPage", self._stack.page("sources"))

    @property
    def events(self) -> "EventDesk":
        """The sheets of events."""
        return cast("EventDesk", self._room(EVENTS))

    @property
    def tasks(self) -> "TaskDesk":
        """The sheets of orders and receipts."""
        return cast("TaskDesk", self._room(TASKS))

    @property
    def plans(self) -> "PlanDesk":
        """The sheet of plans that fit an event."""
        return cast("PlanDesk", self._room(PLANS))

    @property
    def mode(self) -> "ModeDesk":
        """The sheet of the switch between 平时 and 急时."""
        return cast("ModeDesk", self._room(MODE))

    @property
    def duty(self) -> "DutyDesk":
        """The sheet of the hand-over."""
        return cast("DutyDesk", self._room(DUTY))

    @property
    def warnings(self) -> "WarningDesk":
        """The forms of official warnings, and what is done with the one in focus."""
        return cast("WarningDesk", self._room(WARNINGS))

    @property
    def glass(self) -> "GlassDesk":
        """The form of who breaks the glass, and the sheet of a phone."""
        return cast("GlassDesk", self._room(GLASS))

    @property
    def video(self) -> "VideoRoom":
        """The sheet of cameras, and what is done with what they show."""
        return cast("VideoRoom", self._room(VIDEO))

    @property
    def consult(self) -> "ConsultRoom":
        """The sheet of a consultation, and what comes of it."""
        return cast("ConsultRoom", self._room(CONSULT))

    @property
    def maps(self) -> "MapRoom":
        """What leads from a map to elsewhere, and sends what is drawn on it."""
        return cast("MapRoom", self._room(MAPS))

    @property
    def bar(self) -> "CommandBar":
        """The search and the command bar."""
        return cast("CommandBar", self._room(BAR))

    def lead(self, ways: Ways, switch: ThresholdSwitch) -> None:
        """Say where choices of the command bar lead; called once, before anybody opens it."""
        self._ways, self._switch = ways, switch

    def doer(self, action: str) -> Callable[[], object] | None:
        """Return what a room does for an action; None when no room has anything of its own to do for it."""
        name = _OF_WHOLE.get(action) or _OF_ACTION.get(action.partition(".")[0])
        return self._room(name).doers().get(action) if name is not None else None

    def enter(self, page_id: str) -> None:
        """Make the room that belongs to a page: the page comes to the front."""
        if page_id in _OF_PAGE:
            self._room(_OF_PAGE[page_id])

    def names_for(self, page_id: str) -> tuple[str, ...]:
        """Return what a page needs to be in front, in the order of making: itself and the room that belongs to it."""
        return (page_id, _OF_PAGE[page_id]) if page_id in _OF_PAGE else (page_id,)

    def stands(self, name: str) -> bool:
        """Return whether a page, a room or a sheet is made."""
        return name in self.standing()

    def stand_for(self, page_id: str) -> bool:
        """Return whether all a page needs is made."""
        return self.standing().issuperset(self.names_for(page_id))

    def refresh(self) -> None:
        """Bring what is open to now; called on each frame."""
        # One of them may be led to make another: a decision opens the form of an order.
        for room in tuple(self._made.values()):
            room.refresh()

    def is_being_made(self, page_id: str) -> bool:
        """Return whether a step of what a page needs is being done just now, further up in the same call."""
        begun = (self._begun.get(name) for name in self.names_for(page_id))
        return any(steps is not None and getgeneratorstate(steps) == GEN_RUNNING for steps in begun)

    def missing(self) -> tuple[str, ...]:
        """Return what is not made yet, what is wanted first at the front: names for `make`."""
        standing = self.standing()
        return tuple(name for name in _WANTED_FIRST if name not in standing)

    def standing(self) -> frozenset[str]:
        """Return the names of what is made."""
        return frozenset((*self._made, *self._stack.standing, *self._layers.sheets.standing))

    def make_like(self, before: "Rooms") -> None:
        """Make what stands in another window too: this one takes its place."""
        standing = before.standing()
        for name in _WANTED_FIRST:
            if name in standing:
                self.make(name)

    def settle(self) -> None:
        """Make whole what is half made, in a window that goes: its parts have no parent yet, and would outlive it."""
        for name in tuple(self._begun):
            self.make(name)

    def make(self, name: str) -> None:
        """Make a page, a room or a sheet, or what is left of it, when it does not stand yet."""
        finish(self.making(name))

    def making(self, name: str) -> Steps:
        """Return the steps that are left until a page, a room or a sheet stands; the same for whoever asks."""
        if name not in self._begun:
            self._begun[name] = self._steps(name)
        return self._begun[name]

    def _steps(self, name: str) -> Steps:
        try:
            yield from imports(name)
            if any(row.id == name for row in PAGES):
                yield from self._stack.making(name)
            elif name in NEAREST_FIRST:
                if name not in self._made:
                    yield from self._makers()[name]()
            else:
                self._layers.sheets.make(name)
        finally:
            # Also of what failed half-way: who asks again begins anew.
            del self._begun[name]

    def _make_events(self) -> Steps:
        from chengyun_console.shell.event_desk import EventDesk  # noqa: PLC0415 - see above

        yield
        made = EventDesk(self._desk, self._parent, self._stack, self._deeds, area=self._layers.area)
        yield from made.making()
        self._take(EVENTS, made)

    def _make_tasks(self) -> Steps:
        from chengyun_console.shell.task_desk import TaskDesk  # noqa: PLC0415 - see above

        yield
        made = TaskDesk(self._desk, self._parent, self._stack, self._deeds, area=self._layers.area)
        yield from made.making()
        made.action_was_asked.connect(self._window.do)
        self._take(TASKS, made)

    def _make_plans(self) -> Steps:
        from chengyun_console.shell.plan_desk import PlanDesk  # noqa: PLC0415 - see above

        yield
        made = PlanDesk(self._desk, self._parent, self._stack, self._deeds, area=self._layers.area)
        made.action_was_asked.connect(self._window.do)
        self._take(PLANS, made)

    def _make_mode(self) -> Steps:
        from chengyun_console.mode.desk import ModeDesk  # noqa: PLC0415 - see above

        yield
        self._take(MODE, ModeDesk(self._desk, self._parent, area=self._layers.area))

    def _make_duty(self) -> Steps:
        from chengyun_console.shell.duty_desk import DutyDesk  # noqa: PLC0415 - see above

        yield
        made = DutyDesk(self._desk, self._parent, self._stack, self._deeds, area=self._layers.area)
        yield from made.making()
        made.action_was_asked.connect(self._window.do)
        made.overlays_did_change.connect(lambda: self._layers.add(NEAREST_FIRST.index(DUTY), *made.overlays))
        self._take(DUTY, made)

    def _make_warnings(self) -> Steps:
        from chengyun_console.warnings.desk import WarningDesk  # noqa: PLC0415 - see above

        yield
        made = WarningDesk(self._desk, self._parent, self._stack, self._deeds, area=self._layers.area)
        made.mode_was_asked.connect(self._suggest_mode)
        made.map_was_asked.connect(self._show_warned)
        self._take(WARNINGS, made)

    def _make_glass(self) -> Steps:
        from chengyun_console.glass.desk import GlassDesk  # noqa: PLC0415 - see above

        yield
        self._take(GLASS, GlassDesk(self._desk, self._parent, self._sign_on, area=self._layers.area))

    def _make_video(self) -> Steps:
        from chengyun_console.video.room import VideoRoom  # noqa: PLC0415 - see above

        yield
        made = VideoRoom(
            self._desk, self._parent, self._window, self._deeds, lambda: self.events.files, area=self._layers.area
        )  # fmt: skip
        self._take(VIDEO, made)

    def _make_consult(self) -> Steps:
        from chengyun_console.rooms.room import ConsultRoom, ConsultWays  # noqa: PLC0415 - see above

        yield
        ways = ConsultWays(
            compose=self._compose, trend=self._open_trend, sight=self._show_sight, file=self._open_file
        )  # fmt: skip
        made = ConsultRoom(self._desk, self._parent, self._window, self._deeds, ways, area=self._layers.area)
        self._take(CONSULT, made)

    def _make_maps(self) -> Steps:
        from chengyun_console.maps.room import MapRoom, MapWays  # noqa: PLC0415 - see above

        yield
        ways = MapWays(
            alarm=self._ways.alarm, plan=self._ways.plan, event=self._open_event, warning=self._open_warning,
            camera=self._open_camera, device=self._open_device,
        )  # fmt: skip
        self._take(MAPS, MapRoom(self._desk, self._parent, self._stack, self._deeds, ways, area=self._layers.area))

    def _make_bar(self) -> Steps:
        from chengyun_console.shell.commanding import CommandBar  # noqa: PLC0415 - see above

        yield
        made = CommandBar(self._desk, self._parent, self._window, self._switch, self._ways)
        made.tell_denials(self._deeds)
        self._take(BAR, made)

    def _close_sheets(self) -> None:
        """Close what lies open about an event that is not to be read any more."""
        for name in (EVENTS, TASKS, PLANS):
            for overlay in self._made[name].overlays if name in self._made else ():
                overlay.close_over()

    def _compose(self, about: "About") -> None:
        self.tasks.compose_for(about)

    def _open_trend(self, share: "SharedTrend") -> None:
        """Show what somebody shows to all on the page of vitals: lines this console does not know are left out."""
        from chengyun_console.wording.shares import number_of  # noqa: PLC0415 - see above

        found = (number_of(self._desk, code) for code in share.vitals)
        numbers = tuple(number for number in found if number is not None)
        if numbers:
            to_ns = share.to_s * NS_PER_S if share.to_s is not None else None
            self._ways.vital(numbers[0])
            self._stack.bring_forward(
                "F2", lambda: self.vitals_page.show_lines(numbers, share.span_s * NS_PER_S, to_ns)
            )  # fmt: skip
        else:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("rooms.trend.none"))

    def _show_sight(self, sight: "MapSight", whose: str) -> None:
        self.maps.show_sight(sight, whose)

    def _open_file(self, file: "Attachment") -> None:
        self.events.files.sheet.open_for(file, (file,), self._layers.area())

    def _open_event(self, number: int) -> None:
        self._stack.bring_forward("F3", lambda: self.events_page.open_event(number))

    def _open_warning(self, number: int) -> None:
        self.warnings.open_warning(number)

    def _show_warned(self, number: int) -> None:
        self.maps.show_warning(number)

    def _open_device(self, code: str) -> None:
        from chengyun_console.pages.devices.page import DevicesPage  # noqa: PLC0415 - see above

        self._stack.bring_forward("devices", lambda: self._stack.of(DevicesPage).open_device(code))

    def _open_camera(self, code: str) -> None:
        """Show a camera that was opened on a map, with those around it."""
        from chengyun_console.video.cameras import Spot  # noqa: PLC0415 - see above

        catalogue = self._desk.session.catalogue
        rows = catalogue.catalogue.cameras if catalogue is not None else ()
        camera = next((row for row in rows if row.code == code), None)
        if camera is not None:
            spot = Spot(
                title=camera.name, longitude=camera.longitude, latitude=camera.latitude, centre=camera.centre,
                named=(code,),
            )  # fmt: skip
            self.video.sheet.open_at(spot, self._layers.area())

    def _suggest_mode(self, scope: str, preset: str, evidence: str, reason: str) -> None:
        self.mode.suggest(scope=scope, preset=preset, evidence=evidence, reason=reason)

    def _room(self, name: str) -> Room:
        if name not in self._made:
            self.make(name)
        return self._made[name]

    def _makers(self) -> dict[str, Callable[[], Steps]]:
        return {
            BAR: self._make_bar, EVENTS: self._make_events, TASKS: self._make_tasks, PLANS: self._make_plans,
            MODE: self._make_mode, DUTY: self._make_duty, WARNINGS: self._make_warnings, GLASS: self._make_glass,
            VIDEO: self._make_video, MAPS: self._make_maps, CONSULT: self._make_consult,
        }  # fmt: skip

    def _take(self, name: str, made: Room) -> None:
        self._made[name] = made
        self._layers.add(NEAREST_FIRST.index(name), *made.overlays)

"""F11: opens and closes the wall window, keeps it on its screen, and shows on it what an officer sends there."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.choosing import choose_next
from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.frame_turns import Steps
from chengyun_console.layouts.labels import Labels
from chengyun_console.layouts.placement import Placed, WindowPlace, for_wall, place
from chengyun_console.layouts.wall_desk import WallDesk
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.pages.page import Page
from chengyun_console.shell.screens import Screens, kept_now, put, put_right
from chengyun_console.shell.wall_page import WallPage
from chengyun_console.shell.wall_window import WallWindow
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.news import FactNews

CONSOLE, WALL = "console", "wall"
SCALE = "wall_scale"
FRAMES_PER_PAINT = 7
"""The wall's panes are painted twice a second: it is read from afar, and the officer's own come first."""


class Wall(QObject):
    """At most one wall per console. It follows nothing the officer does until told to: Shift+F11 sends what he sees."""

    def __init__(
        self,
        desk: Desk,
        tick: FrameTick,
        console: QWidget,
        cockpit: CockpitPage,
        screens: Screens | None = None,
        in_front: Callable[[], Page | None] = lambda: None,
    ) -> None:
        """`in_front`: the page the officer sees, which says what of it goes to the wall."""
        super().__init__(console)
        self._desk, self._console, self._cockpit = desk, console, cockpit
        self.screens, self._in_front = screens or Screens(self), in_front
        self.window: WallWindow | None = None
        self._wall_desk: WallDesk | None = None
        self._frames = 0
        self._away: dict[str, str] = {}
        console.installEventFilter(self)
        session = desk.session
        session.sign_on_ended.connect(self._on_sign_on)
        session.catalogue_came.connect(self._on_catalogue)
        session.facts_came.connect(self._on_facts)
        session.frame_came.connect(self._on_values)
        desk.setting_was_chosen.connect(self._on_setting)
        tick.join(self, self.steps)
        tick.strip_ticked.connect(self._on_beat)
        self.screens.did_change.connect(self._on_screens)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions of the wall do, by their ids."""
        return {
            "wall.toggle": self.toggle,
            "wall.show": self.show_selection,
            "preference.wall_scale": lambda: choose_next(self._desk, SCALE),
        }

    def toggle(self) -> None:
        """Open the wall, or close it."""
        if self.window is None:
            placed = self.open()
            code = "console.wall.opened" if placed.is_full else "console.wall.opened_window"
            self._tell(self._desk.say(code, screen=placed.screen))
        else:
            self.close()
            self._tell(self._desk.say("console.wall.closed"))
        self._desk.keep(replace(self._desk.preferences, wall_open=self.window is not None))

    def open(self) -> Placed:
        """Open the wall on its screen; return where it went. The keyboard stays where it is."""
        desk = WallDesk(self._desk, Labels(self._cockpit.laid.labels))
        page = WallPage(desk)
        window = WallWindow(page, desk.theme, self._desk.preferences.wall_scale)
        window.was_closed.connect(self._on_closed)
        window.installEventFilter(self)
        self._wall_desk, self.window = desk, window
        placed = self._placed_wall()
        window.setWindowTitle(self._desk.say("console.wall.title", centre=self._centre_name()))
        put(window, placed, full_screen=True)
        window.show()
        catalogue = self._desk.session.catalogue
        if catalogue is not None:
            page.take_catalogue(catalogue)
        desk.flood.take(self._desk.session.facts.alarms.values())
        page.strip.mark_dirty()
        page.refresh(self._desk.session.links(), 0.0)
        self._tell_away(WALL, placed, self._desk.preferences.windows.get(WALL))
        return placed

    def close(self) -> None:
        """Close the wall, if it is open; its place is kept."""
        if self.window is not None:
            self._keep_places()
            self.window.close()

    def replace(self, before: "Wall") -> None:
        """Take the place of the wall of a console that goes: another language or theme needs another window."""
        if before.window is not None:
            before.drop()
            self.open()

    def drop(self) -> None:
        """Close the wall because its console goes; it is open again with the next one."""
        if self.window is not None:
            self._keep_places()
            self.window.close()
            self._desk.preferences = replace(self._desk.preferences, wall_open=True)

    def show_selection(self) -> None:
        """Show on the wall what the officer sees: an event's map and cameras, or place in the tree, vital, alarm."""
        if self.window is None:
            self._tell(self._desk.say("console.wall.not_open"))
            return
        page = self._in_front()
        staged = page.staged() if page is not None else None
        if staged is not None:
            what = self.window.page.show_staged(staged)
            self._tell(self._desk.say("console.wall.shown" if what else "console.wall.no_events", what=what))
            return
        alarm = self._desk.alarm()
        what = self.window.page.show_selection(
            self._cockpit.descent.node, self._desk.vital, alarm.number if alarm else None
        )
        self._tell(self._desk.say("console.wall.shown", what=what))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate and watched is self.window:
            # Some window managers give the keyboard to a window that asked not to have it.
            self._console.activateWindow()
        if event.type() == QEvent.Type.Close and watched is self._console:
            # Before the console writes its preferences: the place of both windows is among them.
            self._keep_places()
            self.drop()
        return False

    def _on_setting(self, name: str) -> None:
        if name == SCALE and self.window is not None:
            self.window.want_scale(self._desk.preferences.wall_scale)

    def _placed_wall(self) -> Placed:
        kept = self._desk.preferences.windows.get(WALL)
        return for_wall(self.screens.all(), self.screens.of(self._console), kept)

    def _keep_places(self) -> None:
        windows = dict(self._desk.preferences.windows)
        for name, window in ((CONSOLE, self._console), (WALL, self.window)):
            # A window that is away keeps the place it came from: it goes back there.
            now = kept_now(window, self.screens) if window is not None and name not in self._away else None
            if now is not None:
                windows[name] = now
        self._desk.preferences = replace(self._desk.preferences, windows=windows)

    def _on_sign_on(self, _ended: object) -> None:
        """The seat's file says whether its wall was open, and where both windows were."""
        if self._desk.session.signed_on is not None and self._desk.preferences.wall_open and self.window is None:
            self.open()

    def _on_catalogue(self, view: CatalogueView) -> None:
        if self.window is not None:
            self.window.page.take_catalogue(view)

    def _on_facts(self, news: FactNews) -> None:
        if self.window is not None:
            self.window.page.take_facts(news)

    def _on_values(self, _rows: object) -> None:
        if self.window is not None:
            self.window.page.take_frame()

    def steps(self, now_s: float) -> Steps:
        """Bring the wall to now, pane by pane, in some of the frames."""
        self._frames += 1
        if self.window is not None and self._frames % FRAMES_PER_PAINT == 0 and self.window.isVisible():
            yield from self.window.page.steps(self._desk.session.links(), now_s)

    def _on_beat(self, now_s: float) -> None:
        if self.window is not None and self.window.isVisible():
            self.window.page.strip.tick(now_s)

    def _on_screens(self) -> None:
        """Windows whose screen is gone come onto one that is there, and go back when it is; all fit where they are."""
        kept = self._desk.preferences.windows
        if not self.screens.all():
            return
        if self.window is not None:
            self._move(WALL, self.window, self._placed_wall(), kept.get(WALL))
        if CONSOLE in kept:
            placed = place(kept[CONSOLE], self.screens.all(), primary=self.screens.primary())
            self._move(CONSOLE, self._console, placed, kept[CONSOLE])
        put_right(self._console, self.screens, full_screen=False)
        if self.window is not None:
            put_right(self.window, self.screens, full_screen=True)

    def _move(self, name: str, window: QWidget, placed: Placed, kept: WindowPlace | None) -> None:
        was_away = name in self._away
        if placed.is_away != was_away:
            put(window, placed, full_screen=name == WALL)
        self._tell_away(name, placed, kept)

    def _tell_away(self, name: str, placed: Placed, kept: WindowPlace | None) -> None:
        was_away = self._away.pop(name, None)
        if placed.is_away and kept is not None:
            self._away[name] = kept.screen
            code = "console.wall.unplugged" if name == WALL else "console.wall.moved_home"
            told = self._desk.say(code, screen=kept.screen, now=placed.screen)
            if was_away is None:
                self._tell(told)
            if name == WALL and self.window is not None:
                self.window.page.show_notice(told)
        elif was_away is not None:
            self._tell(self._desk.say("console.wall.replugged", screen=was_away))
            if self.window is not None:
                self.window.page.show_notice("")

    def _on_closed(self) -> None:
        """Closed by its own title bar, or by us: the same."""
        window, self.window, self._wall_desk = self.window, None, None
        self._away.pop(WALL, None)
        if window is not None:
            window.deleteLater()
            self._desk.preferences = replace(self._desk.preferences, wall_open=False)

    def _centre_name(self) -> str:
        names = self._desk.names
        centre = names.view.centre(self._desk.session.own_centre) if names else None
        return centre.name if centre else ""

    def _tell(self, text: str) -> None:
        self._desk.message_came.emit(text, False)

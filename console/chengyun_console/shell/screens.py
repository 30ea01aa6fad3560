"""The screens there are, as records; and a word when one comes or goes."""

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from chengyun_console.layouts.placement import Box, Placed, ScreenBox, WindowPlace, kept_of, place

SETTLE_MS = 300
"""Docking a laptop brings several changes in a row; windows move once, when they are over."""


class Screens(QObject):
    """Asks Qt; tests hand a fake with the same three answers."""

    did_change = Signal()
    """A screen came, went or changed its size; told once things have settled."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self.did_change)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._on_added)
            app.screenRemoved.connect(self._on_change)
            app.primaryScreenChanged.connect(self._on_change)
            for screen in app.screens():
                screen.availableGeometryChanged.connect(self._on_change)

    def all(self) -> tuple[ScreenBox, ...]:
        """Return the screens in the system's order."""
        return tuple(_box(screen) for screen in QGuiApplication.screens())

    def primary(self) -> str:
        """Return the name of the primary screen."""
        return QGuiApplication.primaryScreen().name() if QGuiApplication.screens() else ""

    def of(self, window: QWidget) -> str:
        """Return the name of the screen a window is on."""
        return window.screen().name()

    def _on_added(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._on_change)
        self._on_change()

    def _on_change(self, _screen: object = None) -> None:
        self._settled.start()


def put(window: QWidget, placed: Placed, *, full_screen: bool) -> None:
    """Put a window where it was decided to go. `full_screen`: what «full» means to it, else maximised."""
    box = placed.box
    wanted = QRect(box.x, box.y, box.width, box.height)
    full = Qt.WindowState.WindowFullScreen if full_screen else Qt.WindowState.WindowMaximized
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.setGeometry(wanted)
    if placed.is_full:
        window.setWindowState(full)


def put_back(window: QWidget, kept: WindowPlace | None) -> None:
    """Put a window where it was when it was closed last; over the whole screen when nothing is kept of it.

    Where no window manager runs (a wall computer, Xvfb) nobody else makes a maximised window as large as its screen.
    """
    screens = Screens()
    if not screens.all():
        return
    placed = place(kept or WindowPlace(is_full=True), screens.all(), primary=screens.primary())
    if kept is not None:
        put(window, placed, full_screen=False)
    else:
        # Its place is the window manager's choice: one put at the very corner has its title above the screen.
        window.resize(placed.box.width, placed.box.height)
        window.setWindowState(Qt.WindowState.WindowMaximized)


def put_right(window: QWidget, screens: Screens, *, full_screen: bool) -> None:
    """Make a window fit a screen that has become smaller under it; one that lies on it as it should stays.

    `full_screen`: see `put`. A window manager does it for what is maximised, by itself; not every screen has one.
    """
    kept = kept_now(window, screens)
    if kept is None:
        return
    placed = place(kept, screens.all(), primary=screens.primary())
    area = next(screen.area for screen in screens.all() if screen.name == placed.screen)
    is_larger = window.width() > area.width or window.height() > area.height
    if is_larger or (not kept.is_full and _box_of(window.geometry()) != placed.box):
        put(window, placed, full_screen=full_screen)


def kept_now(window: QWidget, screens: Screens) -> WindowPlace | None:
    """Return what is kept of a window as it lies now; None when its screen is not among them."""
    name = screens.of(window)
    screen = next((screen for screen in screens.all() if screen.name == name), None)
    if screen is None:
        return None
    box = window.normalGeometry() if window.isMaximized() or window.isFullScreen() else window.geometry()
    is_full = window.isMaximized() or window.isFullScreen()
    return kept_of(screen, _box_of(box), is_full=is_full)


def _box(screen: QScreen) -> ScreenBox:
    return ScreenBox(name=screen.name(), area=_box_of(screen.availableGeometry()))


def _box_of(rect: QRect) -> Box:
    return Box(x=rect.x(), y=rect.y(), width=rect.width(), height=rect.height())

"""The command bar of the window, and what a choice in it does: goes there, opens it, or begins the deed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.actions.verbs import BY_NAME, PAGES, Takes
from chengyun_console.choosing import choose
from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.search import SearchOverlay
from chengyun_console.shell.threshold_switch import ThresholdSwitch
from chengyun_console.shell.vital_card import VitalCard
from chengyun_console.shell.ways import Ways, Window
from chengyun_core.mirror.finder import PlaceKind
from chengyun_core.mirror.scope import Scope, ScopeKind
from chengyun_core.mirror.tree import NodeKind
from chengyun_widgets.toast import MessageTone


class CommandBar(QObject):
    """Every way ends where the key or the click would have ended: one door for every deed.

    Owns the search and the card of one vital that Enter in it opens.
    """

    def __init__(self, desk: Desk, parent: QWidget, window: Window, switch: ThresholdSwitch, ways: Ways) -> None:
        super().__init__(parent)
        self._desk, self._window, self._switch, self._ways = desk, window, switch, ways
        self.search = SearchOverlay(desk, parent)
        self.card = VitalCard(desk, parent)
        self.search.choice_was_made.connect(self.take)
        self.card.vital_was_opened.connect(ways.vital)
        self.card.action_was_asked.connect(window.do)

    def tell_denials(self, deeds: Deeds) -> None:
        """Say in the message line why something cannot be done."""
        self.search.denial_was_asked.connect(partial(deeds.tell, MessageTone.REFUSED))

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return self.search, self.card

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the window does for the action of this room."""
        return {"search.open": self.open}

    def refresh(self) -> None:
        """Bring the card to now; called on each frame."""
        self.card.refresh()

    def open(self) -> None:
        """Open the search over the page."""
        self.search.open_over(self._window.page_area())

    def hide(self) -> None:
        """Hide both: nobody is signed on any more."""
        for overlay in self.overlays:
            overlay.hide()

    def take(self, key: str) -> None:
        """Do what the row with this key stands for."""
        kind, _, what = key.partition(":")
        match kind:
            case "vital":
                self.card.open_for(int(what), self._window.page_area())
            case "alarm":
                self._ways.alarm(int(what))
            case "place":
                self._go(*what.split(":", 1))
            case "action":
                self._window.do((BY_ID[what],))
            case "do":
                self._do(*what.split(":", 1))

    def _go(self, kind: str, code: str) -> None:
        """Go to a node of the tree; of a centre, narrow every pane to it (C9)."""
        names = self._desk.names
        if names is None:
            return
        self._window.show_page("F1")
        if kind == PlaceKind.CENTRE:
            self._desk.scope.choose(Scope(kind=ScopeKind.CENTRE, code=code), self._desk.session.facts)
        else:
            self._ways.node(names.view.layer(NodeKind(kind)).node(code))

    def _do(self, name: str, target: str) -> None:
        verb = BY_NAME[name]
        match verb.takes:
            case Takes.PAGE:
                self._window.do((BY_ID[PAGES[target]],))
            case Takes.PLAN:
                self._ways.plan(target)
            case Takes.LANGUAGE | Takes.THEME:
                self._choose(verb.takes.value, target)
            case Takes.SETTING:
                choose(self._desk, verb.setting, target)
            case Takes.THRESHOLD_SET:
                self._switch.begin_with(target)
            case Takes.ALARM:
                self._desk.select_alarm(int(target))
                self._window.do((BY_ID[verb.action],))
            case Takes.EVENT:
                self._desk.event_focus.select(int(target))
                self._window.do((BY_ID[verb.action],))
            case Takes.VITAL:
                self._desk.select_vital(int(target))
                self._window.do((BY_ID[verb.action],))
            case Takes.NOTHING:
                self._window.do((BY_ID[verb.action],))

    def _choose(self, name: str, wanted: str) -> None:
        current = dict(zip(("language", "theme"), self._desk.wanted_appearance(), strict=True))[name]
        if current != wanted:
            self._desk.choose_next(name)

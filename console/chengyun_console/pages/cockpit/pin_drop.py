"""Pins what is dropped: on the board at the place it was dropped on, anywhere else at the end."""

from PySide6.QtCore import QObject, QPoint

from chengyun_console.desk import Desk
from chengyun_console.layouts import pins
from chengyun_console.layouts.cockpit_layout import CockpitLayout
from chengyun_console.pages.cockpit.chart_hands import ChartHands
from chengyun_console.pages.cockpit.pin_board import PinBoard
from chengyun_core.model.failure import Refused


class PinDrop(QObject):
    """A vital that is pinned already is moved to where it was dropped; it is never unpinned by a drop."""

    def __init__(self, desk: Desk, layout: CockpitLayout, board: PinBoard, hands: ChartHands) -> None:
        super().__init__(board)
        self._desk, self._laid, self._board, self._hands = desk, layout, board, hands

    def hold_over(self, _number: int, on_screen: QPoint) -> None:
        """Frame the place a carried vital would take."""
        self._hands.aim_at(self._at(on_screen) if self._is_over(on_screen) else None)

    def let_go(self, number: int, on_screen: QPoint) -> None:
        """Pin the vital where it was let go, when that is on the board."""
        self._hands.aim_at(None)
        if self._is_over(on_screen):
            self.pin(number, self._hands.code_at(self._at(on_screen)))

    def pin(self, number: int, onto: str = "") -> None:
        """Pin a vital, at the place of the vital with the code `onto`; says what was done, or why it was not."""
        names = self._desk.names
        vital = names.vital(number) if names else None
        if vital is None:
            return
        try:
            self._laid.keep_pins(self._with(vital.code, onto))
        except Refused as refused:
            self._desk.message_came.emit(self._desk.refusal(refused.reason), True)
        else:
            self._desk.message_came.emit(self._desk.say("console.layout.pinned", name=vital.name), False)

    def _with(self, code: str, onto: str) -> pins.Pins:
        laid = self._laid
        codes = [pin.vital for pin in laid.pins]
        if code in codes and onto not in codes:
            raise Refused("console.layout.pinned_already")
        wanted = laid.pins if code in codes else pins.added(laid.pins, code)
        return pins.moved(wanted, code, codes.index(onto), kept=laid.kept) if onto in codes else wanted

    def _is_over(self, on_screen: QPoint) -> bool:
        viewport = self._board.viewport()
        return self._board.isVisible() and viewport.rect().contains(viewport.mapFromGlobal(on_screen))

    def _at(self, on_screen: QPoint) -> QPoint:
        return self._board.room.mapFromGlobal(on_screen)

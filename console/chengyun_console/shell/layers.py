"""What can lie over the page: the card, the forms, the lists and the inline questions, and where each of them lies."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from chengyun_console.actions.dialogue import LONGEST_TEXT
from chengyun_console.desk import Desk
from chengyun_console.shell.alarm_card import WIDTH_PX as CARD_PX
from chengyun_console.shell.alarm_card import AlarmCard
from chengyun_console.shell.approvals import ApprovalsOverlay
from chengyun_console.shell.origin_sheet import OriginSheet
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.risk_strip import RiskStrip
from chengyun_console.shell.sheets import Sheets
from chengyun_console.shell.threshold_form import ThresholdForm
from chengyun_console.shell.unfolded import UnfoldedStrip
from chengyun_core.mirror.links import Links
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX
from chengyun_widgets.note_chooser import NoteChooser
from chengyun_widgets.text_asker import TextAsker
from chengyun_widgets.toast import MessageLine

CHOOSER_PX = 720
_LINE_PX = 36


class Layers:
    """Made once by the window. Others add what they own by `add`; one Esc leaves the nearest."""

    def __init__(self, desk: Desk, window: QWidget, stack: PageStack, strip: RiskStrip) -> None:
        self._window, self._stack = window, stack
        self._added: dict[int, tuple[Overlay, ...]] = {}
        self.unfolded = UnfoldedStrip(desk, strip, window)
        self.approvals = ApprovalsOverlay(desk, window)
        self.card = AlarmCard(desk, window)
        self.origin = OriginSheet(desk, window)
        self.form = ThresholdForm(desk, window)
        self.chooser = NoteChooser(desk.theme, window)
        self.asker = TextAsker(desk.theme, LONGEST_TEXT, window)
        self.message = MessageLine(desk.theme, window)
        self.sheets = Sheets(desk, window, self.area)
        self.chooser.hide()

    def add(self, place: int, *overlays: Overlay) -> None:
        """Take in what another room owns; it lies nearer than the card and farther than the sheets.

        Of two rooms Esc leaves the one with the lower `place` first, whichever was made first.
        """
        self._added[place] = overlays

    def overlays(self) -> tuple[Overlay, ...]:
        """Return what can lie over the page, the nearest first."""
        added = [overlay for place in sorted(self._added) for overlay in self._added[place]]
        return *self.sheets.overlays, *added, self.form, self.approvals, self.origin, self.card, self.unfolded

    def area(self) -> QRect:
        """Return where the page is, in the window's coordinates."""
        return QRect(self._stack.mapTo(self._window, self._stack.rect().topLeft()), self._stack.size())

    def card_area(self) -> QRect:
        """Return where the card lies: beside what the page wants to keep in sight, else at the right."""
        area, page = self.area(), self._stack.page()
        right, kept = area.right() - SPACE_PX * 3, page.free_until() if page is not None else None
        if kept is not None:
            right = area.left() + kept - SPACE_PX * 2
        width = min(CARD_PX, right - area.left() - SPACE_PX * 3)
        return QRect(right - width, area.top() + SPACE_PX * 3, width, area.height() - SPACE_PX * 6)

    def place(self) -> None:
        """Put everything where it belongs in a window of this size."""
        area = self.area()
        for inline in (self.chooser, self.asker):
            self._place_below(inline, area, min(CHOOSER_PX, area.width() - SPACE_PX * 6), inline.sizeHint().height())
        self._place_message(area)
        for overlay in self.overlays():
            if overlay.isVisible():
                overlay.open_over(self.card_area() if overlay is self.card else area)

    def refresh(self, links: Links, now_s: float) -> None:
        """Bring what is open to now."""
        self.message.tick(now_s)
        if self.message.isVisible():
            self._place_message(self.area())
        self.unfolded.refresh(links, now_s)
        self.approvals.refresh()
        self.origin.refresh(links)
        self.card.refresh()

    def hide(self) -> None:
        """Hide all: nobody is signed on any more."""
        for overlay in self.overlays():
            overlay.hide()

    def give_way(self) -> None:
        """Let what would hide the page that comes to the front go."""
        for overlay in self.overlays():
            overlay.give_way()

    def close_nearest(self) -> bool:
        """Close the nearest overlay; return False when none was open."""
        return any(overlay.close_over() for overlay in self.overlays())

    def _place_message(self, area: QRect) -> None:
        """Put the message line at the foot of the page, or above the field somebody writes into there."""
        height = max(self.message.sizeHint().height(), _LINE_PX)
        width = min(CHOOSER_PX, area.width() - SPACE_PX * 6)
        lies = QRect(area.left() + SPACE_PX * 3, area.bottom() - height - SPACE_PX * 3, width, height)
        field = self._written_into()
        if field.intersects(lies) and field.top() - SPACE_PX - height >= area.top():
            lies.moveBottom(field.top() - SPACE_PX)
        if lies != self.message.geometry():
            self.message.setGeometry(lies)

    def _written_into(self) -> QRect:
        """Return the field that has the keyboard with the question over it, in the window's coordinates; else empty."""
        field = self._window.focusWidget()
        if not isinstance(field, QLineEdit | QPlainTextEdit) or not field.isVisibleTo(self._window):
            return QRect()
        return QRect(field.mapTo(self._window, field.rect().topLeft()), field.size()).adjusted(0, -TARGET_PX, 0, 0)

    def _place_below(self, inline: QWidget, area: QRect, width: int, height: int) -> None:
        left, top = area.right() - width - SPACE_PX * 3, area.bottom() - height - SPACE_PX * 3
        inline.setGeometry(left, top, width, height)

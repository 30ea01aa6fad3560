"""Which form of duty is wanted, and over what: each is made when it is first asked for."""

from collections.abc import Callable
from typing import TypeVar, cast

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.duty_forms.call_list_sheet import CallListSheet
from chengyun_console.duty_forms.form_sheet import FormSheet
from chengyun_console.duty_forms.person_sheet import PersonSheet
from chengyun_console.duty_forms.preset_sheet import PresetSheet
from chengyun_console.duty_forms.shift_sheet import ShiftSheet
from chengyun_console.duty_forms.snapshot_view import SnapshotView
from chengyun_console.duty_forms.swap_sheet import SwapSheet
from chengyun_console.pages.duty.page import DutyPage
from chengyun_console.shell.overlay import Overlay
from chengyun_core.wire.duty_asks import People, Shifts

_F = TypeVar("_F", bound=FormSheet)


class DutyForms(QObject):
    """Made once by the desk of duty; the page asks by the ids of its actions."""

    did_make = Signal()
    """A form was made: there is one more that Esc leaves."""
    was_saved = Signal()
    """Something of what the page shows is another now."""

    def __init__(self, desk: Desk, parent: QWidget, *, area: Callable[[], QRect]) -> None:
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._parent, self._area = desk, parent, area
        self._made: dict[object, FormSheet] = {}
        self.view = SnapshotView(desk, parent, area=area)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves."""
        return (*self._made.values(), self.view.sheet)

    def sheet(self, kind: Callable[[Desk, QWidget], _F]) -> _F:
        """Return a form by its class, made when it is not there yet."""
        if kind not in self._made:
            made = self._made[kind] = kind(self._desk, self._parent)
            made.was_saved.connect(lambda _key: self.was_saved.emit())
            self.did_make.emit()
        return cast("_F", self._made[kind])

    def open(self, action: str, page: DutyPage) -> None:
        """Open the form of an action about what is in focus on the page."""
        area = self._area()
        match action:
            case "duty.edit" | "duty.new" | "duty.swap":
                self._open_shift(action, page, area)
            case "duty.person" | "duty.new_person":
                self._open_person(page, area, is_new=action == "duty.new_person")
            case "duty.call_lists":
                self.sheet(CallListSheet).open_first(area)
            case "duty.presets":
                self.sheet(PresetSheet).open_first(area)

    def _open_shift(self, action: str, page: DutyPage, area: QRect) -> None:
        told, chosen = page.known.shifts, page.board.chosen
        known = told.shifts if isinstance(told, Shifts) else ()
        if action == "duty.new":
            self.sheet(ShiftSheet).open_for(None, area, known)
        elif chosen is not None and action == "duty.edit":
            self.sheet(ShiftSheet).open_for(chosen[0], area, known)
        elif chosen is not None and chosen[1] is not None:
            self.sheet(SwapSheet).open_for(chosen[0], chosen[1].person, area)

    def _open_person(self, page: DutyPage, area: QRect, *, is_new: bool) -> None:
        told = page.known.people
        people = told.people if isinstance(told, People) else ()
        key = page.contacts.list.current_key()
        person = None if is_new else next((one for one in people if one.code == key), None)
        if is_new or person is not None:
            self.sheet(PersonSheet).open_for(person, area)

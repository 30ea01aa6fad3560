"""What the window does about official warnings: the forms that issue and import, and the deeds on the one in focus."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.mode.standing import seat_place
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.warnings.concern import concerning
from chengyun_console.warnings.import_sheet import WarningImport
from chengyun_console.warnings.issue_form import IssueForm
from chengyun_console.warnings.page import WarningsPage
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.model.warning import OfficialWarning, WarningState
from chengyun_core.model.warning_commands import CancelWarning, StartWarningCall
from chengyun_widgets.toast import MessageTone

PAGE = "warnings"
_OWN = "own"


class WarningDesk(QObject):
    """Made once by the window."""

    mode_was_asked = Signal(str, str, str, str)
    """Scope, preset, evidence and reason that a warning suggests for the sheet of the mode."""

    map_was_asked = Signal(int)
    """Number of the warning whose area is to be seen on the map."""

    def __init__(
        self, desk: Desk, parent: QWidget, stack: PageStack, deeds: Deeds, *, area: Callable[[], QRect]
    ) -> None:  # fmt: skip
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._stack, self._deeds, self._area = desk, stack, deeds, area
        self.page = stack.of(WarningsPage)
        self.form = IssueForm(desk, parent)
        self.importing = WarningImport(desk, parent)
        self.page.file_was_dropped.connect(self._on_dropped)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return self.form, self.importing

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions about warnings do, by their ids."""
        return {
            "warning.open": self.open,
            "warning.issue": partial(self._doing, "warning.issue", self.issue),
            "warning.import": partial(self._doing, "warning.import", self.take),
            "warning.call": partial(self._doing, "warning.call", self.call),
            "warning.update": partial(self._doing, "warning.update", self.update),
            "warning.cancel": partial(self._doing, "warning.cancel", self.cancel),
            "warning.end_call": partial(self._doing, "warning.end_call", self.page.calling.ask_end),
            "warning.mode": self.change_mode,
            "warning.map": self.show_on_map,
        }

    def refresh(self) -> None:
        """Bring what is open to now; called on each frame."""
        self.form.refresh()

    def open(self) -> None:
        """Go to the gravest warning that concerns this seat, or to the list where none does."""
        found = concerning(self._desk)
        if found:
            self.open_warning(found[0].number)
        else:
            self._stack.bring_forward(PAGE)

    def open_warning(self, number: int) -> None:
        """Go to a warning on its page."""
        self._stack.bring_forward(PAGE, partial(self.page.open_warning, number))

    def issue(self) -> None:
        """Publish a warning of one's own."""
        self.form.open_for(None, self._area())

    def take(self) -> None:
        """Import what somebody else published."""
        self.importing.open_over(self._area())

    def update(self) -> None:
        """Replace a warning of one's own by a newer one."""
        one = self._own()
        if one is not None:
            self.form.open_for(one, self._area())

    def cancel(self) -> None:
        """Ask why a warning of one's own is lifted."""
        one = self._own()
        if one is not None:
            title = one.headline or WarningWords(self._desk).title(one)
            self.page.ask_line.ask(
                f"cancel.{one.number}", self._desk.say("warnings.ask.cancel"), partial(self._cancel, one.number, title)
            )

    def call(self) -> None:
        """Begin the 叫应 of the warning in focus; the words may be changed first."""
        one = self._living()
        if one is not None:
            self.page.ask_line.ask(
                f"call.{one.number}", self._desk.say("warnings.ask.call"), partial(self._call, one.number),
                may_be_empty=True,
            )  # fmt: skip

    def change_mode(self) -> None:
        """Open the sheet of the mode with what the warning in focus suggests."""
        one, told = self._living(), self.page.document.told
        if one is None or told is None:
            return
        place = seat_place(self._desk)
        scope = one.area.centres[0] if len(one.area.centres) == 1 else place
        title = one.headline or WarningWords(self._desk).title(one)
        self.mode_was_asked.emit(scope, told.suggests_mode, f"warning/{one.number}", title)

    def show_on_map(self) -> None:
        """Ask for the area of the warning in focus on the map."""
        one = self._living()
        if one is not None:
            self.map_was_asked.emit(one.number)

    def _on_dropped(self, path: object) -> None:
        self._doing("warning.import", self.take)
        if self.importing.isVisible() and isinstance(path, Path):
            self.importing.look_at(path)

    def _cancel(self, number: int, title: str, reason: str) -> None:
        one = self._desk.session.facts.warned.warnings.get(number)
        if one is not None:
            made = CancelWarning(warning=number, version=one.version, reason=reason)
            self._deeds.send(made, self._desk.say("warnings.deed.cancel", title=title))

    def _call(self, number: int, words: str) -> None:
        one = self._desk.session.facts.warned.warnings.get(number)
        if one is not None:
            title = one.headline or WarningWords(self._desk).title(one)
            made = StartWarningCall(warning=number, version=one.version, words=words)
            self._deeds.send(made, self._desk.say("warnings.call.begin", title=title))

    def _living(self) -> OfficialWarning | None:
        one = self.page.warning()
        if one is None or one.state is not WarningState.IN_FORCE:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("warnings.no_warning"))
            return None
        return one

    def _own(self) -> OfficialWarning | None:
        one = self._living()
        if one is not None and one.format != _OWN:
            self._deeds.tell(MessageTone.REFUSED, self._desk.say("warnings.not_own"))
            return None
        return one

    def _doing(self, action_id: str, do: Callable[[], object]) -> None:
        """Do it, or say that this seat may not."""
        if self._deeds.may(BY_ID[action_id]):
            do()

"""The room of broken glass and phones: its sheets, and what the actions about them do."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.glass.form import GlassForm
from chengyun_console.glass.phone import PhoneSheet
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.sign_on import SignOnScreen


class GlassDesk(QObject):
    """Made when the glass is to be broken, a phone enrolled, or the log-in screen asks for one."""

    def __init__(self, desk: Desk, parent: QWidget, sign_on: SignOnScreen, *, area: Callable[[], QRect]) -> None:
        super().__init__(parent)
        self._desk, self._sign_on, self._area = desk, sign_on, area
        self.form, self.phone = GlassForm(desk, parent), PhoneSheet(desk, parent)
        self.phone.was_proved.connect(sign_on.submit_with_phone)
        sign_on.phone_was_refused.connect(self.phone.refuse)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return self.phone, self.form

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {"glass.open": self.open, "glass.end": self.end, "phone.open": self.open_phone}

    def refresh(self) -> None:
        """Nothing here changes by itself."""

    def open(self) -> None:
        """Open the form over the log-in screen, or close it; in a session one leaves first."""
        if self._desk.session.signed_on is not None:
            self._desk.message_came.emit(self._desk.say("glass.form.signed_on"), True)
        elif not self.form.close_over():
            self.form.open_over(self._area())
            self.form.choose_seat(self._sign_on.chosen_seat())

    def end(self) -> None:
        """Leave the session of a broken glass before its time: that ends what was lent."""
        signed_on = self._desk.session.signed_on
        if signed_on is not None and signed_on.glass:
            self._desk.session.sign_off()
        else:
            self._desk.message_came.emit(self._desk.say("glass.band.none"), True)

    def open_phone(self) -> None:
        """Open the sheet for one's own account, or close it."""
        if not self.phone.close_over():
            self.phone.open_own(self._area())

    def enrol_before(self, account: str) -> None:
        """Enrol along with a sign-on: the post asks for a phone and there is none."""
        self.phone.open_before(account, self._area())

"""Signs on without asking, with a password from a file that only its owner can read (demo, kiosk, screenshots)."""

from pathlib import Path

from PySide6.QtCore import QObject

from chengyun_console.session.answers import SignOnEnded
from chengyun_console.session.session import Session
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.model.failure import Reason, Trouble

_OTHERS = 0o077


def read_password(file: Path) -> str:
    """Return the password in the file.

    Raises:
        Trouble: the file cannot be read, or others can read it too.
    """
    try:
        mode = file.stat().st_mode & 0o777
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise Trouble("console.password_file", file=file, reason=fault) from fault
    if mode & _OTHERS:
        raise Trouble("console.password_mode", file=file, mode=f"{mode:o}")
    return text.rstrip("\n")


class AutoSignOn(QObject):
    """Tries once, as soon as the centre lives. `failed` tells why it did not work."""

    def __init__(self, session: Session, account: str, password: str, seat: str) -> None:
        super().__init__(session)
        self._session = session
        self._account, self._password, self._seat = account, password, seat
        self._is_tried = False
        self.failed: Reason | None = None
        session.links_came.connect(self._on_links)
        session.sign_on_ended.connect(self._on_ended)

    def _on_links(self, links: Links) -> None:
        if self._is_tried or links.centre.reach not in (Reach.LIVE, Reach.STALE):
            return
        self._is_tried = True
        self._session.sign_on(self._account, self._password, self._seat)
        self._password = ""

    def _on_ended(self, ended: SignOnEnded) -> None:
        self.failed = ended.failed

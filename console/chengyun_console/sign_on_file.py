"""Signs on without asking, with a password from a file that only its owner can read (demo, kiosk, screenshots)."""

from PySide6.QtCore import QObject

from chengyun_console.session.answers import SignOnEnded
from chengyun_console.session.session import Session
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.model.failure import Reason


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

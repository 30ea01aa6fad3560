"""Small pictures of kept files, fetched one after the other and decoded on another thread; a bounded many are kept."""

from collections import OrderedDict, deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from chengyun_console.downloads import Download, InMemory
from chengyun_console.safe_pictures import FORMATS, decoded
from chengyun_console.session.background import Background
from chengyun_console.session.session import Session
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason

ROOM = QSize(88, 60)
MOST = 200
"""Thumbnails kept: about 4 MiB."""
LARGEST = 12 * 2**20
"""Bytes fetched for a thumbnail; a larger picture is fetched when somebody opens it."""
_SLOT = "thumbnail"


class Thumbnails(QObject):
    """`of` answers at once with what there is; `want` says which are looked at now, the first asked first."""

    did_change = Signal()
    """A thumbnail came, or is known not to come."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._background = Background(self)
        self._known: OrderedDict[str, QImage | None] = OrderedDict()
        """Digest → picture, None: there will be none. The one used longest ago gives way."""
        self._wanted: deque[Attachment] = deque()
        self._under_way: Download | None = None
        session.sign_on_ended.connect(self._forget)

    def of(self, file: Attachment) -> QImage | None:
        """Return the thumbnail of a file; None: not here yet, or no picture."""
        if file.digest in self._known:
            self._known.move_to_end(file.digest)
        return self._known.get(file.digest)

    def want(self, files: Iterable[Attachment]) -> None:
        """Fetch these from now on, in this order; what was wanted before is forgotten."""
        self._wanted = deque(file for file in files if self._is_missing(file))
        self._next()

    def _forget(self, _ended: object) -> None:
        """Keep no picture from one session to the next: the other officer may not see it (RS15)."""
        self._known.clear()
        self._wanted.clear()
        self.did_change.emit()

    def _is_missing(self, file: Attachment) -> bool:
        return file.media in FORMATS and 0 < file.size <= LARGEST and file.digest not in self._known

    def _next(self) -> None:
        if self._under_way is not None or not self._wanted:
            return
        file = self._wanted.popleft()
        download = self._under_way = Download(self._session, file, InMemory(), _SLOT, self)
        download.was_done.connect(lambda data: self._decode(file, data))
        download.did_fail.connect(lambda reason: self._on_failed(file, reason))
        download.begin()

    def _decode(self, file: Attachment, data: object) -> None:
        assert isinstance(data, bytes)
        self._background.run("decode", lambda: decoded(data, file.media, ROOM), lambda made: self._put(file, made))

    def _on_failed(self, file: Attachment, reason: Reason) -> None:
        """What the link kept from coming is asked again when it is wanted next; what is no picture never."""
        if not reason.code.startswith("session."):
            self._put(file, None)
            return
        self._end()

    def _put(self, file: Attachment, made: object) -> None:
        self._known[file.digest] = made if isinstance(made, QImage) else None
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        self._wanted = deque(file for file in self._wanted if self._is_missing(file))
        self._end()
        self.did_change.emit()

    def _end(self) -> None:
        if self._under_way is not None:
            self._under_way.deleteLater()
            self._under_way = None
        self._next()

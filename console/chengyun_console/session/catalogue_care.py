"""Which catalogue version is held, wanted, asked and to be read. No socket, no file; reading is done by the owner."""

from dataclasses import dataclass

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.clock import NS_PER_S

ASK_EVERY_NS = 2 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A catalogue's bytes that wait to be decoded off the reader's thread."""

    version: int
    """The version it was asked as; 0: from the cache."""
    data: bytes


class CatalogueCare:
    """Follows the version the centre names. Owned by the reader's thread."""

    def __init__(self) -> None:
        self.view: CatalogueView | None = None
        self._data = b""
        self._wanted = 0
        self._verified = False
        self._asked_at: int | None = None
        self._unread: Unread | None = None
        self._reading = False

    @property
    def is_confirmed(self) -> bool:
        """Return whether the centre names the version held."""
        return self.view is not None and self.view.version == self._wanted

    def named(self, version: int) -> bool:
        """Take the version the centre's heartbeat names; return whether it is news."""
        if version == self._wanted:
            return False
        self._wanted = version
        self._asked_at = None
        return True

    def asks(self, now_ns: int) -> int | None:
        """Return the version to ask for now, None when none is needed.

        A cached catalogue is asked for once all the same: a profile made anew may use a version number again.
        """
        if self._wanted == 0 or self._reading or self._unread is not None or (self.is_confirmed and self._verified):
            return None
        if self._asked_at is not None and now_ns - self._asked_at < ASK_EVERY_NS:
            return None
        self._asked_at = now_ns
        return self._wanted

    def came(self, version: int, data: bytes) -> None:
        """Take the answer; the bytes we already hold are only verified."""
        self._verified = True
        if self.view is None or data != self._data:
            self._unread = Unread(version=version, data=data)

    def cached(self, data: bytes) -> None:
        """Take the bytes found in the cache."""
        self._unread = Unread(version=0, data=data)

    def to_read(self) -> Unread | None:
        """Return what is to be decoded now; nothing while something is being decoded."""
        if self._reading or self._unread is None:
            return None
        unread, self._unread = self._unread, None
        self._reading = True
        return unread

    def read(self, unread: Unread, view: CatalogueView | None) -> bool:
        """Take the decoded view (None: it could not be read); return whether it is to be shown."""
        self._reading = False
        if view is None or (unread.version == 0 and self.view is not None):
            return False
        self.view, self._data = view, unread.data
        return True

"""What came for the pages since the last post, besides the merged news: replies, series, sign-on, seats."""

from chengyun_console.session.answers import PreviewAnswer, SignOnEnded, WindowSeries
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.wire.envelope import Reply, Seats


class Inbox:
    """Bounded by the requests under way: each brings at most one entry. Owned by the reader's thread."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.unsure: list[str] = []
        self.windows: list[tuple[str, WindowSeries]] = []
        self.previews: list[tuple[str, PreviewAnswer]] = []
        self.answers: list[tuple[str, object]] = []
        self.catalogue: CatalogueView | None = None
        self.sign_on: SignOnEnded | None = None
        self.seats: Seats | None = None
        self.own_centre: str | None = None

    @property
    def is_urgent(self) -> bool:
        """Return whether an officer waits for something in here; it does not wait for the next tick."""
        return bool(self.replies or self.windows or self.answers or self.sign_on or self.seats)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing came."""
        return not (
            self.is_urgent or self.unsure or self.previews or self.catalogue is not None or self.own_centre is not None
        )

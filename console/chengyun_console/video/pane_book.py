"""Which stream each pane shows, and which one is to take its place as soon as it has a picture; plain book-keeping."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from chengyun_core.model.camera import StreamQuality

MAIN_FROM_PX = 640
"""From this width on a pane gets the main stream (F: sub-stream below)."""
KEPT_S = 1.0
"""Who looks says so every quarter of a second; a pane of which nothing was heard for so long may give way."""
LINGER_S = 3.0
"""A pane nobody sees any more keeps its stream so long: a look at one camera in large does not cost four new starts."""
_OTHER = {StreamQuality.MAIN: StreamQuality.SUB, StreamQuality.SUB: StreamQuality.MAIN}

Key = tuple[str, StreamQuality]
"""One stream of one camera: its code, and which of its two."""
HasPicture = Callable[[Key], bool]
"""Whether a stream has a picture that may be shown now."""


@dataclass(slots=True, kw_only=True)
class HeldPane:
    """One pane. Times are monotonic seconds, sizes px of the screen."""

    camera: str
    wanted: StreamQuality
    """Which stream is of its size."""
    shown: StreamQuality
    """Which one it shows until the wanted one has a picture."""
    width: int
    height: int
    is_helpless: bool = False
    """The stream of its size never had a picture and cannot be had: the other one is tried."""
    until_s: float = 0.0
    """It is forgotten then, unless somebody says again that it is looked at."""

    @property
    def key(self) -> Key:
        """Return the stream it shows."""
        return self.camera, self.shown

    @property
    def coming(self) -> Key:
        """Return the stream of its size; the one it shows when nothing is to change."""
        return self.camera, self.wanted

    @property
    def other(self) -> Key:
        """Return the stream that is not of its size."""
        return self.camera, _OTHER[self.wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What all panes together ask of one stream."""

    width: int = 0
    """Of the largest pane."""
    height: int = 0
    is_shown: bool = False
    """Whether a pane shows it; else panes wait for its first picture."""


@dataclass(slots=True)
class PaneBook:
    """The panes of a console by their names. Two that show the same camera share its stream."""

    _panes: dict[str, HeldPane] = field(default_factory=dict)
    _needs: Mapping[Key, Need] | None = None
    """Reckoned with the next question: they are asked for fifty times a second, and seldom others."""

    def __iter__(self) -> Iterator[HeldPane]:
        return iter(tuple(self._panes.values()))

    def __len__(self) -> int:
        return len(self._panes)

    def get(self, name: str) -> HeldPane | None:
        """Return a pane, or None."""
        return self._panes.get(name)

    def show(self, name: str, camera: str, width: int, height: int, has_picture: HasPicture) -> None:
        """Show a camera in a pane of so many px; a picture of it that is there already is shown meanwhile."""
        wanted = StreamQuality.MAIN if width >= MAIN_FROM_PX else StreamQuality.SUB
        held = self._panes.get(name)
        if held is None or held.camera != camera:
            held = HeldPane(camera=camera, wanted=wanted, shown=wanted, width=width, height=height)
            if has_picture(held.other) and not has_picture(held.coming):
                held.shown = _OTHER[wanted]
            self._panes[name] = held
        held.is_helpless = held.is_helpless and held.wanted is wanted
        held.wanted, held.width, held.height = wanted, width, height
        self._needs = None

    def keep(self, names: Iterable[str], until_s: float) -> None:
        """Take note that these are looked at."""
        for name in names:
            if name in self._panes:
                self._panes[name].until_s = until_s

    def leave(self, name: str) -> None:
        """Forget a pane."""
        self._only(lambda other, _pane: other != name)

    def clear(self) -> None:
        """Forget all of them."""
        self._only(lambda _name, _pane: False)

    def lapse(self, now_s: float) -> None:
        """Forget those nobody looks at any more."""
        self._only(lambda _name, pane: now_s < pane.until_s)

    def forget(self, key: Key) -> None:
        """Forget those that show a stream which is needed elsewhere."""
        self._only(lambda _name, pane: pane.key != key)

    def change_over(self, has_picture: HasPicture) -> None:
        """Show what came, from this instant on, wherever it was waited for."""
        for pane in self._panes.values():
            is_changing = pane.shown is not pane.wanted or pane.is_helpless
            if is_changing and has_picture(pane.coming):
                pane.shown, pane.is_helpless, self._needs = pane.wanted, False, None
            elif pane.is_helpless and has_picture(pane.other):
                pane.shown, pane.is_helpless, self._needs = _OTHER[pane.wanted], False, None

    def find_no_way(self, key: Key) -> None:
        """Let the other stream be tried wherever one is shown that cannot be had and never had a picture."""
        for pane in self._panes.values():
            if pane.key == key == pane.coming and not pane.is_helpless:
                pane.is_helpless, self._needs = True, None

    def until_s(self, key: Key) -> float:
        """Return when the last pane that shows a stream is forgotten; 0: none shows it."""
        return max((pane.until_s for pane in self._panes.values() if pane.key == key), default=0.0)

    def needs(self) -> Mapping[Key, Need]:
        """Return which streams there must be: those that are shown first, then those that are waited for."""
        if self._needs is None:
            self._needs = self._reckoned()
        return self._needs

    def _reckoned(self) -> dict[Key, Need]:
        needs: dict[Key, Need] = {}
        asked = [(pane, pane.key, True) for pane in self] + [(pane, pane.coming, False) for pane in self]
        asked += [(pane, pane.other, False) for pane in self if pane.is_helpless]
        for pane, key, is_shown in asked:
            had = needs.get(key, Need())
            needs[key] = Need(
                width=max(had.width, pane.width), height=max(had.height, pane.height),
                is_shown=had.is_shown or is_shown,
            )  # fmt: skip
        return needs

    def _only(self, stays: Callable[[str, HeldPane], bool]) -> None:
        kept = {name: pane for name, pane in self._panes.items() if stays(name, pane)}
        if len(kept) != len(self._panes):
            self._panes, self._needs = kept, None

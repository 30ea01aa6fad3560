"""Brings the centre's layers to this console: told which there are, kept on disk, made ready beside the GUI thread."""

import hashlib
import logging
from collections import deque
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from chengyun_console.desk import Desk
from chengyun_console.maps.layer_files import LayerFiles
from chengyun_console.maps.shape_paths import LayerShapes, shapes_of
from chengyun_console.session.background import Background
from chengyun_console.session.history import SILENT
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.map_layer import LayerKind, MapLayer
from chengyun_core.wire.map_asks import PART, AskLayers, AskShapes, Layers, ShapesPart

KIND = "map_layer"
LAYERS, SHAPES = "map.layers", "map.shapes"
AGAIN_MS = 10_000
"""After so long a centre that did not answer is asked again."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A content the disk was asked for."""

    code: str
    data: bytes | None


class LayerStore(QObject):
    """One for all maps of a desk. One content is fetched at a time, the coarsest levels of all layers first."""

    did_change = Signal()
    """A layer came, went, or has a finer level."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.known: dict[str, MapLayer] = {}
        """Layers on the map by code, as the centre told them last."""
        self.shapes: dict[str, LayerShapes] = {}
        """Those of them that stand, with the levels that came."""
        self.faults: dict[str, Reason] = {}
        """Layers whose content could not be had or read, and why."""
        self.is_told = False
        """The centre has said which layers there are."""
        self._contents: dict[str, list[tuple[int, bytes]]] = {}
        self._wanted: deque[tuple[str, int]] = deque()
        self._coming: tuple[str, int, str] | None = None
        """Code of the layer, place of the level and its digest that are being fetched."""
        self._parts: list[bytes] = []
        self._files = LayerFiles(desk.profile)
        self._background = Background(self)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.begin)

    def begin(self) -> None:
        """Show what this machine keeps, and ask which layers there are."""
        if not self.known:
            self._background.run("list", self._files.read_list, self._on_kept_list)
        self._desk.session.ask(LAYERS, AskLayers(), self._on_layers, slot=LAYERS)

    def take_facts(self, news: FactNews) -> None:
        """Ask anew when a layer was imported or taken off."""
        if any(fact.kind == KIND for fact in news.facts) or any(kind == KIND for kind, _key in news.gone):
            self.begin()

    def _on_layers(self, told: object) -> None:
        if not isinstance(told, Layers):
            if isinstance(told, Reason):
                self.faults[""] = told
                self._ask_again(told)
                self.did_change.emit()
            return
        self.is_told = True
        # What could not be had is fetched once more: it would be missing without a word otherwise.
        again, self.faults = frozenset(self.faults), {}
        self._background.run("keep list", partial(self._files.keep_list, told), _done)
        self._take(told, again)

    def _on_kept_list(self, kept: object) -> None:
        if isinstance(kept, Layers) and not self.is_told:
            self._take(kept)

    def _take(self, told: Layers, again: frozenset[str] = frozenset()) -> None:
        fresh = {layer.code: layer for layer in told.layers if not layer.retired}
        for code in [code for code in self.known if fresh.get(code) != self.known[code]]:
            self.shapes.pop(code, None)
            self._contents.pop(code, None)
        new = [code for code in fresh if code in again or self.known.get(code) != fresh[code]]
        self.known = fresh
        self._want(new)
        self.did_change.emit()
        self._next()

    def _want(self, codes: list[str]) -> None:
        """Queue the levels of these layers: the coarsest of each before the finer ones, boundaries before the rest."""
        order = sorted(codes, key=lambda code: (self.known[code].kind is not LayerKind.BOUNDARY, code))
        left = [one for one in self._wanted if one[0] in self.known and one[0] not in codes]
        most = max((len(self.known[code].levels) for code in codes), default=0)
        fresh = [(code, at) for at in range(most) for code in order if at < len(self.known[code].levels)]
        self._wanted = deque([*left, *fresh])

    def _next(self) -> None:
        """Look for the next wanted content on the disk."""
        if self._coming is not None or not self._wanted:
            return
        code, at = self._wanted.popleft()
        digest = self.known[code].levels[at].digest
        self._coming = code, at, digest
        self._background.run("read", partial(_read, self._files, code, digest), self._on_read)

    def _on_read(self, found: object) -> None:
        if not isinstance(found, _Read) or not self._is_wanted_still():
            self._leave()
        elif found.data is not None:
            self._make(found.data)
        else:
            self._parts = []
            self._ask_part()

    def _ask_part(self) -> None:
        assert self._coming is not None
        code, at, _digest = self._coming
        level = self.known[code].levels[at]
        offset = sum(map(len, self._parts))
        ask = AskShapes(digest=level.digest, offset=offset, length=min(PART, level.size - offset))
        self._desk.session.ask(SHAPES, ask, self._on_part, slot=SHAPES)

    def _on_part(self, told: object) -> None:
        if not self._is_wanted_still():
            self._leave()
            return
        assert self._coming is not None
        code, at, _digest = self._coming
        level = self.known[code].levels[at]
        if not isinstance(told, ShapesPart) or not told.data:
            self._fail(code, told if isinstance(told, Reason) else Reason(code="maps.layer_cut"))
            return
        self._parts.append(told.data)
        if sum(map(len, self._parts)) < level.size:
            self._ask_part()
            return
        data = b"".join(self._parts)
        self._parts = []
        self._background.run("keep", partial(_kept, self._files, level.digest, data), self._on_kept)

    def _on_kept(self, data: object) -> None:
        if not self._is_wanted_still():
            self._leave()
        elif isinstance(data, bytes):
            self._make(data)
        elif self._coming is not None:
            self._fail(self._coming[0], Reason(code="maps.layer_cut"))

    def _make(self, data: bytes) -> None:
        assert self._coming is not None
        code, at, _digest = self._coming
        layer = self.known[code]
        if len(self._contents.get(code, ())) != at:
            # Taken in anew meanwhile: its coarser levels are wanted again, and come before this one.
            self._leave()
            return
        contents = [*self._contents.get(code, ()), (layer.levels[at].from_zoom, data)]
        self._contents[code] = contents
        endings = tuple(self._desk.say("console.place.endings").split()) if layer.kind is LayerKind.BOUNDARY else ()
        job = partial(
            _made, layer, tuple(contents), is_whole=len(contents) == len(layer.levels), endings=endings
        )  # fmt: skip
        self._background.run("make", job, self._on_made)

    def _on_made(self, made: object) -> None:
        if self._coming is None or not self._is_wanted_still():
            self._leave()
        elif isinstance(made, LayerShapes):
            self.shapes[made.layer.code] = made
            if made.is_whole:
                self._contents.pop(made.layer.code, None)
            self._leave()
            self.did_change.emit()
        elif isinstance(made, Reason):
            self._fail(self._coming[0], made)

    def _fail(self, code: str, reason: Reason) -> None:
        """Say of a layer that it cannot be shown whole; the others go on."""
        logger.warning("the map layer %s cannot be shown whole: %s %s", code, reason.code, reason.params)
        self.faults[code] = reason
        self._ask_again(reason)
        self._contents.pop(code, None)
        self._wanted = deque(one for one in self._wanted if one[0] != code)
        self._leave()
        self.did_change.emit()

    def _ask_again(self, reason: Reason) -> None:
        """Silence passes, and the next list brings what could not be had; what was refused stays refused."""
        if reason.code in SILENT:
            self._again.start()

    def _is_wanted_still(self) -> bool:
        if self._coming is None:
            return False
        code, at, digest = self._coming
        layer = self.known.get(code)
        return layer is not None and at < len(layer.levels) and layer.levels[at].digest == digest

    def _leave(self) -> None:
        self._coming = None
        self._next()


def _read(files: LayerFiles, code: str, digest: str) -> _Read:
    return _Read(code=code, data=files.read(digest))


def _kept(files: LayerFiles, digest: str, data: bytes) -> bytes | None:
    """Return a content that came whole, and keep it; None for one that is not what its digest says."""
    if hashlib.sha256(data).hexdigest() != digest:
        return None
    files.keep(digest, data)
    return data


def _made(
    layer: MapLayer, contents: tuple[tuple[int, bytes], ...], *, is_whole: bool, endings: tuple[str, ...]
) -> LayerShapes | Reason:  # fmt: skip
    try:
        return shapes_of(layer, contents, is_whole=is_whole, endings=endings)
    except Refused as refused:
        return refused.reason


def _done(_result: object) -> None:
    """Nothing waits for what was written."""

"""Pictures of a base map out of the centre's MBTiles: asked in small batches, decoded beside the GUI thread, kept."""

from collections import OrderedDict
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_core.wire.map_asks import MOST_TILES, AskTiles, Tiles
from chengyun_widgets.mapping.layers import TileSource

ASK = "map.tile"
KEPT = 600
"""Pictures kept: 256 KiB each."""
Key = tuple[str, str, int, int, int]
"""Code of the layer, digest of its content, zoom, column and row."""


class TileKeeper(QObject):
    """One per map. What the canvas asks for and is not there is asked of the centre, the newest wish first."""

    tiles_did_come = Signal(str)
    """Code of the layer."""

    def __init__(self, desk: Desk, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._slot = desk, f"{ASK}.{name}"
        self._held: OrderedDict[Key, QImage | None] = OrderedDict()
        self._wanted: OrderedDict[Key, None] = OrderedDict()
        self._coming: tuple[Key, ...] = ()
        self._background = Background(self)
        self._sources: dict[str, _Source] = {}

    def source(self, layer: str, digest: str) -> TileSource:
        """Return where the canvas gets the pictures of a layer: the same object until it is taken in anew."""
        held = self._sources.get(layer)
        if held is None or held.digest != digest:
            held = self._sources[layer] = _Source(self, layer, digest)
            self._forget_others(layer, digest)
        return held

    def tile(self, key: Key) -> QImage | None:
        """Return a picture that is there; want one that is not."""
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        self._wanted[key] = None
        self._wanted.move_to_end(key)
        while len(self._wanted) > KEPT:
            self._wanted.popitem(last=False)
        self._next()
        return None

    def _forget_others(self, layer: str, digest: str) -> None:
        """Let the pictures of a layer go that are of another content than this one."""
        for held in (self._held, self._wanted):
            for key in [key for key in held if key[0] == layer and key[1] != digest]:
                del held[key]

    def _next(self) -> None:
        if self._coming or not self._wanted:
            return
        layer = next(reversed(self._wanted))[0]
        batch = [key for key in reversed(self._wanted) if key[0] == layer][:MOST_TILES]
        for key in batch:
            del self._wanted[key]
        self._coming = tuple(batch)
        ask = AskTiles(layer=layer, tiles=tuple((zoom, x, y) for _layer, _digest, zoom, x, y in batch))
        self._desk.session.ask(ASK, ask, self._on_tiles, slot=self._slot)

    def _on_tiles(self, told: object) -> None:
        if isinstance(told, Tiles) and len(told.pictures) == len(self._coming):
            self._background.run("decode", partial(_decoded, self._coming, told.pictures), self._on_decoded)
            return
        # Not answered: asked for again when the canvas paints them again.
        self._coming = ()

    def _on_decoded(self, made: object) -> None:
        layer = self._coming[0][0] if self._coming else ""
        self._coming = ()
        if isinstance(made, dict):
            self._held.update(made)
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
            self.tiles_did_come.emit(layer)
        self._next()


class _Source:
    def __init__(self, keeper: TileKeeper, layer: str, digest: str) -> None:
        self._keeper, self._layer, self.digest = keeper, layer, digest

    def tile(self, z: int, x: int, y: int) -> QImage | None:
        """Return a tile that is there."""
        return self._keeper.tile((self._layer, self.digest, z, x, y))


def _decoded(keys: tuple[Key, ...], pictures: tuple[bytes, ...]) -> dict[Key, QImage | None]:
    found: dict[Key, QImage | None] = {}
    for key, data in zip(keys, pictures, strict=True):
        image = QImage.fromData(data) if data else QImage()
        found[key] = None if image.isNull() else image
    return found

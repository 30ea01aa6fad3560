"""Keeps the density pictures of the layers that show some: what was asked, what was answered, and its images."""

import numpy as np
from PySide6.QtGui import QPainter

from chengyun_widgets.mapping.layers import DensityLayer, DensityPicture, DensitySource, Layer, Mark, PointLayer
from chengyun_widgets.mapping.pixel_painting import DensityImages, density_images, paint_density
from chengyun_widgets.mapping.view import Bounds, Screen
from chengyun_widgets.theme import Theme

_BIN_PX = 72.0
"""The gravest cell of so large a square gets a shape: colour is never alone, and a shape on each would hide the map."""

Question = tuple[Bounds, int, int]


class DensityBook:
    """Asks again only when the window asks something else."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._asked: dict[str, tuple[DensitySource, Question]] = {}
        self._given: dict[str, tuple[DensityPicture, DensityImages]] = {}

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self._given = {code: (picture, density_images(theme, picture)) for code, (picture, _) in self._given.items()}

    def keep_only(self, layers: tuple[DensityLayer, ...]) -> None:
        """Forget layers that are not shown any more."""
        living = {layer.code for layer in layers}
        self._asked = {code: asked for code, asked in self._asked.items() if code in living}
        self._given = {code: given for code, given in self._given.items() if code in living}

    def ask(self, layers: tuple[Layer, ...], screen: Screen) -> None:
        """Ask the sources of what is shown about a region."""
        for layer in layers:
            if isinstance(layer, DensityLayer):
                self._ask(layer, screen)

    def give(self, code: str, picture: DensityPicture) -> None:
        """Take an answer.

        Raises:
            ValueError: its two arrays are not of one shape, or have no cells; says which.
        """
        if picture.counts.shape != picture.worst.shape or picture.counts.ndim != 2 or 0 in picture.counts.shape:
            raise ValueError(f"density of {code}: counts {picture.counts.shape}, worst {picture.worst.shape}")
        self._given[code] = picture, density_images(self._theme, picture)

    def paint(self, painter: QPainter, layer: DensityLayer, screen: Screen) -> None:
        """Paint the newest answer where its bounds are; nothing before the first."""
        if layer.code in self._given:
            picture, images = self._given[layer.code]
            paint_density(painter, images, picture, screen)

    def grave(self, layers: tuple[Layer, ...], screen: Screen) -> tuple[PointLayer, ...]:
        """Return the gravest cells as points without names or ids, one at most for each square of some px."""
        zoom = screen.view.zoom
        shown = [
            layer for layer in layers
            if isinstance(layer, DensityLayer) and layer.code in self._given
            and layer.min_zoom <= zoom <= min(layer.max_zoom, layer.marked_to)
        ]  # fmt: skip
        return tuple(_gravest(layer.code, self._given[layer.code][0], screen) for layer in shown)

    def _ask(self, layer: DensityLayer, screen: Screen) -> None:
        width = max(1, round(screen.width / layer.cell_px))
        height = max(1, round(screen.height / layer.cell_px))
        question = (screen.bounds, width, height)
        # How far its shapes go or the layer itself is no other question.
        if self._asked.get(layer.code) != (layer.source, question):
            self._asked[layer.code] = layer.source, question
            layer.source.ask(*question)


def _gravest(code: str, picture: DensityPicture, screen: Screen) -> PointLayer:
    row, column = np.nonzero(picture.worst)
    worst = picture.worst[row, column]
    height, width = picture.worst.shape
    bounds = picture.bounds
    x = bounds.west + (column + 0.5) / width * (bounds.east - bounds.west)
    y = bounds.north + (row + 0.5) / height * (bounds.south - bounds.north)
    # Bins of the world, not of the window: panning moves no shape from one cell to another.
    bins = screen.view.scale / _BIN_PX
    place = np.floor(y * bins) * np.ceil(bins + 1) + np.floor(x * bins)
    order = np.lexsort((place, -worst.astype(np.int64)))
    _, first = np.unique(place[order], return_index=True)
    chosen = order[first]
    nameless = ("",) * len(chosen)
    return PointLayer(
        code=code, x=x[chosen], y=y[chosen], severity=worst[chosen], mark=Mark.DEVICE, names=nameless, ids=nameless
    )

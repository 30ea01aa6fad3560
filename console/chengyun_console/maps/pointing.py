"""What the mouse or the keyboard points at on a map: its card beside it, with the line of its vital when it has one."""

import numpy as np
from PySide6.QtCore import QObject

from chengyun_console.desk import Desk
from chengyun_console.maps.desk import MapDesk
from chengyun_console.maps.hover_card import NO_VALUES, WIDTH_PX, HoverCard
from chengyun_console.maps.item_words import ItemTold, ItemWords
from chengyun_console.maps.scene import Scene
from chengyun_console.session.answers import WindowSeries
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import MapItem, World

SPARK_NS = 1800 * NS_PER_S
RENEW_NS = 10 * NS_PER_S
"""A card may stay for as long as something is chosen: its line is fetched anew so often."""


class Pointing(QObject):
    """One per map."""

    def __init__(self, desk: Desk, maps: MapDesk, canvas: MapCanvas, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._maps, self._canvas, self._slot = desk, maps, canvas, f"map.spark.{name}"
        self.words, self.card = ItemWords(desk, maps), HoverCard(desk.theme)
        self._item: MapItem | None = None
        self._values, self._asked, self._asked_ns = NO_VALUES, -1, 0
        self.card.setParent(canvas)
        self.card.hide()
        canvas.was_hovered.connect(self.point_at)

    def point_at(self, item: MapItem | None) -> None:
        """Show the card of an item at the next frame; None: of what is chosen, else none."""
        item = item if item is not None else self._canvas.chosen
        if item == self._item:
            return
        self._item = item
        self._values, self._asked = NO_VALUES, -1
        if item is None:
            self._canvas.show_card(None)

    def refresh(self, scene: Scene) -> None:
        """Bring the card to now."""
        item = self._item
        at = self._canvas.place_of(item) if item is not None else None
        told = self.words.told(item, scene, at) if item is not None else None
        if told is None:
            if self.card.isVisible():
                self._canvas.show_card(None)
            return
        is_now = scene.at_ns is None
        if is_now and told.vital is not None:
            self._ask(told.vital)
        values = self._values if is_now else NO_VALUES
        self.card.show_item(told, values, self._desk.say(told.way) if told.way else "")
        self._canvas.show_card(self.card, *(at or self._place_of(item)))

    def told(self, item: MapItem, scene: Scene) -> ItemTold | None:
        """Return what is said of an item."""
        return self.words.told(item, scene, self._canvas.place_of(item))

    def _place_of(self, item: MapItem | None) -> World:
        """Return the place of a line or an area of a layer; the middle of the window for what has none."""
        shapes = self._maps.store.shapes.get(item.layer.partition(":")[2]) if item is not None else None
        middle = self._canvas.view.x, self._canvas.view.y
        return shapes.places.get(item.id, middle) if shapes is not None and item is not None else middle

    def _ask(self, vital: int) -> None:
        now = self._desk.now_ns()
        if vital == self._asked and now - self._asked_ns < RENEW_NS:
            return
        self._values = self._values if vital == self._asked else NO_VALUES
        self._asked, self._asked_ns = vital, now
        self._desk.session.ask_window(vital, now - SPARK_NS, now, WIDTH_PX, self._on_series, slot=self._slot)

    def _on_series(self, series: WindowSeries) -> None:
        if series.vital == self._asked and series.failed is None:
            self._values = np.array(series.value, np.float64)

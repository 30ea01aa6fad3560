"""The row of sector cards: health, tracks, abnormal vitals, KPIs met, and how the health went."""

from collections import deque
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.tree import Layer, Node, NodeKind
from chengyun_core.model.scales import WarningColour
from chengyun_resources.theme.tokens import SPACE_PX, Severity
from chengyun_widgets.presence import Presence
from chengyun_widgets.summary_card import SummaryCard, SummaryRecord

SPARK_POINTS = 600
ORANGE_HEALTH = 75.0
YELLOW_HEALTH = 85.0


def card_severity(health: float, worst: int) -> Severity:
    """Return the colour of a card's figure: its health, or a red or orange vital below it, whichever is graver.

    A single blue or yellow vital colours no card: among 6 000 there always is one, and a city in colour says nothing.
    """
    by_health = (
        Severity.ORANGE if health < ORANGE_HEALTH else Severity.YELLOW if health < YELLOW_HEALTH else Severity.NONE
    )
    by_band = Severity(worst) if worst >= WarningColour.ORANGE else Severity.NONE
    return max(by_health, by_band)


class NodeFigures:
    """Health, counts and worst band of every node of a kind, computed once per frame for all cards."""

    def __init__(self, view: CatalogueView, kind: NodeKind, band: npt.NDArray[np.uint8]) -> None:
        layer: Layer = view.layer(kind)
        self.health = view.health(kind, band)
        self.counts = layer.counts(band)
        self.worst = layer.worst(band)
        self.met = view.kpi_met(kind)


class Cards:
    """Makes the record of a node's card."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(self, node: Node, figures: NodeFigures, children: int, spark: npt.NDArray[np.float64]) -> SummaryRecord:
        """Return what a node's card shows."""
        say, at = self._desk.say, node.index
        health = float(figures.health[at])
        abnormal = int(figures.counts[at, 1:].sum())
        met = float(figures.met[at])
        has_kpis = bool(np.isfinite(met))
        return SummaryRecord(
            key=node.code,
            title=node.name,
            note=self._note(node, children, int(figures.counts[at].sum())),
            figure=f"{health:.0f}",
            severity=card_severity(health, int(figures.worst[at])),
            spark=spark,
            facts=(
                (say("console.sector.abnormal"), str(abnormal)),
                (say("console.sector.kpi"), f"{met:.0f}%" if has_kpis else say("console.kpi.none")),
            ),
            presence=Presence.FRESH,
        )

    def _note(self, node: Node, children: int, vitals: int) -> str:
        match node.kind:
            case NodeKind.SECTOR:
                return self._desk.say("console.sector.tracks", count=children)
            case NodeKind.TRACK:
                return self._desk.say("console.sector.subtracks", count=children)
            case NodeKind.SUBTRACK:
                return self._desk.say("console.sector.vitals", count=vitals)


class SectorRow(QWidget):
    """One card per sector of the centre's scheme; a click goes down into it."""

    node_was_opened = Signal(object)
    """The tree.Node of the card."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._cards = Cards(desk)
        self._view: CatalogueView | None = None
        self._nodes: tuple[Node, ...] = ()
        self._widgets: list[SummaryCard] = []
        self._past: dict[str, deque[float]] = {}
        self._curves: dict[str, npt.NDArray[np.float64]] = {}
        self._shown: tuple[bytes, bool, str] | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_PX * 2)

    def take_catalogue(self, view: CatalogueView, scheme: str) -> None:
        """Make a card for each sector; the curves of sectors that stay are kept."""
        self._view, self._nodes = view, view.sectors(scheme)
        self._past = {node.code: self._past.get(node.code, deque(maxlen=SPARK_POINTS)) for node in self._nodes}
        while len(self._widgets) < len(self._nodes):
            card = SummaryCard(self._desk.theme)
            card.setToolTip(self._desk.say("console.health.why"))
            card.was_opened.connect(self._on_opened)
            self._row.addWidget(card, 1)
            self._widgets.append(card)
        self._shown = None
        for at, card in enumerate(self._widgets):
            card.setVisible(at < len(self._nodes))

    def refresh(self, band: npt.NDArray[np.uint8], *, is_lost: bool, age: str, sample: bool) -> None:
        """Show the figures of now. `sample`: put the health on the curve. Lost: those of the last moment, hollow."""
        if self._view is None or not self._nodes:
            return
        shown = (band.tobytes(), is_lost, age if is_lost else "")
        if shown == self._shown and (is_lost or not sample):
            return
        self._shown = shown
        figures = NodeFigures(self._view, NodeKind.SECTOR, band)
        for node, card in zip(self._nodes, self._widgets, strict=False):
            if sample and not is_lost:
                self._past[node.code].append(float(figures.health[node.index]))
                self._curves[node.code] = np.array(self._past[node.code])
            children = len(self._view.children(node))
            record = self._cards.record(node, figures, children, self._curves.get(node.code, np.empty(0)))
            card.show_record(_aged(record, age) if is_lost else record)

    def select(self, code: str) -> None:
        """Mark the sector one is inside of; empty for none."""
        for node, card in zip(self._nodes, self._widgets, strict=False):
            card.set_selected(node.code == code)

    def _on_opened(self, key: str) -> None:
        node = next((node for node in self._nodes if node.code == key), None)
        if node is not None:
            self.node_was_opened.emit(node)


def _aged(record: SummaryRecord, age: str) -> SummaryRecord:
    return replace(record, presence=Presence.STALE, age=age)

"""The row of sector cards: health, tracks, abnormal vitals, KPIs met, and how the health went."""

from collections import deque
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.scope_filter import ScopeFilter
from chengyun_console.wording.figures import NO_VALUE
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.health import health
from chengyun_core.mirror.state import StateMirror
from chengyun_core.mirror.tree import Layer, Node, NodeKind
from chengyun_core.model.scales import WarningColour
from chengyun_resources.theme.tokens import SPACE_PX, Severity
from chengyun_widgets.presence import Presence
from chengyun_widgets.summary_card import SummaryCard, SummaryRecord

SPARK_POINTS = 600
MOST_CARDS = 8
"""Cards one row has room for, as in the drawing."""
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

    def __init__(
        self,
        view: CatalogueView,
        kind: NodeKind,
        band: npt.NDArray[np.uint8],
        told: npt.NDArray[np.bool_],
        scope: ScopeFilter | None = None,
    ) -> None:
        """`told`: whether each vital ever had a value, bool[vitals]. `scope`: only what it lets through counts."""
        layer: Layer = view.layer(kind)
        self.is_silent = _silent(layer, told)
        """Nodes whose vitals have never told anything: their health is nobody's knowledge, not a good one."""
        if scope is None or scope.mask is None or scope.kpis is None:
            self.counts, self.met = layer.counts(band), view.kpi_met(kind)
        else:
            self.counts, self.met = _counts_within(layer, band, scope.mask), view.kpi_met_within(kind, scope.kpis)
        self.health = health(self.counts, self.met)
        self.worst = np.where(self.counts > 0, np.arange(5), 0).max(axis=1)


def _silent(layer: Layer, told: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which nodes have vitals and not one that ever had a value, bool[nodes]."""
    inside = layer.node_of_vital >= 0
    vitals, heard = (
        np.bincount(layer.node_of_vital[mask], minlength=len(layer.nodes)) for mask in (inside, inside & told)
    )
    silent: npt.NDArray[np.bool_] = (vitals > 0) & (heard == 0)
    return silent


def _counts_within(layer: Layer, band: npt.NDArray[np.uint8], inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return how many of the vitals inside are in each band below each node, int64[nodes, 5]."""
    numbers = np.flatnonzero(inside & (layer.node_of_vital >= 0))
    cell = layer.node_of_vital[numbers] * 5 + np.minimum(band[numbers], 4)
    return np.bincount(cell, minlength=len(layer.nodes) * 5).reshape(-1, 5)


class Cards:
    """Makes the record of a node's card."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(self, node: Node, figures: NodeFigures, children: int, spark: npt.NDArray[np.float64]) -> SummaryRecord:
        """Return what a node's card shows."""
        say, at = self._desk.say, node.index
        figure = float(figures.health[at])
        is_silent = bool(figures.is_silent[at])
        none = NO_VALUE
        abnormal = none if is_silent else str(int(figures.counts[at, 1:].sum()))
        met = float(figures.met[at])
        has_kpis = bool(np.isfinite(met))
        severity = Severity.NONE if is_silent else card_severity(figure, int(figures.worst[at]))
        is_outside = self._desk.scope.scope is not None and not figures.counts[at].any() and not has_kpis
        return SummaryRecord(
            key=node.code,
            title=node.name,
            note=self._note(node, children, int(figures.counts[at].sum())),
            figure=none if is_silent else f"{figure:.0f}",
            severity=severity,
            # What needs an officer first is framed, as in the drawing: one red vital in a healthy sector is not that.
            is_outlined=figure < ORANGE_HEALTH and not is_silent,
            hint=say("cockpit.card.keys"),
            spark=spark,
            facts=(
                (say("console.sector.abnormal"), abnormal),
                (say("console.sector.kpi"), f"{met:.0f}%" if has_kpis else say("console.kpi.none")),
                *self._owner(node),
            ),
            presence=Presence.EMPTY if is_outside else Presence.FRESH,
            notice=say("cockpit.scope.outside") if is_outside else "",
        )

    def _owner(self, node: Node) -> tuple[tuple[str, str], ...]:
        """Return who answers for a track or sub-track; a sector has no post of its own."""
        post = self._desk.names.post(node.owner_post) if self._desk.names and node.owner_post else None
        return ((self._desk.say("cockpit.card.owner"), post.holder or post.name),) if post else ()

    def _note(self, node: Node, children: int, vitals: int) -> str:
        match node.kind:
            case NodeKind.SECTOR:
                return self._desk.say("console.sector.tracks", count=children)
            case NodeKind.TRACK:
                return self._desk.say("console.sector.subtracks", count=children)
            case NodeKind.SUBTRACK:
                return self._desk.say("console.sector.vitals", count=vitals)


class SectorRow(QWidget):
    """One card per sector of the centre's scheme, and of a city of one sector its tracks; a click goes down."""

    node_was_opened = Signal(object)
    """The tree.Node of the card."""
    health_was_asked = Signal(object)
    """The tree.Node whose figure was clicked."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._cards = Cards(desk)
        self._view: CatalogueView | None = None
        self._nodes: tuple[Node, ...] = ()
        self._widgets: list[SummaryCard] = []
        self._past: dict[Node, deque[float]] = {}
        self._curves: dict[Node, npt.NDArray[np.float64]] = {}
        self._shown: tuple[bytes, bytes, bool, str, object] | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_PX * 2)

    def take_catalogue(self, view: CatalogueView, scheme: str) -> None:
        """Make a card for each node shown; the curves of those that stay are kept."""
        self._view, self._nodes = view, _shown(view, scheme)
        self._past = {node: self._past.get(node, deque(maxlen=SPARK_POINTS)) for node in self._nodes}
        self._curves = {node: curve for node, curve in self._curves.items() if node in self._past}
        while len(self._widgets) < len(self._nodes):
            card = SummaryCard(self._desk.theme)
            card.setToolTip(self._desk.say("console.health.why"))
            at = len(self._widgets)
            card.was_opened.connect(partial(self._tell, self.node_was_opened, at))
            card.figure_was_asked.connect(partial(self._tell, self.health_was_asked, at))
            self._row.addWidget(card, 1)
            self._widgets.append(card)
        self._shown = None
        for at, card in enumerate(self._widgets):
            card.setVisible(at < len(self._nodes))

    def refresh(self, state: StateMirror, *, age: str, sample: bool) -> None:
        """Show the figures of now. `sample`: put the health on the curve. Lost: those of the last moment, hollow."""
        if self._view is None or not self._nodes:
            return
        band, told, is_lost = state.band, state.time > 0, state.silent
        shown = (band.tobytes(), told.tobytes(), is_lost, age if is_lost else "", self._desk.scope.scope)
        if shown == self._shown and (is_lost or not sample):
            return
        self._shown = shown
        for kind in dict.fromkeys(node.kind for node in self._nodes):
            self._refresh_kind(self._view, kind, state, age=age if is_lost else "", sample=sample and not is_lost)

    def select(self, code: str) -> None:
        """Mark the sector one is inside of; empty for none."""
        for node, card in zip(self._nodes, self._widgets, strict=False):
            card.set_selected(node.kind is NodeKind.SECTOR and node.code == code)

    def focused_node(self) -> Node | None:
        """Return the node whose card has the keyboard."""
        pairs = zip(self._nodes, self._widgets, strict=False)
        return next((node for node, card in pairs if card.hasFocus()), None)

    def _refresh_kind(self, view: CatalogueView, kind: NodeKind, state: StateMirror, *, age: str, sample: bool) -> None:
        """Show the cards of a kind of node. `age`: of what was told before ingest was lost, empty while it lives."""
        band, told, scope = state.band, state.time > 0, self._desk.scope
        figures = NodeFigures(view, kind, band, told, scope)
        # A curve of the whole sector with a piece of a filtered one in it would tell of a change that never was.
        whole = figures if scope.scope is None else NodeFigures(view, kind, band, told)
        for node, card in zip(self._nodes, self._widgets, strict=False):
            if node.kind is not kind:
                continue
            if sample and not whole.is_silent[node.index]:
                self._past[node].append(float(whole.health[node.index]))
                self._curves[node] = np.array(self._past[node])
            record = self._cards.record(node, figures, len(view.children(node)), self._curves.get(node, np.empty(0)))
            card.show_record(aged(record, age) if age else record)

    def _tell(self, signal: SignalInstance, at: int, _key: str) -> None:
        if at < len(self._nodes):
            signal.emit(self._nodes[at])


def _shown(view: CatalogueView, scheme: str) -> tuple[Node, ...]:
    """Return the sectors; of a single one its tracks too, where the row has room: one card alone says little."""
    sectors = view.sectors(scheme)
    tracks = view.children(sectors[0]) if len(sectors) == 1 else ()
    return (*sectors, *tracks) if len(sectors) + len(tracks) <= MOST_CARDS else sectors


def aged(record: SummaryRecord, age: str) -> SummaryRecord:
    """Return the record of a card whose figures are as old as `age`."""
    return replace(record, presence=Presence.STALE, age=age)

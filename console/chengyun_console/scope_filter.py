"""The focus filter of this desk: what every pane of F1 and F2 is narrowed to, until Esc (C9)."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.scope import Mask, Scope, ScopeKind, kpis_in, vitals_in


class ScopeFilter(QObject):
    """Holds one scope and its masks. Panes ask `mask` and `kpis`; None means that nothing is filtered.

    The risk strip never asks: what is outside still counts there, and in the alarm list's title.
    """

    did_change = Signal()
    was_lost = Signal()
    """The catalogue that came no longer knows what was chosen; everything is shown again."""

    def __init__(self) -> None:
        super().__init__()
        self.scope: Scope | None = None
        self.mask: Mask | None = None
        """bool[count]: vitals let through."""
        self.kpis: Mask | None = None
        """bool[kpis] in the order of the catalogue."""
        self._view: CatalogueView | None = None
        self._besides: frozenset[int] = frozenset()

    def choose(self, scope: Scope | None, facts: FactMirror) -> None:
        """Narrow every pane to a scope; None shows everything again."""
        self.scope = scope
        self._besides = _situation_of(scope, facts)
        self._make()
        self.did_change.emit()

    def clear(self) -> bool:
        """Show everything again; return False when nothing was filtered."""
        if self.scope is None:
            return False
        self.scope = self.mask = self.kpis = None
        self.did_change.emit()
        return True

    def take_catalogue(self, view: CatalogueView) -> None:
        """Make the masks of a new catalogue version."""
        self._view = view
        had = self.scope is not None
        self._make()
        if had and self.scope is None:
            self.was_lost.emit()
        if had:
            self.did_change.emit()

    def take_facts(self, facts: FactMirror) -> None:
        """Follow the situation of the alarm that was chosen: what joins it is let through, what has left it stays."""
        besides = self._besides | _situation_of(self.scope, facts)
        if besides != self._besides:
            self._besides = besides
            self._make()
            self.did_change.emit()

    def lets(self, vital: int) -> bool:
        """Return whether a vital is let through; one the catalogue does not know yet is, so that nothing is missed."""
        return self.mask is None or not 0 <= vital < len(self.mask) or bool(self.mask[vital])

    def narrowed(self, numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return those of the vitals that are let through, int32[m]."""
        return numbers if self.mask is None else numbers[self.mask[numbers]]

    def _make(self) -> None:
        if self.scope is None or self._view is None:
            self.mask = self.kpis = None
            return
        self.mask = vitals_in(self._view, self.scope, self._besides)
        if self.mask is None:
            self.scope = self.kpis = None
        else:
            self.kpis = kpis_in(self._view, self.scope)


def _situation_of(scope: Scope | None, facts: FactMirror) -> frozenset[int]:
    """Return the vitals of the open situation an alarm of the scope is in."""
    if scope is None or scope.kind is not ScopeKind.ALARM or not scope.code.isdigit():
        return frozenset()
    alarm = facts.alarms.get(int(scope.code))
    situation = facts.situations.get(alarm.situation) if alarm and alarm.situation is not None else None
    numbers = situation.alarms if situation else ()
    return frozenset(facts.alarms[number].vital for number in numbers if number in facts.alarms)

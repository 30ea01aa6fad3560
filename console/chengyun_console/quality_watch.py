"""Asks how far a vital can be trusted (V6) while somebody looks at it, and keeps the answer for a minute."""

from dataclasses import replace
from datetime import date

import numpy as np

from chengyun_console.desk import Desk
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.data_quality import Counted, Score, score
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import AskQuality, AskVerdicts, QualityTold, Verdicts

KEPT_NS = 60 * NS_PER_S


class QualityWatch:
    """Ingest counts samples, the centre counts false alarms; a score is made of what has been answered so far."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._vital: int | None = None
        self._asked_ns = 0
        self._counted: Counted | None = None
        self._verdicts = (0, 0)
        self._failed: Reason | None = None

    def of(self, vital: int | None) -> Score | Reason | None:
        """Return the score of a vital, why there is none, or None while it is being asked for."""
        now_ns = self._desk.session.clock.monotonic_ns()
        if vital is not None and (vital != self._vital or now_ns - self._asked_ns > KEPT_NS):
            self._ask(vital, now_ns)
        if self._counted is None:
            return self._failed
        acked, false = self._verdicts
        today = self._desk.figures.moment(self._desk.now_ns()).date()
        return _scored(replace(self._counted, acked=acked, false=false), today)

    def _ask(self, vital: int, now_ns: int) -> None:
        if vital != self._vital:
            self._counted, self._verdicts, self._failed = None, (0, 0), None
        self._vital, self._asked_ns = vital, now_ns
        session = self._desk.session
        session.ask("quality", AskQuality(vitals=(vital,)), self._on_quality, slot="quality")
        session.ask("alarm.verdicts", AskVerdicts(vitals=(vital,)), self._on_verdicts, slot="verdicts")

    def _on_quality(self, told: object) -> None:
        if isinstance(told, Reason):
            self._failed = told
        elif isinstance(told, QualityTold):
            self._counted = self._counts(told)

    def _counts(self, told: QualityTold) -> Counted | None:
        """Return the row of the vital looked at; None when the answer is about another one by now."""
        vitals = np.frombuffer(told.vital, "<u4")
        places = np.flatnonzero(vitals == self._vital)
        names = self._desk.names
        vital = names.vital(self._vital) if names and self._vital is not None else None
        if not places.size:
            return self._counted
        at = int(places[0])
        return Counted(
            expected=float(np.frombuffer(told.expected, "<f8")[at]),
            present=float(np.frombuffer(told.present, "<f8")[at]),
            received=int(np.frombuffer(told.received, "<i8")[at]),
            late=int(np.frombuffer(told.late, "<i8")[at]),
            bad=int(np.frombuffer(told.bad, "<i8")[at]),
            calibrated=vital.calibrated if vital else "",
        )

    def _on_verdicts(self, told: object) -> None:
        if isinstance(told, Verdicts):
            self._verdicts = next(
                ((acked, false) for number, acked, false in told.rows if number == self._vital), (0, 0)
            )


def _scored(counted: Counted, today: date) -> Score:
    return score(counted, today)

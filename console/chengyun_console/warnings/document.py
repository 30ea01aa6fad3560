"""One warning as it stands: the eight fields, source and validity, its chain, who is concerned, and where it holds."""

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.wire.warning_asks import AskWarning, WarningTold
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.area_sketch import AreaSketch, SketchRecord
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_SLOT = "warnings.get"
_CIRCLE_POINTS = 48
_KM_OF_DEGREE = 111.32
_SKETCH_PX = 250
_NARROW_PX = 640
"""Below this width the sketch gives way to the words."""


class DocumentPane(Panel):
    """Follows one warning by its number; asks anew when its version changes."""

    did_change = Signal()
    """Another warning is told, or more of it is known."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("warnings.doc.title"))
        self._desk = desk
        self._number = 0
        self._asked: tuple[int, int] = (0, 0)
        self._second = -1
        self.told: WarningTold | None = None
        """The warning shown with what lies in its area, None while it is not known."""
        self.sheet, self.sketch = FactSheet(desk.theme), AreaSketch(desk.theme)
        self.sheet.setAccessibleName(desk.say("warnings.doc.title"))
        self.sketch.setAccessibleName(desk.say("warnings.sketch"))
        self._lay_out()
        self.show_notice(Presence.EMPTY, desk.say("warnings.doc.none"))

    def show_warning(self, number: int, given: OfficialWarning | None = None) -> None:
        """Show a warning; `given` is its record as a list knows it, shown until the centre told the rest."""
        if number != self._number:
            self._number, self._asked = number, (0, 0)
            self.told = WarningTold(warning=given) if given is not None else None
        if not number:
            self.show_notice(Presence.EMPTY, self._desk.say("warnings.doc.none"))
            return
        version = given.version if given is not None else 0
        if self._asked != (number, version):
            self._asked = (number, version)
            self._desk.session.ask("warning.get", AskWarning(warning=number), self._take, slot=_SLOT)
        self._show()

    def mark_stale(self) -> None:
        """Write it anew at the next look: something it speaks of is another thing."""
        self._second = -1

    def refresh(self) -> None:
        """Let the validity count down; called on each frame."""
        second = self._desk.now_ns() // NS_PER_S
        self._show_sketch()
        if second != self._second:
            self._second = second
            self._show()

    def _take(self, told: object) -> None:
        if isinstance(told, Reason):
            self.show_notice(Presence.REFUSED, self._desk.refusal(told))
            return
        if isinstance(told, WarningTold) and told.warning.number == self._number:
            self.told = told
            self._show()
            self.did_change.emit()

    def _show(self) -> None:
        told = self.told
        if told is None:
            return
        words, one = WarningWords(self._desk), told.warning
        self.set_title(one.headline or words.title(one))
        self.set_note(self._desk.say(f"warnings.state.{one.state.value}"))
        self.sheet.show_sections(words.sections(told, self._desk.now_ns()))
        self.sketch.show_record(self._sketch(one))
        self._show_sketch()
        self.show_notice(Presence.FRESH, "")

    def _show_sketch(self) -> None:
        """Leave the width to the words where there is nothing to draw, and where it is narrow."""
        area = self.told.warning.area if self.told is not None else None
        has_outline = area is not None and bool(area.polygons or area.circles)
        self.sketch.setVisible(has_outline and self.width() >= _NARROW_PX)

    def _sketch(self, one: OfficialWarning) -> SketchRecord:
        say = self._desk.say
        rings = (*(polygon.ring for polygon in one.area.polygons), *(_ring(*circle) for circle in one.area.circles))
        if not rings:
            return SketchRecord()
        xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
        notes = (
            say("warnings.sketch.across", west=f"{min(xs):.2f}", east=f"{max(xs):.2f}"),
            say("warnings.sketch.up", south=f"{min(ys):.2f}", north=f"{max(ys):.2f}"),
            say("warnings.sketch.later"),
        )  # fmt: skip
        return SketchRecord(rings=rings, severity=int(one.colour), notes=notes)

    def _lay_out(self) -> None:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX)
        self.sketch.setFixedWidth(_SKETCH_PX)
        row.addWidget(self.sheet, 1)
        row.addWidget(self.sketch)
        self.set_body(body)


def _ring(longitude: float, latitude: float, radius_km: float) -> tuple[tuple[float, float], ...]:
    """Return a circle on the ground as a ring of degrees."""
    high = radius_km / _KM_OF_DEGREE
    wide = high / max(0.05, math.cos(math.radians(latitude)))
    angles = (2 * math.pi * at / _CIRCLE_POINTS for at in range(_CIRCLE_POINTS))
    return tuple((longitude + wide * math.cos(angle), latitude + high * math.sin(angle)) for angle in angles)

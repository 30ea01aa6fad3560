"""Where things go in a chart of several lines: plot, lanes, legend; and which scale each line is drawn on."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.multi_record import MultiRecord

HEAD_PX = 40
FOOT_PX = 26
AXIS_PX = 56
LEGEND_PX = 268
LEGEND_SHARE = 0.48
"""At most: names give way before the plot does."""
ROW_PX = 18
LEAST_ROW_PX = 15
LEAST_PLOT_PX = 240
LANE_GAP_PX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Rectangles in px. `lanes` has one per line; all are the plot when lines lie over each other."""

    plot: QRectF
    legend: QRectF
    lanes: tuple[QRectF, ...]
    legend_columns: int = 1
    row_px: int = ROW_PX


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A lane and the values at its lower and upper edge."""

    rect: QRectF
    low: float
    high: float

    def y(self, value: float) -> float:
        """Return the vertical place of a value, kept inside the lane (also for ±inf)."""
        return min(self.rect.bottom(), max(self.rect.top(), self.y_unbound(value)))

    def y_unbound(self, value: float) -> float:
        """Return the vertical place of a value, also outside the lane."""
        return self.rect.top() + (self.high - value) / (self.high - self.low) * self.rect.height()

    def bounds_of(self, plot: QRectF) -> tuple[float, float]:
        """Return the values at the lower and upper edge of the whole plot on this lane's scale."""
        per_px = (self.high - self.low) / max(1.0, self.rect.height())
        low = self.low - (plot.bottom() - self.rect.bottom()) * per_px
        return low, low + plot.height() * per_px


def scale_key(record: MultiRecord, place: int) -> str:
    """Return what a line shares its scale by: its own when stacked, else all lines of one unit the same."""
    line = record.lines[place]
    return f"line {line.key}" if record.is_stacked and not line.is_ghost else f"unit {line.unit}"


def is_single_line(record: MultiRecord) -> bool:
    """Return whether one vital is shown, with or without its own yesterday: it gets a head instead of a legend."""
    return sum(not line.is_ghost for line in record.lines) < 2


def layout_of(record: MultiRecord, width: int, height: int) -> Layout:
    """Return where everything goes in a widget of this size; one line needs no legend."""
    is_single = is_single_line(record)
    columns, row_px = _legend_rows(len(record.lines), height - SPACE_PX * 4)
    room = max(0, min(round(width * LEGEND_SHARE), width - AXIS_PX - LEAST_PLOT_PX))
    legend_px = 0 if is_single else min(LEGEND_PX * columns, room)
    top = HEAD_PX if is_single else SPACE_PX * 4
    right_axis = 0 if is_single or record.is_stacked else _right_axis_px(record)
    plot = QRectF(
        AXIS_PX, top, max(1, width - AXIS_PX - SPACE_PX * 3 - legend_px - right_axis), max(1, height - top - FOOT_PX)
    )
    legend = QRectF(width - legend_px, SPACE_PX * 2, legend_px, height - SPACE_PX * 4)
    lanes = _lanes(record, plot) if record.is_stacked else tuple(plot for _ in record.lines)
    return Layout(plot=plot, legend=legend, lanes=lanes, legend_columns=columns, row_px=row_px)


def other_unit(record: MultiRecord) -> int | None:
    """Return the place of the first line with another unit than the first one's: its scale stands at the right."""
    if record.is_stacked or not record.lines:
        return None
    return next((at for at, line in enumerate(record.lines) if line.unit != record.lines[0].unit), None)


def _right_axis_px(record: MultiRecord) -> int:
    return 0 if other_unit(record) is None else AXIS_PX


def _legend_rows(count: int, room: int) -> tuple[int, int]:
    for row_px in range(ROW_PX, LEAST_ROW_PX - 1, -1):
        if count * row_px <= room:
            return 1, row_px
    return 2, ROW_PX if -(-count // 2) * ROW_PX <= room else LEAST_ROW_PX


def _lanes(record: MultiRecord, plot: QRectF) -> tuple[QRectF, ...]:
    """Return a lane per line, all of one height; a ghost lies in the first one, whose vital it shows."""
    count = sum(not line.is_ghost for line in record.lines)
    height = (plot.height() - LANE_GAP_PX * (count - 1)) / max(1, count)
    tops = (plot.top() + at * (height + LANE_GAP_PX) for at in range(count))
    lanes = [QRectF(plot.left(), top, plot.width(), max(1.0, height)) for top in tops]
    of_own = iter(lanes)
    return tuple(lanes[0] if line.is_ghost else next(of_own) for line in record.lines)

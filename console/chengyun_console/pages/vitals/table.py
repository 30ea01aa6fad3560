"""The columns of the table of all vitals: names once per catalogue, figures in place on each frame."""

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.scales import Quality
from chengyun_widgets.column_model import Column, ColumnKind, TableData
from chengyun_widgets.column_table import ColumnTable

VALUE, AGE, BAND = "value", "age", "band"
_SHARES = {"name": 0.35, "place": 0.15, "track": 0.2, "code": 0.05, VALUE: 0.05}


class VitalColumns:
    """Arrays by vital number; the rows of the table are vital numbers."""

    def __init__(self, desk: Desk, names: Gazetteer) -> None:
        self._desk = desk
        count = names.view.count
        self.value = np.full(count, np.nan)
        self.age_s = np.full(count, np.nan)
        self.severity = np.zeros(count, np.uint8)
        self.is_stale = np.ones(count, bool)
        self.has_data = np.zeros(count, bool)
        self.decimals = np.zeros(count, np.int8)
        texts = {key: np.full(count, "", object) for key in ("code", "name", "place", "track", "unit", "owner")}
        places: dict[str, str] = {}
        for vital in names.view.catalogue.vitals:
            if vital.centre not in places:
                places[vital.centre] = names.place(vital.centre)
            texts["place"][vital.number] = places[vital.centre]
            self._name(names, vital, texts)
        self._texts = texts
        self._band_words = np.array([desk.say(f"console.band.{colour}") for colour in range(5)], object)
        self._silent_word = desk.say("console.vitals.silent")
        self.band_word = np.full(count, "", object)
        self._ages = np.array([_Age(self, row) for row in range(count)], object)

    def data(self) -> TableData:
        """Return the table's data; the arrays inside are changed in place later."""
        cells: dict[str, npt.NDArray[np.generic]] = {
            **self._texts,
            VALUE: self.value,
            AGE: self._ages,
            BAND: self.band_word,
        }
        return TableData(
            cells=cells,
            severity=self.severity,
            is_stale=self.is_stale,
            decimals=self.decimals,
            sort_keys={AGE: self.age_s},
            still=frozenset(self._texts),
        )

    def take(self, state: StateMirror, now_ns: int) -> None:
        """Copy the figures of now into the columns."""
        fresh = state.freshness(now_ns)
        self.value[:] = state.value
        self.age_s[:] = state.ages_s(now_ns)
        self.severity[:] = state.band
        self.is_stale[:] = fresh != Freshness.FRESH
        self.has_data[:] = ~self.is_stale & (state.quality <= Quality.UNCERTAIN)
        self.band_word[:] = self._band_words[state.band]
        self.band_word[fresh == Freshness.NEVER] = self._silent_word

    def age_text(self, row: int) -> str:
        """Return the age of a row's value as written beside a stale one."""
        age_s = float(self.age_s[row])
        return self._desk.figures.duration(age_s) if np.isfinite(age_s) else ""

    def _name(self, names: Gazetteer, vital: Vital, texts: dict[str, npt.NDArray[np.object_]]) -> None:
        number = vital.number
        sector, track = names.sector(number), names.track(number)
        post = names.post(vital.owner_post)
        self.decimals[number] = vital.decimals
        texts["code"][number] = vital.code
        texts["name"][number] = vital.name
        texts["track"][number] = f"{sector.name} / {track.name}" if sector and track else ""
        texts["unit"][number] = vital.unit
        texts["owner"][number] = post.name if post else vital.owner_post


class _Age:
    """A cell that says its age when it is painted or sorted: nothing is written for the rows nobody sees."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: VitalColumns, row: int) -> None:
        self._columns, self._row = columns, row

    @override
    def __str__(self) -> str:
        return self._columns.age_text(self._row)


def columns(desk: Desk) -> list[Column]:
    """Return the table's columns in their order."""

    def column(key: str, kind: ColumnKind, width: int, *, is_right: bool = False) -> Column:
        return Column(
            key=key, title=desk.say(f"console.vitals.column.{key}"), kind=kind, width=width, is_right=is_right
        )

    return [
        column(BAND, ColumnKind.MARK, 84),
        column("code", ColumnKind.TEXT, 126),
        column("name", ColumnKind.TEXT, 260),
        column("place", ColumnKind.TEXT, 150),
        column("track", ColumnKind.TEXT, 180),
        column(VALUE, ColumnKind.NUMBER, 100, is_right=True),
        column("unit", ColumnKind.TEXT, 72),
        column(AGE, ColumnKind.TEXT, 88, is_right=True),
        column("owner", ColumnKind.TEXT, 160),
    ]


def made_table(desk: Desk) -> ColumnTable:
    """Return the empty table with its columns."""
    table = ColumnTable(desk.theme)
    table.set_columns(columns(desk))
    table.sort_by(BAND, descending=True)
    return table


def widen(table: ColumnTable) -> None:
    """Share the room beyond the columns' own widths among the texts; the last column takes what is left."""
    own = table.rows.columns
    room = max(0, table.viewport().width() - sum(column.width for column in own))
    for place, column in enumerate(own):
        table.setColumnWidth(place, column.width + int(room * _SHARES.get(column.key, 0.0)))

"""The devices and series of the catalogue under the six stages of their life: a table of rows, never of 22 million."""

import math
from collections import defaultdict

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.wording.devices import DeviceWords, stage_of
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.catalogue import Device
from chengyun_core.model.device_file import DeviceFile, Stage
from chengyun_resources.theme.tokens import SPACE_PX, TypeSize
from chengyun_widgets.column_model import Column, TableData
from chengyun_widgets.column_table import ColumnTable
from chengyun_widgets.count_strip import CountStrip
from chengyun_widgets.field import SearchField
from chengyun_widgets.lettering import text_width
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_COLUMNS = (("name", 176), ("kind", 104), ("place", 96), ("count", 84), ("stage", 56), ("maintainer", 120))
_RIGHT = frozenset({"count"})


class EstatePanel(Panel):
    """A stage of the strip narrows the table to it, once more to all; the field finds by name, kind and code."""

    device_was_chosen = Signal(str)
    device_was_opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("devices.estate"))
        self._desk, self._words = desk, DeviceWords(desk)
        self._devices: tuple[Device, ...] = ()
        self._files: dict[str, DeviceFile] = {}
        self._stage: Stage | None = None
        self._stages: np.ndarray[tuple[int], np.dtype[np.uint8]] = np.zeros(0, np.uint8)
        self._found: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.zeros(0, np.bool_)
        self._spoken: list[str] = []
        self._state: tuple[object, ...] = ()
        self.strip = CountStrip(desk.theme)
        self.strip.setAccessibleName(desk.say("devices.stages"))
        self.field = SearchField(desk.theme, desk.say("devices.find"))
        self.table = ColumnTable(desk.theme)
        self.table.setAccessibleName(desk.say("devices.estate"))
        self._lay_out()
        self.strip.count_was_opened.connect(self._on_stage)
        self.field.search_did_change.connect(lambda _text: self._narrow())
        self.field.row_was_asked.connect(lambda _step: self.table.setFocus())
        self.table.current_did_change.connect(self._on_current)
        self.table.row_was_opened.connect(lambda row: self.device_was_opened.emit(self._devices[row].code))

    def show_files(self, files: dict[str, DeviceFile]) -> None:
        """Show what is written of devices: files by code."""
        names = self._desk.names
        state = (names.view.version if names else 0, sum(one.version for one in files.values()), len(files), names)
        if state == self._state or names is None:
            return
        self._state, self._files = state, files
        self._fill(names.view)

    def device(self) -> Device | None:
        """Return the device in focus."""
        row = self.table.current_row()
        return self._devices[row] if 0 <= row < len(self._devices) else None

    def select(self, code: str) -> None:
        """Put a device in focus; what narrows the table away from it is taken back."""
        at = next((row for row, one in enumerate(self._devices) if one.code == code), None)
        if at is None:
            return
        if not bool(self._found[at]):
            self._stage = None
            self.field.clear()
            self._narrow()
            self._show_strip()
        self.table.select_row(at)

    def stage(self, device: Device) -> Stage:
        """Return the stage of a device."""
        at = self._devices.index(device)
        return tuple(Stage)[int(self._stages[at])]

    def _fill(self, view: CatalogueView) -> None:
        catalogue, stages = view.catalogue, tuple(Stage)
        connected = frozenset(channel.device for channel in catalogue.channels)
        self._devices = catalogue.devices
        place = {stage: at for at, stage in enumerate(stages)}
        held = [place[stage_of(one, self._files, connected)] for one in self._devices]
        self._stages = np.array(held, np.uint8)
        names = [self._words.stage(stage) for stage in stages]
        places = {code: self._words.place(code) for code in {one.centre for one in self._devices}}
        figures = self._desk.figures
        cells = {
            "name": [one.name for one in self._devices], "kind": [one.kind for one in self._devices],
            "place": [places[one.centre] for one in self._devices],
            "count": [figures.count(one.count) for one in self._devices],
            "stage": [names[at] for at in held],
            "maintainer": [self._kept(one) for one in self._devices],
        }  # fmt: skip
        size = len(self._devices)
        self.table.set_data(
            TableData(
                cells={name: np.array(texts, object) for name, texts in cells.items()},
                severity=np.zeros(size, np.uint8), is_stale=np.zeros(size, np.bool_),
                sort_keys={
                    "count": np.array([float(one.count) for one in self._devices]), "stage": self._stages,
                },
                still=frozenset({"name", "kind", "place"}),
            )
        )  # fmt: skip
        self._spoken = [f"{one.name} {one.kind} {one.code} {places[one.centre]}".casefold() for one in self._devices]
        self._narrow()
        self._show_strip()

    def _kept(self, device: Device) -> str:
        kept = self._files.get(device.code)
        return (kept.maintainer if kept is not None else "") or device.owner

    def _show_strip(self) -> None:
        rows: dict[Stage, list[int]] = defaultdict(lambda: [0, 0])
        for at, device in zip(self._stages.tolist(), self._devices, strict=True):
            held = rows[tuple(Stage)[at]]
            held[0], held[1] = held[0] + 1, held[1] + device.count
        self.strip.show_counts(
            self._words.stages({stage: (held[0], held[1]) for stage, held in rows.items()}, self._stage)
        )

    def _on_stage(self, key: str) -> None:
        self._stage = None if self._stage is not None and self._stage.value == key else Stage(key)
        self._narrow()
        self._show_strip()

    def _narrow(self) -> None:
        words = self.field.text().casefold().split()
        wanted = np.ones(len(self._devices), np.bool_)
        if self._stage is not None:
            wanted &= self._stages == tuple(Stage).index(self._stage)
        if words:
            wanted &= np.array([all(word in spoken for word in words) for spoken in self._spoken], np.bool_)
        self._found = wanted
        self.table.set_filter(wanted)
        nothing = not bool(wanted.any())
        self.show_notice(Presence.FRESH, "")
        self.set_note(self._desk.say("devices.nothing" if nothing else "devices.shown", count=int(wanted.sum())))

    def _on_current(self, row: int) -> None:
        if 0 <= row < len(self._devices):
            self.device_was_chosen.emit(self._devices[row].code)

    def _widths(self) -> dict[str, int]:
        """Return the columns' widths; that of stages takes the longest word of this language."""
        font = self._desk.theme.font(TypeSize.BODY)
        longest = max(text_width(font, self._words.stage(stage)) for stage in Stage)
        widths = dict(_COLUMNS)
        return widths | {"stage": max(widths["stage"], math.ceil(longest) + SPACE_PX * 4)}

    def _lay_out(self) -> None:
        self.table.set_columns(
            [
                Column(key=key, title=self._desk.say(f"devices.column.{key}"), width=width, is_right=key in _RIGHT)
                for key, width in self._widths().items()
            ]
        )
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, SPACE_PX, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.strip)
        field = QVBoxLayout()
        field.setContentsMargins(SPACE_PX * 3, 0, SPACE_PX * 3, 0)
        field.addWidget(self.field)
        column.addLayout(field)
        column.addWidget(self.table, 1)
        self.set_body(body)

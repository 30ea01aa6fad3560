"""A map over the survey of so many devices, in one process: who asks, what is answered, and how long each part took."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage, QPainter

from chengyun_console.maps.density import picture_of
from chengyun_console.maps.near_devices import FROM_ZOOM, MOST, Near, density_of, near_of
from chengyun_console.maps.presets import Show
from chengyun_core.ingest import places
from chengyun_core.ingest.ground import SCALE, Fractions
from chengyun_core.ingest.survey.settings import SurveySettings
from chengyun_core.ingest.survey.surveyor import Surveyor
from chengyun_core.model.catalogue import Catalogue, Device
from chengyun_core.model.device import DeviceState
from chengyun_core.series.columns import Bytes
from chengyun_core.wire import codec
from chengyun_core.wire.survey_asks import AskDensity, AskDevices, DensityView
from chengyun_core.wire.survey_asks import Devices as DevicesTold
from chengyun_resources.reference import device_places
from chengyun_widgets.mapping.layers import DensityPicture, Mark, PointLayer
from chengyun_widgets.mapping.pixel_painting import density_images, paint_density
from chengyun_widgets.mapping.view import Bounds, MapView, Screen
from chengyun_widgets.theme import Theme
from tests.support.small_city import small_city
from tests.widgets.mapping import city
from tests.widgets.mapping.frames import TimedCanvas

Question = tuple[Bounds, int, int]
"""A rectangle of the world, and into how many columns and rows of cells it is counted."""
SEED = 7
RISK_POINTS = 65_000
CALM = (0.01, 0.95, 0.03996, 1e-5, 1e-5, 1e-5, 1e-5)
"""Shares of the states: never heard, online, silent, and one in a hundred thousand of each band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """The survey of a city of one series, and the same as columns by slot for others to count."""

    surveyor: Surveyor
    x: Fractions
    y: Fractions
    state: Bytes


def devices(size: int, folder: Path) -> Devices:
    """Return devices scattered round the towns of the reference city, in the survey as it runs."""
    meters = Device(code="M", name="表", kind="meter", centre="500000", subtrack="ST1", count=size)
    made: Catalogue = replace(small_city(0), devices=(meters,), channels=(), vitals=())
    file = folder / places.IN_FORCE
    series = (places.SeriesPlaces(device="M", count=size, scatter="towns"),)
    places.write(
        file, places.PlacesHead(origin="bench", schematic=True, series=series, scatters={"towns": _scatter()}),
        np.empty(0, np.uint32), np.empty(0, np.uint32),
    )  # fmt: skip
    surveyor = Surveyor(made, SurveySettings(), file)
    state = np.random.default_rng(SEED).choice(len(DeviceState), size, p=CALM).astype(np.uint8)
    surveyor.density.take(state)
    x, y, _ = places.places_of(surveyor.estate, file)
    return Devices(surveyor=surveyor, x=x, y=y, state=state)


def _scatter() -> places.Scatter:
    towns = [one for code, one in sorted(device_places.recipes().items()) if len(code) == 9]
    points = [one.points[0] for one in towns]
    return places.Scatter(
        seed=SEED, longitude=tuple(float(at[0]) for at in points), latitude=tuple(float(at[1]) for at in points),
        weight=(1.0,) * len(towns), spread_m=tuple(one.spread_m[0] for one in towns),
    )  # fmt: skip


def _risk_points(shown: Devices) -> PointLayer:
    """Return as many risk points as a city has, where its devices are, none of them abnormal; gathered as on F5."""
    at = slice(0, None, shown.x.size // RISK_POINTS)
    x, y = shown.x[at][:RISK_POINTS] / SCALE, shown.y[at][:RISK_POINTS] / SCALE
    codes = tuple(f"FX-{number:05}" for number in range(x.size))
    return PointLayer(
        code=Show.RISK_POINTS, x=x, y=y, severity=np.zeros(x.size, np.uint8), mark=Mark.RISK_POINT, names=codes,
        ids=codes, is_clustered=True, keeps_grave_apart=True,
    )  # fmt: skip


class DevicesMap(TimedCanvas):
    """F5's canvas with the layers that lie under and over devices. Asks the survey and takes its answers in turns of
    the loop, as a console does; what the survey and the thread beside the window do is not in the window's times."""

    def __init__(self, theme: Theme, shown: Devices) -> None:
        self.given_ms: list[float] = []
        """How long each density that came kept the window."""
        self.size = shown.surveyor.density.ground.size
        self._surveyor = shown.surveyor
        self._near: Near | None = None
        self._question: Question | None = None
        self._told: DensityView | None = None
        self._is_at_once = False
        self._under = city.districts(), city.rivers()
        self._over = city.cameras(), _risk_points(shown), city.forces(), city.event()
        super().__init__(theme)
        self._show()

    def ask(self, bounds: Bounds, width: int, height: int) -> None:
        """Note what the density is asked for; the answer comes in a later turn."""
        self._question = bounds, width, height
        if not self._is_at_once:
            QTimer.singleShot(0, self, self._answer)

    def raster(self, question: Question, screen: Screen) -> QImage:
        """Return the devices of a view alone: asked, answered, packed, unpacked, shaded and drawn as large as it is."""
        picture = picture_of(codec.unpack(self._answered(question), DensityView))
        assert isinstance(picture, DensityPicture), picture
        whole = QImage(round(screen.width), round(screen.height), QImage.Format.Format_RGB32)
        painter = QPainter(whole)
        paint_density(painter, density_images(self.theme, picture), picture, screen)
        painter.end()
        return whole

    def paint_anew(self, view: MapView) -> None:
        """Have the whole map of a view made, from the question to the last name, as if nothing had been there."""
        self.show_layers(())
        self._is_at_once, self._near, self.view = True, None, view
        self._show()
        self.settle()
        self._answer()
        if view.zoom >= FROM_ZOOM:
            self._look_near()
        self.settle()
        self.grab()
        self._is_at_once = False

    def told(self) -> str:
        """Say what stands on the newest picture."""
        told = self._told
        assert told is not None
        clusters = sum(one.is_cluster for one in self.scene.symbols)
        how = f"cells of zoom {told.zoom}" if self._near is None or not self._near.is_whole else "single places"
        return f"{told.counted:,} devices in {how}, {len(self.scene.symbols)} marks, {clusters} of them clusters"

    def _look_near(self) -> None:
        west, north, east, south = self.screen_now.bounds
        told = self._surveyor.devices(AskDevices(left=west, top=north, right=east, bottom=south, limit=MOST))
        self._near = near_of(codec.unpack(codec.pack(told), DevicesTold))
        self._show()

    def _answered(self, question: Question) -> bytes:
        bounds, width, height = question
        west, north, east, south = bounds
        ask = AskDensity(left=west, top=north, right=east, bottom=south, width=width, height=height)
        return codec.pack(self._surveyor.view(ask))

    def _answer(self) -> None:
        if self._question is None:
            return
        question, self._question = self._question, None
        self._told = codec.unpack(self._answered(question), DensityView)
        picture = picture_of(self._told)
        assert isinstance(picture, DensityPicture), picture
        before = time.perf_counter()
        self.give_density(Show.DEVICES, picture)
        self.given_ms.append((time.perf_counter() - before) * 1e3)

    def _show(self) -> None:
        near = () if self._near is None else (self._near.points,)
        districts, rivers = self._under
        self.show_layers((districts, density_of(self, self._near), rivers, *near, *self._over))

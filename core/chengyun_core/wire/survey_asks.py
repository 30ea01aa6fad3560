"""What the survey's door answers: how many devices stand where, how they stand, and what is wrong with them."""

from dataclasses import dataclass, field

from chengyun_core.model.device import DeviceFault, DeviceState
from chengyun_core.wire.envelope import Hello, Welcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDensity:
    """Ask `density.view`: devices counted by cells of the map, in a rectangle of the world (0 … 1 east, 0 … 1 south).

    Not cells of the rectangle but quad cells, (floor(x·2^z), floor(y·2^z)), are counted, so that nothing flickers while
    the map is moved: the finest zoom at which no more than `width` · `height` of them cover the rectangle, or the
    finest that is kept where more than half a million devices would have to be looked at one by one.
    """

    left: float
    top: float
    right: float
    bottom: float
    width: int
    height: int
    what: str = "all"
    """`all`, `online` (and whatever sends), `silent`, `alarming`, `never` (registered, never heard)."""
    kind: str = ""
    """Only devices of this kind; empty: of all kinds."""
    known: int = 0
    """`mark` of the answer the asker shows: an answer that would say the same comes without cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityView:
    """Answer: one quad cell after the other, row by row from the north-west corner."""

    zoom: int
    """Cells are 2^-zoom of the world wide and high."""
    column: int
    row: int
    """First cell: its west edge is `column` / 2^zoom, its north edge `row` / 2^zoom."""
    width: int
    height: int
    cells: bytes = b""
    """zlib of uint32[height, width] counts, then uint8[height, width] greatest DeviceState of those counted; read by
    wire.survey_cells. Empty with width 0: no cell; empty otherwise: as `known`."""
    mark: int = 0
    """Names this picture; changes when any count or state of it changes."""
    counted: int = 0
    """Devices in the cells."""
    placed: int = 0
    """Devices of the city whose place is known …"""
    registered: int = 0
    """… of so many."""
    catalogue: int = 0
    at_ns: int = 0
    """Profile time of the states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDevices:
    """Ask `density.devices`: the devices in a rectangle one by one, gravest first, for a near view."""

    left: float
    top: float
    right: float
    bottom: float
    limit: int = 1000
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """Answer: parallel columns, `total` devices there are in the rectangle."""

    total: int
    codes: tuple[str, ...] = ()
    """Code of the device or series."""
    member: bytes = b""
    """uint32[n]: place in its series from 1; 0: a single device."""
    x: bytes = b""
    """float64[n], world."""
    y: bytes = b""
    state: bytes = b""
    """uint8[n], DeviceState."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDevicePlace:
    """Ask `device.place`: where one device stands. `member` 0 of a series: its first at a known place."""

    device: str
    member: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePlace:
    """Answer: world coordinates, where the place is known, and how the device stands."""

    is_known: bool
    x: float = 0.0
    y: float = 0.0
    state: DeviceState = DeviceState.NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDevicesWithin:
    """Ask `density.within`: devices by kind in a polygon, or round a point (M4). Degrees."""

    ring: tuple[tuple[float, float], ...] = ()
    """(longitude, latitude) of a polygon's corners; empty: the circle."""
    longitude: float = 0.0
    latitude: float = 0.0
    radius_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """Devices of one kind."""

    kind: str
    registered: int
    online: int = 0
    """Heard lately, in a band or not."""
    silent: int = 0
    alarming: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesWithin:
    """Answer: most numerous kind first."""

    kinds: tuple[KindCount, ...] = ()
    at_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDeviceHealth:
    """Ask `device.health`: online rates by district and kind, and a page of what is wrong, gravest and longest first.

    Empty texts: no limit.
    """

    centre: str = ""
    """A centre and all below it."""
    kind: str = ""
    fault: DeviceFault | None = None
    device: str = ""
    """Code of one device or series."""
    offset: int = 0
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineRate:
    """Devices of one kind in one district."""

    centre: str
    """District (or city) whose area they stand in."""
    kind: str
    registered: int
    connected: int = 0
    """With a channel at all."""
    online: int = 0
    silent: int = 0
    """Heard before, not lately."""
    stuck: int = 0
    drift: int = 0
    flapping: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFound:
    """One device with what is wrong with it. `rule` with `params` is said by the message catalogue."""

    device: str
    member: int
    """Place in its series from 1; 0: a single device."""
    fault: DeviceFault
    since_ns: int
    """Profile time since which it is so; of an offline device: when it was heard last, 0 when never."""
    quantity: str = ""
    """Quantity of the channel it was seen in; empty: the device as a whole."""
    rule: str = ""
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """Answer."""

    rates: tuple[OnlineRate, ...] = ()
    faults: tuple[FaultFound, ...] = ()
    """Rows offset … offset + limit of `total`."""
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    """DeviceFault → devices, of all that was asked for."""
    at_ns: int = 0
    """Profile time of the last whole round."""
    round_s: float = 0.0
    """How long a round through all channels takes."""
    catalogue: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyStatus:
    """Answer to `status`."""

    counters: dict[str, int] = field(default_factory=dict)
    gauges: dict[str, float] = field(default_factory=dict)
    light: str = "ok"


SURVEY_ASKS: dict[str, tuple[type, type | None]] = {
    "density.devices": (AskDevices, Devices),
    "density.view": (AskDensity, DensityView),
    "density.within": (AskDevicesWithin, DevicesWithin),
    "device.health": (AskDeviceHealth, DeviceHealth),
    "device.place": (AskDevicePlace, DevicePlace),
    "hello": (Hello, Welcome),
    "status": (Hello, SurveyStatus),
}
"""Ask → (body, answer) of `survey.door`. Alphabetical."""

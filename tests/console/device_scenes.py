"""The page of sensing devices for tests and pictures: the reference city's rows, what a survey found, tickets."""

from dataclasses import replace
from typing import TYPE_CHECKING

from chengyun_console.pages.devices.page import DEEDS, DevicesPage
from chengyun_core.model.catalogue import Catalogue, Channel, Device
from chengyun_core.model.device import DeviceFault
from chengyun_core.model.device_file import DeviceFile, Repair, RepairState, Stage
from chengyun_core.wire.device_asks import DeviceFiles, PlacesTold, Repairs
from chengyun_core.wire.survey_asks import DeviceHealth, FaultFound, OnlineRate
from tests.console.still_session import START_NS, S
from tests.support.small_city import small_city

if TYPE_CHECKING:
    from tests.console.scenes import Stand

HOUR = 3600 * S
STUCK = {"quantity": "level", "readings": "30", "minutes": "30", "periods": "60"}
DRIFT = {"quantity": "pm25", "sum": "11.4", "limit": "8"}
FLAPS = {"falls": "3", "minutes": "20", "calm": "1"}


def city() -> Catalogue:
    """Return the small city with sixty water gauges and four thousand meters more."""
    small = small_city(12)
    gauges = tuple(
        Device(code=f"G{at}", name=f"水位计{at}", kind="水文站", centre="500103", subtrack="ST1") for at in range(60)
    )
    meters = Device(code="M", name="智能水表", kind="水表", centre="500103", subtrack="ST1", count=4000)
    channels = tuple(
        Channel(number=100 + at, device=f"G{at}", quantity="level", unit="m", period_s=60.0) for at in range(60)
    )
    return replace(small, devices=(*gauges, meters), channels=(*small.channels, *channels))


def health(catalogue: Catalogue) -> DeviceHealth:
    """Return what a survey may tell of a city: most of it is online, a dozen devices are not well."""
    single = [one for one in catalogue.devices if one.count == 1]
    faults = (
        FaultFound(
            device=single[3].code, member=0, fault=DeviceFault.FLAPPING, since_ns=START_NS - 2 * HOUR,
            rule="device.rule_flapping", params=FLAPS,
        ),
        FaultFound(
            device=single[9].code, member=0, fault=DeviceFault.DRIFT, since_ns=START_NS - 6 * 24 * HOUR,
            quantity="pm25", rule="device.rule_drift_up", params=DRIFT,
        ),
        *(
            FaultFound(
                device=single[at].code, member=0, fault=DeviceFault.STUCK, since_ns=START_NS - at * HOUR,
                quantity="level", rule="device.rule_stuck", params=STUCK,
            )
            for at in (11, 14, 20)
        ),
        *(
            FaultFound(
                device=one.code, member=0, fault=DeviceFault.OFFLINE, since_ns=START_NS - (at + 1) * HOUR,
                rule="device.rule_offline",
            )
            for at, one in enumerate(single[30:44])
        ),
    )  # fmt: skip
    return DeviceHealth(
        rates=tuple(_rates(catalogue)), faults=faults, total=len(faults), at_ns=START_NS, round_s=0.25, catalogue=1,
        counts={"flapping": 1, "drift": 1, "stuck": 3, "offline": 14},
    )  # fmt: skip


def _rates(catalogue: Catalogue) -> list[OnlineRate]:
    parents = {one.code: one.parent if one.level == "town" else one.code for one in catalogue.centres}
    sums: dict[tuple[str, str], list[int]] = {}
    connected = {one.device for one in catalogue.channels}
    for row in catalogue.devices:
        held = sums.setdefault((parents.get(row.centre) or row.centre, row.kind), [0, 0])
        held[0] += row.count
        held[1] += row.count if row.code in connected else 0
    return [
        OnlineRate(
            centre=centre, kind=kind, registered=registered, connected=heard,
            online=heard - (heard // 9 if at % 11 == 0 else heard // 60), silent=heard // 60,
        )
        for at, ((centre, kind), (registered, heard)) in enumerate(sums.items())
    ]  # fmt: skip


def repairs(catalogue: Catalogue) -> tuple[Repair, ...]:
    """Return three living tickets, one of them overdue, and one that was done."""
    single = [one for one in catalogue.devices if one.count == 1]
    first = Repair(
        number=1, device=single[30].code, centre=single[30].centre, fault="offline", fault_since=START_NS - 30 * HOUR,
        opened_by="officer", opened_at=START_NS - 29 * HOUR, due_at=START_NS - 5 * HOUR, by="officer",
    )  # fmt: skip
    taken = replace(
        first, number=2, device=single[11].code, fault="stuck", state=RepairState.TAKEN, taken_by="officer",
        taken_at=START_NS - HOUR, due_at=START_NS + 40 * HOUR, version=2,
    )  # fmt: skip
    other = replace(
        first, number=3, device=single[50].code, fault="other", text="外壳破损", due_at=START_NS + 60 * HOUR
    )
    done = replace(taken, number=4, state=RepairState.DONE, finding="更换探头", ended_at=START_NS - 2 * HOUR, version=3)
    return first, taken, other, done


def files(catalogue: Catalogue) -> tuple[DeviceFile, ...]:
    """Return what is written of some devices: one in each stage."""
    single = [one for one in catalogue.devices if one.count == 1]
    return tuple(
        DeviceFile(
            device=single[at * 5 + 3].code, stage=stage, stage_at=START_NS - 90 * 24 * HOUR,
            maintainer="市水文监测总站", calibrated="2026-05-20", by="officer",
        )
        for at, stage in enumerate(Stage)
    )  # fmt: skip


def show_devices(at: "Stand") -> DevicesPage:
    """Show the page with everything answered and the drifting device in focus."""
    assert at.desk.names is not None
    catalogue = at.desk.names.view.catalogue
    at.session.enter(allowed=(*(f"{deed}" for deed in DEEDS), "device.move"))
    for one in repairs(catalogue)[:3]:
        at.session.put_fact("repair", str(one.number), one)
    at.window.show_page("devices")
    at.beat()
    answer(at)
    at.beat()
    page = at.window.stack.of(DevicesPage)
    page.faults.list.select(page.faults.list.rows()[1].key)
    for _ in range(6):
        at.beat()
    answer(at)
    at.beat()
    return page


def answer(at: "Stand") -> None:
    """Answer everything the page asked."""
    assert at.desk.names is not None
    catalogue = at.desk.names.view.catalogue
    told = health(catalogue)
    places = PlacesTold(origin="参考城市", devices=22_013_480, digest="0" * 64, schematic=True, at=START_NS, by="admin")
    answers = {
        "devices.files": DeviceFiles(files=files(catalogue), places=places), "devices.health": told,
        "devices.one": replace(told, faults=(), counts={"drift": 1}, rates=told.rates[:1]),
        "devices.repairs": Repairs(repairs=repairs(catalogue), counts={"open": 2, "taken": 1, "done": 1, "overdue": 1}),
    }  # fmt: skip
    for slot, record in answers.items():
        if slot in at.session.sent.asks:
            at.session.answer_ask(slot, record)

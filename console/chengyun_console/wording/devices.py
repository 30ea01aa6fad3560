"""Sensing devices as an officer reads them: stages, what is wrong and by which rule, tickets, online rates."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_core.model.catalogue import Device
from chengyun_core.model.device import DeviceFault
from chengyun_core.model.device_file import DeviceFile, Repair, Stage, is_living, stage_without_file
from chengyun_core.model.failure import Reason
from chengyun_core.wire.device_asks import PlacesTold
from chengyun_core.wire.survey_asks import DeviceHealth, FaultFound, OnlineRate
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.count_strip import CountRecord
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import SheetLine, SheetSection
from chengyun_widgets.rank_bars import RankRow

FAULTS = tuple(DeviceFault)


@dataclass(frozen=True, slots=True)
class DeviceWords:
    """Writes what catalogue, centre and survey know of devices."""

    desk: Desk

    def device(self, device: Device | None, code: str, member: int) -> str:
        """Return what a device is called: its name, and its number in a series."""
        name = device.name if device is not None else code
        return self.desk.say("devices.member", name=name, member=member) if member else name

    def place(self, centre: str) -> str:
        """Return the short name of a centre."""
        return self.desk.names.place(centre) if self.desk.names is not None else centre

    def stage(self, stage: Stage) -> str:
        """Return the name of a stage."""
        return self.desk.say(f"device.stage.{stage.value}")

    def fault(self, fault: str) -> str:
        """Return what is wrong in a word."""
        return self.desk.say(f"device.fault.{fault}")

    def quantity(self, code: str) -> str:
        """Return what a measured quantity is called; a code nobody named is told as it is."""
        name = f"quantity.{code}"
        return self.desk.say(name) if code and self.desk.texts.has(name) else code

    def stages(self, rows: dict[Stage, tuple[int, int]], chosen: Stage | None) -> tuple[CountRecord, ...]:
        """Return the six stages: how many rows of the catalogue stand there, and how many devices those are."""
        figures = self.desk.figures
        return tuple(
            CountRecord(
                key=stage.value, name=self.stage(stage), figure=figures.count(rows.get(stage, (0, 0))[0]),
                note=self._devices(*rows.get(stage, (0, 0))),
                colour=Colour.ACCENT if stage is chosen else Colour.FIGURE,
            )
            for stage in Stage
        )  # fmt: skip

    def faults(self, health: DeviceHealth | None, chosen: DeviceFault | None) -> tuple[CountRecord, ...]:
        """Return how many devices have each fault."""
        figures = self.desk.figures
        return tuple(
            CountRecord(
                key=fault.value, name=self.fault(fault.value),
                figure=figures.count(health.counts.get(fault.value, 0)) if health is not None else "–",
                colour=Colour.ACCENT if fault is chosen else Colour.FIGURE,
            )
            for fault in FAULTS
        )  # fmt: skip

    def fault_row(self, found: FaultFound, device: Device | None, now_ns: int, *, has_ticket: bool) -> FactRow:
        """Return a device with what is wrong with it as a row; what is told in full stands in the sheet."""
        place = self.place(device.centre) if device is not None else ""
        kind = device.kind if device is not None else ""
        return FactRow(
            key=fault_key(found), severity=Severity.NONE, title=self.device(device, found.device, found.member),
            detail=" · ".join(part for part in (place, kind, self.quantity(found.quantity)) if part),
            age=self.desk.figures.since(found.since_ns, now_ns) if found.since_ns else "",
            status=self.fault(found.fault.value), status_colour=Colour.TEXT,
            is_link=found.fault in {DeviceFault.OFFLINE, DeviceFault.FLAPPING},
            badges=(self.desk.say("devices.has_ticket"),) if has_ticket else (),
        )  # fmt: skip

    def repair_row(self, repair: Repair, device: Device | None, now_ns: int) -> FactRow:
        """Return a ticket as a row: who sees to it, and how long it still has."""
        late = is_living(repair) and repair.due_at < now_ns
        who = self._who(repair.taken_by) if repair.taken_by else self.desk.say("devices.nobody")
        told = [self.fault(repair.fault), self.place(repair.centre), who]
        return FactRow(
            key=str(repair.number), severity=Severity.NONE,
            title=self.desk.say(
                "devices.ticket", number=repair.number, device=self.device(device, repair.device, repair.member)
            ),
            detail=" · ".join(told), age=self._due(repair, now_ns), status=self.repair_state(repair),
            status_colour=Colour.ORANGE_TEXT if late else Colour.TEXT_SECOND,
            badges=(self.desk.say("devices.overdue"),) if late else (),
        )  # fmt: skip

    def repair_state(self, repair: Repair) -> str:
        """Return how a ticket stands."""
        return self.desk.say(f"repair.state.{repair.state.value}")

    def rates(self, rates: Iterable[OnlineRate], own: str) -> tuple[RankRow, ...]:
        """Return the districts, the lowest online rate first; those without a connected device last."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for one in rates:
            held = sums[one.centre]
            held[0], held[1], held[2] = held[0] + one.registered, held[1] + one.connected, held[2] + one.online
        rows = [self._rate(centre, *held, is_own=centre == own) for centre, held in sums.items()]
        return tuple(sorted(rows, key=lambda row: (math.isnan(row.value), row.value, row.name)))

    def sheet(
        self, device: Device, kept: DeviceFile | None, found: FaultFound | None, health: DeviceHealth | None,
        repair: Repair | None,
    ) -> tuple[SheetSection, ...]:  # fmt: skip
        """Return everything known of one device: its file, how its like stand, what is wrong and why one thinks so."""
        made = [SheetSection(title=device.name, note=device.code, lines=tuple(self._facts(device, kept)))]
        if health is not None:
            made.append(self._standing(health))
        if found is not None:
            made.append(self._found(found))
        if repair is not None:
            made.append(self._ticket(repair))
        return tuple(made)

    def places(self, places: PlacesTold | None) -> str:
        """Return where the places of the map come from."""
        if places is None:
            return self.desk.say("devices.places_none")
        code = "devices.places_schematic" if places.schematic else "devices.places"
        return self.desk.say(code, origin=places.origin, day=self.desk.figures.day(places.at))

    def _facts(self, device: Device, kept: DeviceFile | None) -> Iterable[SheetLine]:
        figures, say = self.desk.figures, self.desk.say
        stage = kept.stage if kept is not None else None
        yield self._line("kind", device.kind)
        yield self._line("place", self.place(device.centre))
        if device.count > 1:
            yield self._line("count", figures.count(device.count))
        if stage is not None:
            since = figures.day(kept.stage_at) if kept is not None and kept.stage_at else ""
            told = say("devices.since", stage=self.stage(stage), day=since) if since else self.stage(stage)
            yield self._line("stage", told)
        yield self._line("owner", device.owner or "–")
        yield self._line("maintainer", (kept.maintainer if kept is not None else "") or "–")
        yield self._line("calibrated", (kept.calibrated if kept is not None else "") or "–")
        if device.longitude is not None and device.latitude is not None:
            yield self._line("coordinates", f"{device.longitude:.5f}, {device.latitude:.5f}")
        if kept is not None and kept.note:
            yield self._line("note", kept.note)

    def _standing(self, health: DeviceHealth) -> SheetSection:
        figures = self.desk.figures
        online, connected = sum(one.online for one in health.rates), sum(one.connected for one in health.rates)
        lines = [
            self._line("connected", figures.count(connected)),
            self._line("online", figures.count(online) if connected else "–"),
            *(
                self._line(name, figures.count(health.counts[name]))
                for name in health.counts
                if health.counts[name]
            ),
        ]  # fmt: skip
        return SheetSection(title=self.desk.say("devices.standing"), lines=tuple(lines))

    def _found(self, found: FaultFound) -> SheetSection:
        since = self.desk.figures.stamp(found.since_ns) if found.since_ns else "–"
        params = {name: self.quantity(text) if name == "quantity" else text for name, text in found.params.items()}
        rule = self.desk.refusal(Reason(code=found.rule, params=params))
        return SheetSection(
            title=self.fault(found.fault.value),
            lines=(self._line("fault_since", since), self._line("rule", rule)),
        )

    def _ticket(self, repair: Repair) -> SheetSection:
        figures, say = self.desk.figures, self.desk.say
        lines = [
            self._line("state", self.repair_state(repair)),
            self._line("opened", f"{figures.stamp(repair.opened_at)} · {self._who(repair.opened_by)}"),
            self._line("due", figures.stamp(repair.due_at)),
        ]
        if repair.taken_by:
            lines.append(self._line("taken", self._who(repair.taken_by)))
        if repair.quantity:
            lines.append(self._line("quantity", self.quantity(repair.quantity)))
        if repair.reminded_at is not None:
            lines.append(self._line("reminded", say("devices.reminded", count=repair.reminded,
                                                    time=figures.stamp(repair.reminded_at))))  # fmt: skip
        if repair.text:
            lines.append(self._line("text", repair.text))
        if repair.finding:
            lines.append(self._line("finding", repair.finding))
        return SheetSection(title=self.desk.say("devices.ticket_head", number=repair.number), lines=tuple(lines))

    def _rate(self, centre: str, registered: int, connected: int, online: int, *, is_own: bool) -> RankRow:
        figures, say = self.desk.figures, self.desk.say
        if not connected:
            text = say("devices.rate_none", count=figures.count(registered))
            return RankRow(key=centre, name=self.place(centre), value=math.nan, text=text, is_own=is_own)
        text = say("devices.rate", share=figures.percent(online / connected, 1), count=figures.count(connected))
        return RankRow(key=centre, name=self.place(centre), value=100 * online / connected, text=text, is_own=is_own)

    def _due(self, repair: Repair, now_ns: int) -> str:
        if not is_living(repair):
            return self.desk.figures.day(repair.ended_at or repair.opened_at)
        left_s = (repair.due_at - now_ns) / 1e9
        code = "devices.left" if left_s >= 0 else "devices.late"
        return self.desk.say(code, time=self.desk.figures.short_duration(abs(left_s)))

    def _who(self, account: str) -> str:
        return self.desk.names.person(account) if self.desk.names is not None else account

    def _devices(self, rows: int, count: int) -> str:
        return self.desk.say("devices.count", count=self.desk.figures.count(count)) if count > rows else ""

    def _line(self, name: str, text: str) -> SheetLine:
        return SheetLine(label=self.desk.say(f"devices.line.{name}"), text=text)


def fault_key(found: FaultFound) -> str:
    """Return the key of a fault's row."""
    return f"{found.device}#{found.member}/{found.fault.value}/{found.quantity}"


def stage_of(device: Device, files: dict[str, DeviceFile], connected: frozenset[str]) -> Stage:
    """Return the stage a device stands at: as written, else as its channels put it."""
    kept = files.get(device.code)
    return kept.stage if kept is not None else stage_without_file(is_connected=device.code in connected)

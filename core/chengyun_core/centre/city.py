"""What the centre must know of the catalogue in force: vitals by number, places with their parents, seats, owners."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chengyun_core.centre.cause_graph import CauseGraph, graph_of
from chengyun_core.model.camera import Camera, watched_by
from chengyun_core.model.catalogue import Catalogue, Device, Vital
from chengyun_core.model.dispatch import Matter, Route, Unit
from chengyun_core.model.dispatch_call import Standing
from chengyun_core.model.dispatch_grammar import Grammar, grammar_of
from chengyun_core.model.dispatch_narrative import Reader, reader_of
from chengyun_core.model.dispatch_rules import Roster, roster_of
from chengyun_core.model.formula import parse
from chengyun_core.model.holding import Holding, Subject
from chengyun_core.model.permission import centre_of, kind_of
from chengyun_core.model.places import Centre, Post, Seat
from chengyun_core.model.scope_sets import rules_in_force
from chengyun_resources import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Indices over one version of the catalogue."""

    version: int = 0
    vitals: dict[int, Vital] = field(default_factory=dict)
    """By number, retired ones left out."""
    codes: dict[int, str] = field(default_factory=dict)
    """Code of every vital number ever given."""
    centres: dict[str, Centre] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    posts_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Centre → the posts it has."""
    owners: dict[str, frozenset[str]] = field(default_factory=dict)
    """Sub-track → owner posts of it and of its track."""
    graph: CauseGraph = field(default_factory=CauseGraph)
    watching: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Centre → seats whose area it is."""
    reds: frozenset[int] = frozenset()
    """Vitals that can turn red under the threshold set in force."""
    guided: frozenset[str] = frozenset()
    """Vitals and sub-tracks whose alarms have guidance (A14)."""
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Sub-track → it, its track, its sector."""
    gateways: dict[int, str] = field(default_factory=dict)
    """Vital → the one gateway all its devices are behind; vitals of several, or of none, are left out."""
    matters: dict[str, Matter] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    units_of_post: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Post → the units it signs for."""
    roster: Roster = field(default_factory=Roster)
    """All units as they stand when none ever told anything and none carries anything: ready, at home."""
    reader: Reader = field(default_factory=lambda: reader_of(Catalogue(), Grammar()))
    """Reads narratives by the catalogue's words and places."""
    facts: dict[str, str] = field(default_factory=dict)
    """Free facts of the catalogue, by key."""
    threshold_set: str = ""
    """Set of thresholds in force where no scope in 急时 has another."""
    set_names: dict[str, str] = field(default_factory=dict)
    """Set of thresholds → its name."""
    scope_sets: dict[str, str] = field(default_factory=dict)
    """Sets of thresholds of scopes in 急时, as `Catalogue.scope_sets`."""
    devices: dict[str, Device] = field(default_factory=dict)
    connected: frozenset[str] = frozenset()
    """Devices and series with a channel."""
    cameras: dict[str, Camera] = field(default_factory=dict)
    cameras_of_vital: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Vital → the cameras that watch it."""
    vitals_of_camera: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Camera → the vitals it watches; one that watches none is not here."""

    def path(self, centre: str) -> tuple[str, ...]:
        """Return a centre's code, its parent's and so on up to the root."""
        return _path(self.centres, centre)

    def root(self) -> str:
        """Return the code of the uppermost centre, empty when there is none."""
        return next((code for code, place in self.centres.items() if not place.parent), "")

    def subject_of(self, vital: int) -> Subject:
        """Return what a permission is asked about for a vital; an unknown one belongs to the uppermost centre."""
        found = self.vitals.get(vital)
        if found is None:
            return Subject(name=self.codes.get(vital, str(vital)), path=self.path(self.root()))
        owners = self.owners.get(found.subtrack, frozenset()) | {found.owner_post}
        return Subject(name=found.code, path=self.path(found.centre), owners=owners, track=self.track_of(found))

    def track_of(self, vital: Vital) -> str:
        """Return the code of a vital's track, empty when its sub-track is not known."""
        return self.kinds[vital.subtrack][1] if vital.subtrack in self.kinds else ""

    def holdings(self, posts: tuple[str, ...], area: str) -> tuple[Holding, ...]:
        """Return an account's posts as held at a seat that covers `area`; posts of no known kind give nothing."""
        return tuple(self._holding(post, area) for post in posts if kind_of(post) is not None)

    def _holding(self, post: str, area: str) -> Holding:
        kind = kind_of(post)
        assert kind is not None
        place = self.centres.get(centre_of(post))
        narrowed = self._narrower(centre_of(post), area)
        return Holding(post=post, kind=kind, level=place.level if place else None, area=narrowed)

    def _narrower(self, one: str, other: str) -> str:
        # Both name a subtree; what is covered is the lower of the two, and nothing when they lie side by side.
        if not other or other in self.path(one):
            return one
        return other if one in self.path(other) else ""


def city_of(catalogue: Catalogue) -> City:
    """Return the indices over a catalogue."""
    centres = {place.code: place for place in catalogue.centres}
    tracks = {track.code: track.owner_post for track in catalogue.tracks}
    watched = _watched(catalogue)
    return City(
        version=catalogue.version,
        vitals={vital.number: vital for vital in catalogue.vitals if not vital.retired},
        codes={vital.number: vital.code for vital in catalogue.vitals},
        centres=centres,
        seats={seat.code: seat for seat in catalogue.seats},
        posts={post.code: post for post in catalogue.posts},
        posts_of=_posts_of(catalogue),
        graph=graph_of(catalogue),
        watching=_watching(catalogue),
        reds=_reds(catalogue),
        guided=frozenset(row.about for row in catalogue.guidance),
        kinds=_kinds(catalogue),
        gateways=_gateways(catalogue),
        matters={matter.code: matter for matter in catalogue.matters},
        units={unit.code: unit for unit in catalogue.units},
        routes={route.code: route for route in catalogue.routes},
        units_of_post=_units_of_post(catalogue),
        roster=_roster(catalogue, centres),
        reader=reader_of(catalogue, grammar_of(reading.words())),
        facts=dict(catalogue.facts),
        threshold_set=catalogue.set_in_force(),
        set_names={item.code: item.name for item in catalogue.threshold_sets},
        scope_sets=dict(catalogue.scope_sets),
        devices={device.code: device for device in catalogue.devices},
        connected=frozenset(channel.device for channel in catalogue.channels),
        cameras={camera.code: camera for camera in catalogue.cameras},
        vitals_of_camera=watched,
        cameras_of_vital=_turned(watched),
        owners={sub.code: frozenset({sub.owner_post, tracks.get(sub.track, "")}) - {""} for sub in catalogue.subtracks},
    )


def with_sets(city: City, catalogue: Catalogue) -> City:
    """Return the indices over a catalogue that differs from the city's in the sets of scopes and its version alone."""
    return replace(
        city, version=catalogue.version, scope_sets=dict(catalogue.scope_sets), reds=_reds(catalogue)
    )  # fmt: skip


def _watched(catalogue: Catalogue) -> dict[str, tuple[int, ...]]:
    numbers = {vital.code: vital.number for vital in catalogue.vitals if not vital.retired}
    found = {
        camera.code: tuple(numbers[code] for code in watched_by(camera) if code in numbers)
        for camera in catalogue.cameras
        if camera.watches
    }
    return {code: vitals for code, vitals in found.items() if vitals}


def _turned(watched: Mapping[str, tuple[int, ...]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for camera, vitals in watched.items():
        for vital in vitals:
            found.setdefault(vital, []).append(camera)
    return {vital: tuple(cameras) for vital, cameras in found.items()}


def _path(centres: Mapping[str, Centre], centre: str) -> tuple[str, ...]:
    found: list[str] = []
    code: str | None = centre
    while code and code not in found:
        found.append(code)
        place = centres.get(code)
        code = place.parent if place else None
    return tuple(found)


def _roster(catalogue: Catalogue, centres: Mapping[str, Centre]) -> Roster:
    return roster_of(
        Standing(unit=unit, path=_path(centres, unit.centre), longitude=unit.longitude, latitude=unit.latitude)
        for unit in catalogue.units
    )


def _units_of_post(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for unit in catalogue.units:
        found.setdefault(unit.post, []).append(unit.code)
    return {post: tuple(codes) for post, codes in found.items()}


def _posts_of(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for post in catalogue.posts:
        found.setdefault(post.centre, []).append(post.code)
    return {centre: tuple(posts) for centre, posts in found.items()}


def _watching(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for seat in catalogue.seats:
        found.setdefault(seat.area or seat.centre, []).append(seat.code)
    return {area: tuple(seats) for area, seats in found.items()}


def _reds(catalogue: Catalogue) -> frozenset[int]:
    red = {row.vital for row in rules_in_force(catalogue) if not (row.high_red is None and row.low_red is None)}
    return frozenset(vital.number for vital in catalogue.vitals if vital.code in red and not vital.retired)


def _kinds(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    sectors = {track.code: track.sector for track in catalogue.tracks}
    return {sub.code: (sub.code, sub.track, sectors.get(sub.track, "")) for sub in catalogue.subtracks}


def _gateways(catalogue: Catalogue) -> dict[int, str]:
    behind = {device.code: device.gateway for device in catalogue.devices if device.gateway}
    found: dict[int, str] = {}
    for vital in catalogue.vitals if behind else ():
        if vital.retired:
            continue
        devices = {channel.rpartition(".")[0].partition("#")[0] for channel in parse(vital.formula).channels}
        gateways = {behind.get(device, "") for device in devices}
        if len(gateways) == 1 and (gateway := gateways.pop()):
            found[vital.number] = gateway
    return found

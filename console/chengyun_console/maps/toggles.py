"""What is on at one map: as the mode has it, until an officer turns something himself (M1, H1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.maps.desk import MapDesk
from chengyun_console.maps.presets import Choice, Show, choice_of
from chengyun_console.mode.standing import mode_here
from chengyun_core.model.map_layer import LayerKind, MapLayer
from chengyun_core.model.mode import Part
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.step_list import Sign, StepRow

SHOW, LAYER = "show", "layer"
KEYED = 9
"""The first so many have a digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggle:
    """One thing that can be on or off; `id` is `show:<Show>` or `layer:<code>`."""

    id: str
    title: str
    key: str
    is_on: bool
    note: str = ""
    count: str = ""
    is_faulty: bool = False
    badges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is on at a map, and who had it so."""

    shows: frozenset[Show]
    layers: frozenset[str]
    preset: str | None
    is_own: bool


class Toggles(QObject):
    """One per map."""

    did_change = Signal()

    def __init__(self, desk: Desk, maps: MapDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._maps = desk, maps
        self.shows: frozenset[Show] = frozenset()
        self.layers: frozenset[str] = frozenset()
        self.missing: tuple[str, ...] = ()
        """Words of the preset in effect that nothing here answers to."""
        self.is_own = False
        """An officer turned something: the mode changes nothing here any more, until he goes back to it."""
        self._preset: str | None = None
        self._state: tuple[object, ...] = ()

    def follow(self) -> None:
        """Show what the mode has, when nobody chose otherwise; called whenever mode or layers may have changed."""
        here = mode_here(self._desk)
        words = tuple(here.effect.parts.get(Part.LAYERS, "").split()) if self._preset is None else self._words()
        known = self._known()
        is_emergency = here.is_emergency or bool(self._preset)
        state = (is_emergency, words, tuple(layer.code for layer in known), self._preset)
        if state == self._state:
            return
        had = set(self._state[2]) if self._state else set()  # type: ignore[call-overload]
        self._state = state
        choice = choice_of(words, known, is_emergency=is_emergency)
        if not self.is_own:
            self._take(choice)
        else:
            # A layer that came just now is shown as the mode would; what an officer turned stays as he turned it.
            self.layers |= {code for code in choice.layers if code not in had}
        self.did_change.emit()

    def turn(self, toggle: str) -> None:
        """Turn one thing on or off."""
        kind, _, code = toggle.partition(":")
        if kind == SHOW:
            self.shows ^= {Show(code)}
        else:
            self.layers ^= {code}
        self.is_own = True
        self.did_change.emit()

    def show(self, what: Show) -> None:
        """See to it that something is on, on a map that was never looked at, too."""
        self.follow()
        if what not in self.shows:
            self.turn(f"{SHOW}:{what}")

    def turn_numbered(self, digit: int) -> None:
        """Turn what has a digit."""
        rows = self.rows()
        if 1 <= digit <= min(KEYED, len(rows)):
            self.turn(rows[digit - 1].id)

    def back_to_mode(self) -> None:
        """Show what the mode has again."""
        self.show_preset(None)

    def show_preset(self, code: str | None) -> None:
        """Show what a preset of 急时 has, "" what peace has; None: follow the mode."""
        self._preset, self.is_own, self._state = code, False, ()
        self.follow()

    def standing(self) -> Standing:
        """Return what is on, for `restore` and for whoever shows his map to others."""
        return Standing(shows=self.shows, layers=self.layers, preset=self._preset, is_own=self.is_own)

    def restore(self, standing: Standing) -> None:
        """Have on what was on: what an officer turned, or what the mode has by now."""
        self._preset, self.is_own, self._state = standing.preset, standing.is_own, ()
        self.follow()
        if standing.is_own:
            self.shows, self.layers = standing.shows, standing.layers
        self.did_change.emit()

    def take(self, shows: Iterable[str], layers: Iterable[str], preset: str | None) -> tuple[str, ...]:
        """Have on what another console has on; return what of it this one has not: the mode changes nothing of it."""
        self._preset, self.is_own, self._state = preset, True, ()
        # What the mode has is noted first: only a layer that comes after this is laid over it.
        self.follow()
        wanted, chosen, known = frozenset(shows), frozenset(layers), {layer.code for layer in self._known()}
        self.shows = frozenset(what for what in Show if what.value in wanted)
        self.layers = chosen & known
        self.did_change.emit()
        return tuple(sorted((chosen - known) | (wanted - set(Show))))

    def rows(self) -> list[Toggle]:
        """Return everything that can be turned, in the order of the list."""
        say = self._desk.say
        rows = [
            Toggle(
                id=f"{SHOW}:{what}", title=say(f"maps.show.{what.value}"), key=str(at) if at <= KEYED else "",
                is_on=what in self.shows, count=self._count(what),
            )
            for at, what in enumerate(Show, 1)
        ]  # fmt: skip
        return rows + [self._layer_row(layer) for layer in self._known()]

    def steps(self) -> list[StepRow]:
        """Return the rows as a list shows them."""
        words = {is_on: self._desk.say(f"maps.toggle.{'on' if is_on else 'off'}") for is_on in (True, False)}
        return [_step(row, words[row.is_on]) for row in self.rows()]

    def chosen_layers(self) -> tuple[MapLayer, ...]:
        """Return the layers of the centre that are on."""
        return tuple(layer for layer in self._known() if layer.code in self.layers)

    def _take(self, choice: Choice) -> None:
        self.shows, self.layers, self.missing = choice.shows, choice.layers, choice.missing

    def _known(self) -> tuple[MapLayer, ...]:
        day = self._maps.day(self._desk.now_ns())
        order = list(LayerKind)
        return tuple(sorted(self._maps.layers_on(day), key=lambda one: (order.index(one.kind), one.code)))

    def _words(self) -> tuple[str, ...]:
        preset = self._desk.session.facts.mode.presets.get(self._preset or "")
        return preset.layers if preset is not None else ()

    def _layer_row(self, layer: MapLayer) -> Toggle:
        say, fault = self._desk.say, self._maps.store.faults.get(layer.code)
        return Toggle(
            id=f"{LAYER}:{layer.code}", title=layer.name, key="", is_on=layer.code in self.layers,
            note=self._desk.refusal(fault) if fault is not None else self.source_of(layer),
            count=say("maps.faulty") if fault is not None else self._desk.figures.count(layer.features),
            is_faulty=fault is not None, badges=(say("maps.schematic_short"),) if layer.schematic else (),
        )  # fmt: skip

    def source_of(self, layer: MapLayer) -> str:
        """Return what may be believed of a layer: its review number, or that it is a sketch; how far it may be off."""
        say = self._desk.say
        parts = [layer.approval_number or say("maps.no_approval")]
        if layer.schematic:
            parts.insert(0, say("maps.schematic"))
        if layer.error_m > 0:
            parts.append(say("maps.error", metres=round(layer.error_m)))
        return "  ".join(parts)

    def _count(self, what: Show) -> str:
        facts, count = self._desk.session.facts, self._desk.figures.count
        catalogue = self._desk.session.catalogue
        rows = catalogue.catalogue if catalogue is not None else None
        match what:
            case Show.ALARMS:
                return count(len(facts.alarms))
            case Show.EVENTS:
                return count(len(facts.events))
            case Show.FORCES:
                return count(len(rows.units)) if rows is not None else ""
            case Show.RISK_POINTS:
                return count(len(self._maps.risks.places.codes))
            case Show.CAMERAS:
                return count(len(self._maps.cameras().ids))
            case Show.WARNINGS:
                return count(len(facts.warned.warnings))
            case Show.DRAWINGS:
                return count(sum(1 for one in facts.drawings.values() if one.event in facts.events))
        return ""


def _step(row: Toggle, standing: str) -> StepRow:
    """Return a row; `standing`: whether it is on, for who does not see the box."""
    return StepRow(
        key=row.id, severity=Severity.NONE, title=f"{row.key} {row.title}".strip(), badges=row.badges,
        spoken=" ".join(filter(None, (row.key, row.title, row.note, row.count, standing))), status=row.count,
        sign=Sign.TAKEN if row.is_on else Sign.LEFT,
        status_colour=Colour.TROUBLE_TEXT if row.is_faulty else Colour.TEXT_SECOND,
    )  # fmt: skip

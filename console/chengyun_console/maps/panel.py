"""The map as a pane: canvas, card, drawing line and line of time; F5 is made of it, and F6 sets it among its panes."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.maps.areas import warning_rings
from chengyun_console.maps.composer import Composer, Wanted
from chengyun_console.maps.density import DensityAsker
from chengyun_console.maps.draw_line import DrawLine
from chengyun_console.maps.drawing_hand import DrawingHand
from chengyun_console.maps.furnishing import Furnishing
from chengyun_console.maps.inquiry import MOST_LISTED, Inquiry
from chengyun_console.maps.luggage import MapLuggage, unpack
from chengyun_console.maps.near_devices import NearDevices
from chengyun_console.maps.past import PastKeeper
from chengyun_console.maps.place_book import Stand
from chengyun_console.maps.pointing import Pointing
from chengyun_console.maps.presets import Show
from chengyun_console.maps.scene import Scene, scene_now
from chengyun_console.maps.slider_words import RANGES, SliderWords
from chengyun_console.maps.tiles import TileKeeper
from chengyun_console.maps.toggles import KEYED, Standing, Toggles
from chengyun_console.maps.warned import around, bounds_of
from chengyun_core.model.room_share import MapSight
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.wire.survey_asks import DensityView
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import DensityPicture, MapItem, PointLayer, World
from chengyun_widgets.mapping.measure import length_m
from chengyun_widgets.mapping.tools import Measured, Tool
from chengyun_widgets.mapping.view import Bounds, MapView
from chengyun_widgets.panel import Panel
from chengyun_widgets.time_slider import TimeSlider

COMPOSE_EVERY_S = 0.4
"""Marks are put together at most so often: a flood of alarms must not keep the frame waiting."""
ITEM_ZOOM, EVENT_ZOOM = 13.5, 11.5
POLYGON = "map.polygon"


class MapPanel(Panel):
    """A function of the desk, of what is on (`toggles`), of what was asked (`inquiry`) and of the time (`past`).

    For F6 and others: `follow`, `show_preset`, `look_at`, `show_stand`, `step_back`, `doers`, `refresh`.
    """

    answer_did_change = Signal()
    """What `inquiry` tells is another."""

    def __init__(self, desk: Desk, name: str) -> None:
        """`name` keeps the questions of two maps apart."""
        super().__init__(desk.theme, desk.say("maps.title"))
        self._desk, self.maps = desk, desk.maps
        self.canvas = MapCanvas(desk.theme)
        self.toggles, self.past = Toggles(desk, self.maps, self), PastKeeper(desk, name, self)
        self.inquiry = Inquiry(desk, name, self)
        self.density, self.tiles = DensityAsker(desk, name, self), TileKeeper(desk, name, self)
        self.near = NearDevices(desk, name, self)
        self.draw_line = DrawLine(desk)
        self.hand = DrawingHand(desk, self.maps, self.canvas, self.draw_line, self)
        self.pointing = Pointing(desk, self.maps, self.canvas, name, self)
        self.slider, self.banner = TimeSlider(desk.theme), Lettered(desk.theme, TypeSize.BODY, Colour.ACCENT)
        self._composer = Composer(desk, self.maps, self.density, self.tiles)
        self._furnishing, self._slider_words = Furnishing(desk, self.maps), SliderWords(desk)
        self._range, self._measuring = 0, ""
        self._is_dirty, self._composed_s = True, 0.0
        self._state: tuple[object, ...] = ()
        self._is_placed, self._is_following = False, True
        self._followed: int | None = None
        self._counted: DensityView | None = None
        self._own: tuple[MapView, Standing, str] | None = None
        """One's own place and layers, and whose map is looked at, while that is somebody else's."""
        self._noted: tuple[object, ...] = ()
        self._fill()
        self._connect()

    def follow(self, *, is_followed: bool) -> None:
        """Go where the event in focus is whenever another comes into focus, or stay."""
        self._is_following = is_followed

    def show_preset(self, code: str | None) -> None:
        """Show the layers of a preset of 急时, "" those of peace; None: what the mode has."""
        self.toggles.show_preset(code)

    def look_at(self, at: World, zoom: float = EVENT_ZOOM) -> None:
        """Go to a place; a locked view stays, and says so."""
        self._is_placed = True
        if not self.canvas.look_at(MapView(at[0], at[1], zoom)):
            self.say("maps.is_locked")

    def show_bounds(self, bounds: Bounds) -> None:
        """Go to where a rectangle of the world fits; a locked view stays, and says so."""
        self._is_placed = True
        if not self.canvas.fit(bounds):
            self.say("maps.is_locked")

    def show_stand(self, layer: Show, item: str, stand: Stand | None, area: Bounds | None) -> None:
        """Go to something and choose it; where only its area is known, show that and say so."""
        self.past.go_to(None)
        self.toggles.show(layer)
        if stand is None:
            self.canvas.go_home()
            self.say("maps.no_place")
            return
        if stand.is_exact:
            self.look_at(stand.at, ITEM_ZOOM)
        else:
            self.show_bounds(area if area is not None else Bounds(*stand.at, *stand.at).grown(0.001))
            self.say("maps.area_only")
        self._compose_now()
        self._choose(MapItem(layer, item))
        self.canvas.setFocus()

    def show_sight(self, sight: MapSight, whose: str) -> None:
        """See the map as somebody else has it, at one key; `go_back` brings back one's own place and layers."""
        self._is_placed, self._followed = True, self._desk.event_focus.number
        if not self.canvas.is_locked:
            self.past.go_to(None)
            self.toggles.follow()
            self._own = self._own or (self.canvas.view, self.toggles.standing(), whose)
            self._own = (*self._own[:2], whose)
            lacks = self.toggles.take(sight.shows, sight.layers, sight.preset)
            self.canvas.look_at(MapView(sight.x, sight.y, sight.zoom))
            self._choose(None)
            if lacks:
                self.say("maps.sight.lacks", names=self._desk.say("console.names_between").join(lacks))
        else:
            self.say("maps.is_locked")
        self.canvas.setFocus()

    def sight(self) -> MapSight:
        """Return where it looks and what is on."""
        view, on = self.canvas.view, self.toggles.standing()
        shows = tuple(what.value for what in Show if what in on.shows)
        return MapSight(
            x=view.x, y=view.y, zoom=view.zoom, preset=on.preset, shows=shows, layers=tuple(sorted(on.layers))
        )  # fmt: skip

    def show_warning(self, one: OfficialWarning) -> None:
        """Go to where a warning holds and ask what lies there; one without an outline: to the places it names.

        No card is shown: it would lie over what is inside, and the answer says all of it.
        """
        self.past.go_to(None)
        self.toggles.show(Show.WARNINGS)
        places = [bounds for code in one.area.centres if (bounds := self.maps.bounds_of(code)) is not None]
        bounds = bounds_of(one) or around(places)
        if bounds is None:
            self.canvas.go_home()
        else:
            self.show_bounds(bounds)
        self.inquiry.warning(one)
        if not warning_rings(one):
            self.say("maps.warned.no_outline" if bounds is not None else "maps.no_place")
        self._choose(None)
        self._compose_now()
        self.canvas.setFocus()

    def carried(self) -> object:
        """Return what is under way, for the map of a window in this one's place; nothing of one nobody looked at."""
        canvas = self.canvas
        return MapLuggage(
            view=canvas.view, kept=canvas.kept, is_locked=canvas.is_locked, standing=self.toggles.standing(),
            own=self._own, has_slider=not self.slider.isHidden(), at_ns=self.past.at_ns,
            outline=self.inquiry.asked.outline, held=self.hand.held(), measuring=self._measuring,
        ) if self._is_placed else None  # fmt: skip

    def take_carried(self, kept: object) -> None:
        """Go on where the map of the window before was."""
        if isinstance(kept, MapLuggage):
            self._is_placed, self._followed = True, self._desk.event_focus.number
            self._measuring, self._own = kept.measuring, kept.own
            unpack(kept, self)

    def points(self, show: Show) -> PointLayer | None:
        """Return the points of one kind, whether they are on or not."""
        return self._composer.points(show, self.scene())

    def happening(self) -> list[tuple[tuple[int, int, int], Stand, MapItem]]:
        """Return (rank, where, what) of every alarm and event that is on, the gravest and events first."""
        return self._composer.happening(self.toggles.shows, self.scene())

    def place_of(self, show: Show, item: str) -> World | None:
        """Return where a thing is, None for one that is not known."""
        points = self.points(show)
        if points is None or item not in points.ids:
            return None
        at = points.ids.index(item)
        return float(points.x[at]), float(points.y[at])

    def step_back(self) -> bool:
        """Leave the nearest thing that can be left (Esc); return whether there was one."""
        if self.hand.leave() or self.inquiry.forget():
            return True
        if self.canvas.chosen is not None:
            self._choose(None)
            return True
        was_open = self.slider.isVisible()
        if was_open:
            self.turn_slider()
        return was_open

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the map does for actions, by their ids."""
        drawing = {"map.area": Tool.AREA, "map.closure": Tool.CLOSURE, "map.arrow": Tool.ARROW, "map.note": Tool.NOTE}
        measuring = {"map.length": Tool.LENGTH, "map.surface": Tool.SURFACE, POLYGON: Tool.SURFACE}
        return {
            **{action: partial(self.hand.begin, tool) for action, tool in drawing.items()},
            **{action: partial(self.measure, action, tool) for action, tool in measuring.items()},
            **{f"map.toggle_{at}": partial(self.toggles.turn_numbered, at) for at in range(1, KEYED + 1)},
            "map.around": self.ask_around, "map.wider": partial(self.widen, 1), "map.narrower": partial(self.widen, -1),
            "map.reach": self.ask_reach, "map.trace": self.ask_trace, "map.lock": self.lock, "map.back": self.go_back,
            "map.whole": self.go_home, "map.change": self.change_drawing, "map.erase": self.erase_drawing,
            "map.time": self.turn_slider, "map.range": self.turn_range, "map.by_mode": self.toggles.back_to_mode,
        }  # fmt: skip

    def refresh(self, now_s: float) -> None:
        """Bring the map to now; called on each frame while it may be seen."""
        if not self.isVisible():
            return
        self.toggles.follow()
        self._follow_focus()
        if Show.DEVICES in self.toggles.shows and self.past.at_ns is None:
            self.density.tick(now_s)
            self.near.look(self.canvas.screen_now.bounds, self.canvas.view.zoom, now_s)
        facts, desk = self._desk.session.facts, self._desk
        state = (facts.through, desk.event_focus.number, desk.scope.scope, self.past.scene, self.past.at_ns)
        if state != self._state:
            self._is_dirty, self._state = True, state
        if self._is_dirty and now_s - self._composed_s >= COMPOSE_EVERY_S:
            self._composed_s = now_s
            self._compose_now()
        self.pointing.refresh(self.scene())
        if self.slider.isVisible():
            self.slider.show_record(self._slider_words.record(self.past, self._range, facts.events.values()))
        told = self._whose() or self._slider_words.told(self.past) or self._lacks()
        self.banner.show_text(told)
        self.banner.setVisible(bool(told))

        self._note_sight()

    def scene(self) -> Scene:
        """Return what is shown: of now, or of then once that came."""
        return self.past.scene if self.past.scene is not None else scene_now(self._desk.session.facts)

    def say(self, code: str, **params: object) -> None:
        """Tell the officer the sentence of a code."""
        self._tell(self._desk.say(code, **params))

    def ask_around(self) -> None:
        """Ask what and who is around what is chosen, else around the event in focus, else round the middle."""
        self.inquiry.around(self._subject_place())

    def widen(self, by: int) -> None:
        """Ask the circle anew, a step wider or narrower."""
        self.inquiry.widen(by, self._subject_place())

    def ask_reach(self) -> None:
        """Ask how far one comes from what is chosen."""
        self.inquiry.reach(self._subject_place())

    def ask_trace(self) -> None:
        """Follow the pipe that is chosen."""
        item = self.canvas.chosen
        layer = item.layer.partition(":")[2] if item is not None else ""
        if item is None or layer not in self.maps.store.shapes:
            self.say("maps.trace.none_chosen")
        else:
            self.inquiry.follow_pipe(layer, item.id)

    def measure(self, action: str, tool: Tool) -> None:
        """Take a tool that measures, or one that outlines a polygon to ask about."""
        self.canvas.begin_drawing(tool)
        self._measuring = action
        self.canvas.setFocus()
        self.say(f"maps.begun.{action.removeprefix('map.')}")

    def lock(self) -> None:
        """Lock the view, or let it go (M3)."""
        self.canvas.lock_view(not self.canvas.is_locked)
        self.say("maps.locked" if self.canvas.is_locked else "maps.unlocked")

    def go_back(self) -> None:
        """Return to one's own map from somebody else's, else to the view that was kept."""
        if self._own is not None and not self.canvas.is_locked:
            (view, standing, _whose), self._own = self._own, None
            self.canvas.look_at(view)
            self.toggles.restore(standing)
        elif not self.canvas.return_to_kept():
            self.say("maps.is_locked" if self.canvas.is_locked else "maps.nothing_kept")

    def go_home(self) -> None:
        """Show the whole."""
        if not self.canvas.go_home():
            self.say("maps.is_locked" if self.canvas.is_locked else "maps.no_base")

    def change_drawing(self) -> None:
        """Take the drawing that is chosen into the hand."""
        self.hand.change(self._chosen_drawing())

    def erase_drawing(self) -> None:
        """Erase the drawing that is chosen."""
        self.hand.erase(self._chosen_drawing())

    def turn_slider(self) -> None:
        """Open the line of time and give it the keyboard, or close it and be now again."""
        if self.slider.isVisible():
            self.slider.hide()
            self.past.go_to(None)
            self.canvas.setFocus()
        else:
            self.slider.show_record(self._slider_words.record(self.past, self._range, ()))
            self.slider.show()
            self.slider.setFocus()

    def turn_range(self) -> None:
        """Let the line of time span a day, an hour or a week."""
        self._range = (self._range + 1) % len(RANGES)
        if not self.slider.isVisible():
            self.turn_slider()

    def open_item(self, item: MapItem) -> None:
        """Go to what an item is about: its card on another page, its camera, its plan."""
        kind, _, key = item.id.partition(":")
        if kind == "drawing":
            self.change_drawing()
        elif key:
            self.maps.item_was_opened.emit(kind, key)

    def _tell(self, text: str) -> None:
        self._desk.message_came.emit(text, False)

    def _choose(self, item: MapItem | None) -> None:
        self.canvas.choose(item)
        self.pointing.point_at(item)

    def _subject_place(self) -> World:
        """Return what a question is about: what is chosen, the event in focus, the middle of the window."""
        chosen = self.canvas.place_of(self.canvas.chosen) if self.canvas.chosen is not None else None
        if chosen is not None:
            return chosen
        event = self._desk.event_focus.record
        stand = self._composer.stand_of(event) if event is not None else None
        return stand.at if stand is not None else (self.canvas.view.x, self.canvas.view.y)

    def _chosen_drawing(self) -> int:
        """Return the number of the drawing that is chosen, else of the newest of the event in focus, else 0."""
        item = self.canvas.chosen
        kind, _, key = item.id.partition(":") if item is not None else ("", "", "")
        if kind == "drawing":
            return int(key)
        event = self._desk.event_focus.number
        return max((one.number for one in self.scene().drawings.values() if one.event == event), default=0)

    def _follow_focus(self) -> None:
        number = self._desk.event_focus.number
        if not self._is_following or number == self._followed:
            return
        event = self._desk.event_focus.record
        stand = self._composer.stand_of(event) if event is not None else None
        if stand is not None and not self.canvas.is_locked:
            self._followed = number
            self.look_at(stand.at, EVENT_ZOOM)

    def _compose_now(self) -> None:
        self._is_dirty = False
        desk, toggles = self._desk, self.toggles
        at_ns = self.past.at_ns if self.past.at_ns is not None else desk.now_ns()
        wanted = Wanted(
            shows=toggles.shows, layers=toggles.layers, focus=desk.event_focus.number, edited=self.hand.edited,
            trace=self.inquiry.trace, above=self.inquiry.layers(), near=self.near.near, day=self.maps.day(at_ns),
        )  # fmt: skip
        self.canvas.show_layers(self._composer.layers(wanted, self.scene()))
        self.canvas.set_attribution(self._furnishing.attribution(toggles.chosen_layers()))
        self._place_first()
        self._show_counts()

    def _place_first(self) -> None:
        """Show the seat's own area, else the whole, when it is known for the first time."""
        whole = self.maps.whole()
        if whole is None:
            return
        self.canvas.set_home(whole)
        if not self._is_placed:
            self.show_bounds(self._furnishing.first_bounds() or whole)

    def _show_counts(self) -> None:
        self.set_note(self._furnishing.counts(self.canvas.layers, self.canvas.screen_now.bounds, self._counted))

    def _mark_dirty(self, *_news: object) -> None:
        self._is_dirty = True

    def _on_answer(self) -> None:
        self._mark_dirty()
        self.answer_did_change.emit()

    def _on_measured(self, measured: Measured) -> None:
        if self._measuring == POLYGON:
            self.inquiry.ring(measured.points)
            return
        far = self.inquiry.metres(measured.length_m)
        if measured.tool is Tool.SURFACE:
            area = self._desk.figures.with_unit(measured.area_m2 / 1e6, 3, "km²")
            self.say("maps.measured.surface", area=area, length=far)
        else:
            self.say("maps.measured.length", length=far)

    def _on_drawn(self, tool: Tool, points: tuple[World, ...]) -> None:
        if tool is Tool.CIRCLE:
            self.inquiry.circle(points[0], length_m((points[0], points[1])))

    def _on_group(self, items: tuple[MapItem, ...]) -> None:
        scene = self.scene()
        found = ((item, self.pointing.words.told(item, scene, None)) for item in items[:MOST_LISTED])
        self.inquiry.list_group(found, len(items))

    def _note_sight(self) -> None:
        """Keep for rooms what the officer saw last."""
        seen = (self.canvas.view, self.toggles.standing())
        if seen != self._noted or self._desk.rooms.focus.sight is None:
            self._noted = seen
            self._desk.rooms.focus.sight = self.sight()

    def _whose(self) -> str:
        """Return whose map it is, and how one comes back to one's own."""
        if self._own is None:
            return ""
        return self._desk.say("maps.sight.whose", who=self._own[2], key=BY_ID["map.back"].keys[0])

    def _lacks(self) -> str:
        """Return what the map of now does not show, or not as it is now."""
        parts = self._furnishing.devices(self.toggles, self.density), self._furnishing.warning(self.toggles)
        return "  ".join(filter(None, parts))

    def _on_counts(self, view: DensityView) -> None:
        self._counted = view
        self._show_counts()

    def _on_tiles(self, layer: str) -> None:
        self.canvas.tiles_did_come(f"layer:{layer}")

    def _on_picture(self, picture: DensityPicture) -> None:
        self.canvas.give_density(Show.DEVICES, picture)

    def _on_view(self, _view: MapView) -> None:
        self._show_counts()

    def _connect(self) -> None:
        canvas = self.canvas
        for signal in (self.maps.did_change, self.toggles.did_change, self.past.did_change, self.hand.did_change,
                       self.near.did_change):  # fmt: skip
            signal.connect(self._mark_dirty)
        self.inquiry.did_change.connect(self._on_answer)
        for said in (self.hand.said, self.inquiry.said):
            said.connect(self._tell)
        self.density.picture_came.connect(self._on_picture)
        self.density.counts_came.connect(self._on_counts)
        self.tiles.tiles_did_come.connect(self._on_tiles)
        self.slider.time_was_chosen.connect(self.past.go_to)
        canvas.was_opened.connect(self.open_item)
        canvas.was_chosen.connect(self.pointing.point_at)
        canvas.was_measured.connect(self._on_measured)
        canvas.was_drawn.connect(self._on_drawn)
        canvas.group_was_opened.connect(self._on_group)
        canvas.view_did_change.connect(self._on_view)
        canvas.set_texts(self._furnishing.texts())

    def _fill(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.banner.setWordWrap(True)
        self.banner.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        self.slider.setAccessibleName(self._desk.say("maps.slider.name"))
        for hidden in (self.banner, self.slider):
            hidden.hide()
        for widget, stretch in ((self.banner, 0), (self.canvas, 1), (self.draw_line, 0), (self.slider, 0)):
            column.addWidget(widget, stretch)
        self.set_body(body)

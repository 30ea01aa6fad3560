"""The layout of one cockpit: the master that fits who sits here, with this officer's changes over it."""

from collections import Counter
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.layouts import masters, pins
from chengyun_console.layouts.arrangement import Arrangement, Split
from chengyun_console.layouts.masters import RANGE, Master, Standing, Table
from chengyun_console.layouts.overlay import MOST_PINS, Overlay, Pin, key_of
from chengyun_console.mode.standing import mode_here
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.failure import Refused
from chengyun_core.model.mode import Part
from chengyun_core.model.permission import kind_of
from chengyun_core.model.scales import Level, Mode

WIDE = "wide."
"""Before a split's name among the sizes kept for a wide screen."""


class CockpitLayout(QObject):
    """Changes go into the overlay of the seat's file, by kind of post and mode; the master stays as it is."""

    did_change = Signal()
    """Another master, or other changes over it: arrange everything anew."""

    def __init__(self, desk: Desk, *, post: str = "", parent: QObject | None = None) -> None:
        """`post`: a kind of post that holds whoever sits here (the wall's `screen`); empty: the officer's own."""
        super().__init__(parent)
        self._desk, self._fixed_post = desk, post
        self._fault = ""
        self._table = self._read()
        self.standing = Standing(level=Level.CITY, post=post)
        self.master: Master = masters.fitting(self._table.masters, self.standing)

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the wall: what is shown there, dimmed or hidden."""
        return self._table.wall

    @property
    def overlay(self) -> Overlay:
        """What this officer changed."""
        return self._desk.preferences.layouts.get(self._key(), Overlay())

    @property
    def range_minutes(self) -> int:
        """Time range of the pinned charts."""
        return self.overlay.range_minutes or self.master.row.range_minutes

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pinned charts in their order: the officer's own, behind those the master keeps."""
        names = self._desk.names
        given = self._given(names.view) if names else ()
        own = self.overlay.pins
        if own is None:
            return given
        kept = given[: self.kept]
        sizes = {pin.vital: pin for pin in own}
        held = tuple(sizes.get(pin.vital, pin) for pin in kept)
        return (*held, *(pin for pin in own if pin.vital not in {one.vital for one in held}))[:MOST_PINS]

    @property
    def kept(self) -> int:
        """How many of the first charts the master keeps in their place."""
        names = self._desk.names
        return min(self.master.row.kept, len(self._given(names.view))) if names else self.master.row.kept

    @property
    def locked(self) -> tuple[str, ...]:
        """Splits, and the range, that an officer cannot change."""
        return self.master.row.locked

    def arranged(self, *, wide: bool) -> Arrangement:
        """Return how the master nests its panes."""
        return self.master.wide if wide else self.master.panes

    def sizes(self, split: Split, *, wide: bool) -> tuple[int, ...]:
        """Return the sizes of a split: the officer's, or the master's shares when it is locked or unchanged."""
        own = self.overlay.splits.get(self._split_key(split.name, wide=wide), ())
        is_own = len(own) == len(split.shares) and sum(own) > 0 and not self.master.is_locked(split.name)
        return own if is_own else split.shares

    def has(self, code: str) -> bool:
        """Return whether there is a master so called for this seat."""
        return masters.brought_up(self._table.masters, code, self.standing) is not None

    def look(self) -> None:
        """Find the master anew: somebody sat down, the catalogue or the mode is another one."""
        self.standing = self._stands()
        given = masters.brought_up(self._table.masters, layout_given(self._desk), self.standing)
        self.master = given or masters.fitting(self._table.masters, self.standing)
        if self._fault:
            self._desk.message_came.emit(self._desk.say("console.layout.own_file_bad", fault=self._fault), True)
            self._fault = ""
        self.did_change.emit()

    def keep_sizes(self, split: str, sizes: tuple[int, ...], *, wide: bool) -> None:
        """Keep how an officer divided a split; written down with the next thing that is kept, or at the end."""
        splits = {**self.overlay.splits, self._split_key(split, wide=wide): sizes}
        self._put(replace(self.overlay, splits=splits), at_once=False)

    def keep_range(self, minutes: int) -> None:
        """Keep another time range.

        Raises:
            Refused: the master locks it.
        """
        if self.master.is_locked(RANGE):
            raise Refused("console.layout.range_locked")
        self._put(replace(self.overlay, range_minutes=minutes))

    def keep_pins(self, charts: tuple[Pin, ...]) -> None:
        """Keep other charts, another order or other sizes, with the names they have now."""
        names = self._desk.names
        known = ((vital.code, vital.name) for vital in names.view.shown) if names else ()
        self._put(replace(self.overlay, pins=pins.named(charts, known)))
        self.did_change.emit()

    def reset(self) -> None:
        """Drop the changes: the master alone holds."""
        layouts = {key: kept for key, kept in self._desk.preferences.layouts.items() if key != self._key()}
        self._desk.keep(replace(self._desk.preferences, layouts=layouts))
        self.did_change.emit()

    def title(self) -> str:
        """Return the master's name."""
        code = f"console.layout.master.{self.master.row.code}"
        return self._desk.say(code) if self._desk.texts.has(code) else self.master.row.code

    def _put(self, overlay: Overlay, *, at_once: bool = True) -> None:
        layouts = {**self._desk.preferences.layouts, self._key(): overlay}
        preferences = replace(self._desk.preferences, layouts=layouts)
        if at_once:
            self._desk.keep(preferences)
        else:
            self._desk.preferences = preferences

    def _key(self) -> str:
        return key_of(self.standing.post, self.standing.mode)

    def _split_key(self, split: str, *, wide: bool) -> str:
        return f"{WIDE}{split}" if wide else split

    def _given(self, view: CatalogueView) -> tuple[Pin, ...]:
        centre = self._desk.session.own_centre
        return pins.of_master(self.master, view, centre=centre, sector=self.standing.sector)

    def _stands(self) -> Standing:
        names, session = self._desk.names, self._desk.session
        centre = names.view.centre(session.own_centre) if names else None
        signed_on = session.signed_on
        posts = signed_on.posts if signed_on and not self._fixed_post else ()
        kinds = [kind for kind in map(kind_of, posts) if kind is not None]
        return Standing(
            level=centre.level if centre else Level.CITY,
            sector=_sector(names.view, posts) if names else "",
            post=self._fixed_post or (kinds[0].value if kinds else ""),
            mode=mode_now(self._desk),
        )

    def _read(self) -> Table:
        """A city's file that is wrong must not take the cockpit away: the shipped masters are used and it is said."""
        try:
            return masters.of_profile(self._desk.profile)
        except ValueError as fault:
            self._fault = str(fault)
            return masters.shipped()


def mode_now(desk: Desk) -> Mode:
    """Return the mode in effect at this seat: the greatest of all declarations that cover its area."""
    return mode_here(desk).effect.mode


def layout_given(desk: Desk) -> str:
    """Return the code of the layout that the declarations in effect bring up here; empty: none."""
    return mode_here(desk).effect.parts.get(Part.LAYOUT, "")


def _sector(view: CatalogueView, posts: tuple[str, ...]) -> str:
    """Return the sector most of the tracks and sub-tracks of these posts are in; empty when they own none."""
    held = set(posts)
    sectors = (view.path(node)[0] for layer in (view.tree.tracks, view.tree.subtracks) for node in layer.nodes
               if node.owner_post in held)  # fmt: skip
    counted = Counter(node.code for node in sectors)
    return min(counted, key=lambda code: (-counted[code], code), default="")

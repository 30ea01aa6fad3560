"""Coverage (H4): who answers for each place now: held, covered until when, climbed, or nobody and so for everybody."""

from collections import Counter
from collections.abc import Iterator

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.wording.coverage import CoverageWords
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.places import Centre
from chengyun_core.model.routing import How, Route
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow, Flash, Fold
from chengyun_widgets.presence import Presence

_MARKS = {How.HELD: Severity.NONE, How.COVERED: Severity.NONE, How.CLIMBED: Severity.ORANGE, How.ALL: Severity.RED,
          How.NOBODY: Severity.RED}  # fmt: skip
_INKS = {Severity.NONE: Colour.TEXT_SECOND, Severity.ORANGE: Colour.ORANGE_TEXT, Severity.RED: Colour.RED_TEXT}


class CoveragePane(QWidget):
    """Made of what the mirror knows: nothing is asked, and it changes with the seats. Towns fold under districts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._toggled: frozenset[str] = frozenset()
        self._state: tuple[object, ...] = ()
        self._below_of: CatalogueView | None = None
        self._below: dict[str, list[Centre]] = {}
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("console.duty.side.coverage"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        self.list.fold_was_asked.connect(self._on_fold)
        self.list.row_was_opened.connect(self._on_opened)

    def refresh(self) -> None:
        """Show who answers for what; does something when seats, alarms or a minute changed."""
        desk = self._desk
        names, minute = desk.names, desk.now_ns() // (60 * NS_PER_S)
        facts, routes = desk.session.facts, desk.routing.routes
        state = (routes.version, desk.routing.stamp, facts.board.unacknowledged, minute, names, self._toggled)
        if names is None or state == self._state:
            return
        self._state = state
        words = CoverageWords(desk.figures, names, facts)
        rows = [*self._silences(words), *self._places(names.view, words)]
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, desk.say("coverage.none"))

    def _silences(self, words: CoverageWords) -> Iterator[FactRow]:
        """Yield the seats where somebody sits and nobody is heard: what goes there goes to others."""
        for silence in self._desk.session.facts.duty.silences.values():
            if silence.seat in self._desk.session.facts.sessions:
                yield FactRow(
                    key=f"silent:{silence.seat}", severity=Severity.RED, title=words.silent(silence),
                    detail=words.since(silence), status=words.say("coverage.silent"), status_colour=Colour.RED_TEXT,
                    flash=Flash.SLOW,
                )  # fmt: skip

    def _places(self, view: CatalogueView, words: CoverageWords) -> Iterator[FactRow]:
        own = view.centre(self._desk.session.own_centre)
        if own is None:
            return
        waiting = self._waiting(view)
        yield self._row(own, words, waiting, depth=0, fold=Fold.NONE)
        for place in self._children(view, own.code):
            yield from self._branch(view, place, words, waiting)

    def _branch(
        self, view: CatalogueView, place: Centre, words: CoverageWords, waiting: Counter[str]
    ) -> Iterator[FactRow]:
        """Yield a place and those below it: unfolded all of them, folded those for which somebody else answers."""
        below, is_open = self._children(view, place.code), place.code in self._toggled
        fold = Fold.NONE if not below else Fold.OPEN if is_open else Fold.CLOSED
        yield self._row(place, words, waiting, depth=0, fold=fold)
        here = self._desk.routing.routes.of_centre(place.code)
        for one in below:
            if is_open or self._desk.routing.routes.of_centre(one.code) != here:
                yield self._row(one, words, waiting, depth=1, fold=Fold.NONE)

    def _row(self, place: Centre, words: CoverageWords, waiting: Counter[str], *, depth: int, fold: Fold) -> FactRow:
        route: Route = self._desk.routing.routes.of_centre(place.code)
        mark = _MARKS[route.how]
        return FactRow(
            key=place.code, severity=mark, title=place.name, detail=words.seats(route, self._desk.now_ns()),
            status=words.how(route), status_colour=_INKS[mark], depth=depth, fold=fold,
            # A red frame around it, which stands still: nobody ticks this list.
            flash=Flash.SLOW if route.how in (How.ALL, How.NOBODY) else Flash.NONE,
            badges=(words.waiting(waiting[place.code]),) if waiting[place.code] else (),
        )  # fmt: skip

    def _waiting(self, view: CatalogueView) -> Counter[str]:
        """Count what nobody acknowledged by place, places below included."""
        board, routes = self._desk.session.facts.board, self._desk.routing.routes
        found: Counter[str] = Counter()
        for alarm in board.alarms[: board.unacknowledged]:
            try:
                found[view.vital(alarm.vital).centre] += 1
            except KeyError:
                found[self._desk.session.own_centre] += 1
        summed: Counter[str] = Counter()
        for centre, count in found.items():
            for above in routes.path(centre) or (centre,):
                summed[above] += count
        return summed

    def _children(self, view: CatalogueView, code: str) -> list[Centre]:
        if view is not self._below_of:
            self._below_of, self._below = view, {}
            for place in view.catalogue.centres:
                self._below.setdefault(place.parent or "", []).append(place)
        return self._below.get(code, [])

    def _on_opened(self, key: str) -> None:
        if any(row.key == key and row.fold is not Fold.NONE for row in self.list.rows()):
            self._on_fold(key, True)

    def _on_fold(self, key: str, _is_open: bool) -> None:
        self._toggled ^= {key}
        self.refresh()

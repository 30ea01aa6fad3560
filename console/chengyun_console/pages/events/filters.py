"""The filters above the list of events, and which events they let through."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.events.pager import PAGE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import LIVING, Event, EventSource, EventState
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.event_asks import AskEventPage, AskEventSearch, Having
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.field import SearchField

ANY = ""
LIVING_ONES, MINE, OWED, EVERY = "living", "mine", "owed", "all"
SCOPES = (LIVING_ONES, MINE, OWED, EVERY)
_HOURS = (1, 6, 24, 72)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted; empty fields do not filter."""

    text: str = ""
    scope: str = LIVING_ONES
    grade: str = ANY
    state: str = ANY
    district: str = ANY
    source: str = ANY
    older_h: int = 0
    """Only events open for longer than this."""

    @property
    def is_paged(self) -> bool:
        """Whether events that have ended are wanted: those are asked from the centre."""
        return self.scope in (OWED, EVERY)

    def ask(self) -> AskEventPage:
        """Return the first ask for the ended ones: by words the centre searches all there ever were."""
        page = AskEventPage(
            having=Having.OWED if self.scope == OWED else Having.ALL, state=self.state,
            grade=int(self.grade) if self.grade else 0, district=self.district, source=self.source, limit=PAGE,
        )  # fmt: skip
        return AskEventSearch(**asdict(page), words=self.text) if self.text else page

    def lets(self, event: Event, now_ns: int, *, seat: str, account: str, within: Callable[[str, str], bool]) -> bool:
        """Return whether an event is wanted, text left out. `within`: whether a centre is in a district."""
        if self.scope in (LIVING_ONES, MINE) and event.state not in LIVING:
            return False
        if self.scope == MINE and not _is_mine(event, seat, account):
            return False
        return (
            (not self.grade or int(event.grade or -1) == int(self.grade))
            and (not self.state or event.state.value == self.state)
            and (not self.source or event.source.value == self.source)
            and (not self.district or within(event.centre, self.district))
            and (not self.older_h or now_ns - event.opened_at >= self.older_h * 3600 * NS_PER_S)
        )


def _is_mine(event: Event, seat: str, account: str) -> bool:
    """Return whether somebody here opened, commands or handled it."""
    return bool(seat and event.command_seat == seat) or account in (event.opened_by, event.handler, event.checker)


class FilterBar(QWidget):
    """A field for words and six boxes; says that it changed, `wanted` is asked on the frame."""

    did_change = Signal()
    row_was_asked = Signal(int)
    was_left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.text = SearchField(desk.theme, desk.say("events.filter.text"))
        self.boxes: dict[str, ChoiceBox] = {}
        self._build()
        self.text.search_did_change.connect(lambda _text: self.did_change.emit())
        self.text.row_was_asked.connect(self.row_was_asked)
        self.text.was_submitted.connect(lambda _text: self.was_left.emit())
        self.text.was_left.connect(self.was_left)

    def wanted(self) -> Wanted:
        """Return what is chosen now."""
        chosen = {name: str(box.currentData() or "") for name, box in self.boxes.items()}
        return Wanted(
            text=self.text.text().strip(), scope=chosen["scope"], grade=chosen["grade"], state=chosen["state"],
            district=chosen["district"], source=chosen["source"], older_h=int(chosen["age"] or 0),
        )  # fmt: skip

    def choose(self, name: str, value: str) -> None:
        """Set one box to a value; a value it does not offer leaves it at «any»."""
        box = self.boxes[name]
        box.setCurrentIndex(max(0, box.findData(value)))

    def clear(self) -> bool:
        """Take every filter away; return False when there was none."""
        had = self.wanted() != Wanted()
        self.text.clear()
        for box in self.boxes.values():
            box.setCurrentIndex(0)
        return had

    def take_catalogue(self) -> None:
        """Offer the districts of the catalogue; a chosen one stays chosen."""
        names, own = self._desk.names, self._desk.session.own_centre
        if names is None:
            return
        districts = [(row.name, row.code) for row in names.view.catalogue.centres if row.parent == own]
        box, chosen = self.boxes["district"], self.boxes["district"].currentData()
        box.blockSignals(True)
        box.clear()
        box.addItem(self._desk.say("events.filter.any_district"), ANY)
        for name, code in districts:
            box.addItem(name, code)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(SPACE_PX * 2, SPACE_PX * 2, SPACE_PX * 2, SPACE_PX)
        grid.setSpacing(SPACE_PX)
        grid.addWidget(self.text, 0, 0, 1, 3)
        for place, (name, rows) in enumerate(self._rows().items()):
            box = ChoiceBox(self._desk.theme)
            box.setAccessibleName(self._desk.say(f"events.filter.{name}"))
            box.setMinimumContentsLength(4)
            for title, value in rows:
                box.addItem(title, value)
            box.currentIndexChanged.connect(lambda _at: self.did_change.emit())
            self.boxes[name] = box
            grid.addWidget(box, 1 + place // 3, place % 3)

    def _rows(self) -> dict[str, list[tuple[str, str]]]:
        say = self._desk.say
        grades = [(say(f"event.grade.{grade.name.lower()}"), str(int(grade))) for grade in reversed(EventGrade)]
        return {
            "scope": [(say(f"events.scope.{scope}"), scope) for scope in SCOPES],
            "grade": [(say("events.filter.any_grade"), ANY), *grades, (say("events.not_graded"), "-1")],
            "state": [(say("events.filter.any_state"), ANY),
                      *((say(f"event.state.{state.value}"), state.value) for state in EventState)],
            "district": [(say("events.filter.any_district"), ANY)],
            "source": [(say("events.filter.any_source"), ANY),
                       *((say(f"event.source.{source.value}"), source.value) for source in EventSource)],
            "age": [(say("events.filter.any_age"), ANY),
                    *((say("events.filter.older", hours=hours), str(hours)) for hours in _HOURS)],
        }  # fmt: skip

"""The same vital in every district, in order of its figure: who stands out (V8)."""

from PySide6.QtCore import Signal

from chengyun_console.desk import Desk
from chengyun_console.pages.vitals.alike import Family, family_of
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.catalogue import Vital
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.rank_bars import RankBars, RankRow, ranked


class DistrictsPanel(Panel):
    """Follows the vital in focus; a row chosen here is drawn beside it."""

    vital_was_chosen = Signal(int)
    vital_was_opened = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self._desk = desk
        self._about: tuple[int, int] = (-1, -1)
        self.family = Family(numbers=())
        self.bars = RankBars(desk.theme)
        self.set_body(self.bars)
        self.bars.row_was_chosen.connect(lambda key: self.vital_was_chosen.emit(int(key)))
        self.bars.row_was_opened.connect(lambda key: self.vital_was_opened.emit(int(key)))

    def show_vital(self, number: int) -> None:
        """Compare this vital; the family is found anew for another vital or catalogue version only."""
        names = self._desk.names
        if names is None or (number, names.view.version) == self._about or names.vital(number) is None:
            return
        self._about = (number, names.view.version)
        if number not in self.family.numbers:
            self.family = family_of(names, number)
        self._tell(names.view.vital(number))

    def refresh(self, state: StateMirror, now_ns: int) -> None:
        """Bring the figures to now and the rows into order."""
        names = self._desk.names
        if names is None or not self.family.numbers or max(self.family.numbers) >= state.count:
            return
        fresh = state.freshness(now_ns)
        rows = tuple(
            self._row(names.view.vital(n), state, Freshness(int(fresh[n])))
            for n in self.family.numbers
            if names.vital(n) is not None
        )
        self.bars.show_rows(ranked(rows), self._title.text())

    def _row(self, vital: Vital, state: StateMirror, fresh: Freshness) -> RankRow:
        names, number = self._desk.names, vital.number
        assert names is not None
        value = float(state.value[number]) if fresh is not Freshness.NEVER else float("nan")
        return RankRow(
            key=str(number),
            name=names.place(vital.centre),
            value=value,
            text=self._desk.figures.with_unit(value, vital.decimals, vital.unit),
            severity=Severity(int(state.band[number])),
            is_stale=fresh is not Freshness.FRESH,
            is_own=number == self._about[0],
        )

    def _tell(self, vital: Vital) -> None:
        say, family = self._desk.say, self.family
        self.set_title(say("vitals.compare.title", name=vital.name))
        if len(family.numbers) < 2:
            self.show_notice(Presence.EMPTY, say("vitals.compare.none"))
            self.set_note("")
            return
        self.show_notice(Presence.FRESH, "")
        code = "vitals.compare.note" if family.left_out else "vitals.compare.note_all"
        self.set_note(say(code, count=len(family.numbers), more=family.left_out))

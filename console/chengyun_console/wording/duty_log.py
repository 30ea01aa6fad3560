"""A line of the shift log in words: a journal row's own sentence, or what somebody wrote, and who it was."""

from dataclasses import dataclass

from chengyun_console.wording.events import EventWords
from chengyun_console.wording.figures import Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_console.wording.handover import seat_of
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.model.duty import LogKind
from chengyun_core.wire.duty_asks import LogRow
from chengyun_core.wire.event_asks import TimelineLine
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.time_lines import TimeLine

_INK = {LogKind.AUTOMATIC: Colour.TEXT_SECOND, LogKind.NOTICE: Colour.ORANGE_TEXT}


@dataclass(frozen=True, slots=True)
class LogWords:
    """Writes lines with the names of one catalogue version; without one codes are shown."""

    figures: Figures
    names: Gazetteer | None

    def line(self, row: LogRow, after: LogRow | None = None) -> TimeLine:
        """Return a line as it is shown; its key is the number of its journal row. `after`: the line that corrects it,
        or settles it, where it is known."""
        return TimeLine(
            key=str(row.number), stamp=self.figures.clock(row.at_ns), day=f"{self.figures.moment(row.at_ns):%Y-%m-%d}",
            text=self.text(row), who=self._who(row), happened=self._note(row, after),
            colour=_INK.get(row.kind, Colour.TEXT),
        )  # fmt: skip

    def text(self, row: LogRow) -> str:
        """Return the sentence of a line."""
        say = self.figures.texts.say
        if "text" in row.sentence.params and row.sentence.code == "log.text":
            return say(f"console.duty.log.{row.kind.value}", text=row.sentence.params["text"])
        code = row.sentence.code
        told = TimelineLine(
            number=row.number, at=row.at_ns, source_at=row.at_ns,
            code=code if code.startswith("timeline.") else f"timeline.{code.partition('.')[2]}",
            params=row.sentence.params, account=row.account, seat=row.seat, level="", kind="", key="",
        )  # fmt: skip
        said = TimelineWords(EventWords(self.figures, self.names)).line(told).text
        # Many sentences name the thing themselves.
        named = not row.title or row.title in said
        return said if named else say("console.duty.log.about", title=row.title, text=said)

    def _note(self, row: LogRow, after: LogRow | None) -> str:
        say = self.figures.texts.say
        if row.corrected_by is not None:
            settled = row.kind is LogKind.NOTICE and (after is None or after.kind is not LogKind.NOTICE)
            return say("console.duty.log.settled" if settled else "console.duty.log.corrected")
        if row.corrects is not None:
            return say("console.duty.log.corrects")
        return ""

    def _who(self, row: LogRow) -> str:
        say = self.figures.texts.say
        name = self.names.person(row.account) if self.names and row.account else row.account
        parts = (name or say("events.machine"), seat_of(row.seat), say("console.duty.log.locked") if row.locked else "")
        return say("events.pieces_between").join(filter(None, parts))

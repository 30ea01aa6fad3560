"""The report of alarms from journal rows: what counts as annunciated, whose vitals, and what is refused."""

import csv
import io

import pytest

from chengyun_core.launch.alarm_report import as_text, facts, line, moment, moments, vitals_of
from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm_report import Happened, figures
from chengyun_core.model.alarm_rules import By, Seen
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.change import Change
from chengyun_core.model.failure import Refused
from chengyun_core.model.places import Centre, Seat
from chengyun_core.model.scales import Level, Side, WarningColour
from chengyun_core.wire import codec
from chengyun_resources.texts import Texts
from tests.support.small_city import small_city

SECOND = 1_000_000_000
START = 1_784_000_000 * SECOND


class Told:
    """Journal rows of one alarm's life, as the centre writes them."""

    def __init__(self, vital=0):
        self.rows, self.alarm, self.vital = [], None, vital

    def see(self, second, band):
        seen = Seen(vital=self.vital, vital_code=f"V{self.vital}", at_ns=START + second * SECOND, band=band,
                    side=Side.HIGH, value=1.0, limit=0.5)  # fmt: skip
        step = alarm_rules.first_raise(1, seen) if self.alarm is None else alarm_rules.observed(self.alarm, seen)
        return self._row(second, step)

    def acknowledge(self, second):
        by = By(account="chen", seat="S1", at_ns=START + second * SECOND)
        return self._row(second, alarm_rules.acknowledge(self.alarm, by, None, ""))

    def _row(self, second, step):
        self.alarm = step.alarm
        self.rows.append(
            Change(number=len(self.rows) + 1, at_ns=START + second * SECOND, action=f"alarm.{step.move}", kind="alarm",
                   key="1", version=self.alarm.version, record=codec.pack(self.alarm))
        )  # fmt: skip
        return self


def test_that_raises_and_escalations_annunciate_and_easing_does_not():
    told = Told().see(0, WarningColour.YELLOW).acknowledge(5).see(9, WarningColour.ORANGE)
    told.see(12, WarningColour.BLUE).acknowledge(20).see(30, WarningColour.NONE)
    assert [(one.happened, (one.at - START) // SECOND) for one in moments(told.rows, None)] == [
        (Happened.ANNUNCIATED, 0), (Happened.ACKNOWLEDGED, 5), (Happened.ANNUNCIATED, 9), (Happened.ACKNOWLEDGED, 20),
        (Happened.RETURNED, 30),
    ]  # fmt: skip


def test_that_only_the_vitals_asked_for_are_told():
    rows = Told(vital=3).see(0, WarningColour.BLUE).rows
    assert moments(rows, frozenset({4})) == []
    assert [one.vital for one in moments(rows, frozenset({3}))] == [3]


def test_that_a_seat_answers_for_the_vitals_below_its_area():
    catalogue = small_city()
    whole = {vital.number for vital in catalogue.vitals if not vital.retired}
    root = next(centre.code for centre in catalogue.centres if not centre.parent)
    seat = Seat(code="S", name="S", centre=root, post="P", area="")
    assert vitals_of(Catalogue(centres=catalogue.centres, vitals=catalogue.vitals, seats=(seat,)), "S") == whole
    elsewhere = Centre(code="999", name="x", level=Level.CITY)
    other = Seat(code="S", name="S", centre="999", post="P", area="")
    assert not vitals_of(
        Catalogue(centres=(*catalogue.centres, elsewhere), vitals=catalogue.vitals, seats=(other,)), "S"
    )


def test_that_an_unknown_seat_and_a_time_without_zone_are_refused():
    with pytest.raises(Refused, match=r"report\.no_seat"):
        vitals_of(Catalogue(), "nowhere")
    for text in ("yesterday", "2026-11-21T08:00:00"):
        with pytest.raises(Refused, match=r"report\.bad_time"):
            moment(text)
    assert moment("2026-11-21T08:00:00+08:00") == moment("2026-11-21T00:00:00Z")


def test_that_every_figure_is_told_in_both_languages_and_as_a_table():
    found = figures(moments(Told().see(0, WarningColour.RED).rows, None), START, START + 3600 * SECOND)
    for language in ("zh_CN", "en"):
        texts = Texts(language)
        assert not [text for text in (line(figure, texts) for figure in found) if "report." in text or "{" in text]
    rows = list(csv.DictReader(io.StringIO(as_text(found))))
    assert [row["metric"] for row in rows] == [facts(figure)["metric"] for figure in found]
    assert {row["metric"]: row["value"] for row in rows}["peak"] == "1.0"

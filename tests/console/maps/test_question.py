"""What and who is inside: asked of centre and survey at once, told as it comes, in whatever order, whatever fails."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps.inquiry import Inquiry
from chengyun_console.maps.question import LISTED, RADII_M, Outline, next_radius, outline_layer
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.geo.projection import to_world
from chengyun_core.model.failure import Reason
from chengyun_core.wire.map_asks import AskWithin, Found, Within
from chengyun_core.wire.survey_asks import AskDevicesWithin, DevicesWithin, KindCount
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.mapping.layers import AreaLayer, RingLayer
from chengyun_widgets.theme import load_theme
from tests.console import warning_samples
from tests.console.bare_desk import ending
from tests.console.still_session import StillSession

WITHIN, DEVICES, WARNING = "map.within.F5", "density.within.F5", "warning.get.F5"
SILENT = Reason(code="session.no_answer", params={"daemon": "centre", "kind": "map.within"})
REFUSED = Reason(code="warning.unknown", params={"warning": "7"})
HERE = tuple(map(float, to_world(106.58, 29.56)))
GAUGES = DevicesWithin(kinds=(KindCount(kind="水位计", registered=412, online=400, silent=11, alarming=1),))


class Stand:
    """A question at one map."""

    def __init__(self, folder: Path, language: str) -> None:
        self.session = StillSession()
        self.desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts(language), Preferences())
        self.inquiry = Inquiry(self.desk, "F5")

    def rows(self) -> dict[str, FactRow]:
        """Return what is told, by keys no two may share; no word of it is a code."""
        answer = self.inquiry.answer()
        assert answer is not None
        title, rows = answer
        found = {row.key: row for row in rows}
        assert len(found) == len(rows)
        for text in (title, *(text for row in rows for text in (row.title, row.detail, row.status, row.age))):
            assert not any(sign in text for sign in ("maps.", "{", "}")), f"a code instead of words: {text}"
        return found

    def around(self) -> None:
        """Ask what is within five kilometres."""
        self.inquiry.around((HERE[0], HERE[1]))

    def say(self, code: str, **params: object) -> str:
        """Return a sentence."""
        return self.desk.say(code, **params)


@pytest.fixture(params=["zh_CN", "en"])
def at(qapp: QApplication, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stand]:
    """Nothing asked."""
    made = Stand(tmp_path, request.param)
    with ending(made.desk):
        yield made


def test_that_centre_and_survey_are_asked_about_the_same_place(at: Stand) -> None:
    at.around()
    within, devices = at.session.sent.asks[WITHIN][1], at.session.sent.asks[DEVICES][1]
    assert isinstance(within, AskWithin)
    assert isinstance(devices, AskDevicesWithin)
    place = (within.longitude, within.latitude, within.radius_m)
    assert place == (devices.longitude, devices.latitude, devices.radius_m) == pytest.approx((106.58, 29.56, 5000.0))
    assert within.limit == LISTED
    at.inquiry.ring((HERE, (HERE[0] + 1e-5, HERE[1]), (HERE[0], HERE[1] + 1e-5)))  # type: ignore[arg-type]
    asked = at.session.sent.asks[WITHIN][1]
    assert isinstance(asked, AskWithin)
    assert asked.ring[0] == pytest.approx((106.58, 29.56))
    assert asked.radius_m == 0.0


def test_that_a_place_with_nothing_in_it_is_told_as_empty_and_not_as_being_asked(at: Stand) -> None:
    at.around()
    assert at.rows() == {}, "the list says that it is being asked"
    at.session.answer_ask(WITHIN, Within())
    assert list(at.rows()) == ["empty", "head:device"]
    assert at.rows()["head:device"].title == at.say("maps.question.devices_asked")
    at.session.answer_ask(DEVICES, DevicesWithin())
    rows = at.rows()
    assert list(rows) == ["empty", "head:device"]
    assert rows["empty"].title == at.say("maps.question.empty")
    assert rows["head:device"].title == at.say("maps.question.devices", count="0", online="0", alarming="0")


@pytest.mark.parametrize("first", [WITHIN, DEVICES])
def test_that_silence_of_one_leaves_what_the_other_told(at: Stand, first: str) -> None:
    told: dict[str, Callable[[], None]] = {
        WITHIN: lambda: at.session.answer_ask(WITHIN, SILENT), DEVICES: lambda: at.session.answer_ask(DEVICES, GAUGES),
    }  # fmt: skip
    at.around()
    for slot in sorted(told, key=lambda slot: slot != first):
        told[slot]()
    rows = at.rows()
    assert list(rows) == ["told:fault", "head:device", "kind:水位计"]
    assert rows["told:fault"].title == at.desk.refusal(SILENT)
    assert "412" in rows["head:device"].title


def test_that_devices_that_cannot_be_counted_are_said_beside_what_is_known(at: Stand) -> None:
    at.around()
    at.session.answer_ask(WITHIN, Within(counts={"unit": 1}))
    at.session.answer_ask(DEVICES, SILENT)
    rows = at.rows()
    assert list(rows) == ["head:unit", "more:unit", "head:device"]
    assert rows["head:device"].title == at.say("maps.question.devices_unknown")
    assert rows["head:device"].detail == at.desk.refusal(SILENT)


def test_that_who_answers_for_a_warned_place_is_told_alike_whatever_comes_first(at: Stand) -> None:
    """Three answers in any order, one of them a refusal: nothing of it may hide the others, nor be forgotten."""
    answers = {WARNING: REFUSED, WITHIN: Within(counts={"unit": 4}), DEVICES: GAUGES}
    seen = []
    for order in itertools.permutations(answers):
        at.inquiry.warning(warning_samples.warning())
        for slot in order:
            at.session.answer_ask(slot, answers[slot])
        answer = at.inquiry.answer()
        assert answer is not None
        seen.append((answer[0], tuple(at.rows().values())))
    assert len(set(seen)) == 1
    title, rows = seen[0]
    assert title == at.say("maps.warned.unknown")
    assert [row.key for row in rows] == ["told:fault", "head:unit", "more:unit", "head:device", "kind:水位计"]
    assert rows[0].title == at.desk.refusal(REFUSED)


def test_that_an_answer_to_the_question_before_is_told_nowhere(at: Stand) -> None:
    at.around()
    _kind, _ask, late = at.session.sent.asks.pop(WITHIN)
    _kind, _ask, late_devices = at.session.sent.asks.pop(DEVICES)
    at.around()
    late(Within(counts={"unit": 9}))
    late_devices(GAUGES)
    assert at.rows() == {}
    at.inquiry.forget()
    at.session.answer_ask(WITHIN, Within(counts={"unit": 9}))
    assert at.inquiry.answer() is None


def found(kind: str, key: str, metres: float, **more: object) -> Found:
    """Return a thing so far away."""
    return Found(kind=kind, key=key, name=f"{kind} {key}", longitude=0.0, latitude=0.0, metres=metres, **more)  # type: ignore[arg-type]


def test_that_rows_stand_in_one_order_with_counts_and_what_is_not_listed(at: Stand) -> None:
    told = Within(
        found=(
            found("feature", "shelters/S1", 900.0, sort="shelters"),
            found("event", "7", 640.4, sort="4", state="reported"),
            found("risk_point", "FX-1", 1500.0, people=1234), found("unit", "U-1", 10.0, state="busy"),
        ),
        counts={"feature": 1, "event": 1, "risk_point": 1003, "unit": 1}, unplaced={"camera": 5}, people=1234,
        people_known=1,
    )  # fmt: skip
    at.around()
    at.session.answer_ask(DEVICES, GAUGES)
    at.session.answer_ask(WITHIN, told)
    rows = at.rows()
    assert list(rows) == [
        "people", "head:event", "event:7", "head:risk_point", "risk_point:FX-1", "more:risk_point", "head:unit",
        "unit:U-1", "head:camera", "head:feature", "feature:shelters/S1", "head:device", "kind:水位计",
    ]  # fmt: skip
    assert rows["people"].title == at.say("maps.question.people", people="1,234")
    assert rows["more:risk_point"].title == at.say("maps.question.more", count="1,002")
    assert (rows["event:7"].severity, rows["event:7"].age) == (Severity.RED, "640 m")
    assert rows["unit:U-1"].status == at.say("maps.unit.busy")
    assert rows["head:camera"].status == at.say("maps.question.unplaced", count="5")
    assert rows["risk_point:FX-1"].age == "1.5 km"


def test_that_a_circle_and_a_polygon_are_drawn_as_what_was_asked(at: Stand) -> None:
    ring = outline_layer(Outline(at=(0.5, 0.4), radius_m=500.0), "500 m")
    assert isinstance(ring, RingLayer)
    assert (ring.centre, ring.radii_m, ring.labels, ring.is_dashed) == ((0.5, 0.4), (500.0,), ("500 m",), False)
    corners = ((0.5, 0.4), (0.51, 0.4), (0.5, 0.41))
    area = outline_layer(Outline(ring=corners), "圈内")
    assert isinstance(area, AreaLayer)
    assert (area.areas[0].rings, area.areas[0].label, area.is_pickable) == ((corners,), "圈内", False)


@given(radius_m=st.floats(min_value=1.0, max_value=1e6), by=st.sampled_from((-1, 1)))
def test_that_steps_of_a_circle_stay_among_those_there_are(radius_m: float, by: int) -> None:
    found = next_radius(radius_m, by)
    assert found in RADII_M
    assert next_radius(RADII_M[0], -1) == RADII_M[0]
    assert next_radius(RADII_M[-1], 1) == RADII_M[-1]
    nearest = min(RADII_M, key=lambda one: abs(one - radius_m))
    assert (found - nearest) * by >= 0

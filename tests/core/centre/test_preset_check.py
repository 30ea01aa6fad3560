"""A preset of 急时 looked at while it is written: what each part would change, and nothing is saved."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.mode import Part, Preset, Scope
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.mode_asks import AskModes, AskPresetCheck, ModePreview, Modes
from tests.core.centre.mode_room import BARE, FLOOD, WHOLE, ModeRoom


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModeRoom]:
    """Return a centre in which nothing is written by these tests."""
    made = ModeRoom(Path(tmp_path_factory.mktemp("presets")))
    yield made
    made.room.ledger.close()


def _ask(city: ModeRoom, preset: Preset, scope: Scope = WHOLE) -> Reply:
    return city.room.ask("mode_preset.check", AskPresetCheck(preset=preset, scope=scope), city.chief)


def _told(city: ModeRoom, preset: Preset) -> dict[Part, tuple[str, str]]:
    parts = codec.unpack(_ask(city, preset).body, ModePreview).parts
    return {one.part: (one.before, one.after) for one in parts}


def test_that_every_part_of_a_draft_is_told_before_and_after(city: ModeRoom) -> None:
    draft = replace(FLOOD, code="new", name="新方案", version=0, report_every_min=45.0)
    told = _told(city, draft)
    assert set(told) == set(Part)
    assert told[Part.THRESHOLDS] == ("PT", "XQ")
    assert told[Part.REPORTS] == ("", "45")
    assert told[Part.ROSTER][1] == "500000.duty_officer.2"


def test_that_a_call_list_is_told_by_its_name(city: ModeRoom) -> None:
    parts = codec.unpack(_ask(city, FLOOD).body, ModePreview).parts
    told = next(one.sentence for one in parts if one.part is Part.CALL_OUT)
    assert (told.params["before"], told.params["after"]) == ("", "防汛叫应")


def test_that_a_draft_is_told_as_the_preset_it_becomes_is(city: ModeRoom) -> None:
    saved = codec.unpack(_ask(city, replace(FLOOD, version=1)).body, ModePreview)
    assert saved.parts == city.preview(preset="flood").parts


def test_that_a_part_that_could_not_be_switched_is_told_in_the_draft(city: ModeRoom) -> None:
    draft = replace(BARE, plans=("none",), call_out="none")
    parts = codec.unpack(_ask(city, draft).body, ModePreview).parts
    assert {one.part: one.fault.code for one in parts if one.fault} == {
        Part.CALL_OUT: "call_list.unknown", Part.PLANS: "mode.plan_unknown",
    }  # fmt: skip


def test_that_a_draft_nobody_could_save_is_refused_with_what_is_wrong(city: ModeRoom) -> None:
    assert _ask(city, replace(BARE, threshold_set="none")).code == "threshold.set_unknown"
    assert _ask(city, replace(BARE, layers=("a b",))).code == "mode.preset_space"
    assert _ask(city, BARE, Scope(centre="999999")).code == "mode.scope_unknown"


def test_that_looking_at_a_draft_saves_nothing(city: ModeRoom) -> None:
    before = codec.unpack(city.room.ask("mode.page", AskModes(), city.chief).body, Modes).presets
    _ask(city, replace(FLOOD, name="改名"))
    assert codec.unpack(city.room.ask("mode.page", AskModes(), city.chief).body, Modes).presets == before

"""No refusal tells an officer a state, a step or a deed in the code's own English word."""

import ast
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

from chengyun_core.model.alarm import AlarmState
from chengyun_core.model.alarm_records import ThresholdState
from chengyun_core.model.approval import ApprovalState
from chengyun_core.model.camera import EvidenceKind
from chengyun_core.model.device_file import RepairMove, RepairState, Stage, StageMove
from chengyun_core.model.dispatch import UnitState
from chengyun_core.model.drawing import DrawingKind, Meaning
from chengyun_core.model.duty import Presence, ShiftState
from chengyun_core.model.event import EventState, Factor
from chengyun_core.model.event_rules import Move
from chengyun_core.model.glass_codes import CodeState
from chengyun_core.model.map_layer import LayerKind
from chengyun_core.model.mode import ModeOrderState, SwitchState
from chengyun_core.model.order import Channel, OrderState, ReceiptState, RequestState, Step
from chengyun_core.model.plan import PlanState, RunState, RunStepState
from chengyun_core.model.receipt_rules import ReceiptMove, Who
from chengyun_core.model.rights import Label
from chengyun_core.model.room import MemberMove, MemberState, Stance
from chengyun_core.model.scales import EventGrade, Mode, WarningColour
from chengyun_core.model.threshold_change import Move as ThresholdMove
from chengyun_core.model.warning import WarningState
from chengyun_resources.texts import LANGUAGES, Texts
from chengyun_resources.texts.reason_words import WORDS, left_word, params_of

CORE = Path(__file__).resolve().parents[2] / "core" / "chengyun_core"
SESSION_ENDS = (
    "account_disabled", "ended_by_admin", "expired", "glass", "glass_ended", "glass_over", "handed_over", "moved",
    "password_changed", "posts_changed", "signed_off", "took_over",
)  # fmt: skip
"""What the centre writes as the reason of `session.end` (centre.sessions, break_glass, handover_signing)."""
ONVIF_WHY = (
    "bad_address", "document_type", "no_envelope", "no_media", "no_profile", "no_stream", "not_xml", "other_answer",
)  # fmt: skip
PLATFORM_WHY = ("empty", "no_stream", "no_token", "not_json")
"""Why an answer of a camera or a platform was not used (centre.onvif, centre.platforms)."""
MAP_WHY = (
    "", *(f"map.note_{why}" for why in (
        "few_corners", "kind_unknown", "many_corners", "mend_loses", "no_area", "no_corners", "no_geometry",
        "no_length", "no_node", "not_a_feature", "not_a_number", "not_a_place", "out_of_range", "projected",
        "wkb", "wkt",
    )),
)  # fmt: skip
"""Why a feature of a layer is refused (geo.mend); nothing: the file has none."""
MEMBERS: dict[str, tuple[str, ...]] = {
    "device.move.": tuple(StageMove), "device.stage.": tuple(Stage), "drawing.kind.": tuple(DrawingKind),
    "drawing.meaning.": tuple(Meaning), "map.kind.": tuple(LayerKind), "map.why.": MAP_WHY,
    "repair.move.": tuple(RepairMove), "repair.state.": tuple(RepairState),
    "word.shared.": ("camera", "file", "map", "self", "sight", "trend"), "word.stance.": tuple(Stance),
    "channel.": tuple(Channel), "word.member_move.": tuple(MemberMove), "word.member_state.": tuple(MemberState),
    "console.plans.state.": tuple(PlanState), "console.state.": tuple(AlarmState), "event.factor.": tuple(Factor),
    "evidence.kind.": tuple(EvidenceKind), "word.onvif.": ONVIF_WHY, "word.platform.": PLATFORM_WHY,
    "event.grade.": tuple(grade.name.lower() for grade in EventGrade), "event.state.": tuple(EventState),
    "events.move.": tuple(Move), "order.state.": tuple(OrderState), "receipt.state.": tuple(ReceiptState),
    "receipt.step.": tuple(Step), "request.state.": tuple(RequestState), "word.approval.": tuple(ApprovalState),
    "word.left.": ("receipt.behind", "receipt.changed", "receipt.not_open", "receipt.unknown", "receipt.unseen",
                   "supervision.already"),
    "warning.colour.": tuple(colour.name.lower() for colour in WarningColour), "warning.state.": tuple(WarningState),
    "word.label.": tuple(Label), "word.mode.": tuple(Mode), "word.mode_order.": tuple(ModeOrderState),
    "word.mode_state.": tuple(SwitchState), "word.presence.": tuple(Presence), "word.session_end.": SESSION_ENDS,
    "word.glass_code.": tuple(CodeState), "word.shift.": tuple(ShiftState),
    "word.receipt_by.": tuple(Who), "word.receipt_move.": tuple(ReceiptMove), "word.run.": tuple(RunState),
    "word.run_step.": tuple(RunStepState), "word.threshold.": tuple(ThresholdState),
    "word.threshold_move.": tuple(ThresholdMove), "word.unit.": tuple(UnitState),
}  # fmt: skip
NAMES_OF_THEIR_OWN = frozenset({"plan.cannot_run value", "roster.faulty value"})
"""A cell's text as it was written in a table of plans or of a roster: said as it is."""


def refusals() -> Iterator[tuple[str, str]]:
    """Yield (code, parameter) of every refusal of the core whose parameter is the value of an enumeration."""
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Refused"), args=[ast.Constant(value=str(code)), *_], keywords=given):
                    yield from ((code, one.arg) for one in given if one.arg and is_member(one.value))


def is_member(value: ast.expr) -> bool:
    return ast.unparse(value).endswith((".value", ".name.lower()", ".action"))


def deeds() -> set[str]:
    """Return the journal's deeds on orders, receipts and plans: each has a line in the timeline."""
    folder = CORE.parents[1] / "resources/chengyun_resources/texts/zh_CN/LC_MESSAGES"
    told = "".join(path.read_text("utf-8") for path in folder.glob("*.po"))
    lines = (line.removeprefix('msgid "timeline.').removesuffix('"') for line in told.splitlines())
    return {line for line in lines if line.startswith(("order.", "receipt.", "plan.")) and " " not in line}


def test_that_every_state_in_a_refusal_is_said_in_words() -> None:
    found = [(code, name) for code, name in refusals() if f"{code} {name}" not in NAMES_OF_THEIR_OWN]
    assert len(found) > 30
    unsaid = [(code, name) for code, name in found if not {(code, name), (code.partition(".")[0], name)} & WORDS.keys()]
    assert unsaid == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_state_there_is_has_a_word(language: str) -> None:
    texts = Texts(language)
    members = {**MEMBERS, "word.deed.": tuple(sorted(deeds()))}
    assert set(WORDS.values()) == members.keys()
    codes = [begins + str(one.value if isinstance(one, Enum) else one) for begins in members for one in members[begins]]
    assert [code for code in codes if not texts.has(code)] == []


def test_that_an_officer_reads_his_own_words() -> None:
    texts = Texts("zh_CN")
    params = params_of(texts, "receipt.behind", {"receipt": "17.2", "step": "signed"})
    assert params == {"receipt": "17.2", "step": "已签收"}
    assert params_of(texts, "plan.step_not_so", {"step": "QIANGXIU", "state": "ready"})["state"] == "可下达"
    assert params_of(texts, "order.under_way", {"state": "returned"}) == {"state": "已退回"}
    assert params_of(texts, "order.changed", {"what": "receipt.sign"}) == {"what": "签收"}


def test_that_a_code_among_the_parameters_is_said_and_anything_else_is_shown_as_it_is() -> None:
    texts = Texts("en")
    said = params_of(texts, "supervision.nothing_left", {"first": "17.2", "reason": "supervision.already"})
    assert said == {"first": "17.2", "reason": "under supervision already"}
    assert params_of(texts, "threshold.no", {"reason": "order.no_title"})["reason"] == texts.say("order.no_title")
    assert left_word(texts, "receipt.behind") == "fed back already"
    assert left_word(texts, "alarm.closed") == texts.say("alarm.closed")
    assert params_of(texts, "order.ended", {"state": "a state of next year"}) == {"state": "a state of next year"}

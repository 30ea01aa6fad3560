"""Declarations, warnings and call-outs as a screen holds them."""

from chengyun_core.mirror.fact_merge import FactMerge
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.callout import Call, CallOut
from chengyun_core.model.change import Change
from chengyun_core.model.mode import Declaration, Scope, SwitchState
from chengyun_core.model.scales import Mode, WarningColour
from chengyun_core.model.warning import Affected, OfficialWarning, WarningState
from chengyun_core.wire import codec


def _told(merge: FactMerge, mirror: FactMirror, number: int, kind: str, key: str, record: object, version: int) -> None:
    change = Change(
        number=number, at_ns=0, action="x", kind=kind, key=key, version=version, record=codec.pack(record)
    )  # fmt: skip
    merge.put(change, fact_of(change))
    news = merge.news(through=number, tail=number, complete=True)
    assert news is not None
    mirror.apply(news)


def test_that_a_declaration_stays_when_it_was_undone_so_that_the_screen_can_say_why() -> None:
    merge, mirror = FactMerge(), FactMirror()
    for version, state in enumerate((SwitchState.APPLYING, SwitchState.UNDONE), 1):
        made = Declaration(
            number=1, issuer="500000", scope=Scope(centre="500103"), term=version, mode=Mode.EMERGENCY, reason="x",
            state=state, declared_at=1, declared_by="li", version=version,
        )  # fmt: skip
        _told(merge, mirror, version, "mode", "500000/500103", made, version)
        assert mirror.mode.declarations["500000/500103"].state is state


def test_that_a_warning_leaves_the_screen_when_it_has_expired() -> None:
    merge, mirror = FactMerge(), FactMirror()
    for version, state in enumerate((WarningState.IN_FORCE, WarningState.EXPIRED), 1):
        made = OfficialWarning(
            number=7, code="x", identifier="x", sender="x", category="rain", colour=WarningColour.RED, starts_at=1,
            area=Affected(), notice="x", measures="x", issuer="x", issued_at=1, received_at=1, format="own",
            state=state, version=version,
        )  # fmt: skip
        _told(merge, mirror, version, "warning", "7", made, version)
        assert (7 in mirror.warned.warnings) is (state is WarningState.IN_FORCE)


def test_that_the_calls_of_a_call_out_are_held_by_their_places() -> None:
    merge, mirror = FactMerge(), FactMirror()
    out = CallOut(number=3, about="warning/7", title="x", words="x", addressees=1, started_at=1, started_by="li")
    _told(merge, mirror, 1, "call_out", "3", out, 1)
    _told(merge, mirror, 2, "call", "3.0", Call(call_out=3, place=0, for_centre="500103", chain=("p",)), 1)
    assert list(mirror.warned.call_outs) == [3]
    assert list(mirror.warned.calls) == ["3.0"]

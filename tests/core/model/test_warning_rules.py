"""Chains of warnings end in the same states whatever message came first; who may publish which colour."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model import warning_rules
from chengyun_core.model.scales import Level, WarningColour
from chengyun_core.model.warning import Affected, MessageType, OfficialWarning, Status, WarningState

PLAIN = OfficialWarning(
    number=1, code="", identifier="A1", sender="cma", category="rainstorm", colour=WarningColour.RED, starts_at=0,
    area=Affected(), notice="", measures="", issuer="", issued_at=0, received_at=0, format="cap-1.2",
)  # fmt: skip
IN_FORCE, SUPERSEDED, CANCELLED, EXPIRED = (
    WarningState.IN_FORCE, WarningState.SUPERSEDED, WarningState.CANCELLED, WarningState.EXPIRED,
)  # fmt: skip


def _one(number: int, message: MessageType, at: int, ends: int | None = None) -> OfficialWarning:
    return replace(PLAIN, number=number, identifier=f"A{number}", message=message, issued_at=at, expires_at=ends)


ALERT, UPDATE, CANCEL = MessageType


def _states(*chain: OfficialWarning, now: int = 100) -> list[WarningState]:
    fates = warning_rules.fates(chain, now)
    return [fates[one.number].state for one in chain]


def test_that_the_next_update_or_cancel_ends_a_message() -> None:
    assert _states(_one(1, ALERT, 0)) == [IN_FORCE]
    assert _states(_one(1, ALERT, 0), _one(2, UPDATE, 1)) == [SUPERSEDED, IN_FORCE]
    assert _states(_one(1, ALERT, 0), _one(2, UPDATE, 1), _one(3, CANCEL, 2)) == [SUPERSEDED, CANCELLED, CANCELLED]
    assert _states(_one(1, ALERT, 0), _one(2, CANCEL, 1), _one(3, UPDATE, 2)) == [CANCELLED, CANCELLED, IN_FORCE]


def test_that_what_expired_before_it_was_replaced_expired() -> None:
    assert _states(_one(1, ALERT, 0, ends=5), _one(2, UPDATE, 10)) == [EXPIRED, IN_FORCE]
    assert _states(_one(1, ALERT, 0, ends=15), _one(2, UPDATE, 10)) == [SUPERSEDED, IN_FORCE]
    assert _states(_one(1, ALERT, 0, ends=100)) == [EXPIRED]
    assert _states(_one(1, ALERT, 0, ends=101)) == [IN_FORCE]


def test_that_two_alerts_stand_beside_each_other() -> None:
    assert _states(_one(1, ALERT, 0), _one(2, ALERT, 1)) == [IN_FORCE, IN_FORCE]


def test_that_what_was_never_published_is_no_link() -> None:
    waiting = replace(_one(2, CANCEL, 1), state=WarningState.WAITING)
    assert dict(warning_rules.fates([_one(1, ALERT, 0), waiting], 100)) == {1: warning_rules.Fate(IN_FORCE)}


_LINKS = st.lists(
    st.tuples(st.sampled_from(MessageType), st.integers(0, 20), st.none() | st.integers(1, 200)), min_size=1, max_size=8
)


@given(_LINKS, st.randoms(), st.integers(0, 200))
def test_that_fates_hang_on_what_was_sent_not_on_what_came_first(
    links: list[tuple[MessageType, int, int | None]],
    chance: Random,
    now: int,
) -> None:
    sent = [_one(number, *link) for number, link in enumerate(links, start=1)]
    shuffled = list(sent)
    chance.shuffle(shuffled)
    arrived = [replace(one, number=100 - place) for place, one in enumerate(shuffled)]

    def told(chain: list[OfficialWarning]) -> dict[str, WarningState]:
        fates = warning_rules.fates(chain, now)
        return {one.identifier: fates[one.number].state for one in chain}

    assert told(sent) == told(arrived)
    if any(one.message is not ALERT for one in sent):
        last = max((one for one in sent if one.message is not ALERT), key=lambda one: one.issued_at)
        alone = [one for one in sent if told(sent)[one.identifier] is IN_FORCE and one.issued_at < last.issued_at]
        assert alone == []


@pytest.mark.parametrize(
    ("level", "most"), [(Level.CITY, WarningColour.RED), (Level.DISTRICT, WarningColour.YELLOW), (Level.TOWN, 0)]
)
def test_that_a_level_publishes_what_the_regulation_gives_it(level: Level, most: int) -> None:
    colours = [colour for colour in WarningColour if warning_rules.may_issue(level, colour)]
    assert max(colours, default=0) == most
    assert WarningColour.NONE not in colours


@pytest.mark.parametrize(
    ("status", "realm", "code"),
    [
        (Status.ACTUAL, "live", ""), (Status.EXERCISE, "drill", ""),
        (Status.EXERCISE, "live", "warning.exercise_in_live"), (Status.ACTUAL, "drill", "warning.actual_in_drill"),
        (Status.TEST, "live", "warning.only_a_test"), (Status.SYSTEM, "drill", "warning.only_a_test"),
    ],
)  # fmt: skip
def test_that_an_exercise_and_the_real_thing_never_meet(status: Status, realm: str, code: str) -> None:
    assert warning_rules.status_fault(status, realm) == code

"""Every kind of record a console is sent has a place where it is held, and leaves it again."""

import pytest

from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.mirror.records import RECORDS
from chengyun_core.model.change import SessionRecord
from chengyun_core.model.duty import INCOMING

NAMED = frozenset({
    "call", "duty_person", "flood", "mode", "mode_preset", "mode_report", "override", "receipt", "roll_answer",
    "seat_cover", "unit",
})  # fmt: skip
"""Kinds whose key is no number."""


def news(*facts: Fact, gone: tuple[tuple[str, str], ...] = ()) -> FactNews:
    return FactNews(facts=facts, gone=gone, changes=(), through=1, tail=1, complete=True)


@pytest.mark.parametrize("kind", sorted(RECORDS.keys() - {"alarm", "catalogue", "session"}))
def test_that_a_record_of_every_kind_is_held_and_let_go(kind: str) -> None:
    mirror, key, record = FactMirror(), "K1" if kind in NAMED else "7", object()
    mirror.apply(news(Fact(kind=kind, key=key, version=1, number=1, record=record)))  # type: ignore[arg-type]
    shelf, place = mirror._shelf_of(kind, key)
    assert shelf[place] is record
    mirror.apply(news(gone=((kind, key),)))
    assert place not in shelf


def test_that_who_takes_a_seat_over_does_not_sit_at_it() -> None:
    mirror = FactMirror()
    giver = SessionRecord(seat="A-01", account="li", name="李", posts=(), since=1)
    taker = SessionRecord(seat="A-01", account="wang", name="王", posts=(), since=2)
    incoming = f"A-01{INCOMING}"
    mirror.apply(news(
        Fact(kind="session", key="A-01", version=1, number=1, record=giver),
        Fact(kind="session", key=incoming, version=1, number=2, record=taker),
    ))  # fmt: skip
    assert (mirror.sessions, mirror.duty.incoming) == ({"A-01": giver}, {incoming: taker})
    mirror.apply(news(gone=(("session", incoming),)))
    assert (mirror.sessions, mirror.duty.incoming) == ({"A-01": giver}, {})

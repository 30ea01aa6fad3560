"""msgpack of our records: round trips of every record on the wire, and strict refusal of everything else."""

import random
from dataclasses import is_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.alarm import Alarm
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.change import CatalogueRecord, Change, SessionRecord
from chengyun_core.model.command import COMMANDS, CommentAlarm
from chengyun_core.wire import codec
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.envelope import INGEST_ASKS, AskWatch, Heartbeat, Reply, Request, SignedOn
from tests.support.small_city import small_city

HOSTILE = 50_000
RECORDS: list[type[Any]] = sorted(
    {
        Alarm, Catalogue, CatalogueRecord, Change, Heartbeat, Reply, Request, SessionRecord, SignedOn,
        *COMMANDS.values(),
        *(kind for table in (CENTRE_ASKS, INGEST_ASKS) for pair in table.values() for kind in pair if kind is not None),
    },
    key=lambda kind: kind.__name__,
)  # fmt: skip

# What msgpack can carry: 64-bit integers, text without lone surrogates, no NaN where equality is asked.
for plain, strategy in {
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False),
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    bytes: st.binary(max_size=8),
}.items():
    st.register_type_strategy(plain, strategy)


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind is not Catalogue], ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_that_every_record_comes_out_as_it_went_in(kind: type[Any], data: st.DataObject) -> None:
    record = data.draw(st.builds(kind))
    assert codec.unpack(codec.pack(record), kind) == record


def test_that_a_catalogue_comes_out_as_it_went_in() -> None:
    city = small_city(40)
    assert codec.unpack(codec.pack(city), Catalogue) == city


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(junk=st.binary(max_size=60))
def test_that_random_bytes_are_refused_with_the_record_named(kind: type[Any], junk: bytes) -> None:
    outcome = outcome_of(junk, kind)
    if isinstance(outcome, BadMessage):
        assert (outcome.reason.code, outcome.reason.params["record"]) == ("wire.bad_message", kind.__name__)
    else:
        assert is_dataclass(outcome)


def outcome_of(data: bytes, kind: type[Any]) -> object:
    """Return the record, or the refusal; anything else that is raised fails the test."""
    try:
        return codec.unpack(data, kind)
    except BadMessage as refused:
        return refused


def test_that_fifty_thousand_hostile_messages_are_refused_or_whole_and_never_anything_else() -> None:
    dice = random.Random(20260718)
    request = Request(id="x", kind="window", body=b"\x00" * 8, session="s")
    seeds = [(codec.pack(request), Request), (codec.pack(Reply(id="x", outcome="done", params={"a": "b"})), Reply)]
    refused = 0
    for _ in range(HOSTILE):
        data, kind = dice.choice(seeds)
        damaged = bytearray(data)
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(damaged))
            damaged[at : at + dice.randrange(2)] = dice.randbytes(dice.randrange(3))
            damaged = damaged or bytearray(b"\x80")
        outcome = outcome_of(bytes(damaged), kind)
        refused += isinstance(outcome, BadMessage)
        assert isinstance(outcome, (BadMessage, kind))
    assert refused > HOSTILE / 2


@pytest.mark.parametrize(
    "bomb",
    [
        b"\xdd\xff\xff\xff\xff",
        b"\x81\xa2id\xc6\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\x91" * 100_000 + b"\x90",
        b"\x81\xa2id" + b"\x91" * 100_000,
        b"\x81\xa2id\xd9\x04\xff\xfe\xfd\xfc",
        b"",
    ],
    ids=["array of 4 G", "bytes of 4 G", "map of 4 G", "deep", "deep inside", "no UTF-8", "nothing"],
)
def test_that_bombs_are_refused(bomb: bytes) -> None:
    with pytest.raises(BadMessage):
        codec.unpack(bomb, Request)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"id": "x"}, "kind"),
        ({"id": "x", "kind": 3}, "kind"),
        ({"id": "x", "kind": "a", "more": 1}, "more"),
        ({"id": "x", "kind": "a", "body": "text"}, "body"),
    ],
)
def test_that_a_missing_wrong_or_unknown_field_is_named(record: dict[str, object], told: str) -> None:
    with pytest.raises(BadMessage) as refused:
        codec.unpack(codec.pack(record), Request)
    assert told in refused.value.reason.params["reason"]


@pytest.mark.parametrize("number", [2**63, 2**64 - 1])
def test_that_an_integer_no_database_holds_is_refused_wherever_it_is(number: int) -> None:
    with pytest.raises(BadMessage, match="63 bits"):
        codec.unpack(codec.pack({"alarm": number, "text": "x"}), CommentAlarm)
    with pytest.raises(BadMessage, match="63 bits"):
        codec.unpack(codec.pack({"vitals": [1, number]}), AskWatch)


def test_that_text_that_looks_like_a_great_integer_is_text() -> None:
    held = Request(id="x", kind="y", body=b"\xcf\xff\xff")
    assert codec.unpack(codec.pack(held), Request) == held

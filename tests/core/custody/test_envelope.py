"""The envelope: only the passphrase opens it, only as it was written, and no memory is spent on a forged one."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from chengyun_core.custody import envelope
from chengyun_core.model.failure import Refused, Trouble
from tests.core.custody.sealing import DAY_NS, NOON_NS, OTHER, PASSPHRASE


def _made(suite: str = "international") -> tuple[envelope.Envelope, envelope.Keys]:
    return envelope.make(PASSPHRASE, suite=suite, now_ns=NOON_NS, until_ns=NOON_NS + DAY_NS, cost=envelope.LEAST_COST)


@pytest.mark.parametrize("suite", ["international", "national"])
def test_that_the_passphrase_and_nothing_else_opens_an_envelope_of_either_suite(suite: str) -> None:
    made, keys = _made(suite)
    assert envelope.opened(made, PASSPHRASE).master == keys.master
    with pytest.raises(Refused, match=r"custody\.wrong_passphrase"):
        envelope.opened(made, OTHER)


def test_that_the_same_words_in_another_form_of_unicode_open_it() -> None:
    made, keys = envelope.make(
        "caf\u00e9 am Stadttor", suite="international", now_ns=0, until_ns=1, cost=envelope.LEAST_COST
    )
    assert envelope.opened(made, "cafe\u0301 am Stadttor").master == keys.master


@pytest.mark.usefixtures("quick")
def test_that_an_envelope_changed_in_any_readable_field_opens_for_nobody() -> None:
    made, _ = _made()
    changed = {
        "until_ns": made.until_ns + DAY_NS, "made_ns": 1, "serial": 2, "epoch": 2, "number": "0" * 32,
        "salt": "00" * 32, "cost": made.cost + 1, "suite": "national", "form": "CYSEAL2",
        "wrapped": made.wrapped[:-2] + ("00" if made.wrapped[-2:] != "00" else "01"),
    }  # fmt: skip
    assert changed.keys() == asdict(made).keys() - {"vouched"}
    for name, value in changed.items():
        with pytest.raises(Refused, match=r"custody\.wrong_passphrase"):
            envelope.opened(replace(made, **{name: value}), PASSPHRASE)


@pytest.mark.usefixtures("quick")
def test_that_who_has_the_key_knows_an_envelope_made_by_another_who_has_it() -> None:
    made, keys = _made()
    later = envelope.moved(made, PASSPHRASE, keys, made.until_ns + DAY_NS)
    assert envelope.is_vouched(later, keys)
    assert not envelope.is_vouched(replace(later, until_ns=later.until_ns + 1), keys)
    assert not envelope.is_vouched(_made()[0], keys)
    assert (later.serial, later.epoch) == (made.serial + 1, made.epoch)


@pytest.mark.parametrize("weak", ["", "short", "eleven char", "aaaaaaaaaaaaaaaaaaaa", "abababababababab"])
def test_that_a_weak_passphrase_seals_nothing(weak: str) -> None:
    with pytest.raises(Refused, match=r"custody\.weak_passphrase"):
        envelope.make(weak, suite="international", now_ns=0, until_ns=1, cost=envelope.LEAST_COST)


@pytest.mark.parametrize(
    ("seconds", "cost"), [(5.0, 15), (0.6, 15), (0.4, 16), (0.15, 17), (0.1, 18), (0.0001, envelope.DEAREST_MADE)]
)
def test_that_the_cost_is_what_takes_about_a_second_here_and_never_below_the_least(seconds: float, cost: int) -> None:
    assert envelope.measured_cost(lambda _: seconds) == cost


def test_that_a_forged_cost_or_form_and_a_torn_file_are_refused_before_anything_is_computed(tmp_path: Path) -> None:
    made, _ = _made()
    for forged in (replace(made, cost=40), replace(made, cost=1), replace(made, form="?")):
        envelope.write(tmp_path, forged)
        with pytest.raises(Trouble, match=r"custody\.foreign_envelope"):
            envelope.read(tmp_path)
    for torn in ("", "{", json.dumps({**asdict(made), "salt": "no hex"}), json.dumps({"form": "CYSEAL1"})):
        (tmp_path / envelope.NAME).write_text(torn)
        with pytest.raises(Trouble, match=r"custody\.no_envelope"):
            envelope.read(tmp_path)


def test_that_the_bytes_of_an_envelope_that_was_replaced_are_written_over(tmp_path: Path) -> None:
    made, keys = _made()
    envelope.write(tmp_path, made)
    with (tmp_path / envelope.NAME).open("rb") as old:
        envelope.write(tmp_path, envelope.moved(made, PASSPHRASE, keys, made.until_ns + 1))
        assert made.wrapped.encode() not in old.read()
    assert envelope.read(tmp_path).serial == made.serial + 1


def test_that_keys_do_not_tell_themselves() -> None:
    _, keys = _made()
    assert keys.master.hex() not in repr(keys)
    assert repr(keys.master) not in repr(keys)

"""The suites behind the port: the standards' own examples, and what each must refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.crypto.choice import DIGESTS, PROVIDERS, provider
from chengyun_core.crypto.port import Provider
from chengyun_core.model.failure import Refused

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
SUITES = sorted(PROVIDERS)


@pytest.fixture(params=SUITES)
def suite(request: pytest.FixtureRequest) -> Provider:
    return provider(request.param)


@pytest.mark.parametrize(
    ("name", "data", "digest"),
    [
        # GB/T 32905-2016, A.1 and A.2; FIPS 180-4
        ("sm3", b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("sm3", b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        ("sha256", b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ],
)
def test_that_hashes_are_the_standards(name: str, data: bytes, digest: str) -> None:
    assert DIGESTS[name](data).hex() == digest


@given(data=st.binary(max_size=200), about=st.binary(max_size=20), spot=st.integers(min_value=0), bit=st.integers(0, 7))
def test_that_what_is_sealed_opens_only_whole_with_its_key_and_for_what_it_was_sealed(
    data: bytes, about: bytes, spot: int, bit: int
) -> None:
    for name in SUITES:
        suite = provider(name)
        sealed = suite.seal(KEY, data, about)
        assert suite.unseal(KEY, sealed, about) == data
        flipped = bytearray(sealed)
        flipped[spot % len(sealed)] ^= 1 << bit
        tries = [(KEY, bytes(flipped), about), (OTHER, sealed, about), (KEY, sealed, about + b"x"), (KEY, b"", about)]
        for wrong in tries:
            with pytest.raises(Refused, match="not_sealed"):
                suite.unseal(*wrong)


def test_that_two_seals_of_the_same_are_not_alike(suite: Provider) -> None:
    assert suite.seal(KEY, b"secret", b"") != suite.seal(KEY, b"secret", b"")


def test_that_a_signature_is_one_key_s_over_one_text(suite: Provider) -> None:
    signature = suite.sign(KEY, b"order")
    assert suite.is_signed(suite.public_of(KEY), signature, b"order")
    for public, signed, data in (
        (suite.public_of(OTHER), signature, b"order"),
        (suite.public_of(KEY), signature, b"orders"),
        (suite.public_of(KEY), signature[:-1], b"order"),
        (b"", signature, b"order"),
    ):
        assert not suite.is_signed(public, signed, data)


def test_that_a_keyed_hash_hangs_on_key_and_data(suite: Provider) -> None:
    assert len({suite.mac(KEY, b"a"), suite.mac(OTHER, b"a"), suite.mac(KEY, b"b"), suite.digest(b"a")}) == 4


def test_that_the_two_suites_share_no_hash_and_no_seal() -> None:
    first, second = (provider(name) for name in SUITES)
    assert first.digest(b"x") != second.digest(b"x")
    with pytest.raises(Refused):
        second.unseal(KEY, first.seal(KEY, b"x", b""), b"")


@pytest.mark.parametrize(
    ("name", "code"), [("pkcs11", "crypto.no_token"), ("national-sm2", "crypto.no_sm2"), ("rot13", "crypto.unknown")]
)
def test_that_a_suite_that_is_not_there_is_refused_in_words_and_not_replaced(name: str, code: str) -> None:
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        provider(name)

"""One-time codes: the vectors of RFC 6238 (appendix B), drift, a code only once, and what a phone reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model import totp

SEED = b"12345678901234567890"
SEED_256 = (SEED * 2)[:32]
SEED_512 = (SEED * 4)[:64]
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]


@pytest.mark.parametrize(("at_s", "sha1", "sha256", "sha512"), VECTORS)
def test_that_codes_are_those_of_the_rfc(at_s: int, sha1: str, sha256: str, sha512: str) -> None:
    step = totp.step_of(at_s * 10**9)
    assert totp.code_of(SEED, step, digits=8) == sha1
    assert totp.code_of(SEED_256, step, digits=8, hash_name="sha256") == sha256
    assert totp.code_of(SEED_512, step, digits=8, hash_name="sha512") == sha512


@given(step=st.integers(10, 2**40), off=st.integers(-5, 5))
def test_that_a_code_counts_one_step_before_and_after_and_no_further(step: int, off: int) -> None:
    code, now_ns = totp.code_of(SEED, step), (step + off) * totp.STEP_S * 10**9
    near = {totp.code_of(SEED, step + off + d) for d in (-1, 0, 1)}
    assert (totp.matched(SEED, code, now_ns, 0) is not None) == (code in near)
    if abs(off) <= 1:
        assert totp.matched(SEED, f" {code} ", now_ns, 0) == step or len(near) < 3


def test_that_a_code_works_once_and_an_older_one_not_after_it() -> None:
    now_ns = 1_800_000_000 * 10**9
    step = totp.step_of(now_ns)
    assert totp.matched(SEED, totp.code_of(SEED, step), now_ns, step) is None
    assert totp.matched(SEED, totp.code_of(SEED, step - 1), now_ns, step) is None
    assert totp.matched(SEED, totp.code_of(SEED, step + 1), now_ns, step) == step + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00" * 6])
def test_that_what_is_no_code_never_fits(code: str) -> None:
    assert totp.matched(SEED, code, 1_800_000_000 * 10**9, 0) is None


def test_that_a_phone_reads_issuer_account_and_secret() -> None:
    told = totp.uri(SEED, "li wei", "城运指挥台")
    assert told.startswith("otpauth://totp/%E5%9F%8E%E8%BF%90%E6%8C%87%E6%8C%A5%E5%8F%B0:li%20wei?secret=")
    assert totp.secret_of(totp.text_of(SEED)) == SEED
    assert totp.secret_of(" ".join(totp.text_of(SEED)).lower()) == SEED
    with pytest.raises(ValueError, match=r"[Ii]ncorrect|[Nn]on-base32|Odd|."):
        totp.secret_of("no base32!")

"""RS15: no line of a log holds a key, a token, a hash, a password or a whole telephone number."""

import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.wire import redaction

KEY = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f"session {KEY} ended", KEY),
        ("kept $argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA for li", "argon2id"),
        ("cannot connect to postgresql://duty:s3cret@db/x", "s3cret"),
        ("headers {'Authorization': 'Bearer abc.def-ghi'}", "abc.def-ghi"),
        ("SignOn(account='li', password='a long password', seat='A-01')", "a long password"),
        ('{"passphrase": "correct horse"}', "correct horse"),
        ("token=abcdef;next", "abcdef"),
        ("called 13912345678 in vain", "13912345678"),
    ],
)
def test_that_a_secret_is_taken_out_and_the_rest_of_the_line_stays(line: str, secret: str) -> None:
    shown = redaction.redacted(line)
    assert secret not in shown
    assert shown.split()[0] == line.split(maxsplit=1)[0] or secret in line.split(maxsplit=1)[0]


@pytest.mark.parametrize(
    "line",
    [
        "the centre daemon of /srv/p runs, realm drill, journal 120345",
        "1700000000123456789 ns, 0.13912345678, epoch 3",
        "ipc:///run/chengyun/centre.door tcp://127.0.0.1:7700",
        "the password was wrong",
    ],
)
def test_that_an_ordinary_line_is_left_as_it_is(line: str) -> None:
    assert redaction.redacted(line) == line


@given(st.text(max_size=200))
def test_that_redacting_twice_is_redacting_once_and_never_fails(text: str) -> None:
    once = redaction.redacted(text)
    assert redaction.redacted(once) == once


def test_that_tracebacks_are_redacted_too() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(redaction.Redacting(redaction.FORMAT))
    logger = logging.Logger("one")  # noqa: LOG001 - apart from the house's own, whose handlers fail the test
    logger.addHandler(handler)
    try:
        raise ValueError(f"bad key {KEY}")
    except ValueError:
        logger.exception("broken with password=hunter22")
    assert "Traceback" in stream.getvalue()
    assert KEY not in stream.getvalue()
    assert "hunter22" not in stream.getvalue()

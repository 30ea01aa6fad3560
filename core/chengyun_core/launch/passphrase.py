"""The passphrase of a sealed profile: typed, from a 0600 file or an open descriptor; never an argument or a variable.

What an argument or an environment holds, every program of the same user can read, and a shell's history keeps.
"""

import argparse
import getpass
import os
import sys
from pathlib import Path

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import secret_file
from chengyun_resources.texts import Texts

LONGEST = 1024


def given(options: argparse.Namespace) -> bool:
    """Return whether the passphrase comes from a file or a descriptor: then it is tried once."""
    return options.passphrase_file is not None or options.passphrase_fd is not None


def asked(options: argparse.Namespace, texts: Texts) -> str:
    """Return the passphrase. Raises Refused `custody.no_passphrase` when there is nobody to type it."""
    if options.passphrase_file is not None:
        return secret_file.read(options.passphrase_file)
    if options.passphrase_fd is not None:
        return _from_descriptor(options.passphrase_fd)
    return _typed(texts.say("custody.ask"))


def asked_new(file: Path | None, texts: Texts) -> str:
    """Return a new passphrase, typed twice unless it comes from a file. Raises Refused when the two differ."""
    if file is not None:
        return secret_file.read(file)
    first = _typed(texts.say("custody.ask_new"))
    if first != _typed(texts.say("custody.ask_again")):
        raise Refused("custody.passphrases_differ")
    return first


def _typed(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise Refused("custody.no_passphrase")
    return getpass.getpass(prompt)


def _from_descriptor(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, "rb") as opened:
            return opened.readline(LONGEST).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise Trouble("secret.unreadable", file=f"fd {descriptor}", reason=fault) from fault

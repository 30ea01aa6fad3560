"""A terminal that is spoken to in Chinese whatever its locale says (RELIABILITY.md RF29)."""

import io
import sys

_PROBE = chr(0x57CE)
"""A character every Chinese encoding has."""


def speak_chinese() -> None:
    """Let stdout and stderr write Chinese: in their own encoding where it can, else in UTF-8, and never with a crash.

    Under `LC_ALL=C`, as a service or over ssh, Python may take a terminal for ASCII, and the first sentence would be a
    UnicodeEncodeError; the terminals themselves have been UTF-8 for twenty years. One in GBK keeps its encoding, and a
    character it lacks becomes `?`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=_able(stream.encoding), errors="replace")


def _able(encoding: str) -> str:
    try:
        _PROBE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return "utf-8"
    return encoding

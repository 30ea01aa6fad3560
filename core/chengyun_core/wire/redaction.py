"""What a log line may not hold: keys, tokens, password hashes, passwords in addresses, whole telephone numbers (RS15).

Nobody logs them on purpose; an exception's text or a library's debug line might. The last step before a line is written
takes them out, tracebacks too.
"""

import logging
import re
import sys
from typing import TextIO

from typing_extensions import override

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_GONE = "[…]"
_RULES = (
    # A URL's password, before anything else takes a part of it.
    (re.compile(r"(://[^/\s:@]*):[^@\s]+@"), rf"\1:{_GONE}@"),
    (re.compile(r"\$argon2\S+"), _GONE),
    (re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])"), _GONE),
    (re.compile(r"(?i)\b(bearer)\s+[^\s'\"]+"), rf"\1 {_GONE}"),
    (
        re.compile(r"(?i)\b(pass(?:word|phrase)|secret|token)(['\"]?\s*[=:]\s*)(?:'[^']*'|\"[^\"]*\"|[^\s,;)]+)"),
        rf"\1\2{_GONE}",
    ),
    (re.compile(r"(?<![0-9.])(1[3-9]\d)\d{4}(\d{4})(?![0-9])"), r"\1****\2"),
)


def redacted(text: str) -> str:
    """Return the text without them; anything else stays as it is."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


class Redacting(logging.Formatter):
    """Formats as ever, and takes out what may not be there."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def configure(level: int, stream: TextIO | None = None) -> None:
    """Log to standard error (or a stream) from this level on; a process that has handlers keeps them."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Redacting(FORMAT))
    logging.basicConfig(level=level, handlers=[handler])

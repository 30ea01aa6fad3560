"""A reason as one line and back: how the warnings of an answer travel (`code name=value name=value`)."""

from urllib.parse import quote, unquote

from chengyun_core.model.failure import Reason


def line_of(reason: Reason) -> str:
    """Return the line of a reason; blanks and `=` inside values are escaped."""
    pairs = (f"{name}={quote(value, safe='')}" for name, value in reason.params.items())
    return " ".join((reason.code, *pairs))


def reason_of(line: str) -> Reason:
    """Return the reason a line tells."""
    code, *pairs = line.split(" ")
    params = (pair.partition("=") for pair in pairs)
    return Reason(code=code, params={name: unquote(value) for name, _, value in params})

"""The QR code of a text, as rows of modules; encoded by segno, painted by `widgets.code_picture`."""

Grid = tuple[tuple[bool, ...], ...]
"""Rows of modules, True: dark. Without the quiet zone that has to be left around it."""


def qr_of(text: str) -> Grid:
    """Return the smallest code at level M that holds a text; raise segno.DataOverflowError for one too long."""
    import segno  # noqa: PLC0415 - 40 ms that only a phone which is enrolled is worth

    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)

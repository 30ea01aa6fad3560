"""The QR code of a text, as rows of modules; encoded by segno, painted by `widgets.code_picture`."""

import segno

Grid = tuple[tuple[bool, ...], ...]
"""Rows of modules, True: dark. Without the quiet zone that has to be left around it."""


def qr_of(text: str) -> Grid:
    """Return the smallest code at level M that holds a text; raise segno.DataOverflowError for one too long."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)

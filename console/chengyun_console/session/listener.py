"""Tells whether whoever asked is still there to be answered: a window may be replaced between question and answer."""

from collections.abc import Callable
from typing import Any, TypeGuard

import shiboken6
from PySide6.QtCore import QObject


def is_there(answer: Callable[..., None] | None) -> TypeGuard[Callable[..., None]]:
    """Return whether an answer may be called: it exists, and the widget whose method it is was not deleted."""
    if answer is None:
        return False
    # functools.partial keeps the method in `func`.
    owner: Any = getattr(getattr(answer, "func", answer), "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)

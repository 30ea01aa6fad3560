"""What a screen holds of official warnings and of the call-outs that run."""

from typing import Any

from chengyun_core.model.callout import Call, CallOut
from chengyun_core.model.warning import OfficialWarning


class WarningFacts:
    """Owned by whoever owns the FactMirror; only that one writes."""

    def __init__(self) -> None:
        self.warnings: dict[int, OfficialWarning] = {}
        """Those in force or waiting for a second person, by number."""
        self.call_outs: dict[int, CallOut] = {}
        """Call-outs that run, by number."""
        self.calls: dict[str, Call] = {}
        """Addressees by `<call_out>.<place>`; newest ones, those of ended call-outs among them."""

    def shelf_of(self, kind: str, key: str) -> tuple[dict[Any, Any], int | str] | None:
        """Return where records of a kind are kept, and the key there; None for a kind that is not kept here."""
        if kind == "call":
            return self.calls, key
        shelves: dict[str, dict[Any, Any]] = {"warning": self.warnings, "call_out": self.call_outs}
        return (shelves[kind], int(key)) if kind in shelves else None

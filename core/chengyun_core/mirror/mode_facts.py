"""What a screen holds of the switch between 平时 and 急时: declarations, presets, and orders to switch."""

from typing import Any

from chengyun_core.model.mode import Declaration, ModeOrder, Preset, ReportDue


class ModeFacts:
    """Owned by whoever owns the FactMirror; only that one writes."""

    def __init__(self) -> None:
        self.declarations: dict[str, Declaration] = {}
        """The registers of the mode by `<issuer>/<scope>`, those lifted or undone among them (model.mode_rules)."""
        self.presets: dict[str, Preset] = {}
        """What 急时 means for one kind of emergency, by code."""
        self.orders: dict[int, ModeOrder] = {}
        """Orders of superiors to switch that are neither followed nor refused, by number."""
        self.reports: dict[str, ReportDue] = {}
        """Situation reports that declarations ask for and nobody gave yet, by `<declaration>.<place>`."""

    def shelf_of(self, kind: str, key: str) -> tuple[dict[Any, Any], int | str] | None:
        """Return where records of a kind are kept, and the key there; None for a kind that is not kept here."""
        if kind == "mode_order":
            return self.orders, int(key)
        shelves: dict[str, dict[Any, Any]] = {
            "mode": self.declarations, "mode_preset": self.presets, "mode_report": self.reports,
        }  # fmt: skip
        return (shelves[kind], key) if kind in shelves else None

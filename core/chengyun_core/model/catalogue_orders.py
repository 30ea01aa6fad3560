"""Rules of what a catalogue tells of orders by facts: deadline templates and texts that can be read."""

from chengyun_core.model import deadline_rules, order_texts
from chengyun_core.model.catalogue_rows import Faults, Row, Rows
from chengyun_core.model.failure import Refused


def check_orders(rows: Rows, faults: Faults) -> None:
    """Check the facts `deadline.<name>` and `order_text.<name>`."""
    for row in rows.get("facts", []):
        key = row.text("key")
        if key.startswith(deadline_rules.FACT):
            _check_deadlines(row, key.removeprefix(deadline_rules.FACT), faults)
        elif key.startswith(order_texts.FACT) and not row.text("value").strip():
            faults.add("facts", row.line, "value", row.text("value"), "catalogue.order_text_empty", key=key)


def _check_deadlines(row: Row, name: str, faults: Faults) -> None:
    try:
        deadline_rules.parsed(name, row.text("value"))
    except Refused as refused:
        part = refused.reason.params["part"]
        faults.add(
            "facts", row.line, "value", row.text("value"), "catalogue.bad_deadlines", key=row.text("key"), part=part
        )

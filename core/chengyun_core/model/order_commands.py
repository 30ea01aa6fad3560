"""Commands about orders, receipts and roll calls: frozen records and their kinds; merged into `command.COMMANDS`."""

from typing import Any

ORDER_COMMANDS: dict[str, type[Any]] = {}
"""Kind on the wire → record. Alphabetical."""

"""Commands about events: frozen records and their kinds; merged into `command.COMMANDS`."""

from typing import Any

EVENT_COMMANDS: dict[str, type[Any]] = {}
"""Kind on the wire → record. Alphabetical."""

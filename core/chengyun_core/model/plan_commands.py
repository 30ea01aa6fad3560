"""Commands about plans and what runs of them: frozen records and their kinds; merged into `command.COMMANDS`."""

from typing import Any

PLAN_COMMANDS: dict[str, type[Any]] = {}
"""Kind on the wire → record. Alphabetical."""

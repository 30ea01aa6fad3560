"""What may be asked of the centre about events: bodies and answers; merged into `envelope.CENTRE_ASKS`."""

EVENT_ASKS: dict[str, tuple[type, type | None]] = {}
"""Ask → (body, answer). Alphabetical."""

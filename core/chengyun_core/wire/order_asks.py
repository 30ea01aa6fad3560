"""What may be asked of the centre about orders: bodies and answers; merged into `envelope.CENTRE_ASKS`."""

ORDER_ASKS: dict[str, tuple[type, type | None]] = {}
"""Ask → (body, answer). Alphabetical."""

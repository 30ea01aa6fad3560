"""What may be asked of the centre about plans: bodies and answers; merged into `envelope.CENTRE_ASKS`."""

PLAN_ASKS: dict[str, tuple[type, type | None]] = {}
"""Ask → (body, answer). Alphabetical."""

"""Who may do what along the chain: rows of events, orders and plans; read by `permission` alone."""

from chengyun_core.model.holding import Permission

EVENT_PERMISSIONS: dict[str, tuple[Permission, ...]] = {}
"""Action → rows. Alphabetical."""

ORDER_PERMISSIONS: dict[str, tuple[Permission, ...]] = {}
"""Action → rows. Alphabetical."""

PLAN_PERMISSIONS: dict[str, tuple[Permission, ...]] = {}
"""Action → rows. Alphabetical."""

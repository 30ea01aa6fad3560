"""F1, the cockpit: sectors, pinned charts, alarms, every vital at a glance, and where a figure comes from."""

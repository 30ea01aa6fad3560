"""感知设备: life cycle, health and repair of devices."""

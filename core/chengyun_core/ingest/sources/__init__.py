"""Where samples come from: MQTT, files, the simulator. Each source feeds the intake and tells its own health."""

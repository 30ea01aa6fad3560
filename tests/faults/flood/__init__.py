"""RF13: more samples than can be taken, ten times the usual alarms: no red lost or late, every drop counted."""

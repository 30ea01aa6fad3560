"""RF13: more samples than can be taken and ten times the usual alarms; no red is lost or late, every drop is counted."""

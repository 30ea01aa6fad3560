"""Widgets that know nothing of the domain: they show frozen records, numpy columns and finished strings."""

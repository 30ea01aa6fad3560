"""Consultation (会商): rooms bound to an event."""

"""Faults put into real daemons: killed, starved, lied to; and what must hold all the same."""

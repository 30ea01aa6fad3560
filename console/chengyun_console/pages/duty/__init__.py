"""Page F8: shifts and who is on them, seats with what falls there, the shift log, contacts, hand-overs, call-outs."""

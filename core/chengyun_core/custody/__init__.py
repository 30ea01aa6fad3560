"""Sealed profiles: a drill laptop's whole profile behind a passphrase, with a date on which it ends (RS5)."""

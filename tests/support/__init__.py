"""Small real things that tests lean on."""

"""What the daemons and the console speak: frames, envelopes, topics, sockets. Versioned, documented, strict."""

"""The program without a screen: model, series, wire, mirror, store, the two daemons and their launch."""

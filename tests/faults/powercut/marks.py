"""What a recorded program was told («done», «confirmed»), put into the recorder's log among its writes and syncs."""

import ctypes

_RECORDER = ctypes.CDLL(None)


def mark(*words: object) -> None:
    """Put a mark into the log; does nothing when no recorder is loaded."""
    put = getattr(_RECORDER, "powercut_mark", None)
    if put is not None:
        text = " ".join(map(str, words)).encode()
        put(text, len(text))

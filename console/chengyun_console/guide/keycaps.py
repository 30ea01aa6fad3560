"""Keys as they are printed on the keyboard, marked as keys for a chapter."""

from chengyun_console.actions.action import Action

_ON_THE_KEY = {"Return": "Enter", "Escape": "Esc"}
"""What is printed on the key where Qt calls it otherwise."""


def keys_of(action: Action) -> str:
    """Return the keys of an action, each marked as a key; empty when it has none."""
    return " ".join(f"`{printed(key)}`" for key in action.keys)


def printed(key: str) -> str:
    """Return a key as it is printed: `Ctrl+Return` is `Ctrl+Enter`."""
    return "+".join(_ON_THE_KEY.get(part, part) for part in key.split("+"))

"""Words of the language that narratives are read by: numerals, figures, addresses, what makes an event graver.

Patterns are regular expressions; `<name>` stands for a macro. Loaded here, understood by core (model.dispatch_grammar).
"""

import tomllib
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "words.toml"


def words() -> dict[str, Any]:
    """Return the words as tables."""
    return tomllib.loads(_FILE.read_text("utf-8"))

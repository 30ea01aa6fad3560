"""The handbook's prose: one Markdown file per chapter and language; `{{name}}` is a table the console makes."""

import re
from importlib import resources
from pathlib import Path

_NAME = re.compile(r"[a-z0-9-]+")


def chapter(language: str, key: str) -> str:
    """Return the Markdown of a chapter.

    Raises:
        FileNotFoundError: there is no such chapter in this language.
    """
    return resources.files(__name__).joinpath(language).joinpath(f"{key}.md").read_text("utf-8")


def picture(name: str) -> Path:
    """Return the file of a picture the chapters show, by its name without an ending.

    Raises:
        FileNotFoundError: there is no such picture, or its name is none.
    """
    file = Path(str(resources.files(__name__).joinpath("pictures").joinpath(f"{name}.png")))
    if not _NAME.fullmatch(name) or not file.is_file():
        raise FileNotFoundError(f"the handbook has no picture {name}; python -m tests.gallery --guide makes them")
    return file

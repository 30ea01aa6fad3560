"""The handbook's prose: one Markdown file per chapter and language; `{{name}}` is a table the console makes."""

from importlib import resources


def chapter(language: str, key: str) -> str:
    """Return the Markdown of a chapter.

    Raises:
        FileNotFoundError: there is no such chapter in this language.
    """
    return resources.files(__name__).joinpath(language).joinpath(f"{key}.md").read_text("utf-8")

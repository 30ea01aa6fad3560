"""Tool tips that are never read as markup: names come from imported tables, and Qt guesses what looks like HTML."""

from html import escape


def plain_tip(text: str) -> str:
    """Return a tip that shows exactly this text, line by line; nothing for nothing."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""

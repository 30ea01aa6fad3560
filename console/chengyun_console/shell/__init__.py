"""The frame that stands on every page: top bar, risk strip, rail, status bar, sign-on, search."""

"""Official warnings at a console: the banner, the page with document and call-out, the forms that import and issue."""

"""Causes for which a source drops what it was given, in one list: each is a counter `dropped.<cause>`."""

MEANING: dict[str, str] = {
    "bad_csv": "a line that is not CSV of the agreed columns",
    "bad_field": "a field is missing, given twice or unknown",
    "bad_json": "a message that is not strict JSON (also: NaN, Infinity, nesting too deep, a key given twice)",
    "bad_packed": "a packed message with a wrong header or length",
    "bad_quality": "a quality that is none of good, uncertain, bad",
    "bad_row": "a row of a replayed file that cannot be read",
    "bad_time": "a time without zone or unit, or not a time",
    "bad_value": "a value that is not a number",
    "catalogue_newer": "packed channel numbers of a catalogue version not known here yet",
    "muted": "a message of a topic that sent so much garbage that only one message a second is still read",
    "not_finite": "a number too large to be held",
    "queue_full": "the intake was full",
    "too_large": "a message longer than allowed",
    "unknown_channel": "a channel code the catalogue does not have",
}

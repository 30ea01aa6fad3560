"""All questions the centre's door answers, besides `model.command`: for the centre, the handbook and the tests."""

from chengyun_core.wire.ask_tables import SUBJECTS, Pair, table_of

CENTRE_ASKS: dict[str, Pair] = dict(sorted(item for subject in SUBJECTS for item in table_of(subject).items()))
"""Ask → (body, answer). All but hello and seats need a session or the ingest key."""

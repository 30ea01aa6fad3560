"""What others would answer the same questions with: LIKE and OFFSET, SQLite's FTS5 and PostgreSQL's pg_trgm."""

import time
from collections.abc import Callable

from sqlalchemy import select, text

from chengyun_core.store import event_table
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.port import Store
from tests.bench.event_searches import PAGE, first_page
from tests.bench.event_timing import Clock

ROUNDS = 3
"""Of what takes seconds, and one of what takes minutes; all sides have as many, in turn."""
WORDS = ("爆管", "水", "负一楼车库", "000777", "一人受伤", "外星人")
RARE = ("爆管", "一人受伤")
"""What is asked of LIKE where one look at every text takes minutes."""
INDEXED = 1_000_000
"""Most texts a peer's index is made of: it takes minutes a million."""


def compared(database: Store, clock: Clock, size: int) -> None:
    """Print ours beside LIKE (and an index of texts where that can be made), in one run and in turn."""
    ours: dict[str, float] = {}
    _told_like(database, clock, size, ours)
    _told_offset(database, clock, size)
    if size <= INDEXED:
        index = _trgm if database.path.suffix == ".url" else _fts5
        index(database, clock, size, ours)


def _told_like(database: Store, clock: Clock, size: int, ours: dict[str, float]) -> None:
    small = size <= INDEXED
    for word in WORDS if small else RARE:
        both = {"ours": _ours(database, word, size), "LIKE": _like(database, word)}
        sides = _in_turn(clock, both, ROUNDS if small else 1)
        ours[word] = sides["ours"]
        ratio = sides["LIKE"] / sides["ours"]
        print(
            f"  {word:14} ours {sides['ours']:8.2f} ms, LIKE {sides['LIKE']:10.1f} ms: {ratio:9.1f} times", flush=True
        )


def _in_turn(clock: Clock, sides: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median processor time of each side, ms."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            began = clock.cpu_s()
            side()
            taken[name].append(1000 * (clock.cpu_s() - began))
    return {name: sorted(figures)[len(figures) // 2] for name, figures in taken.items()}


def _ours(database: Store, word: str, size: int) -> Callable[[], object]:
    words = event_table.fold(word).split()

    def ask() -> None:
        with database.reading() as connection:
            first_page(connection, words, {}, size)

    return ask


def _like(database: Store, word: str) -> Callable[[], object]:
    columns = select(EVENTS.c.number, EVENTS.c.record).where(EVENTS.c.text.contains(word, autoescape=True))
    statement = columns.order_by(EVENTS.c.number.desc()).limit(PAGE)

    def ask() -> None:
        with database.reading() as connection:
            connection.execute(statement).all()

    return ask


def _told_offset(database: Store, clock: Clock, size: int) -> None:
    newest = select(EVENTS.c.record).order_by(EVENTS.c.number.desc()).limit(PAGE)

    def ask(statement: object) -> Callable[[], object]:
        def asked() -> None:
            with database.reading() as connection:
                connection.execute(statement).all()  # type: ignore[call-overload]

        return asked

    below = newest.where(EVENTS.c.number <= size // 2)
    sides = _in_turn(clock, {"ours": ask(below), "OFFSET": ask(newest.offset(size // 2))})
    ratio = sides["OFFSET"] / sides["ours"]
    print(
        f"  a page in the middle: {sides['ours']:.2f} ms, OFFSET {sides['OFFSET']:.1f} ms: {ratio:.0f} times",
        flush=True,
    )


def _fts5(database: Store, clock: Clock, size: int, ours: dict[str, float]) -> None:
    """SQLite's own index of triples: it knows no words of one or two characters."""
    peer = database.path.with_name("fts5.db")
    with database.reading() as connection:
        connection.rollback()
        connection.exec_driver_sql("ATTACH DATABASE ? AS peer", (str(peer),))
        try:
            began = time.process_time()
            raw = connection.connection.cursor()
            _index_by_fts5(raw)
            raw.execute("SELECT sum(length(block)) FROM peer.told_data")
            size_of = int(raw.fetchall()[0][0])
            print(
                f"  FTS5 trigram: made in {time.process_time() - began:.0f} s of processor time, "
                f"{size_of / size:.0f} bytes an event; finds nothing below three characters", flush=True,
            )  # fmt: skip
            statement = (
                "SELECT number, record FROM main.events WHERE number IN (SELECT rowid FROM peer.told "
                "WHERE told MATCH ? ORDER BY rowid DESC LIMIT 50) ORDER BY number DESC"
            )
            for word in (one for one in WORDS if len(one) > 2):
                sides = _in_turn(clock, {"FTS5": _asked(raw, statement, f'"{word}"')})
                _told(word, ours[word], "FTS5 trigram", sides["FTS5"])
        finally:
            connection.rollback()
            connection.exec_driver_sql("DETACH DATABASE peer")
            connection.exec_driver_sql("BEGIN")
            peer.unlink(missing_ok=True)


def _index_by_fts5(raw: object) -> None:
    execute = raw.execute  # type: ignore[attr-defined]
    execute("PRAGMA query_only=OFF")
    execute("PRAGMA peer.journal_mode=OFF")
    execute("CREATE VIRTUAL TABLE peer.told USING fts5(t, content='', tokenize='trigram')")
    execute("INSERT INTO peer.told(rowid, t) SELECT number, text FROM main.events")
    execute("PRAGMA query_only=ON")


def _asked(raw: object, statement: str, word: str) -> Callable[[], object]:
    return lambda: raw.execute(statement, (word,)).fetchall()  # type: ignore[attr-defined]


def _told(word: str, ours: float, name: str, theirs: float) -> None:
    print(f"  {word:14} ours {ours:8.2f} ms, {name} {theirs:8.2f} ms: {theirs / ours:6.2f} times", flush=True)


def _trgm(database: Store, clock: Clock, size: int, ours: dict[str, float]) -> None:
    """PostgreSQL's extension; where the database's character types are C it takes no Chinese character for a letter."""
    with database.reading() as connection:
        types = connection.execute(
            text("SELECT datctype FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    with database.writing() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        began = clock.cpu_s()
        connection.execute(text("SET LOCAL max_parallel_maintenance_workers = 0"))
        connection.execute(text("CREATE INDEX peer_trgm ON events USING gin (text gin_trgm_ops)"))
        made = clock.cpu_s() - began
        index = connection.execute(text("SELECT pg_relation_size('peer_trgm')")).scalar_one()
    print(
        f"  pg_trgm (character types {types}): made in {made:.0f} s of processor time, "
        f"{index / size:.0f} bytes an event", flush=True,
    )  # fmt: skip
    try:
        for word in WORDS:
            sides = _in_turn(clock, {"pg_trgm": _like_of_both(database, word)})
            _told(word, ours[word], "LIKE by pg_trgm", sides["pg_trgm"])
    finally:
        with database.writing() as connection:
            connection.execute(text("DROP INDEX peer_trgm"))


def _like_of_both(database: Store, word: str) -> Callable[[], object]:
    """The planner may take the index or walk the numbers, whichever it thinks is faster."""
    return _like(database, word)

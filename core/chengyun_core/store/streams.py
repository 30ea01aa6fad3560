"""How far each stream of activations is durable."""

from sqlalchemy import Connection, func, insert, select, update

from chengyun_core.store.tables import STREAMS


def confirmed(connection: Connection, shard: int, epoch: int) -> int:
    """Return the last activation number that is durable, 0 when none is."""
    statement = select(STREAMS.c.seq).where(STREAMS.c.shard == shard, STREAMS.c.epoch == epoch)
    return connection.execute(statement).scalar_one_or_none() or 0


def newest_epoch(connection: Connection, shard: int) -> int:
    """Return the newest spool epoch heard of from a shard, 0 when none."""
    return connection.execute(select(func.max(STREAMS.c.epoch)).where(STREAMS.c.shard == shard)).scalar_one() or 0


def confirm(connection: Connection, shard: int, epoch: int, seq: int) -> None:
    """Note that everything up to `seq` is durable."""
    where = (STREAMS.c.shard == shard) & (STREAMS.c.epoch == epoch)
    if connection.execute(update(STREAMS).where(where).values(seq=seq)).rowcount == 0:
        connection.execute(insert(STREAMS).values(shard=shard, epoch=epoch, seq=seq))

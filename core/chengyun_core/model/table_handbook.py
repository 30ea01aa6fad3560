"""The handbook's tables of columns, made from the declared tables of catalogue, plans and rosters."""

from collections.abc import Mapping

from chengyun_core.model.catalogue_tables import TABLES, Cell, Column, Table


def handbook(known: Mapping[str, Table] = TABLES) -> str:
    """Return the handbook's tables of columns (Markdown), made from what stands above, or of other tables."""
    return "\n\n".join(_page(table) for table in known.values())


def _page(table: Table) -> str:
    key = " + ".join(f"`{name}`" for name in table.key)
    head = (f"### `{table.name}`", "", f"{table.meaning} Unique: {key}.", "")
    heading = ("| column | holds | must be filled | may be | meaning |", "| --- | --- | --- | --- | --- |")
    lines = (
        f"| `{column.name}` | {column.kind} | {required} | {_bounds(column)} | {column.meaning} |"
        for column in table.columns
        for required in ("yes" if column.required else "",)
    )
    return "\n".join((*head, *heading, *lines))


def _bounds(column: Column) -> str:
    """Return what bounds a column beside its type: another table, words, figures or length."""
    if column.refers:
        return f"a code of `{column.refers}`"
    if column.words:
        return ", ".join(f"`{word}`" for word in column.words)
    if column.above is not None:
        return f"above {column.above:.12g}"
    if column.kind in {Cell.NUMBER, Cell.INTEGER}:
        least = "" if column.low is None else f"from {column.low:.12g}"
        most = "" if column.high is None else f" to {column.high:.12g}"
        return least + most
    return f"up to {column.longest} characters" if column.kind in {Cell.CODE, Cell.TEXT} else ""

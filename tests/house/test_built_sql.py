"""RS12 over the four packages, and proof that the lint sees a built statement in each of its guises."""

import ast

import pytest

from tests.house import sources
from tests.house.built_sql import built_sql

BUILT = [
    "from sqlalchemy import text\nquery = text(f'select * from vital where name = {name}')",
    "from sqlalchemy import text as t\nt('select * from ' + table)",
    "import sqlalchemy as sa\nsa.text('select %s' % name)",
    "import sqlalchemy as sa\nsa.literal_column(f'{name}')",
    "import sqlalchemy\nsqlalchemy.text('select {}'.format(name))",
    "cursor.execute(f'select {name}')",
    "connection.exec_driver_sql('pragma ' + name)",
    "cursor.executescript('a' + name + 'b')",
    "def find(name):\n    sql = f'select {name}'\n    cursor.execute(sql)",
    "def find(name):\n    sql: str = 'select ' + name\n    cursor.execute(sql)",
    "def find(name):\n    sql = 'select 1'\n    sql += f' where {name}'\n    cursor.execute(sql)",
    "cursor.execute(', '.join(columns))",
]

BOUND = [
    "from sqlalchemy import text\ntext('select * from vital where name = :name')",
    "connection.execute(select(table).where(table.c.name == name))",
    "cursor.execute('select ?', (name,))",
    "cursor.execute(f'select 1')",
    "from chengyun_resources.texts import text\ntext(f'colour.{name}')",
    "command.execute(task)",
]


@pytest.mark.parametrize("snippet", BUILT)
def test_that_built_sql_is_found(snippet: str) -> None:
    assert built_sql(ast.parse(snippet)) != []


@pytest.mark.parametrize("snippet", BOUND)
def test_that_bound_sql_is_left_alone(snippet: str) -> None:
    assert built_sql(ast.parse(snippet)) == []


def test_that_no_statement_is_built_from_pieces_in_the_four_packages() -> None:
    modules = sources.product_modules()
    sources.expect_none(sources.at(path, fault) for path in modules for fault in built_sql(sources.tree(path)))

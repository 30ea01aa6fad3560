"""Alembic steps of the centre's database: numbered, forward-only."""

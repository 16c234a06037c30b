"""``INSERT … ON CONFLICT`` for both databases; the statement is the same, the class is not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite


def insert(dialect: str, table: Table) -> Any:
    """Return an insert statement into ``table`` that understands ``on_conflict_do_update``."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # by then the engine has loaded it; with SQLite nothing does

        return postgresql.insert(table)
    return sqlite.insert(table)


def put(dialect: str, table: Table, **values: Any) -> Any:
    """Return a statement that inserts a row of ``values``, or updates these of the row that has its primary key."""
    statement = insert(dialect, table).values(values)
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=values)

"""Passes many rows as one JSON parameter, which is far quicker than binding each value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Integer, Select, Text, bindparam, cast, column, func, select, text

ROWS = "rows"  # the name of the parameter, whose value is a JSON array with an array of values for each row


def select_rows(dialect: str, columns: Sequence[Column[Any]]) -> Select[Any]:
    """Return a query for the rows that it is given as ``ROWS``, in their order, typed as ``columns``."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import JSONB  # by then the engine has loaded it; with SQLite nothing does

        array = func.jsonb_array_elements(cast(bindparam(ROWS, type_=Text), JSONB)).table_valued(
            column("value", JSONB), with_ordinality="place", name="given"
        )
        array = array.render_derived()  # with the names of its columns
        values: list[Any] = [cast(array.c.value[place].astext, c.type) for place, c in enumerate(columns)]
        return select(*values).order_by(array.c.place)
    array = func.json_each(bindparam(ROWS, type_=Text)).table_valued(
        column("value"), column("key", Integer), name="given"
    )
    values = [func.json_extract(array.c.value, text(f"'$[{place}]'")) for place in range(len(columns))]
    # Without a condition SQLite would take the ON of ON CONFLICT for that of a join.
    return select(*values).where(text("true")).order_by(array.c.key)

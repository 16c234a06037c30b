"""The tables, as SQLAlchemy Core sees them. ``migrations/`` is what makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on every database; SQLite by itself would forget the time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()
_UNSHOWN = text("delivery IS NULL")
_KEPT = text("delivery = 'kept'")

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(24)),
    Column("percent", Float),
    Column("video_url", Text),
    # Millionths of the operator's currency: the price while the job is open, what is booked once it is done.
    Column("cost", BigInteger, nullable=False),
    Column("picture", Text, nullable=False),
    Column("picture_link", Text, nullable=False),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # Which process works on an open job, and until when that holds unless it says so again.
    Column("owner", String(32)),
    Column("lease_until", UtcDateTime),
    # How its end reached the member, null until it has; see ``Delivery``.
    Column("delivery", String(16)),
    CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name="outcome_when_done"),
    Index("jobs_by_guild", "guild_id", "created_at"),
    Index("jobs_by_model", "model", "finished_at"),
    Index("jobs_unshown", "lease_until", sqlite_where=_UNSHOWN, postgresql_where=_UNSHOWN),
    Index("jobs_kept", "guild_id", "user_id", sqlite_where=_KEPT, postgresql_where=_KEPT),
)

# One row for each server, UTC day of the request, member and outcome ("open" until there is one).
usage = Table(
    "usage",
    metadata,
    Column("guild_id", BigInteger, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("outcome", String(24), primary_key=True),
    Column("jobs", Integer, nullable=False),
    Column("cost", BigInteger, nullable=False),
)

# Small facts that outlive a restart, such as the fingerprint of the commands that Discord was told last.
notes = Table(
    "notes",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

"""The tables for SQLAlchemy Core; ``migrations/`` creates them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
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
    false,
    text,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on every database; SQLite does not store the time zone."""

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


class WritableText(TypeDecorator[str]):
    """Text as every database takes it: without NUL, which PostgreSQL refuses, and without halves of characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and value.replace("\0", "").encode("utf-8", "replace").decode()


metadata = MetaData()


def _partial_index(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where))


def complete_for_postgresql() -> None:
    """Have the partial indexes partial on PostgreSQL too: to be told so, SQLAlchemy loads all that it has for that."""
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        where = index.dialect_options["sqlite"]["where"]
        if where is not None:
            index.dialect_kwargs["postgresql_where"] = where


jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("model", WritableText, nullable=False),
    Column("prompt", WritableText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(24)),
    Column("percent", Float),
    Column("video_url", WritableText),
    # Millionths of the operator's currency: the price while the job is open, what is booked once it is done.
    Column("cost", BigInteger, nullable=False),
    # Whether nobody knows yet if the service charges what is booked.
    Column("unconfirmed", Boolean, nullable=False, server_default=false()),
    Column("picture", WritableText, nullable=False),
    Column("picture_link", WritableText, nullable=False),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # The ids of the member's roles, and of the channel, its parent and its category, with spaces between: the rules are
    # compared with them again when its turn comes. Empty in rows from before they were kept.
    Column("role_ids", WritableText, nullable=False, server_default=text("''")),
    Column("place_ids", WritableText, nullable=False, server_default=text("''")),
    # Whether the channel, or the one that a thread belongs to, was known to be marked so; for the same.
    Column("age_restricted", Boolean, nullable=False, server_default=false()),
    # Which process works on an open job, and until when unless it renews the lease.
    Column("owner", String(32)),
    Column("lease_until", UtcDateTime),
    Column("locale", String(8), nullable=False, server_default="en-US"),  # of the member who asked; Discord's word
    # How its end reached the member, null until it has; see ``Delivery``.
    Column("delivery", String(16)),
    # The job whose conversation with the video service this one continues.
    Column("parent", String(32)),
    Column("spoiler", Boolean, nullable=False, server_default=false()),
    # What a service that makes videos as tasks knows it by, once it has said so; and what it says that it costs.
    Column("task", WritableText),
    Column("service_cost", BigInteger),
    Column("service", WritableText),  # which it went to, once it has ended
    # What was chosen: seconds, and a size or a ratio.
    Column("length", Integer),
    Column("format", String(16)),
    # When another process than its owner was asked to cancel it; the owner then does.
    Column("cancel_asked_at", UtcDateTime),
    CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name="outcome_when_done"),
    Index("jobs_by_guild", "guild_id", "created_at"),
    Index("jobs_by_member", "guild_id", "user_id", "created_at"),
    Index("jobs_by_channel", "guild_id", "channel_id", "created_at"),
    Index("jobs_by_message", "guild_id", "message_id"),
    Index("jobs_by_model", "model", "finished_at"),
    _partial_index("jobs_unshown", "lease_until", where="delivery IS NULL"),
    _partial_index("jobs_to_cancel", "owner", where="cancel_asked_at IS NOT NULL AND outcome IS NULL"),
    _partial_index("jobs_kept", "guild_id", "user_id", "created_at", where="delivery = 'kept'"),
    _partial_index("jobs_worded", "guild_id", "created_at", where="prompt <> ''"),
    _partial_index("jobs_refused_prompt", "guild_id", "user_id", "finished_at", where="outcome = 'moderation_prompt'"),
)

# The ended jobs of each server, added up: one row for each UTC day of the request, for each value of a dimension
# (outcome, member, model, channel, hour, service).
usage = Table(
    "usage",
    metadata,
    Column("guild_id", BigInteger, primary_key=True),
    Column("dimension", String(8), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("value", WritableText, primary_key=True),
    Column("jobs", Integer, nullable=False),
    Column("made", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("cost", BigInteger, nullable=False),  # without what nobody has confirmed, which stands beside it
    Column("unconfirmed", BigInteger, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

# What limits are compared with: the counters of a server (user_id 0) and of its members, for what is open ("now"), a
# day ("2026-11-23") and a month ("2026-11"); guild 0 has those of all servers together. The next columns are the limits
# of the latest request, part of its insert so that one statement can compare and count; then the percentages of limits
# of which somebody was told last.
counters = Table(
    "counters",
    metadata,
    Column("guild_id", BigInteger, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("videos", Integer, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("latest", BigInteger, nullable=False),  # milliseconds since 1970
    Column("most_videos", BigInteger, nullable=False),
    Column("most_cost", BigInteger, nullable=False),
    Column("pause", BigInteger, nullable=False),  # milliseconds
    Column("told_videos", Integer, nullable=False, server_default="0"),
    Column("told_cost", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

# What a server's managers decide: its rules (see Policy), a pause (see ServerPause), words that they do not want (see
# WordList); and whether the operator allows it. Null where nothing is set. The row of guild 0 holds for all that have
# none of their own, and has the operator's ``cap``, an Allowance: what all servers together may use.
guilds = Table(
    "guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rules", WritableText),
    Column("allowed", Boolean),
    Column("cap", WritableText),
    Column("pause", WritableText),
    Column("words", WritableText),
)

# Who changed which rule of a server.
changes = Table(
    "changes",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("what", WritableText, nullable=False),
    Column("before", WritableText, nullable=False),
    Column("after", WritableText, nullable=False),
    Index("changes_by_guild", "guild_id", "id"),
)

# Members who may not ask for videos, in one server, for a time.
blocks = Table(
    "blocks",
    metadata,
    Column("guild_id", BigInteger, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Column("reason", WritableText, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# How often each member was refused on each UTC day, at each stage (see RefusalStage).
refusals = Table(
    "refusals",
    metadata,
    Column("guild_id", BigInteger, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("moderation_image", Integer, nullable=False),
    Column("moderation_prompt", Integer, nullable=False),
    Column("moderation_result", Integer, nullable=False),
    Column("moderation_unknown", Integer, nullable=False),
    Column("words", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Small facts that outlive a restart, such as the fingerprint of the commands that Discord was told last.
notes = Table(
    "notes", metadata, Column("name", String(64), primary_key=True), Column("value", WritableText, nullable=False)
)

# From when on the next process may do what all processes together may do every so often; see ``TimeSlotStore``.
slots = Table(
    "slots",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("free_at", BigInteger, nullable=False),  # microseconds since 1970
)

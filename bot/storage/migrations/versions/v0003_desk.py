"""The moderators' desk: usage by more than days and members, counters for limits, rules, blocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DIMENSIONS = {
    "outcome": "outcome",
    "member": "CAST(user_id AS TEXT)",
    "model": "model",
    "channel": "CAST(channel_id AS TEXT)",
}


def upgrade() -> None:
    """Make the tables and fill them from the jobs there are."""
    op.drop_table("usage")
    op.create_table(
        "usage",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("dimension", sa.String(8), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("jobs", sa.Integer, nullable=False),
        sa.Column("made", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counters",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("period", sa.String(10), primary_key=True),
        sa.Column("videos", sa.Integer, nullable=False),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sa.Column("latest", sa.BigInteger, nullable=False),
        sa.Column("most_videos", sa.BigInteger, nullable=False),
        sa.Column("most_cost", sa.BigInteger, nullable=False),
        sa.Column("pause", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guilds",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rules", sa.Text),
        sa.Column("allowed", sa.Boolean),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
    )
    op.create_index("changes_by_guild", "changes", ["guild_id", "id"])
    op.create_table(
        "blocks",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    _index()
    _fill()


def _index() -> None:
    kept = sa.text("delivery = 'kept'")
    op.drop_index("jobs_kept", "jobs")
    op.create_index(
        "jobs_kept", "jobs", ["guild_id", "user_id", "created_at"], sqlite_where=kept, postgresql_where=kept
    )
    op.create_index("jobs_by_member", "jobs", ["guild_id", "user_id", "created_at"])
    op.create_index("jobs_by_channel", "jobs", ["guild_id", "channel_id", "created_at"])
    op.create_index("jobs_by_message", "jobs", ["guild_id", "message_id"])
    worded, refused = sa.text("prompt <> ''"), sa.text("outcome = 'moderation_prompt'")
    op.create_index("jobs_worded", "jobs", ["guild_id", "created_at"], sqlite_where=worded, postgresql_where=worded)
    op.create_index(
        "jobs_refused_prompt",
        "jobs",
        ["guild_id", "user_id", "finished_at"],
        sqlite_where=refused,
        postgresql_where=refused,
    )


def _fill() -> None:
    if op.get_bind().dialect.name == "sqlite":
        day, month, hour = "date(created_at)", "strftime('%Y-%m', created_at)", "strftime('%H', created_at)"
        day_name, latest = day, "1000 * CAST(strftime('%s', max(created_at)) AS INTEGER)"
    else:
        utc = "(created_at AT TIME ZONE 'UTC')"
        day, month, hour = f"CAST({utc} AS DATE)", f"to_char({utc}, 'YYYY-MM')", f"to_char({utc}, 'HH24')"
        day_name, latest = f"to_char({utc}, 'YYYY-MM-DD')", "CAST(1000 * extract(epoch FROM max(created_at)) AS BIGINT)"
    for dimension, value in (_DIMENSIONS | {"hour": hour}).items():
        op.execute(
            f"INSERT INTO usage SELECT guild_id, '{dimension}', {day}, {value}, count(*), "  # noqa: S608 - no input
            "sum(CASE WHEN outcome = 'success' THEN 1 ELSE 0 END), "
            "sum(CASE WHEN outcome LIKE 'moderation%' THEN 1 ELSE 0 END), sum(cost) "
            f"FROM jobs WHERE outcome IS NOT NULL GROUP BY 1, 3, 4"
        )
    # Open jobs and successes count; from now on an older day or month is not asked for any more, and harmless.
    for user in ("0", "user_id"):
        for period, counted in (
            ("'now'", "outcome IS NULL"),
            (day_name, "coalesce(outcome, 'success') = 'success'"),
            (month, "coalesce(outcome, 'success') = 'success'"),
        ):
            op.execute(
                f"INSERT INTO counters SELECT guild_id, {user}, {period}, count(*), sum(cost), {latest}, 0, 0, 0 "  # noqa: S608
                f"FROM jobs WHERE {counted} GROUP BY 1, 2, 3"
            )

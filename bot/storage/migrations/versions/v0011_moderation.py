"""For moderators of large servers: a pause of the whole server, words that are not wanted, and who is refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STAGES = ("moderation_image", "moderation_prompt", "moderation_result", "moderation_unknown")


def upgrade() -> None:
    """Add the columns, empty, and count who was refused in the jobs there are."""
    op.add_column("guilds", sa.Column("pause", sa.Text))
    op.add_column("guilds", sa.Column("words", sa.Text))
    op.create_table(
        "refusals",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(stage, sa.Integer, nullable=False) for stage in (*_STAGES, "words")),
        sqlite_with_rowid=False,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    day = "date(created_at)" if sqlite else "CAST((created_at AT TIME ZONE 'UTC') AS DATE)"
    counts = ", ".join(f"sum(CASE WHEN outcome = '{stage}' THEN 1 ELSE 0 END)" for stage in _STAGES)
    op.execute(
        f"INSERT INTO refusals SELECT guild_id, {day}, user_id, {counts}, 0 FROM jobs "  # noqa: S608 - no input
        "WHERE outcome LIKE 'moderation%' GROUP BY 1, 2, 3"
    )

"""Which part of a limit was told last: of the videos and of the money of one counter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nothing was told before."""
    op.add_column("counters", sa.Column("told_videos", sa.Integer, nullable=False, server_default="0"))
    op.add_column("counters", sa.Column("told_cost", sa.Integer, nullable=False, server_default="0"))

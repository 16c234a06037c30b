"""What managers of large servers have in hand: pauses of the whole server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no server is paused."""
    op.add_column("guilds", sa.Column("pause", sa.Text))
